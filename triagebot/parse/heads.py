"""Where the prompts of an issue template stand in a report: headings in every spelling that people leave of them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

import ahocorasick

from triagebot.blanks import key_of, without_number
from triagebot.records import Block, Line

_HASH = re.compile(r"\s{0,3}(?P<level>#{1,6})\s*(?P<label>[^\s#].*)$")
_BOLD = re.compile(
    r"\s{0,3}(?:[-*+]\s+)?(?P<mark>\*\*|__)\s*(?P<label>[^*\n]{1,300}?)\s*[:：]?\s*(?P=mark)\s*[:：]?\s*$"
)
_INLINE = re.compile(
    r"[\s>|]*(?:[-*+]\s+|#{1,6}\s*|\d{1,2}[.)]\s+)?(?P<mark>\*\*|__|`)?(?P<label>[^*_`:：|\n]{1,120}?)\s*(?:[:：]\s*)?(?(mark)(?P=mark))"
    r"\s*[:：|]\s*(?P<value>\S.*)$"
)
_RULE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*$")
_LONGEST = 400
_FORM_LEVEL = 3
_MOST_HEADS = 2_000


class Rank(IntEnum):
    """How sure it is that a line is the heading of a prompt, the surest first: only the surest of a label count."""

    FORM = 0  # `### Label`, as GitHub writes it
    MARKED = 1  # another level, bold, underlined
    QUOTED = 2  # the same in a quotation
    PLAIN = 3  # the label alone in its line, its marks lost
    INLINE = 4  # `Label: answer`
    FENCED = 5  # inside a fence that never ends


class Head(NamedTuple):
    """A heading: the place of its line among the lines, its label's key, and an answer that stands beside it."""

    at: int
    key: str
    rank: Rank
    beside: str = ""


def find_heads(lines: Sequence[Line], keys: Iterable[str]) -> Mapping[str, tuple[Head, ...]]:
    """Return the heads of each key that occurs, in order; those of less sure spellings than its surest are left out."""
    known = frozenset(keys)
    found: defaultdict[str, list[Head]] = defaultdict(list)
    for head in _heads(lines, known):
        if len(found[head.key]) < _MOST_HEADS:
            found[head.key].append(head)
    best = {key: min(head.rank for head in heads) for key, heads in found.items()}
    return {key: tuple(head for head in heads if head.rank is best[key]) for key, heads in found.items()}


def _heads(lines: Sequence[Line], known: frozenset[str]) -> Iterator[Head]:
    for at in _promising(lines, known):
        line = lines[at]
        if line.block is Block.COMMENT or len(line.text) > _LONGEST:
            continue
        below = lines[at + 1].text if at + 1 < len(lines) else ""
        for label, rank, beside in _spelled(line, below):
            key = next((key for key in _keys(label) if key in known), None)
            if key is not None:
                yield Head(at, key, rank, beside)
                break


def _promising(lines: Sequence[Line], known: frozenset[str]) -> Iterator[int]:
    """Yield the places of the lines that hold the first word of a key: few do, and the others need no second look."""
    words = _first_words(known)
    if not words:
        return iter(())
    text = unicodedata.normalize("NFKC", "\n".join(line.text for line in lines)).casefold()
    starts = list(accumulate((len(part) + 1 for part in text.split("\n")), initial=0))
    hits = (bisect_right(starts, last) - 1 for last, _ in words.iter(text))
    return (place for place, _ in groupby(hits))


@lru_cache(maxsize=32)
def _first_words(known: frozenset[str]) -> ahocorasick.Automaton:
    """Return what finds the first words of keys; the same few templates are asked for at every report."""
    automaton = ahocorasick.Automaton()
    for word in {key.partition(" ")[0] for key in known} - {""}:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


def _keys(label: str) -> Iterator[str]:
    """Yield what a label may be the spelling of."""
    yield key_of(label)
    shorter = without_number(label)
    if shorter != label:
        yield key_of(shorter)


def _spelled(line: Line, below: str) -> Iterator[tuple[str, Rank, str]]:
    """Yield the ways to read a line as a heading, the surest first."""
    text = line.text
    hashed = _HASH.match(text)
    found = hashed or _BOLD.match(text)
    marked = Rank.QUOTED if line.quoted else Rank.MARKED
    if line.block in {Block.CODE, Block.TEMPLATE} and found:  # outside a fence it would be a heading
        yield found["label"], Rank.FENCED, ""
    if line.block is Block.CODE:
        return
    if hashed:
        yield hashed["label"], _rank_of(len(hashed["level"]), marked), ""
    elif found:
        yield found["label"], marked, ""
    else:
        yield text.strip(" :："), marked if _RULE.match(below) else Rank.PLAIN, ""
    inline = _INLINE.match(text)
    if inline:
        yield inline["label"], Rank.INLINE, inline["value"]


def _rank_of(level: int, marked: Rank) -> Rank:
    return Rank.FORM if level == _FORM_LEVEL and marked is Rank.MARKED else marked
