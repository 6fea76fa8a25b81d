"""Evidence of several matchers becomes one probability, without counting the same words twice.

Without learned weights the probability is a stated belief (docs/decisions/0002); with them it is a logistic function of
the features, fitted to a project's own cases by `triagebot train fusion`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from triagebot.diagnose.context import Weigh
from triagebot.records import Evidence

# What a full score of each matcher is worth by itself, before anything is learned from a project's own cases.
_TRUST = {"exact": 0.97, "pattern": 0.97, "signature": 0.95, "symptom": 0.95, "fuzzy": 0.9}
# The score at which a graded matcher is worth nothing.
_WORTHLESS = {"fuzzy": 0.80}
# Two views of the same sentences are one piece of evidence: what a question's likeness and the whole report's are worth
# together, a logistic function fitted over the reports of several projects (docs/decisions/0004).
_ASKED_FROM = 0.4
_ASKED, _ASKED_SQUARE, _LIKE, _UNLIKE, _PROSE_BIAS = 0.92, 1.32, 1.13, -2.31, -0.29
_LEAST_LIKE, _MOST_LIKE = 0.02, 0.998
_UNKNOWN_TRUST = 0.5
# Further places say less than the first: they are often the same log again.
_FURTHER = 0.4
_MOST_PLACES = 3
# A finding takes away this part of the doubt about an entry it points to.
_FINDING_HELPS = 0.3
# A finding that speaks against an entry takes this part of the belief: an error line survives it, a resemblance not.
_FINDING_HURTS = 0.08
# How often the likeliest entry is right, by how far it is believed in, over the reports of several projects: more often
# than little belief says, and more often than great belief says (docs/decisions/0002).
_LIKELIEST = 0.12
_EVEN = 0.5
# Great beliefs and how often they are right; between two of them a straight line.
_GREAT = ((0.7, 0.7), (0.83, 0.8), (0.86, 0.93), (0.9, 0.97), (0.97, 0.99), (1.0, 1.0))
_STEEPEST = 30.0
_SUREST = 0.005
_LOG_ODDS = math.log((1 - _SUREST) / _SUREST)


def sort_by_worth(evidence: Iterable[Evidence], weigh: Weigh) -> list[tuple[float, Evidence]]:
    """Return the evidence with what each piece is worth where it stands, strongest first."""
    weighed = [(weigh(item), item) for item in evidence]
    # Who weighs a whole line knows no more of it than who found the words: a denial of those denies the line.
    most: dict[int, float] = {}
    for weight, item in weighed:
        if item.hit:
            most[item.line] = max(weight, most.get(item.line, 0.0))
    worths = ((worth(i) * (weight if i.hit else min(weight, most.get(i.line, 1.0))), i) for weight, i in weighed)
    # Of two that count alike, the body's line tells a reader more than the title.
    return sorted(worths, key=lambda pair: (-pair[0], pair[1].line == 0))


def believe(worths: Sequence[tuple[float, Evidence]], *, helped: bool, hurt: bool = False) -> float:
    """Return the stated belief (0 to 1) that all this speaks for one entry; findings may speak for or against it."""
    told = _of_places([(value, item) for value, item in worths if not item.from_prose])
    asked = _of_prose([(value, item) for value, item in worths if item.from_prose])
    first, second = max(told, asked), min(told, asked)
    belief = 1 - (1 - first) * (1 - _FURTHER * second)
    if helped:
        return belief + (1 - belief) * _FINDING_HELPS * belief
    return belief * (1 - _FINDING_HURTS) if hurt else belief


def scale(belief: float, *, likeliest: bool) -> float:
    """Return how often an entry is right that is believed in so far (0 to 1); `likeliest`: no other is more so.

    It rises with the belief, and leaves it as it is between 0.5 and 0.7.
    """
    for (low, from_), (high, to) in pairwise(_GREAT):
        if low < belief <= high:
            return from_ + (to - from_) * (belief - low) / (high - low)
    return _LIKELIEST + (1 - _LIKELIEST / _EVEN) * belief if likeliest and belief < _EVEN else belief


def _of_places(worths: Iterable[tuple[float, Evidence]]) -> float:
    """Return what the strongest piece of each line is worth together."""
    strongest: dict[int, float] = {}
    for value, item in worths:
        strongest.setdefault(item.line, value)
    doubt = 1.0
    for place, value in enumerate(list(strongest.values())[:_MOST_PLACES]):
        doubt *= 1 - value * (1.0 if place == 0 else _FURTHER)
    return 1 - doubt


def _of_prose(worths: Sequence[tuple[float, Evidence]]) -> float:
    """Return what the reporter's sentences are worth together, where they stand."""
    scores = {"question": 0.0, "lexical": 0.0}
    for _, item in worths:
        scores[item.matcher] = max(scores[item.matcher], item.score)
    if not worths:
        return 0.0
    value, strongest = worths[0]
    return value / worth(strongest) * _prose(scores["question"], scores["lexical"])


def _prose(asked: float, like: float) -> float:
    """Return what two scores are worth together, 0 to 1."""
    question = max(0.0, (asked - _ASKED_FROM) / (1 - _ASKED_FROM))
    total = _PROSE_BIAS + _ASKED * question + _ASKED_SQUARE * question * question
    if not like:
        return 1 / (1 + math.exp(-total - _UNLIKE))
    like = min(_MOST_LIKE, max(_LEAST_LIKE, like))
    return 1 / (1 + math.exp(-total - _LIKE * math.log(like / (1 - like))))


def featurise(worths: Sequence[tuple[float, Evidence]], belief: float, rival: float) -> dict[str, float]:
    """Return what can be learned from: the belief as log-odds (-1 to 1), and the likeliest rival's belief (0 to 1).

    The log-odds stand once for all matchers and once for the one that saw most, so that a few hundred cases only have
    to learn how steep each kind of evidence is (Platt 1999); what the context took away stays taken away.
    """
    certain = min(1 - _SUREST, max(_SUREST, belief))
    odds = round(math.log(certain / (1 - certain)) / _LOG_ODDS, 4)
    return {"belief": odds, "rival": round(rival, 4)} | {item.matcher: odds for _, item in worths[:1]}


def predict(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the learned probability (0 to 1): the logistic function of the weighted features and `bias`."""
    total = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, total))))


def worth(item: Evidence) -> float:
    """Return what a piece of evidence is worth by itself wherever it stands, 0 to 1."""
    if item.from_prose:
        return _prose(*((item.score, 0.0) if item.matcher == "question" else (0.0, item.score)))
    low = _WORTHLESS.get(item.matcher, 0.0)
    grade = min(1.0, max(0.0, (item.score - low) / (1 - low)))
    return _TRUST.get(item.matcher, _UNKNOWN_TRUST) * grade
