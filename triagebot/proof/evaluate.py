"""How often the bot is right on cases whose answer is known, and how often it should have been silent."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triagebot.proof.cases import kind_of
from triagebot.records import Level, Verdict

_BINS = 10
_Z = 1.96  # 95 %
_THRESHOLDS = (0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One case and what was said of it: entries at level act and all entries said, likeliest first."""

    id: str
    language: str
    kind: str
    faq: frozenset[str]
    fair: frozenset[str]
    acted: tuple[str, ...]
    said: tuple[str, ...]
    probability: float
    quote: str
    line: int
    first: str = ""

    @property
    def first_right(self) -> bool:
        """Whether the likeliest entry, said or not, is a right one."""
        return self.first in self.faq | self.fair

    @property
    def right(self) -> bool:
        """Whether what was said at level act is an answer that a maintainer would give or accept."""
        return bool(self.acted) and self.acted[0] in self.faq | self.fair


def score(case: Mapping[str, Any], verdict: Verdict) -> Scored:
    """Set a verdict beside a case (keys id, faq, also_ok, kind, lang)."""
    acted = tuple(a.diagnosis.entry.id for a in verdict.answers if a.level is Level.ACT)
    first = verdict.assessment.diagnoses[0] if verdict.assessment.diagnoses else None
    evidence = first.evidence[0] if first else None
    faq, fair = frozenset(case.get("faq") or ()), frozenset(case.get("also_ok") or ())
    return Scored(
        id=str(case.get("id", "")),
        language=str(case.get("lang", "")),
        kind=kind_of(case),
        faq=faq,
        fair=fair,
        acted=acted,
        said=tuple(a.diagnosis.entry.id for a in verdict.answers),
        probability=first.probability if first else 0.0,
        quote=evidence.quote if evidence else "",
        line=evidence.line if evidence else 0,
        first=first.entry.id if first else "",
    )


def summarise(scored: Sequence[Scored]) -> dict[str, Any]:
    """Return the figures: rates with their 95 % Wilson intervals, tables per entry and language, every wrong answer.

    Precision: of the answers at level act, those that are right.  Coverage: of the positives, those with a right answer
    at level act.  Among three: of the positives, those with a right entry among all that was said.
    """
    positives = [s for s in scored if s.kind == "positive"]
    negatives = [s for s in scored if s.kind == "negative"]
    acted = [s for s in scored if s.acted]
    return {
        "cases": len(scored),
        "precision": _rate(acted, lambda s: s.right),
        "coverage": _rate(positives, lambda s: s.right),
        "among_three": _rate(positives, lambda s: bool((s.faq | s.fair) & set(s.said[:3]))),
        "false_answers": _rate(negatives, lambda s: bool(s.acted)),
        "negatives_with_suggestion": _rate(negatives, lambda s: bool(s.said)),
        "calibration_error": round(calibration_error(scored), 4),
        "calibration_by_chance": round(calibration_by_chance(scored), 4),
        "reliability": reliability(scored),
        "by_threshold": by_threshold(scored),
        "per_entry": _per_entry(positives),
        "per_language": _per(positives, lambda s: s.language),
        "answered_per_kind": _per_kind(scored),
        "wrong": [_shown(s) for s in acted if not s.right],
        "missed": [_shown(s) for s in positives if not s.right],
    }


def calibration_error(scored: Iterable[Scored]) -> float:
    """Return the expected calibration error (0 to 1) of the likeliest entry's probability, over ten equal bins.

    Guo et al. 2017, On Calibration of Modern Neural Networks, section 2.
    """
    bins = reliability(scored)
    total = sum(inside["count"] for inside in bins)
    return sum(inside["count"] * abs(inside["said"] - inside["right"]) for inside in bins) / total if total else 0.0


def calibration_by_chance(scored: Iterable[Scored]) -> float:
    """Return about the calibration error (0 to 1) that perfect probabilities would show on so few cases.

    Of a tenth's right ones, as many independent draws, the mean distance from what was said: that of a normal
    distribution with the same variance.
    """
    variances: defaultdict[int, float] = defaultdict(float)
    counted = [item.probability for item in scored if item.first]
    for probability in counted:
        variances[_bin(probability)] += probability * (1 - probability)
    return sum(math.sqrt(2 / math.pi * variance) for variance in variances.values()) / max(1, len(counted))


def reliability(scored: Iterable[Scored]) -> list[dict[str, Any]]:
    """Return, for each tenth of the probabilities that occur: how many, the mean said, and the part that was right."""
    bins: defaultdict[int, list[Scored]] = defaultdict(list)
    for item in scored:
        if item.first:
            bins[_bin(item.probability)].append(item)
    return [
        {
            "from": number / _BINS,
            "count": len(inside),
            "said": sum(item.probability for item in inside) / len(inside),
            "right": sum(item.first_right for item in inside) / len(inside),
        }
        for number, inside in sorted(bins.items())
    ]


def _bin(probability: float) -> int:
    return min(_BINS - 1, int(probability * _BINS))


def by_threshold(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return precision, coverage and false answers as they would be with other thresholds for acting."""
    positives = [s for s in scored if s.kind == "positive"]
    negatives = [s for s in scored if s.kind == "negative"]
    return [
        {
            "act_from": threshold,
            "precision": _rate(_likelier(scored, threshold), lambda s: s.first_right)["rate"],
            "coverage": _part([s.first_right for s in _likelier(positives, threshold)], len(positives)),
            "false_answers": _part([True for _ in _likelier(negatives, threshold)], len(negatives)),
        }
        for threshold in _THRESHOLDS
    ]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate (Wilson 1927), (0, 1) when nothing was counted."""
    if not total:
        return 0.0, 1.0
    rate, square = hits / total, _Z * _Z
    middle = (rate + square / (2 * total)) / (1 + square / total)
    half = _Z * math.sqrt(rate * (1 - rate) / total + square / (4 * total * total)) / (1 + square / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def _rate(items: Sequence[Scored], holds: Callable[[Scored], bool]) -> dict[str, Any]:
    hits = sum(map(holds, items))
    low, high = wilson(hits, len(items))
    rate = round(hits / len(items), 4) if items else None
    return {"rate": rate, "hits": hits, "of": len(items), "low": round(low, 4), "high": round(high, 4)}


def _likelier(scored: Sequence[Scored], threshold: float) -> list[Scored]:
    return [item for item in scored if item.first and item.probability >= threshold]


def _part(hits: Sequence[bool], total: int) -> float | None:
    return round(sum(hits) / total, 4) if total else None


def _per_entry(positives: Sequence[Scored]) -> dict[str, Any]:
    return _per(positives, lambda s: min(s.faq))


def _per(positives: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, Any]:
    groups: defaultdict[str, list[Scored]] = defaultdict(list)
    for item in positives:
        groups[key(item)].append(item)
    return {name: _rate(group, lambda s: s.right) for name, group in sorted(groups.items())}


def _per_kind(scored: Sequence[Scored]) -> dict[str, Any]:
    kinds = sorted({item.kind for item in scored})
    return {kind: _rate([s for s in scored if s.kind == kind], lambda s: bool(s.acted)) for kind in kinds}


def _shown(item: Scored) -> dict[str, Any]:
    """Return a case for a reader: what was said or thought of, what was expected, and the line that led to it."""
    return {
        "id": item.id,
        "said": item.acted[0] if item.acted else "",
        "first": item.first,
        "level": "act" if item.acted else "suggest" if item.said else "silent",
        "expected": sorted(item.faq | item.fair),
        "probability": item.probability,
        "line": item.line,
        "quote": item.quote,
    }
