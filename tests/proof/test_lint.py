"""Lint finds every promise that a knowledge does not keep."""

from __future__ import annotations

import pytest

from tests.making import FAQ, knowledge
from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.proof.lint import advise, lint
from triagebot.records import Knowledge
from triagebot.wiring import load_knowledge


def told(known: Knowledge) -> list[str]:
    return [str(problem) for problem in lint(known, Triage(known).judge)]


def test_a_sound_knowledge_has_no_problem() -> None:
    """Nothing is found where nothing is wrong."""
    assert told(knowledge()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("heater 3 is dry", "all is well"), "boils-dry.examples[0]: the example `all is well` gets no answer"),
        (
            ('    examples: ["heater 3 is dry"]', '    counterexamples: ["heater 4 is dry"]\n    examples: ["heater 3 is dry"]'),
            "boils-dry.counterexamples[0]: the counterexample `heater 4 is dry` is answered all the same",
        ),
        (
            ('["heater 3 is dry"]', "[\"No module named 'kettle._lid'\"]"),
            "boils-dry.examples[0]: the example `No module named 'kettle._lid'` gets lid-missing first",
        ),
        (
            ('["heater 3 is dry"]', '["lid libary refused to open the steam valve"]'),
            "boils-dry.examples[0]: the example `lid libary refused to open the steam valve` gets lid-missing first",
        ),
        (
            ('examples: ["Modul', 'examples: ["a lid libary refsed to open the stem valve", "Modul'),
            "lid-missing.examples[0]: the example `a lid libary refsed to open the stem valve` gets it only as a suggestion",
        ),
        (('"kettle >= 2"', '"kettle >= 2 and kettle < 1"'), "lid-missing.fix[0]: the condition"),
        (('"kettle >= 2"', '"not kettle or kettle >= 2 and kettle < 1"'), "lid-missing.fix[0]: a part of the condition"),
        (('      - {en: "Run `pip install kettle-full`.",', '      - {when: "kettle >= 2", en: "x",'), "same condition"),
        (
            ('      - {en: "Run `pip install kettle-full`.",', '      - {when: "kettle >= 3", en: "x",'),
            "lid-missing.fix[1]: the fixes before it take every case of `kettle >= 3`. Put the narrower condition first",
        ),
        (
            ('"kettle >= 2"', '"kettle or not kettle"'),
            "lid-missing.fix[1]: the fixes before it take every case. Put",
        ),
        (
            ('      - when: "kettle >= 2"\n        en', "      - en"),
            "lid-missing.fix[1]: an earlier fix without `when` takes every case",
        ),
        (
            ('      - "lid library', "      - \"no  module named 'KETTLE._lid'\"\n      - \"lid library"),
            "lid-missing.signatures[1]: the signature `no module named 'kettle._lid'` stands here already",
        ),
        (
            ('      - {regex: "dry", family', '      - {regex: "heater \\\\d+ is dry"}\n      - {regex: "dry", family'),
            "boils-dry.signatures[1]: the signature `heater \\d+ is dry` stands here already",
        ),
        (
            ('      - {regex: "heater', "      - \"No module named 'kettle._lid'\"\n      - {regex: \"heater"),
            "boils-dry.signatures[0]: the signature `no module named 'kettle._lid'` stands in lid-missing (line 3) too",
        ),
        (
            ('      - {regex: "heater', '      - "and the lid library refused to open the steam valve"\n      - {regex: "heater'),
            "contains `lid library refused to open the steam valve` of lid-missing",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_found(change: tuple[str, str], said: str) -> None:
    """Each kind of broken promise is named with entry and key."""
    assert change[0] in FAQ
    found = told(knowledge(FAQ.replace(*change, 1)))
    assert any(said in line for line in found), found


def test_what_an_entry_rules_out_is_not_shadowed() -> None:
    """A longer literal of another entry does no harm where the shorter one's entry has a veto against it."""
    longer = '      - "a kettle-lite: lid library refused to open the steam valve"\n      - {regex: "heater'
    assert told(knowledge(FAQ.replace('      - {regex: "heater', longer))) == []


def test_a_question_may_be_a_suggestion() -> None:
    """An example in a sentence, without the error, need not be certain; nor one that lacks what the entry needs."""
    asked = FAQ.replace('["Modul', '["how do I install the lid?", "Modul')
    assert told(knowledge(asked)) == []
    needy = FAQ.replace("    labels: [bug]\n", "    needs: [kettle]\n")
    assert told(knowledge(needy)) == []


def test_a_record_without_an_example_gets_advice_and_is_no_problem() -> None:
    """Only `id`, `title`, a way to be found and a fix are required: an entry that nothing tests is still an entry."""
    bare = knowledge(FAQ.replace('    examples: ["heater 3 is dry"]\n', ""))
    assert told(bare) == []
    (hint,) = [str(hint) for hint in advise(bare) if hint.file == "faq.yaml" and "example" in hint.key]
    assert "boils-dry.examples: the entry has no example, so nothing tests it. Add a text" in hint


def test_a_signature_of_one_plain_word_gets_advice() -> None:
    """Whoever writes the word would get the answer; the name of an error is no plain word."""
    literal = "lid library refused to open the steam valve"
    loose, named = (advise(knowledge(FAQ.replace(literal, word))) for word in ("Steamer", "SteamError"))
    assert any("signatures[1]: `Steamer` is one plain word" in str(hint) for hint in loose)
    assert not any("plain word" in str(hint) for hint in named)


def test_an_entry_that_is_hardly_asked_about_gets_advice() -> None:
    """It is not found in other words; one with a signature is found by that."""
    (hint,) = [str(hint) for hint in advise(knowledge()) if hint.key.endswith(".questions")]
    assert "keep-warm.questions: nothing but questions finds the entry, and it has 2" in hint
    asked = FAQ.replace('["how to keep the water warm after boiling"]', "[keep it warm, warm water, hot for hours]")
    assert not any(hint.key.endswith(".questions") for hint in advise(knowledge(asked)))


def test_a_condition_that_cannot_hold_is_found_in_a_rule() -> None:
    """Of a rule too; a form that does not see its own example is told."""
    files = {
        "faq.yaml": FAQ,
        "rules.yaml": 'rules:\n  - {id: r, when: "kettle < 2 and kettle > 2", says: x}\n',
        "forms.yaml": 'forms:\n  - {id: f, family: steam, type: hot, pattern: "^(?P<type>steam|hot): .+", examples: ["steam: 1"]}\n'
        '  - {id: g, family: steam, pattern: "^water: .+"}\n',
        "replies.yaml": "en: {withdrawn: x}",
    }
    found = told(read_knowledge(files))
    assert found[0].startswith("forms.yaml:2: f.examples[0]: no error of the family steam and the type hot is seen")
    assert any("r.when: the condition `kettle < 2 and kettle > 2` can never hold" in line for line in found)


def test_the_shipped_knowledge_keeps_its_word() -> None:
    """Every example and counterexample of the MMDetection FAQ, its rules and forms."""
    assert told(load_knowledge()) == []


def test_rules_and_forms_are_held_to_their_examples() -> None:
    """A rule that does not hold in its example and a form that does not see its own are problems."""
    files = {
        "faq.yaml": FAQ,
        "rules.yaml": 'rules:\n  - {id: r, when: "kettle < 2", says: x, examples: ["Kettle: 3"], counterexamples: ["Kettle: 1"]}',
        "template.yaml": "fields:\n  - {id: kettle, title: t, how: h, names: [Kettle]}\n",
        "forms.yaml": 'forms:\n  - {id: f, family: steam, pattern: "^steam: .+", examples: ["no"], counterexamples: ["steam: 1"]}',
        "replies.yaml": "en: {withdrawn: x}",
    }
    found = told(read_knowledge(files))
    assert any("rules.yaml:2: r.examples[0]: the rule does not hold" in line for line in found), found
    assert any("r.counterexamples[0]: the rule holds" in line for line in found)
    assert any("forms.yaml:2: f.examples[0]: no error of the family steam" in line for line in found)
    assert any("f.counterexamples[0]: an error of the family steam" in line for line in found)
