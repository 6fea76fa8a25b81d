"""Words, characters and runs of them as bucket numbers: each word is hashed once a report, numpy makes the runs.

Feature hashing as in Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (2009), with so many
buckets that two features of a repository seldom share one.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np
import numpy.typing as npt

BITS = 20
BUCKETS = 1 << BITS
Codes = npt.NDArray[np.uint32]
"""A number of 32 bits for each word, character, or run of them."""
Buckets = npt.NDArray[np.uint32]
"""Bucket numbers, one for each time a feature stands in the report."""

# Multiplicative hashing: odd constants of 32 bits with well-spread bits (Knuth, TAOCP 3, 6.4).
_STEP, _SPREAD = np.uint32(0x01000193), np.uint32(0x9E3779B1)


class Coder(dict[str, int]):
    """The codes of the words met so far (CRC-32)."""

    def __missing__(self, word: str) -> int:
        code = self[word] = crc32(word.encode("utf-8", "replace"))
        return code

    def codes(self, words: Iterable[str]) -> Codes:
        """Return the codes of words, in their order."""
        return np.fromiter(map(self.__getitem__, words), np.uint32)


def characters(text: str) -> Codes:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def runs(codes: Codes, shortest: int, longest: int, edge: int | None = None) -> Codes:
    """Return the codes of all runs of so many items, by length and place; `edge` stands at the ends of a run alone."""
    found: list[Codes] = []
    rolled, whole = codes, np.ones(len(codes), bool)
    for size in range(1, min(longest, len(codes)) + 1):
        if size > 1:
            rolled = rolled[:-1] * _STEP + codes[size - 1 :]
            whole = whole[:-1]
        if edge is not None and size > 2:  # noqa: PLR2004 - shorter ones have nothing between their ends
            whole = whole & (codes[size - 2 : -1] != edge)
        if size >= shortest:
            found.append(rolled[whole])
    return np.concatenate(found) if found else np.empty(0, np.uint32)


def to_buckets(family: str, codes: Codes) -> Buckets:
    """Return the buckets of a family's features: the same word is another feature in another family."""
    seeded = codes ^ np.uint32(crc32(family.encode()))
    return ((seeded * _SPREAD) >> np.uint32(32 - BITS)).astype(np.uint32)
