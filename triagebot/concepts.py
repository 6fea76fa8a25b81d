"""Sentences as sets of concepts: terms of the knowledge first, in any mixture of languages, then the words left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from triagebot.records import Term
from triagebot.sheet import fold

_WORD = re.compile(r"(?<![\w.\-])-\d+(?:\.\d+)?|[a-z0-9_]+(?:[.\-][a-z0-9_]+)*|[\u3400-\u9fff]+")
# `FrozenBatchNorm2d`, `freeze_bn`: a name of the code says what its words say, and that of a file (`best.pth`) less.
_CODE_NAME = re.compile(r"(?<![\w/])(?:(?:[A-Z][a-z]++){2,}+[A-Za-z0-9]*+|[A-Za-z]++(?:_[A-Za-z0-9]++)++)(?!\w|[./]\w)")
_PART = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_GLUED = re.compile(r"(?<=[a-z]{2})(?=\d+\.\d)")  # `mmdet2.28` says two things
# `doesn't`, `cannot`: the denial is a word of its own.
_DENIED = re.compile(r"\b(can|ca|wo|do|does|did|is|are|was|were|has|have|had|could|should|would)(?:n['’]?t|not)\b")
_MOST_KEPT = 256
_VOWEL = re.compile(r"[aeiouy]")
_SINGULAR = re.compile(r"ss$|[a-z]{3}[iu]s$|[iv]as$")  # `class`, `status`, `analysis`, `alias`, `canvas`
_CUT_SHORT = re.compile(r"[^aeiou\W\d_][aeiou][^aeiouwxy\W\d_]$")  # `siz`: what is left of `sized`
_KEPT_DOUBLE = "lszf"  # `call`, `miss`, `buzz`, `diff`
_LEAST_STEM = 3
_LONG = 5  # letters: from there on a last e is silent and tells no word from another (`date`, `data`)
_WHOLE = frozenset(["embed", "quite"])  # no form of `emb` and `quit`
_STOP = frozenset(
    """
    a an the is are was were be been am do does did i me my we our you your he she it its they this that
    these those in on at of to for from by with as and or but if then so than there here have has had can
    could will would shall should may might must not no please hi hello thanks thank dear sir everyone
    anyone some any all ca wo
    的 了 吗 呢 啊 吧 我 你 您 是 在 有 和 与 就 也 都 把 被 这 那 个 一 请 谢谢 大家 您好 你好
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
                    self._spoken[tuple(map(_stem, _words(word)))] = term.id
                else:
                    self._written[word] = term.id
        self._terms = frozenset(term.id for term in terms)
        # How many words the longest term has that begins with a word: most words begin none.
        self._longest_spoken: dict[str, int] = {}
        for words in self._spoken:
            self._longest_spoken[words[0]] = max(len(words), self._longest_spoken.get(words[0], 0))
        self._longest_written = max(map(len, self._written), default=0)
        # Several matchers read the same sentences one after the other.
        self._kept = lru_cache(maxsize=_MOST_KEPT)(self._read)

    def of(self, text: str) -> frozenset[str]:
        """Return the concepts of a sentence, in any mixture of languages."""
        return self._kept(text)

    def _read(self, text: str) -> frozenset[str]:
        found: set[str] = set()
        latin: list[str] = []
        for token in _words(fold(text)):
            if token.isascii():
                latin.append(_stem(token))
            else:
                found.update(self._of_latin(latin))
                latin = []
                found.update(self._of_chinese(token))
        found.update(self._of_latin(latin))
        found.update(*map(self._of_name, _CODE_NAME.findall(text)))
        return frozenset(found)

    def _of_name(self, name: str) -> frozenset[str]:
        """Return the terms that a name of the code is made of, where it is made of them and small words only."""
        if (_stem(fold(name)),) in self._spoken:
            return frozenset()
        said = frozenset(self._of_latin([_stem(fold(part)) for part in _PART.findall(name)]))
        return said if said <= self._terms else frozenset()

    def _of_latin(self, words: list[str]) -> Iterator[str]:
        at = 0
        while at < len(words):
            for size in range(self._longest_spoken.get(words[at], 0), 0, -1):
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


def _words(text: str) -> list[str]:
    text = _GLUED.sub(" ", text) if "." in text else text
    denied = "not" in text or "nt" in text or "n't" in text or "n’t" in text
    return _WORD.findall(_DENIED.sub(r"\1 not", text) if denied else text)


def _pairs(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2] not in _STOP)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """Return what the forms of an English word have in common: `creat` of create, creates, created and creating.

    Only inflections go (after steps 1 and 5 of Porter 1980, simpler): what is another word made of a word stays, as
    `import` and `important` would be one.
    """
    word = _without_plural(word)
    if word in _WHOLE:
        return word
    word = _without_verb_ending(word)
    if len(word) < _LONG:
        return word
    return word[:-1] if word.endswith(("e", "ll")) else word  # `cancell` of cancelled is `cancel`


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > _LONG - 1:
        return word[:-3] + "y"
    if word.endswith("xes") and len(word) > _LEAST_STEM + 1:
        return word[:-2]
    word = word[:-1] if word.endswith("s") and len(word) > _LEAST_STEM and not _SINGULAR.search(word) else word
    return word[:-2] + "y" if word.endswith("ie") and len(word) >= _LONG else word  # `cookies`, `cookie`


def _without_verb_ending(word: str) -> str:
    ending = 3 if word.endswith("ing") else 2 if word.endswith("ed") and not word.endswith("eed") else 0
    stem = word[: len(word) - ending]
    if not ending or len(stem) < _LEAST_STEM or not _VOWEL.search(stem):
        return word
    if stem.endswith("i"):
        return stem[:-1] + "y"  # `tried`
    if stem[-1] == stem[-2] and len(stem) > _LEAST_STEM and stem[-1] not in _KEPT_DOUBLE:
        return stem[:-1]  # `running`
    return stem + "e" if len(stem) == _LEAST_STEM and _CUT_SHORT.match(stem) else stem  # `sized`


_STEMMED_STOP = frozenset(map(_stem, _STOP))
