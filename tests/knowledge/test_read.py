"""A knowledge folder loads whole, or every problem in it is named at once."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.making import FAQ, SHIPPED, TEMPLATE, knowledge
from triagebot.errors import KnowledgeError, Problem
from triagebot.knowledge import read_knowledge, schemas

RULES = 'rules:\n  - {id: r, when: "kettle < 2", says: "Too old.", entries: [lid-missing]}\n'


def problems(**files: str) -> tuple[Problem, ...]:
    """Return what is wrong with files given by kind."""
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge({f"{kind}.yaml": text for kind, text in files.items()})
    return caught.value.problems


def test_a_faq_alone_is_a_knowledge() -> None:
    """Only the required keys, one language, plain texts."""
    read = read_knowledge({"answers.yaml": "entries:\n  - {id: a, title: T, questions: [how do I], fix: Do it.}\n"})
    (entry,) = read.entries
    assert (entry.title, entry.questions, entry.fix[0].text) == ({"": "T"}, {"": ("how do I",)}, {"": "Do it."})
    assert (read.rules, read.template.fields, read.forms) == ((), (), ())


def test_forms_terms_and_words_come_with_the_bot_but_no_rules() -> None:
    """What ships stands behind the folder's own; rules and template of another project never leak in."""
    shipped = {
        "forms.yaml": _text("forms"),
        "replies.yaml": _text("replies"),
        "rules.yaml": RULES,
        "template.yaml": TEMPLATE,
    }
    read = read_knowledge({"faq.yaml": FAQ, "replies.yaml": 'en: {cause: "It is {title}"}'}, shipped)
    assert read.forms
    assert (read.rules, read.template.fields) == ((), ())
    assert read.replies["en"]["cause"] == "It is {title}"
    assert "unsure" in read.replies["en"]


def test_all_problems_are_told_at_once() -> None:
    """Four mistakes in two files are four problems, each with its line, key and remedy."""
    faq = "entries:\n  - id: A b\n    titel: x\n    signatures: [abcd]\n    fix: y\n  - {id: c, title: t, fix: z}\n"
    found = problems(faq=faq, rules="rules:\n  - {id: r, when: x, says: y, entires: [a]}\n")
    told = [str(problem) for problem in found]
    assert len(told) == 5
    assert any("faq.yaml:2: entries[0].id: `A b` is not written as expected" in t for t in told)
    assert any("faq.yaml:3: entries[0].titel: `titel` is not a key here. Did you mean `title`?" in t for t in told)
    assert any(
        "rules.yaml:2: rules[0].entires: `entires` is not a key here. Did you mean `entries`?" in t for t in told
    )
    assert all(problem.remedy for problem in found)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"faq": "entries:\n\t- id: x"}, "faq.yaml:2"),
        ({"faq": "a: [1"}, "not valid YAML"),
        ({"faq": ""}, "the file is empty"),
        ({"faq": "- 1"}, "faq.yaml:1"),
        ({"faq": "entries: []"}, "entries"),
        ({"faq": "entries: &a [*a]"}, "faq.yaml:1"),
        (
            {"faq": FAQ.replace("topic: installation", "topic: installation\n    topic: usage", 1)},
            "the key stands twice",
        ),
        (
            {"faq": FAQ.replace('"https://example.org/lid"', '"javascript:alert(1)"')},
            "Write a link as http:// or https://",
        ),
        ({"faq": FAQ.replace("zh: 水壶烧干", "chinese: 水壶烧干")}, "two or three letters"),
        ({"faq": FAQ.replace('regex: "dry"', 'regex: "d*"')}, "matches everything"),
        ({"faq": FAQ.replace('regex: "dry"', 'regex: "dry|"')}, "matches everything"),
        ({"faq": FAQ.replace('regex: "dry"', 'regex: "^.+$"')}, "matches every text"),
        ({"faq": FAQ.replace('regex: "dry"', 'regex: "dry(?=t)"')}, "no look-around"),
        ({"faq": FAQ.replace('"kettle-lite"', '"ab"')}, "too short"),
        ({"faq": FAQ, "rules": RULES.replace("lid-missing", "lid-mising")}, "Did you mean `lid-missing`?"),
        ({"faq": FAQ, "rules": RULES.replace("kettle <", "ketle <"), "template": TEMPLATE}, "Did you mean `kettle`?"),
        ({"faq": FAQ, "template": TEMPLATE.replace("[kettle]", "kettle")}, "template.yaml:6: fields[0].packages"),
        ({"faq": FAQ, "replies": 'en: {cause: "{title.__class__}"}'}, "Write places as `{name}` only"),
        ({"faq": FAQ, "replies": "en: hello"}, "replies.yaml:1"),
        ({"faq": FAQ, "fqa2": "x: 1"}, "not a file of a knowledge folder"),
        ({"rules": RULES, "template": TEMPLATE}, "there is no faq.yaml"),
        ({"faq": "x" * 5_000_001}, "Keep it below"),
        ({"faq": "[" * 2_000}, "faq.yaml"),
        ({"faq": "entries: [{id: !!python/object:os.system x}]"}, "faq.yaml:1"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(files: dict[str, str], said: str) -> None:
    """Whatever is wrong in a file, the message holds place or remedy."""
    assert said in "\n".join(map(str, problems(**files)))


def test_ten_thousand_entries_load() -> None:
    """A large FAQ is no special case."""
    entry = "  - {{id: e{0}, title: t, signatures: ['error number {0} of the kettle'], fix: f}}\n"
    read = read_knowledge({"faq.yaml": "entries:\n" + "".join(entry.format(n) for n in range(10_000))})
    assert len(read.entries) == 10_000


def test_the_digest_follows_the_texts() -> None:
    """The same texts have the same digest, other texts another."""
    assert knowledge().digest == knowledge().digest
    assert knowledge().digest != knowledge(FAQ + "\n# a remark\n").digest


def test_the_schemas_are_up_to_date_and_hold() -> None:
    """What editors check is what the loader checks, and the shipped files pass it."""
    for kind, schema in schemas().items():
        assert json.loads((SHIPPED / "schema" / f"{kind}.schema.json").read_text("utf-8")) == schema
        if (SHIPPED / f"{kind}.yaml").is_file():  # what is learned ships with no project
            jsonschema.validate(yaml.safe_load(_text(kind)), schema)


@given(st.text(max_size=200))
def test_noise_is_refused(text: str) -> None:
    """Nothing but KnowledgeError comes out of a file of noise."""
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge({"faq.yaml": text})
    assert caught.value.problems


def _text(kind: str) -> str:
    return (Path(SHIPPED) / f"{kind}.yaml").read_text("utf-8")
