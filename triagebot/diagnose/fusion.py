"""Evidence of several matchers becomes one probability, without counting the same words twice."""

from __future__ import annotations

from collections.abc import Iterable

from triagebot.diagnose.context import Weigh
from triagebot.records import Evidence

# What a full score of each matcher is worth by itself, before anything is learned from a project's own cases.
_TRUST = {"exact": 0.95, "pattern": 0.95, "signature": 0.92, "fuzzy": 0.9, "question": 0.95}
# Scores at which a graded matcher is worth nothing, and everything.
_GRADES = {"fuzzy": (0.80, 1.0), "question": (0.40, 0.88)}
_UNKNOWN_TRUST = 0.5
# Further places say less than the first: they are often the same log again.
_FURTHER = 0.4
_MOST_PLACES = 3


def fuse(evidence: Iterable[Evidence], weigh: Weigh) -> tuple[float, tuple[Evidence, ...]]:
    """Return the probability (0 to 1) that all this speaks for one entry, and the evidence, strongest first."""
    # Of two that count alike, the body's line tells a reader more than the title.
    worths = sorted(((worth(i) * weigh(i), i) for i in evidence), key=lambda pair: (-pair[0], pair[1].line == 0))
    strongest: dict[int, float] = {}
    for value, item in worths:
        strongest.setdefault(item.line, value)
    doubt = 1.0
    for place, value in enumerate(list(strongest.values())[:_MOST_PLACES]):
        doubt *= 1 - value * (1.0 if place == 0 else _FURTHER)
    return 1 - doubt, tuple(item for _, item in worths)


def worth(item: Evidence) -> float:
    """Return what a piece of evidence is worth wherever it stands, 0 to 1."""
    low, high = _GRADES.get(item.matcher, (0.0, 1.0))
    grade = min(1.0, max(0.0, (item.score - low) / (high - low)))
    return _TRUST.get(item.matcher, _UNKNOWN_TRUST) * grade
