"""Conditions are parsed, answer in three values, and say where they cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.conditions import contradicts, facts_of, holds, parse_condition
from triagebot.records import Fact
from triagebot.versions import find_version

FACTS = {
    "mmcv": "1.7.0",
    "mmcv-cuda": "11.1",
    "pytorch-cuda": "11.1.74",
    "mmcv-package": "mmcv-full",
    "gpu": "RTX 3090",
}


def facts(values: dict[str, str]) -> list[Fact]:
    return [Fact(name=n, value=v, version=find_version(v), line=1) for n, v in values.items()]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("mmcv >= 2", False),
        ("mmcv < 2 and gpu", True),
        ("mmcv >= 2 or mmdet >= 3", None),
        ("mmcv < 2 or mmdet >= 3", True),
        ("mmcv >= 2 and mmdet >= 3", False),
        ("not mmdet", True),
        ("not mmdet >= 3", None),
        ("mmcv-cuda == pytorch-cuda", True),
        ("mmcv-cuda != pytorch-cuda", False),
        ("mmcv-package in [mmcv, mmcv-lite]", False),
        ('mmcv-package == "mmcv-full"', True),
        ('gpu contains "rtx 30"', True),
        ("(mmcv >= 1 and (mmcv < 1.8))", True),
        ("os >= 3", None),
    ],
)
def test_a_condition_has_three_answers(text: str, answer: bool | None) -> None:  # noqa: FBT001
    """True, false, or None while a deciding fact is missing."""
    assert holds(parse_condition(text), facts(FACTS)) is answer


def test_two_sources_that_disagree_decide_nothing() -> None:
    """A fact told twice in different ways is not known."""
    both = facts({"mmcv": "1.7.0"}) + facts({"mmcv": "2.1.0"})
    assert holds(parse_condition("mmcv >= 2"), both) is None
    assert holds(parse_condition("mmcv >= 1"), both) is True


def test_the_facts_a_condition_asks_about() -> None:
    """Compared facts count, texts in quotes and lists do not."""
    condition = parse_condition('a == b and c in [d] and e == "f" and not g')
    assert facts_of(condition) == {"a", "b", "c", "e", "g"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mmcv => 2", "column 6"),
        ("mmcv = 2", "column 6"),
        ("mmcv >=", "ends too early"),
        ("mmcv >= 2 mmdet >= 3", "column 11"),
        ("(mmcv", "put `)`"),
        ("Mmcv >= 2", "lower case"),
        ("and", "column 1"),
        ("", "ends too early"),
        ("(" * 100, "fewer parentheses"),
        ("not " * 100 + "a", "fewer `not`"),
        ("a" * 2000, "at most 1000"),
    ],
)
def test_what_cannot_be_read_is_placed(text: str, told: str) -> None:
    """The error names the column or the remedy."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        parse_condition(text)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("mmcv >= 2 and mmcv < 2", True),
        ("mmcv == 2 and mmcv >= 3", True),
        ("mmcv >= 1 and mmcv < 2", False),
        ("mmcv >= 2 and mmdet < 2", False),
        ("(mmcv > 2 and mmcv < 2) or mmdet", False),
    ],
)
def test_contradictions_are_seen(text: str, dead: bool) -> None:  # noqa: FBT001
    """A condition whose versions leave nothing between them can never hold."""
    assert contradicts(parse_condition(text)) is dead


@given(st.text(alphabet="ab<>=!()[] ,\"'notrandi1.", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but ValueError is raised, and what is read can be asked."""
    try:
        condition = parse_condition(text)
    except ValueError:
        return
    assert holds(condition, facts({"a": "1"})) in {True, False, None}
