"""A learned label model at work: numpy alone, the same numbers as in training, and the words that spoke for a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.features import Bag, bag, look_at, spell
from triagebot.diagnose.labels.hashing import Buckets
from triagebot.diagnose.labels.titles import spellings
from triagebot.records import LabelScore

Floats = npt.NDArray[np.float32]
_MOST_REASONS = 3
_LEAST_SHARE = 0.02  # of what speaks for a label: less is no reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The buckets that count, ascending, how telling each is (inverse document frequency), and what a family weighs."""

    buckets: npt.NDArray[np.uint32]
    worth: Floats
    families: tuple[float, ...]

    def vector(self, counted: Bag) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the positions and values of a report's features: each family is of length 1 times its weight."""
        if not len(self.buckets):
            return np.empty(0, np.int32), np.empty(0, np.float32)
        at = np.minimum(np.searchsorted(self.buckets, counted.buckets), len(self.buckets) - 1)
        known = self.buckets[at] == counted.buckets
        family = np.repeat(np.arange(len(self.families)), counted.sizes)[known]
        places = at[known].astype(np.int32)
        values = (1 + np.log(counted.counts[known].astype(np.float32))) * self.worth[places]
        lengths = np.sqrt(np.bincount(family, values * values, minlength=len(self.families)))
        scales = np.array(self.families) / np.maximum(lengths, 1e-9)
        return places, values * scales.astype(np.float32)[family]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The probabilities from which a label is acted on or suggested; None: never, so little was seen or so unsure."""

    act: float | None
    suggest: float | None

    def level(self, probability: float) -> str:
        """Return `act`, `suggest` or `silent`."""
        if self.act is not None and probability >= self.act:
            return "act"
        return "suggest" if self.suggest is not None and probability >= self.suggest else "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelModel:
    """What was learned of one repository's labels (`repositories` empty: of whichever is asked about).

    `weights` has a row a bucket and a column a label.  `exclusive`: an issue of the history bears exactly one of them.
    """

    repositories: frozenset[str]
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    temperature: float
    exclusive: bool
    cuts: tuple[Cut, ...]
    tags: tuple[str, ...] = ()
    report: Mapping[str, object] = field(default_factory=dict)

    def logits(self, counted: Bag) -> npt.NDArray[np.float64]:
        """Return how much speaks for each label, before the temperature."""
        return self._logits(*self.vocabulary.vector(counted))

    def _logits(self, places: npt.NDArray[np.int32], values: Floats) -> npt.NDArray[np.float64]:
        return values.astype(np.float64) @ self.weights[places] + self.bias

    def score(self, title: str, body: str) -> tuple[LabelScore, ...]:
        """Return every label with its probability and level, likeliest first; what cannot say why is silent."""
        if not self.labels:
            return ()
        seen = look_at(title, body, spellings(self.tags))
        places, values = self.vocabulary.vector(bag(seen))
        chances = probabilities(self._logits(places, values), self.temperature, exclusive=self.exclusive)
        spelled, buckets = spell(seen), self.vocabulary.buckets[places]
        told = [_reasons(values * self.weights[places, at], buckets, spelled) for at in range(len(self.labels))]
        scores = [
            LabelScore(
                name=name, probability=round(float(p), 4), level=cut.level(float(p)) if why else "silent", reasons=why
            )
            for name, p, cut, why in zip(self.labels, chances, self.cuts, told, strict=True)
        ]
        return tuple(sorted(scores, key=lambda score: (-score.probability, score.name)))


def _reasons(shares: Floats, buckets: Buckets, spelled: Mapping[int, str]) -> tuple[str, ...]:
    """Return the features that spoke most for a label (`shares`), as a reader can find them."""
    enough = np.flatnonzero(shares > _LEAST_SHARE * float(shares[shares > 0].sum()))
    words: list[str] = []
    for at in enough[np.argsort(-shares[enough], kind="stable")]:
        word = spelled.get(int(buckets[at]), "")
        if word and not any(word in other or other in word for other in words):
            words.append(word)
    return tuple(words[:_MOST_REASONS])


def probabilities(logits: npt.NDArray[np.floating], temperature: float, *, exclusive: bool) -> npt.NDArray[np.float64]:
    """Return the labels' probabilities (last axis): of one among them when `exclusive`, else each by itself."""
    scaled = np.asarray(logits, np.float64) / temperature
    if exclusive:
        raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
    return np.asarray(1 / (1 + np.exp(-np.clip(scaled, -500, 500))))


@dataclass(frozen=True, slots=True)
class LabelModels:
    """The label models at hand; a model speaks for the repositories that it learned from, and for no other."""

    models: tuple[LabelModel, ...]

    def __call__(self, repository: str, title: str, body: str) -> tuple[LabelScore, ...]:
        """Return what the repository's model thinks of a report; nothing where there is none."""
        model = self.pick(repository)
        return model.score(title, body) if model else ()

    def pick(self, repository: str) -> LabelModel | None:
        """Return the model of a repository; where it is not known ("") or the model is of none, the only one."""
        wanted = repository.casefold()
        for model in self.models:
            if wanted in {name.casefold() for name in model.repositories}:
                return model
        fitting = [model for model in self.models if not (wanted and model.repositories)]
        return fitting[0] if len(fitting) == 1 else None
