"""Lint finds every promise that a knowledge does not keep."""

from __future__ import annotations

import pytest

from tests.making import FAQ, knowledge
from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.proof.lint import lint
from triagebot.records import Knowledge


def told(known: Knowledge) -> list[str]:
    return [str(problem) for problem in lint(known, Triage(known).judge)]


def test_a_sound_knowledge_has_no_problem() -> None:
    """Nothing is found where nothing is wrong."""
    assert told(knowledge()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('    examples: ["heater 3 is dry"]\n', ""), "boils-dry.examples: the entry has no example"),
        (("heater 3 is dry", "all is well"), "boils-dry.examples[0]: the example `all is well` gets no answer"),
        (
            ('    examples: ["heater 3 is dry"]', '    counterexamples: ["heater 4 is dry"]\n    examples: ["heater 3 is dry"]'),
            "boils-dry.counterexamples[0]: the counterexample `heater 4 is dry` is answered all the same",
        ),
        (('"kettle >= 2"', '"kettle >= 2 and kettle < 1"'), "lid-missing.fix[0]: the condition"),
        (('      - {en: "Run `pip install kettle-full`.",', '      - {when: "kettle >= 2", en: "x",'), "same condition"),
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
