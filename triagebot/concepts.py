"""Sentences as sets of concepts: terms of the knowledge first, in any mixture of languages, then whatever is left."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from triagebot.records import Term
from triagebot.sheet import fold

_WORD = re.compile(r"(?<![\w.\-])-\d+(?:\.\d+)?|[a-z0-9_]+(?:[.\-][a-z0-9_]+)*|[\u3400-\u9fff]+")
_GLUED = re.compile(r"(?<=[a-z]{2})(?=\d+\.\d)")  # `mmdet2.28` says two things
_ENDINGS = ("ing", "ies", "ed", "es", "s")
# Words that frame a question tell less of its subject than any other; terms of the knowledge are marked `asking`.
_ASKING_WEIGHT = 0.35
# A name of the code (`find_unused_parameters`, `64x4d`) is hardly ever said by chance.
_NAME_WEIGHT = 1.6
_NAME = re.compile(r"[a-z]_[a-z]|[a-z]\d|\d[a-z]")
_ASKING = frozenset(
    """
    how why what where which when who is reason mean meaning question problem issue error use using way
    """.split()
)
_STOP = frozenset(
    """
    a an the is are was were be been am do does did i me my we our you your he she it its they this that
    these those in on at of to for from by with as and or but if then so than there here have has had can
    could will would shall should may might must not no please hi hello thanks thank dear sir everyone
    anyone some any all 的 了 吗 呢 啊 吧 我 你 您 是 在 有 和 与 就 也 都 把 被 这 那 个 一 请 谢谢 大家 您好 你好
    """.split()
)


class Concepts:
    """Turns a sentence into the set of its concepts: terms of the knowledge first, then what words are left."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self._spoken: dict[tuple[str, ...], str] = {}
        self._written: dict[str, str] = {}
        for term in terms:
            for word in map(fold, term.words):
                if word.isascii():
                    self._spoken[tuple(map(_stem, _WORD.findall(word)))] = term.id
                else:
                    self._written[word] = term.id
        self._longest_spoken = max(map(len, self._spoken), default=0)
        self._longest_written = max(map(len, self._written), default=0)

    def of(self, text: str) -> frozenset[str]:
        """Return the concepts of a sentence, in any mixture of languages."""
        found: set[str] = set()
        latin: list[str] = []
        for token in _WORD.findall(_GLUED.sub(" ", fold(text))):
            if token.isascii():
                latin.append(_stem(token))
            else:
                found.update(self._of_latin(latin))
                latin = []
                found.update(self._of_chinese(token))
        found.update(self._of_latin(latin))
        return frozenset(found)

    def _of_latin(self, words: list[str]) -> Iterator[str]:
        at = 0
        while at < len(words):
            for size in range(min(self._longest_spoken, len(words) - at), 0, -1):
                term = self._spoken.get(tuple(words[at : at + size]))
                if term:
                    yield term
                    at += size
                    break
            else:
                if words[at] not in _STEMMED_STOP:
                    yield words[at]
                at += 1

    def _of_chinese(self, text: str) -> Iterator[str]:
        """Cut at the longest known terms; what is left over counts as pairs of characters."""
        at, rest = 0, 0
        while at < len(text):
            for size in range(min(self._longest_written, len(text) - at), 0, -1):
                term = self._written.get(text[at : at + size])
                if term:
                    yield from _pairs(text[rest:at])
                    yield term
                    at += size
                    rest = at
                    break
            else:
                at += 1
        yield from _pairs(text[rest:])


def _pairs(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2] not in _STOP)


def _stem(word: str) -> str:
    """Cut the commonest English endings, alike in questions and reports."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):  # noqa: PLR2004
            return word[: -len(ending)]
    return word


_STEMMED_STOP = frozenset(map(_stem, _STOP))


def importance_of(terms: Iterable[Term]) -> Callable[[str], float]:
    """Return what weighs a concept by its kind: framing words little, names of the code much."""
    asking = _ASKING | {term.id for term in terms if term.asking}
    names = {term.id for term in terms if _NAME.search(term.words[0])}

    def importance(concept: str) -> float:
        if concept in asking:
            return _ASKING_WEIGHT
        return _NAME_WEIGHT if concept in names or _NAME.search(concept) else 1.0

    return importance


def rarity_of(asked: Sequence[tuple[str, frozenset[str]]], importance: Callable[[str], float]) -> dict[str, float]:
    """Return the weight of each concept: the fewer entries ask with it, the more it tells."""
    entries = {entry for entry, _ in asked}
    spread: defaultdict[str, set[str]] = defaultdict(set)
    for entry, words in asked:
        for word in words:
            spread[word].add(entry)
    return {w: importance(w) * math.log(1 + len(entries) / len(owners)) for w, owners in spread.items()}
