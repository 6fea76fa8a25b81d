"""From histories to label models: learned together, measured on later issues, cut-offs proven, ready to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.model import Cut, LabelModel, Vocabulary, probabilities
from triagebot.learned.labels.calibrate import Judged, Proven, calibration_error, find_proofs, fit_temperature
from triagebot.learned.labels.examples import Examples, Labels, choose_labels, choose_vocabulary, in_order, to_examples
from triagebot.learned.labels.fit import Floats, Task, fit, to_rows
from triagebot.learned.labels.history import Past
from triagebot.learned.labels.tried import TRIED

# What a family weighs against the others, in the order of FAMILIES: by cross-validation (docs/labels.md).
FAMILY_WEIGHTS = (1.0, 0.35, 0.7, 0.7, 0.8, 1.0, 0.5, 0.7, 0.7, 0.4)
_FILE_BYTES = 930_000  # so that a file stays below 1 MB, with its report
_ROW_BYTES, _CELL_BYTES = 2.0, 1.5  # what a feature takes in the packed file, and each label's weight of it
_MOST_FEATURES = 150_000
_DROPPED_BITS = 3  # of the 10 behind a half's point: they change no answer, and do not pack
_EXCLUSIVE_FROM = 0.99  # of the issues bear exactly one of the labels
_WINDOWS = (0.4, 0.55, 0.7, 0.85, 1.0)
_WIDE_WINDOWS = (0.7, 0.85, 1.0)  # of a long history: still thousands of later issues, in half the time
_FOLDS = 5
_MOST_FOLDED = 10_000  # issues: beyond, the later ones alone are enough to calibrate by
_LEAST_BORNE = 5  # issues that bear a label before it is worth asking whether later ones do
_SEED = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What the maintainer wants: target precisions, issues a cut-off must rest on, issues a label must be on."""

    suggest: float = 0.9
    act: float = 0.95
    least_proof: int = 20
    least_issues: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _School:
    """One repository while it is learned: how many issues it has, its labels, and its examples in order."""

    name: str
    repositories: frozenset[str]
    issues: int
    labels: Labels
    examples: Examples


@dataclass(frozen=True, slots=True)
class _Learned:
    """What was learned for one repository, and what was thought of later issues and of those in folds."""

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    later: Judged
    among: Judged


Steps = Callable[[str, int], Callable[[int], None]]
"""Tells what begins and how many steps it has; returns what is called with each step done."""


def _silent(_: str, __: int) -> Callable[[int], None]:
    return lambda _: None


def learn(issues: Iterable[Past], aim: Aim, steps: Steps = _silent, *, per_repo: bool = False) -> dict[str, LabelModel]:
    """Return one model of all issues, or (`per_repo`) one a repository, by name; those learn from each other.

    A history with nothing to learn gives a model without labels, whose report says why.
    """
    histories = _by_repository(issues) if per_repo else {"": list(issues)}
    schools = [_school(name, history, aim, steps) for name, history in histories.items()]
    taught = [school for school in schools if school.labels.names]
    names = tuple(sorted({name for school in taught for name in school.labels.names}))
    wide = [_widened(school, names) for school in taught]
    learned: dict[str, LabelModel] = {}
    if taught:
        learned = _learn_together(taught, wide, names, aim, steps)
    return {s.name: learned.get(s.name) or _nothing(s) for s in schools}


def _by_repository(issues: Iterable[Past]) -> dict[str, list[Past]]:
    histories: dict[str, list[Past]] = {}
    for issue in issues:
        histories.setdefault(issue.repo, []).append(issue)
    return dict(sorted(histories.items()))


def _school(name: str, issues: Sequence[Past], aim: Aim, steps: Steps) -> _School:
    """Return what a history teaches; issues without any label are not sorted yet and teach nothing."""
    ordered, dated = in_order(issue for issue in issues if issue.labels or issue.denied)
    labels = choose_labels(ordered, aim.least_issues, dated=dated)
    taught = ordered if labels.names else []
    done = steps(f"reading {len(taught)} issues" + (f" of {name}" if name else ""), len(taught))
    examples = to_examples(taught, labels, dated=dated, progress=done)
    repositories = frozenset(i.repo for i in ordered) - {""}
    return _School(name=name, repositories=repositories, issues=len(ordered), labels=labels, examples=examples)


