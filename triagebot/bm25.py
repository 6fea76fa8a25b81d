"""Texts found by shared tokens: BM25 over an inverted index (Robertson and Zaragoza 2009, section 3)."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SATURATION = 1.2
_LENGTH = 0.6
# In a large collection, tokens that stand in so many texts tell none from another and cost most of the time.
_COMMON = 0.1
_LARGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`postings`: token to the texts that hold it and its saturated count in each (0 to 1); `rarity`: its weight."""

    postings: Mapping[str, tuple[array[int], array[float]]]
    rarity: Mapping[str, float]
    rarest: float

    def scores(self, tokens: Iterable[str]) -> dict[int, float]:
        """Return BM25 of every text that shares one of the tokens, which are given once each."""
        scores: defaultdict[int, float] = defaultdict(float)
        for token in tokens:
            if token in self.postings:
                weight = self.rarity[token]
                for number, part in zip(*self.postings[token], strict=True):
                    scores[number] += weight * part
        return scores


def index(texts: Sequence[Counter[str]], weight: Mapping[str, float]) -> Index:
    """Return the index of texts given as counted tokens; `weight`: first letter of a token to its part of a word's."""
    lengths = [text.total() for text in texts]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    parts: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
    for number, text in enumerate(texts):
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[number] / mean)
        for token, count in text.items():
            numbers[token].append(number)
            parts[token].append(count / (count + damping))
    most = _COMMON * len(texts) if len(texts) > _LARGE else len(texts)
    postings = {token: (found, parts[token]) for token, found in numbers.items() if len(found) <= most}
    rarity = {t: weight.get(t[0], 1.0) * math.log(1 + len(texts) / len(found)) for t, (found, _) in postings.items()}
    return Index(postings=postings, rarity=rarity, rarest=math.log(1 + len(texts)))
