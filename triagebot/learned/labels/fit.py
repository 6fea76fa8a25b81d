"""A linear model of many labels, its features scaled by naive Bayes: torch, L-BFGS, convex, no chance.

Wang and Manning, "Baselines and Bigrams" (2012), with a logistic loss for each label.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from triagebot.diagnose.labels.model import Vocabulary
from triagebot.learned.labels.examples import Examples

Floats = npt.NDArray[np.float32]
_COST = 3.0  # of an error, against the size of the weights
_ROUNDS = 40
_SMOOTH = 1.0
_SHARED = 1.4  # how much more easily a shared weight grows than a repository's own
_SMALL = 10_000  # issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The features of many reports as a sparse matrix in compressed rows."""

    starts: npt.NDArray[np.int32]
    places: npt.NDArray[np.int32]
    values: Floats
    width: int


def to_rows(examples: Examples, vocabulary: Vocabulary) -> Rows:
    """Return the features of the examples as rows; a bucket that two families share stands twice."""
    vectors = [vocabulary.vector(counted) for counted in examples.bags]
    sizes = [len(places) for places, _ in vectors]
    return Rows(
        starts=np.cumsum([0, *sizes]).astype(np.int32),
        places=np.concatenate([np.empty(0, np.int32), *(places for places, _ in vectors)]),
        values=np.concatenate([np.empty(0, np.float32), *(values for _, values in vectors)]),
        width=len(vocabulary.buckets),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one repository teaches: its rows, a column a label (`truth`), and what each cell counts (`weights`)."""

    rows: Rows
    truth: Floats
    weights: Floats


def fit(tasks: Sequence[Task], device: str | None = None) -> list[tuple[Floats, Floats]]:
    """Return for each task the weights (a row a feature, a column a label) and the bias of each label.

    Several tasks learn together: each label has weights that all share and weights of the task's own, and either is
    scaled by how much more often a feature stands in reports that bear the label.  `device`: torch's, None: a GPU
    where there is one.
    """
    if sum(len(task.truth) for task in tasks) < _SMALL:
        torch.set_num_threads(1)  # what threads win here they lose by waiting for one another
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    parts = [_Part(task, place) for task in tasks]
    own = [part.ratios() for part in parts]
    shared = _SHARED * _ratios(sum(part.borne for part in parts), sum(part.other for part in parts))
    scales = [*own, shared] if len(parts) > 1 else own
    free = [torch.zeros_like(scale, requires_grad=True) for scale in scales]
    bias = torch.zeros(len(parts), scales[0].shape[1], device=place, requires_grad=True)

    def weights_of(at: int) -> torch.Tensor:
        weights = free[at] * own[at]
        return weights + free[-1] * shared if len(parts) > 1 else weights

    def loss() -> torch.Tensor:
        losses = [part.loss(weights_of(at), bias[at]) for at, part in enumerate(parts)]
        return _COST * torch.stack(losses).sum() + 0.5 * sum(part.square().sum() for part in free)

    _minimise([*free, bias], loss)
    fitted = [(weights_of(at).detach(), bias[at].detach()) for at in range(len(parts))]
    return [(weights.cpu().numpy(), offset.cpu().numpy()) for weights, offset in fitted]


def _minimise(parameters: list[torch.Tensor], loss: Any) -> None:
    optimiser = torch.optim.LBFGS(
        parameters, max_iter=_ROUNDS, history_size=10, tolerance_grad=1e-4, line_search_fn="strong_wolfe"
    )

    def closure() -> float:
        optimiser.zero_grad()
        value = loss()
        value.backward()
        return float(value.item())

    optimiser.step(closure)  # type: ignore[no-untyped-call]


class _Part:
    """One task on the device: its matrix both ways round, so that the gradient is a product as well."""

    def __init__(self, task: Task, place: torch.device) -> None:
        self._truth = torch.from_numpy(task.truth).to(place)
        self._weights = torch.from_numpy(task.weights).to(place)
        rows, turned = task.rows, _turned(task.rows)
        self._matrix = _sparse(rows, rows.values).to(place)
        self._turned = _sparse(turned, turned.values).to(place)
        present = _sparse(turned, np.ones_like(turned.values)).to(place)
        counted = self._weights
        self.borne = present @ (self._truth * counted)
        self.other = present @ ((1 - self._truth) * counted)

    def ratios(self) -> torch.Tensor:
        """Return the naive Bayes log-ratio of each feature for each label."""
        return _ratios(self.borne, self.other)

    def loss(self, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """Return the summed logistic loss of all cells that count."""
        logits = _Product.apply(self._matrix, self._turned, weights) + bias  # type: ignore[no-untyped-call]
        losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, self._truth, reduction="none")
        return (losses * self._weights).sum()


class _Product(torch.autograd.Function):
    """Sparse rows times weights; the gradient by the turned matrix, which torch itself does not keep."""

    @staticmethod
    def forward(ctx: Any, matrix: torch.Tensor, turned: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        ctx.turned = turned
        return matrix @ weights

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[None, None, torch.Tensor]:
        return None, None, ctx.turned @ grads[0]


def _sparse(rows: Rows, values: Floats) -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls sparse rows a beta
        return torch.sparse_csr_tensor(
            torch.from_numpy(rows.starts),
            torch.from_numpy(rows.places),
            torch.from_numpy(values),
            size=(len(rows.starts) - 1, rows.width),
        )


def _turned(rows: Rows) -> Rows:
    """Return the matrix turned, a row a feature, in a fraction of the memory that torch needs for it."""
    count = len(rows.starts) - 1
    order = np.argsort(rows.places, kind="stable")
    reports = np.repeat(np.arange(count, dtype=np.int32), np.diff(rows.starts))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows.places, minlength=rows.width))])
    return Rows(starts=starts.astype(np.int32), places=reports[order], values=rows.values[order], width=count)


def _ratios(borne: Any, other: Any) -> torch.Tensor:
    with_label, without = borne + _SMOOTH, other + _SMOOTH
    ratios: torch.Tensor = torch.log((with_label / with_label.sum(0)) / (without / without.sum(0)))
    return ratios
