"""What each kind of evidence is worth, fitted to labelled cases: a small logistic regression."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from triagebot.diagnose.fusion import predict

_ROUNDS = 200
_RIDGE = 0.01  # a Gaussian prior: with a few hundred cases no weight may run away
_FOLDS = 5
# Evidence never speaks against its entry, however few the cases; only a rival does.
_AGAINST = frozenset({"rival"})
_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One entry that was thought of in one case: what spoke for it, and whether it was right."""

    case: str
    features: Mapping[str, float]
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Learned weights, and how far their probabilities were off on cases that they were not learned from (0 to 1).

    `by_fold` holds for each fold (see `fold_of`) the weights that were learned without it.
    """

    weights: dict[str, float]
    calibration_error: float
    held_back: tuple[tuple[float, bool], ...]
    by_fold: dict[int, dict[str, float]]


def fit(examples: Sequence[Example]) -> Fit:
    """Return the weights fitted to all examples, judged by cross-validation over five folds of cases.

    Raises ValueError when there is nothing to tell apart: no example, or only right or only wrong ones.
    """
    if len({example.right for example in examples}) < 2:  # noqa: PLR2004
        message = "the cases give only right or only wrong entries; add cases of both kinds"
        raise ValueError(message)
    held_back, by_fold = [], {}
    for fold in range(_FOLDS):
        others = [e for e in examples if fold_of(e.case) != fold]
        if len({e.right for e in others}) > 1:
            by_fold[fold] = fit_weights(others)
            held_back += [(predict(e.features, by_fold[fold]), e.right) for e in examples if fold_of(e.case) == fold]
    return Fit(
        weights=fit_weights(examples),
        calibration_error=round(_calibration_error(held_back), 4),
        held_back=tuple(held_back),
        by_fold=by_fold,
    )


def fit_weights(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights of the most likely logistic function, the same for the same examples (L-BFGS, no chance)."""
    names = sorted({name for example in examples for name in example.features})
    rows = [[example.features.get(name, 0.0) for name in names] for example in examples]
    x = torch.tensor(rows, dtype=torch.float64)
    y = torch.tensor([float(example.right) for example in examples], dtype=torch.float64)
    signs = torch.tensor([-1.0 if name in _AGAINST else 1.0 for name in names], dtype=torch.float64)
    raw = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros((), dtype=torch.float64, requires_grad=True)
    _minimise(x, y, signs, raw, bias)
    weights = (signs * torch.nn.functional.softplus(raw.detach())).tolist()
    return {"bias": round(bias.item(), 4)} | {n: round(w, 4) for n, w in zip(names, weights, strict=True)}


def _minimise(x: torch.Tensor, y: torch.Tensor, signs: torch.Tensor, raw: torch.Tensor, bias: torch.Tensor) -> None:
    optimiser = torch.optim.LBFGS([raw, bias], max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        weights = signs * torch.nn.functional.softplus(raw)
        logits = x @ weights + bias
        value = torch.nn.functional.binary_cross_entropy_with_logits(logits, y)
        value = value + _RIDGE * (weights.square().sum() + bias.square()) / len(y) ** 0.5
        value.backward()
        return float(value.item())

    optimiser.step(loss)  # type: ignore[no-untyped-call]


def fold_of(case: str) -> int:
    """Return a case's fold: by its name, so that the same case is held back together and every time alike."""
    return int(hashlib.blake2b(case.encode("utf-8", "replace"), digest_size=4).hexdigest(), 16) % _FOLDS


def _calibration_error(predicted: Sequence[tuple[float, bool]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in predicted:
        bins.setdefault(min(_BINS - 1, int(probability * _BINS)), []).append((probability, right))
    gaps = (abs(sum(p for p, _ in inside) - sum(right for _, right in inside)) for inside in bins.values())
    return sum(gaps) / max(1, len(predicted))
