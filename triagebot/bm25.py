"""Texts found by the words and pieces of words they share: BM25 over an inverted index.

The formula is that of Robertson and Zaragoza 2009 (The Probabilistic Relevance Framework, section 3).
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

_SATURATION = 1.2
_LENGTH = 0.6
_PIECE_WEIGHT = 0.3
# In a large collection, tokens that stand in so many texts tell none from another and cost most of the time.
_COMMON = 0.1
_LARGE = 200
_MOST_COUNTED = 65_535

Postings = tuple[float, Sequence[int], Sequence[float]]
"""What a token tells, the texts that hold it, and what it adds to the score of each."""


class Index:
    """Texts by their words; what a word's pieces stand in is put together when a piece is first asked for."""

    def __init__(self, texts: Sequence[Iterable[str]], pieces: Callable[[str], Iterable[str]]) -> None:
        """Index texts given as words; `pieces` cuts a word into tokens that no word is equal to."""
        self._words: defaultdict[str, tuple[array[int], array[int]]] = defaultdict(lambda: (array("I"), array("H")))
        self._holders: defaultdict[str, list[str]] = defaultdict(list)
        self._postings: dict[str, Postings] = {}
        sizes: dict[str, int] = {}
        lengths = array("d")
        for number, text in enumerate(texts):
            length = 0
            for word, count in Counter(text).items():
                size = sizes.get(word)
                if size is None:
                    size = sizes[word] = 1 + self._hold(word, pieces(word))
                numbers, found = self._words[word]
                numbers.append(number)
                found.append(min(_MOST_COUNTED, count))
                length += size * count
            lengths.append(length)
        mean = sum(lengths) / max(1, len(lengths)) or 1.0
        self._damping = array("d", (_SATURATION * (1 - _LENGTH + _LENGTH * length / mean) for length in lengths))
        self._most = len(lengths) * (_COMMON if len(lengths) > _LARGE else 1)
        self.rarest = math.log(1 + len(lengths))

    def rarity(self, token: str) -> float:
        """Return what a token tells: nothing where no text holds it, a third of a word's where it is a piece."""
        return self._of(token)[0]

    def scores(self, tokens: Iterable[str]) -> dict[int, float]:
        """Return BM25 of every text that shares one of the tokens, which are given once each."""
        scores: defaultdict[int, float] = defaultdict(float)
        for token in tokens:
            _, numbers, parts = self._of(token)
            for number, part in zip(numbers, parts):  # noqa: B905 - of one length, and this is the innermost loop
                scores[number] += part
        return scores

    def _hold(self, word: str, pieces: Iterable[str]) -> int:
        count = 0
        for piece in pieces:
            count += 1
            self._holders[piece].append(word)
        return count

    def _of(self, token: str) -> Postings:
        found = self._postings.get(token)
        if found is None:
            if token not in self._words and token not in self._holders:
                return _NOWHERE
            found = self._postings[token] = self._put_together(token)
        return found

    def _put_together(self, token: str) -> Postings:
        words = self._holders.get(token) or [token]
        counts: Counter[int] = Counter()
        for word in words:
            for number, count in zip(*self._words[word], strict=True):
                counts[number] += count
        if len(counts) > self._most:
            return _NOWHERE
        numbers = sorted(counts)
        weight = _PIECE_WEIGHT if token in self._holders else 1.0
        weight *= math.log(1 + len(self._damping) / len(numbers))
        counted = array("f", (counts[n] / (counts[n] + self._damping[n]) for n in numbers))
        return weight, array("I", numbers), array("d", (weight * part for part in counted))


_NOWHERE: Postings = (0.0, array("I"), array("d"))
