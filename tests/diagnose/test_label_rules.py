"""Maintainers' rules give labels, and what maintainers want bounds every label whoever says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.making import FAQ, TEMPLATE
from triagebot.errors import KnowledgeError
from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.records import Knowledge, Label, LabelScore, Report
from triagebot.wiring import SHIPPED, read_folder

RULES = """\
rules:
  - {id: windows, label: "os: windows", field: Operating system, answers: [Windows]}
  - {id: lid, label: "area: lid", frame: [kettle.lid]}
  - {id: docs, label: docs, path: [docs/], level: suggest}
  - {id: tagged, label: enhancement, title: ["[Feature]", "feature:"]}
  - {id: old, label: old, when: "kettle < 2"}
"""


def known(labels: str) -> Knowledge:
    """Return the little knowledge with a labels.yaml."""
    return read_knowledge({"faq.yaml": FAQ, "template.yaml": TEMPLATE, "labels.yaml": labels}, read_folder(SHIPPED))


def given(knowledge: Knowledge, body: str, title: str = "") -> dict[str, Label]:
    """Return the labels of a report by name, without the request for facts."""
    labels = Triage(knowledge).judge(Report(id="o/r#1", title=title, body=body)).labels
    return {label.name: label for label in labels if label.name != "needs-info"}


@pytest.mark.parametrize(
    ("title", "body", "label", "reason"),
    [
        ("", "### Operating System:\n\nLinux, Windows\n", "os: windows", "Operating system: Windows"),
        (
            "",
            'Traceback (most recent call last):\n  File "/srv/kettle/lid.py", line 3, in f\n',
            "area: lid",
            "kettle.lid",
        ),
        ("", "see docs\\install.md and docs/x.md", "docs", "docs/"),
        ("[feature] Warm  it", "please", "enhancement", "[Feature]"),
        ("", "Kettle: 1.4", "old", "kettle 1.4"),
    ],
)
def test_a_rule_that_holds_gives_its_label_and_says_why(title: str, body: str, label: str, reason: str) -> None:
    """Each way of a rule, on a report that it is meant for."""
    found = given(known(RULES), body, title)[label]
    assert (found.source, found.probability) == ("rule", 1.0)
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Windows", "### Operating system\n\nLinux\n\nnot Windows"),
        ("kettle/lid.py", "I opened kettle/lid.py"),
        ("a [feature] inside", "mydocs/x"),
        ("", "Kettle: 2.1"),
        ("", "Kettle: unknown"),
    ],
)
def test_a_rule_that_does_not_hold_gives_none(title: str, body: str) -> None:
    """Near misses."""
    assert given(known(RULES), body, title) == {}


def test_all_parts_of_a_rule_must_hold() -> None:
    """A title and a fact together."""
    both = known('rules:\n  - {id: a, label: x, title: ["bug"], when: "kettle < 2"}\n')
    assert given(both, "Kettle: 1.4", "bug") != {}
    assert given(both, "Kettle: 1.4", "wish") == given(both, "Kettle: 2.4", "bug") == {}


def test_maintainers_names_and_limits_bind_every_source() -> None:
    """Entries, rules and the learned model: renamed first, then only what is allowed and not forbidden."""
    report = "heater 3 is dry"
    assert set(given(known("never: []\n"), report)) == {"bug"}
    assert set(given(known('names: {bug: "type: bug"}\n'), report)) == {"type: bug"}
    assert set(given(known("allow: [docs]\n"), report)) == set()
    assert set(given(known("never: [bug]\n"), report)) == set()


def test_a_learned_label_is_taken_unless_it_is_silent_and_a_rule_stands_before_it() -> None:
    """The model is asked about the repository of the report."""
    asked = []

    def labeller(repository: str, title: str, body: str) -> tuple[LabelScore, ...]:
        asked.append((repository, title, body))
        return (
            LabelScore(name="docs", probability=0.97, level="act", reasons=("readme",)),
            LabelScore(name="enhancement", probability=0.96, level="act"),
            LabelScore(name="bug", probability=0.6, level="silent"),
        )

    found = given(replace(known(RULES), labeller=labeller), "text", "[Feature] it")
    assert asked == [("o/r", "[Feature] it", "text")]
    assert {name: label.source for name, label in found.items()} == {"docs": "learned", "enhancement": "rule"}
    assert found["docs"].reasons == ("readme",)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ("rules:\n  - {id: a, label: x}\n", "labels.yaml:2: rules[0]: the rule looks at nothing"),
        ("rules:\n  - {id: a, label: x, field: OS}\n", "`field` and `answers` go together"),
        ('rules:\n  - {id: a, label: x, when: "kettel < 2"}\n', "no field of template.yaml is called `kettel`"),
        ("rules:\n  - {id: a, label: x, titel: [b]}\n", "Did you mean `title`?"),
        ("alow: [x]\n", "Did you mean `allow`?"),
    ],
)
def test_mistakes_in_the_file_are_told(labels: str, told: str) -> None:
    """Each with its place and what to do."""
    with pytest.raises(KnowledgeError) as raised:
        known(labels)
    assert told in str(raised.value)