def _widened(school: _School, names: tuple[str, ...]) -> Examples:
    """Return a school's examples with a column for each label of all schools; those it does not have count nothing."""
    own = [school.labels.names.index(name) if name in school.labels.names else -1 for name in names]
    there = np.array([at >= 0 for at in own], np.float32)
    examples = school.examples
    return Examples(
        bags=examples.bags,
        truth=examples.truth[:, own] * there,
        weights=examples.weights[:, own] * there,
        dated=examples.dated,
    )


def _learn_together(
    schools: list[_School], wide: list[Examples], names: tuple[str, ...], aim: Aim, steps: Steps
) -> dict[str, LabelModel]:
    row = _ROW_BYTES + _CELL_BYTES * max(len(s.labels.names) for s in schools)
    most = min(_MOST_FEATURES, int(_FILE_BYTES / row))
    total = sum(map(len, wide))
    folded = total <= _MOST_FOLDED
    windows = list(pairwise(_WINDOWS if folded else _WIDE_WINDOWS))
    done = steps(f"learning {len(names)} labels from {total} issues", len(windows) + _FOLDS * folded + 1)
    later = _hold_back(wide, [[_window(e, window) for e in wide] for window in windows], most, done)
    mixed = _hold_back(wide, [[_fold(e, at) for e in wide] for at in range(_FOLDS)], most, done) if folded else later
    vocabulary, fitted = _fit(wide, most)
    done(1)
    return {
        school.name: _finish(school, names, _Learned(vocabulary, *weights, after, among), aim)
        for school, weights, after, among in zip(schools, fitted, later, mixed, strict=True)
    }


def _fit(wide: Sequence[Examples], most: int) -> tuple[Vocabulary, list[tuple[Floats, Floats]]]:
    """Return what counts in all examples, and each school's weights and bias, rounded as the file keeps them."""
    together = _joined(wide)
    vocabulary = choose_vocabulary(together, FAMILY_WEIGHTS, most)
    tasks = [Task(rows=to_rows(e, vocabulary), truth=e.truth, weights=e.weights) for e in wide]
    return vocabulary, [(_rounded(weights), bias) for weights, bias in fit(tasks)]


def _joined(wide: Sequence[Examples]) -> Examples:
    return Examples(
        bags=tuple(counted for examples in wide for counted in examples.bags),
        truth=np.concatenate([examples.truth for examples in wide]),
        weights=np.concatenate([examples.weights for examples in wide]),
        dated=all(examples.dated for examples in wide),
    )


