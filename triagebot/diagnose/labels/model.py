"""A learned label model at work: numpy alone, the same numbers as in training, and the words that spoke for a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.features import Bag, bag, look_at, spell_features
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

    def vector(self, counted: Bag) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return the positions and values of a report's features: each family is of length 1 times its weight."""
        places, values = [], []
        for weight, (buckets, counts) in zip(self.families, counted, strict=True):
            at = np.searchsorted(self.buckets, buckets)
            at[at == len(self.buckets)] = 0
            known = self.buckets[at] == buckets if len(self.buckets) else np.zeros(len(buckets), bool)
            at = at[known]
            value = (1 + np.log(counts[known].astype(np.float32))) * self.worth[at]
            length = float(np.sqrt(value @ value))
            places.append(at)
            values.append(value * np.float32(weight / length) if length else value)
        return np.concatenate(places), np.concatenate(values)


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

    def logits(self, counted: Bag) -> Floats:
        """Return how much speaks for each label, before the temperature."""
        places, values = self.vocabulary.vector(counted)
        return values @ self.weights[places] + self.bias

    def score(self, title: str, body: str) -> tuple[LabelScore, ...]:
        """Return every label with its probability and level, likeliest first; what cannot say why is silent."""
        if not self.labels:
            return ()
        seen = look_at(title, body, spellings(self.tags))
        places, values = self.vocabulary.vector(bag(seen))
        logits = values @ self.weights[places] + self.bias
        chances = probabilities(logits, self.temperature, exclusive=self.exclusive)
        told = self._reasons(places, values, spell_features(seen))
        scores = [
            LabelScore(
                name=name, probability=round(float(p), 4), level=cut.level(float(p)) if why else "silent", reasons=why
            )
            for name, p, cut, why in zip(self.labels, chances, self.cuts, told, strict=True)
        ]
        return tuple(sorted(scores, key=lambda score: (-score.probability, score.name)))

    def _reasons(
        self, places: npt.NDArray[np.int64], values: Floats, spelled: Mapping[int, str]
    ) -> list[tuple[str, ...]]:
        """Return for each label the features that spoke most for it, as a reader can find them."""
        return [self._spoke(values * self.weights[places, at], places, spelled) for at in range(len(self.labels))]

    def _spoke(self, shares: Floats, places: npt.NDArray[np.int64], spelled: Mapping[int, str]) -> tuple[str, ...]:
        least = _LEAST_SHARE * float(shares[shares > 0].sum())
        words: list[str] = []
        for at in np.argsort(-shares, kind="stable"):
            word = spelled.get(int(self.vocabulary.buckets[places[at]]), "")
            if shares[at] <= least or len(words) == _MOST_REASONS:
                break
            if word and not any(word in other or other in word for other in words):
                words.append(word)
        return tuple(words)


def probabilities(logits: Floats, temperature: float, *, exclusive: bool) -> npt.NDArray[np.float64]:
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
