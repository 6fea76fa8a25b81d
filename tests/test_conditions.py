"""Conditions are parsed, answer in three values, and say where they cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.conditions import contradicts, facts_of, holds, needed_for, parse_condition
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
        ("mmcv-package >= 3", None),
        ("mmcv-package < mmcv", None),
        ("mmcv-package == mmdet", None),
        ("mmcv == 1.7", True),
        ("mmcv != 1.7.1", True),
        ("mmcv == 1.7.0+cu111", False),
        ("mmcv in [1.6, 1.7]", True),
        ('mmcv-package != "mmcv"', True),
        ("not (mmcv or mmdet)", False),
        ("mmcv < 2 and mmdet or gpu", True),
        ("gpu or mmcv < 2 and mmdet", True),
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
        ("mmcv => 2", "column 6: `=> 2` cannot be read: write `>=`"),
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
        ("mmcv && gpu", "write `and`"),
        ("mmcv ~= 2", "write the range with `>=` and `<`"),
        ("mmcv >= 2 AND gpu", "column 11"),
        ("mmcv >= 2.x", "column 9: `2.x` is not expected: write a version such as `2`"),
        ("memory == 8GB", "put a text in quotes"),
        ('mmcv > "new"', "`>` compares versions"),
        ("mmcv >= ==", "column 9"),
        ("mmcv in mmcv-lite", "put `[`"),
        ("mmcv in [1, ]", "column 13"),
        ('gpu contains "RTX', "close the quote"),
        ("gpu @ x", "column 5"),
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
        ("mmcv == 11.1 and mmcv == 11.2", True),
        ("mmcv > 2 and mmcv != 2", False),
        ("mmcv == 2 and mmcv >= 2.1", False),
        ("mmcv > 2 and mmcv < 3 and mmcv != 2.0", False),
        ("mmcv >= 2.0.0rc4 and mmcv < 2.0.0rc5", False),
        ("mmcv >= 1 and mmcv < 2", False),
        ("mmcv >= 2 and mmdet < 2", False),
        ("(mmcv > 2 and mmcv < 2) or mmdet", False),
        ("mmcv and not mmcv", True),
        ("not mmcv and mmcv >= 2", True),
        ("mmcv < mmdet and mmdet < mmcv", True),
        ("mmcv < mmdet", False),
        ("mmcv == mmdet and mmdet == 2 and mmcv >= 3", True),
        ("mmcv in [a, b] and mmcv == 'c'", True),
        ('gpu contains "RTX 30" and gpu contains Ti and not gpu contains laptop', False),
        ('gpu contains "RTX 30" and not gpu contains RTX', True),
        ("mmcv >= 2 and mmcv contains cu11", False),
        ("a and b and c and d and e and f and g and h and i and j and k and l and m and not a", False),
    ],
)
def test_contradictions_are_seen(text: str, dead: bool) -> None:  # noqa: FBT001
    """A condition that no environment meets is found; of one with too many facts to try nothing is claimed."""
    assert contradicts(parse_condition(text)) is dead


@pytest.mark.parametrize(
    ("before", "text", "dead"),
    [
        (["mmcv >= 2"], "mmcv >= 3", True),
        (["mmcv >= 2"], "mmcv < 3", False),
        (["mmcv"], "mmcv >= 2", True),
        (["mmcv >= 2", "mmcv < 2"], "mmcv", False),
        (["mmcv >= 2 or mmdet >= 3", "mmcv < 2 or mmdet < 3"], "mmcv", False),
        (["mmcv or not mmcv"], "mmdet", True),
    ],
)
def test_a_condition_may_come_too_late(before: list[str], text: str, dead: bool) -> None:  # noqa: FBT001
    """What holds only where an earlier condition holds is never the first."""
    assert contradicts(parse_condition(text), [parse_condition(earlier) for earlier in before]) is dead


@given(st.text(alphabet="ab<>=!()[] ,\"'notrandi1.", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but ValueError is raised, and what is read can be asked."""
    try:
        condition = parse_condition(text)
    except ValueError:
        return
    assert holds(condition, facts({"a": "1"})) in {True, False, None}


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("mmcv >= 2 and gpu", {"mmcv", "gpu"}),
        ("mmcv >= 2 or gpu", set()),
        ("mmcv >= 2 or mmcv < 1 and gpu", {"mmcv"}),
        ("mmcv-cuda != pytorch-cuda", {"mmcv-cuda", "pytorch-cuda"}),
        ("not mmcv", set()),
        ("not mmcv >= 2", {"mmcv"}),
        ("not (mmcv >= 2 or gpu)", {"mmcv"}),
    ],
)
def test_what_a_condition_needs(text: str, needed: set[str]) -> None:
    """Without one of the facts that a condition needs it does not hold."""
    condition = parse_condition(text)
    assert needed_for(condition) == needed
    told = facts(FACTS | {"mmcv": "0.9"})
    assert not any(holds(condition, [fact for fact in told if fact.name != name]) for name in needed)