def _rounded(weights: Floats) -> Floats:
    """Return the weights as the file keeps them: halves without their last bits."""
    bits = weights.astype(np.float16).view(np.uint16)
    step = np.uint16(1 << _DROPPED_BITS)
    return ((bits + step // 2) // step * step).view(np.float16).astype(np.float32)


Split = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""The rows to learn from, and those to be judged."""


def _window(examples: Examples, shares: tuple[float, float]) -> Split:
    """Everything up to a moment, and what came in the time after it."""
    start, end = (int(len(examples) * share) for share in shares)
    return np.arange(start), np.arange(start, end)


def _fold(examples: Examples, at: int) -> Split:
    """A fifth drawn by chance, always the same, and the others."""
    order = np.random.default_rng(_SEED).permutation(len(examples))
    judged = np.sort(order[at::_FOLDS])
    return np.setdiff1d(np.arange(len(examples)), judged), judged


def _hold_back(
    wide: Sequence[Examples], splits: Sequence[Sequence[Split]], most: int, done: Callable[[int], None]
) -> list[Judged]:
    """Return for each school what models thought of issues that they had not seen."""
    judged: list[list[Judged]] = [[] for _ in wide]
    for split in splits:
        seen = [examples.take(rows) for examples, (rows, _) in zip(wide, split, strict=True)]
        vocabulary, fitted = _fit(seen, most)
        for at, (_, rows) in enumerate(split):
            judged[at].append(_judge(wide[at].take(rows), seen[at], vocabulary, fitted[at]))
        done(1)
    return [
        Judged(**{part: np.concatenate([getattr(j, part) for j in parts]) for part in ("logits", "truth", "weights")})
        for parts in judged
    ]


def _judge(unseen: Examples, seen: Examples, vocabulary: Vocabulary, fitted: tuple[Floats, Floats]) -> Judged:
    """A label that hardly any issue bore when it was learned is not judged: it would not have been in use."""
    weights, bias = fitted
    known = (seen.truth * seen.weights).sum(axis=0) >= _LEAST_BORNE
    logits = np.zeros(unseen.truth.shape, np.float32)
    for row, counted in enumerate(unseen.bags):
        places, values = vocabulary.vector(counted)
        logits[row] = values @ weights[places] + bias
    return Judged(logits=logits, truth=unseen.truth, weights=unseen.weights * known)


def _finish(school: _School, names: tuple[str, ...], learned: _Learned, aim: Aim) -> LabelModel:
    """Return the model of a school, with its own labels of the `names` that were learned together."""
    own = [names.index(name) for name in school.labels.names]
    later, mixed = (_columns(judged, own) for judged in (learned.later, learned.among))
    truth = school.examples.truth
    exclusive = len(own) > 1 and bool((truth.sum(axis=1) == 1).mean() >= _EXCLUSIVE_FROM)
    temperature = fit_temperature(mixed, exclusive=exclusive)
    targets = {"act": aim.act, "suggest": aim.suggest}
    proofs = find_proofs(later, mixed, temperature, targets, aim.least_proof, exclusive=exclusive)
    report = _report(school, temperature, exclusive, later, mixed) | {"aim": _plain(aim), "cuts": _told(school, proofs)}
    return LabelModel(
        repositories=school.repositories,
        labels=school.labels.names,
        vocabulary=learned.vocabulary,
        weights=np.ascontiguousarray(learned.weights[:, own]),
        bias=learned.bias[own],
        temperature=temperature,
        exclusive=exclusive,
        cuts=tuple(Cut(**{name: found.cut if found else None for name, found in proof.items()}) for proof in proofs),
        tags=school.labels.tags,
        report=report,
    )


def _columns(judged: Judged, own: list[int]) -> Judged:
    return Judged(logits=judged.logits[:, own], truth=judged.truth[:, own], weights=judged.weights[:, own])


def _report(school: _School, temperature: float, exclusive: bool, later: Judged, mixed: Judged) -> dict[str, Any]:  # noqa: FBT001
    borne = school.examples.truth.sum(axis=0)
    return {
        "issues": school.issues,
        "labels": {name: int(count) for name, count in zip(school.labels.names, borne, strict=True)},
        "dropped": school.labels.dropped,
        "in_order_of_time": school.examples.dated,
        "later_issues": _figures(later, temperature, exclusive=exclusive),
        "cross_validated": _figures(mixed, temperature, exclusive=exclusive),
        "tried": TRIED,
    }


def _figures(judged: Judged, temperature: float, *, exclusive: bool) -> dict[str, Any]:
    """Return calibration error and F1 a label over issues the model had not seen."""
    chances = probabilities(judged.logits, temperature, exclusive=exclusive)
    counted = judged.weights > 0
    said = (chances == chances.max(axis=1, keepdims=True)) if exclusive else chances >= 0.5  # noqa: PLR2004
    right = (said & (judged.truth > 0) & counted).sum(axis=0)
    all_of = (said & counted).sum(axis=0) + ((judged.truth > 0) & counted).sum(axis=0)
    return {
        "judged": len(judged),
        "calibration_error": calibration_error(chances[counted], judged.truth[counted] > 0),
        "f1": [round(float(2 * r / max(1, n)), 4) for r, n in zip(right, all_of, strict=True)],
    }


def _plain(aim: Aim) -> dict[str, Any]:
    return {"suggest": aim.suggest, "act": aim.act, "least_proof": aim.least_proof, "least_issues": aim.least_issues}


def _told(school: _School, proofs: Sequence[Mapping[str, Proven | None]]) -> dict[str, Any]:
    def tell(proof: Proven | None) -> dict[str, Any] | None:
        return None if proof is None else {"from": proof.cut, "right": proof.right, "said": proof.said}

    return {
        name: {level: tell(found) for level, found in proof.items()}
        for name, proof in zip(school.labels.names, proofs, strict=True)
    }


def _nothing(school: _School) -> LabelModel:
    """Return a model that is silent, and says why."""
    nothing = np.empty(0, np.float32)
    return LabelModel(
        repositories=school.repositories,
        labels=(),
        vocabulary=Vocabulary(buckets=nothing.astype(np.uint32), worth=nothing, families=FAMILY_WEIGHTS),
        weights=nothing.reshape(0, 0),
        bias=nothing,
        temperature=1.0,
        exclusive=False,
        cuts=(),
        tags=school.labels.tags,
        report={"issues": school.issues, "labels": {}, "dropped": school.labels.dropped, "tried": TRIED},
    )
