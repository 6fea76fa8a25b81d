"""Fusion counts each word once and stays a probability."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triagebot.diagnose.fusion import fuse, worth
from triagebot.matchers import MATCHERS
from triagebot.records import Evidence


def piece(matcher: str, score: float = 1.0, line: int = 1) -> Evidence:
    return Evidence(entry="e", matcher=matcher, score=score, quote="q", line=line)


def full(_: Evidence) -> float:
    return 1.0


def test_two_matchers_that_saw_the_same_line_count_once() -> None:
    """The second sighting of the same words adds nothing."""
    alone, _ = fuse([piece("exact")], full)
    both, _ = fuse([piece("exact"), piece("fuzzy", 0.9)], full)
    assert alone == both


def test_another_line_adds_something() -> None:
    """A second place makes it likelier."""
    assert fuse([piece("question", 0.8), piece("question", 0.8, 2)], full)[0] > fuse([piece("question", 0.8)], full)[0]


def test_every_matcher_has_a_worth() -> None:
    """A full score of each matcher is worth more than the guess for an unknown one."""
    assert all(worth(piece(name)) > worth(piece("unheard-of")) for name in MATCHERS)


@given(
    st.lists(
        st.builds(
            piece,
            st.sampled_from([*MATCHERS, "unheard-of"]),
            st.floats(0, 1),
            st.integers(0, 5),
        )
    ),
    st.floats(0, 1),
)
def test_stays_a_probability(evidence: list[Evidence], weight: float) -> None:
    """Whatever the evidence, the result lies between 0 and 1 and loses none of it."""
    probability, kept = fuse(evidence, lambda _: weight)
    assert 0 <= probability <= 1
    assert sorted(map(repr, kept)) == sorted(map(repr, evidence))
