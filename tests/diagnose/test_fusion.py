"""Fusion counts each word once and stays a probability."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triagebot.diagnose.fusion import believe, featurise, predict, scale, sort_by_worth, worth
from triagebot.matchers import MATCHERS
from triagebot.records import Evidence


def piece(matcher: str, score: float = 1.0, line: int = 1) -> Evidence:
    return Evidence(entry="e", matcher=matcher, score=score, quote="q", line=line)


def belief(*evidence: Evidence, helped: bool = False) -> float:
    return believe(sort_by_worth(evidence, lambda _: 1.0), helped=helped)


def test_two_matchers_that_saw_the_same_line_count_once() -> None:
    """The second sighting of the same words adds nothing."""
    assert belief(piece("exact")) == belief(piece("exact"), piece("fuzzy", 0.9))


def test_another_line_or_a_finding_adds_something() -> None:
    """A second place makes it likelier, and so does an environment that points there."""
    alone = belief(piece("fuzzy", 0.95))
    assert belief(piece("fuzzy", 0.95), piece("fuzzy", 0.95, 2)) > alone
    assert belief(piece("fuzzy", 0.95), helped=True) > alone


def test_two_views_of_the_same_sentences_are_weighed_together() -> None:
    """A question's likeness and the whole report's are one belief: each is doubted without the other."""
    asked, like = piece("question", 0.8), piece("lexical", 0.7)
    assert max(belief(asked), belief(like)) < belief(asked, like)
    assert belief(asked, piece("lexical", 0.05)) < belief(asked, like)


def test_the_scale_keeps_the_order_and_what_is_even() -> None:
    """What is likelier stays likelier, an even chance stays one, and only the likeliest entry gains from it."""
    steps = [number / 100 for number in range(101)]
    for likeliest in (True, False):
        scaled = [scale(step, likeliest=likeliest) for step in steps]
        assert scaled == sorted(scaled)
        assert all(0 <= value <= 1 for value in scaled)
        assert [scale(step, likeliest=likeliest) for step in (0.5, 0.7)] == [0.5, 0.7]
    assert scale(0.1, likeliest=False) == 0.1 < scale(0.1, likeliest=True)


def test_learned_weights_are_a_logistic_function() -> None:
    """The prediction is that of the textbook, and extreme weights overflow nothing."""
    features = featurise(sort_by_worth([piece("exact"), piece("fuzzy")], lambda _: 1.0), 0.5, 0.5)
    assert features == {"belief": 0.0, "exact": 0.0, "rival": 0.5}
    assert predict(features, {}) == 0.5
    assert predict({"belief": 0.5, "exact": 0.5}, {"bias": -2.0, "belief": 1.0, "exact": 3.0}) == 0.5
    assert predict(features, {"bias": 1e9}) < predict({}, {"bias": 1e12}) + 1e-9 <= 1 + 1e-9


def test_every_matcher_has_a_worth() -> None:
    """A full score of each matcher has a worth of its own, not the guess for an unknown one."""
    assert all(worth(piece(name)) != worth(piece("unheard-of")) for name in MATCHERS)


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
    worths = sort_by_worth(evidence, lambda _: weight)
    assert 0 <= believe(worths, helped=True) <= 1
    assert all(-1 <= value <= 1 for value in featurise(worths, believe(worths, helped=True), weight).values())
    assert sorted(map(repr, (item for _, item in worths))) == sorted(map(repr, evidence))
