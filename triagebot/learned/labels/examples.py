"""From a history to what can be learned: labels in use, issues in the order of time, features counted."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.features import Bag, bag, look_at
from triagebot.diagnose.labels.hashing import BUCKETS
from triagebot.diagnose.labels.model import Vocabulary
from triagebot.diagnose.labels.titles import spellings
from triagebot.learned.labels.history import Past

Floats = npt.NDArray[np.float32]
# A label given less often teaches the names of a few issues, and no cut-off can be shown to hold.
LEAST_ISSUES = 10
# A label that none of the last third of the issues bears is no longer given.
_RECENT = 1 / 3
_FEW = 0.05
_SEED = 9
_SAID_OUTRIGHT = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels that are learned, and why each of the others is not; `tags` are all names the history knows."""

    names: tuple[str, ...]
    dropped: dict[str, str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Issues in the order of time: counted features, a column a label (1 borne, 0 not), and what a cell counts.

    `weights` is 0 where nothing is known of a label.  `dated`: the order is that of time.
    """

    bags: tuple[Bag, ...]
    truth: Floats
    weights: Floats
    dated: bool

    def __len__(self) -> int:
        return len(self.bags)

    def take(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> Examples:
        """Return some of the examples."""
        picked = np.asarray(rows, np.int64)
        bags = tuple(self.bags[row] for row in picked)
        return Examples(bags=bags, truth=self.truth[picked], weights=self.weights[picked], dated=self.dated)


def in_order(issues: Iterable[Past]) -> tuple[list[Past], bool]:
    """Return issues oldest first, and whether their dates told that; undated ones are shuffled, always alike.

    A few without a date among many come first: they are learned from, and never pass for later ones.
    """
    listed = list(issues)
    undated = [issue for issue in listed if math.isnan(issue.created)]
    if len(undated) > _FEW * len(listed):
        random.Random(_SEED).shuffle(listed)  # noqa: S311 - nothing secret
        return listed, False
    dated = (issue for issue in listed if not math.isnan(issue.created))
    return [*undated, *sorted(dated, key=lambda issue: issue.created)], True


def choose_labels(issues: Sequence[Past], least: int, *, dated: bool) -> Labels:
    """Return the labels worth learning in issues that are in order: neither rare nor retired, nor on every issue."""
    counts = Counter(label for issue in issues for label in issue.labels)
    recent = {label for issue in issues[-math.ceil(len(issues) * _RECENT) :] for label in issue.labels}
    dropped = {}
    for name, count in sorted(counts.items()):
        if count < least:
            dropped[name] = f"rare: on {count} of {len(issues)} issues, {least} are needed"
        elif dated and name not in recent:
            dropped[name] = "retired: on none of the last third of the issues"
        elif count == len(issues):
            dropped[name] = "on every issue: there is nothing to tell apart"
    names = tuple(name for name in sorted(counts) if name not in dropped)
    return Labels(names=names, dropped=dropped, tags=tuple(sorted(counts)))


def to_examples(
    issues: Sequence[Past], labels: Labels, *, dated: bool, progress: Callable[[int], None] = lambda _: None
) -> Examples:
    """Return the issues as examples, in their order; `progress` is called with 1 after each."""
    known = spellings(labels.tags)
    bags = []
    for issue in issues:
        bags.append(bag(look_at(issue.title, issue.body, known)))
        progress(1)
    shape = (len(issues), len(labels.names))
    truth = np.array([[name in issue.labels for name in labels.names] for issue in issues], np.float32).reshape(shape)
    weights = np.array([[_weight(issue, name) for name in labels.names] for issue in issues], np.float32).reshape(shape)
    return Examples(bags=tuple(bags), truth=truth, weights=weights, dated=dated)


def _weight(issue: Past, name: str) -> float:
    """What people said to us outright counts more; of an issue nobody sorted, nothing else is known."""
    if name in issue.denied or name in issue.applied:
        return _SAID_OUTRIGHT
    return 1.0 if issue.labels else 0.0


def choose_vocabulary(examples: Examples, families: tuple[float, ...], most: int) -> Vocabulary:
    """Return the `most` buckets that tell most of some label, of those that at least two issues have."""
    seen = _seen_in(examples.bags)
    telling = np.zeros(BUCKETS, np.float32)
    for column in range(examples.truth.shape[1]):
        bearing = examples.truth[:, column] > 0
        expected = seen * np.float32(bearing.mean())
        borne = _seen_in([examples.bags[row] for row in np.flatnonzero(bearing)])
        np.maximum(telling, np.abs(borne - expected) / np.sqrt(expected + 1), out=telling)
    usable = np.flatnonzero(seen > 1)
    kept = np.sort(usable[np.argsort(-telling[usable], kind="stable")[:most]])
    worth = np.log((1 + len(examples)) / (1 + seen[kept])) + 1
    # Halves, as in the file: what is learned is what is served.
    rounded = worth.astype(np.float16).astype(np.float32)
    return Vocabulary(buckets=kept.astype(np.uint32), worth=rounded, families=families)


def _seen_in(bags: Iterable[Bag]) -> Floats:
    """Return in how many reports each bucket stands."""
    seen = np.zeros(BUCKETS, np.float32)
    for counted in bags:
        seen[counted.buckets] += 1
    return seen
