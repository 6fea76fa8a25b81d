"""How sure a model may sound and what it may say: temperature, calibration error, and cut-offs by target precision."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.model import probabilities

Floats = npt.NDArray[np.float32]
# Below a half something else is likelier.
_CUTS = tuple(round(0.5 + 0.01 * step, 2) for step in range(50))
# The chance taken that a cut-off was only lucky.
_DOUBT = 0.05
_TEMPERATURES = np.geomspace(0.2, 10.0, 120)
_BINS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Scores of issues that the model had not seen: logits, truth, and which cells count, a column a label."""

    logits: Floats
    truth: Floats
    weights: Floats

    def __len__(self) -> int:
        return len(self.logits)


Seen = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]
"""The probabilities of a label on issues, and whether each issue bears it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A cut-off, and what was seen above it: `right` of `said` were right."""

    cut: float
    right: int
    said: int


def fit_temperature(judged: Judged, *, exclusive: bool) -> float:
    """Return the temperature (from 0.2 to 10) under which the truth was likeliest; 1 where nothing was judged."""
    if not len(judged):
        return 1.0
    losses = [_surprise(judged, float(value), exclusive=exclusive) for value in _TEMPERATURES]
    return round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)


def _surprise(judged: Judged, temperature: float, *, exclusive: bool) -> float:
    chances = np.clip(probabilities(judged.logits, temperature, exclusive=exclusive), 1e-9, 1 - 1e-9)
    losses = -judged.truth * np.log(chances)
    if not exclusive:
        losses = losses - (1 - judged.truth) * np.log1p(-chances)
    return float((losses * judged.weights).sum())


def calibration_error(chances: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error in 15 bins: how far the probabilities are from the share of right ones."""
    if not len(chances):
        return 0.0
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float((chances - right)[bins == place].sum())) for place in range(_BINS)]
    return round(sum(gaps) / len(chances), 4)


def find_cut(later: Seen, among: Seen, target: float, least: int) -> Proven | None:
    """Return the lowest cut-off above which the precision surely reaches the target; None when there is none.

    Surely: at least `least` later issues are above it, and fewer right ones would be seen 95 times in 100 if the
    precision were only the target (an exact one-sided binomial bound).  And `among` issues drawn by chance the
    precision reaches the target as well: later issues alone may happen to be all of one kind.
    """
    for cut in _CUTS:
        right, said = _above(later, cut)
        if said < least:
            return None
        mixed_right, mixed_said = _above(among, cut)
        if at_least(right, said, target) <= _DOUBT and mixed_right >= target * mixed_said:
            return Proven(cut=cut, right=right, said=said)
    return None


def _above(seen: Seen, cut: float) -> tuple[int, int]:
    chances, right = seen
    above = chances >= cut
    return int((above & right).sum()), int(above.sum())


def at_least(successes: int, tries: int, chance: float) -> float:
    """Return the probability of that many successes or more in independent tries (binomial tail)."""
    if successes <= tries * chance:
        return 1.0  # more than a half, and that is all that is asked
    logs = (
        math.lgamma(tries + 1) - math.lgamma(k + 1) - math.lgamma(tries - k + 1)
        + k * math.log(chance) + (tries - k) * math.log1p(-chance)
        for k in range(successes, tries + 1)
    )  # fmt: skip
    return min(1.0, math.fsum(map(math.exp, logs)))


def find_proofs(
    later: Judged, among: Judged, temperature: float, targets: dict[str, float], least: int, *, exclusive: bool
) -> list[dict[str, Proven | None]]:
    """Return for each label the cut-off that proved right at each target precision."""
    columns = zip(
        _seen(later, temperature, exclusive=exclusive), _seen(among, temperature, exclusive=exclusive), strict=True
    )
    return [{name: find_cut(*seen, target, least) for name, target in targets.items()} for seen in columns]


def _seen(judged: Judged, temperature: float, *, exclusive: bool) -> Iterator[Seen]:
    chances = probabilities(judged.logits, temperature, exclusive=exclusive)
    for column in range(judged.truth.shape[1]):
        counted = judged.weights[:, column] > 0
        yield chances[counted, column], judged.truth[counted, column] > 0
