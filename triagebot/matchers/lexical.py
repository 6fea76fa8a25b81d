"""What a whole report shares with an entry's texts, line or no line: words, pieces of words and concepts (BM25)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from triagebot import bm25
from triagebot.concepts import Concepts
from triagebot.prose import own_lines
from triagebot.records import Block, Entry, Evidence, Knowledge, Line
from triagebot.sheet import Sheet, fold
from triagebot.subjects import Subjects, Weights, cover, subjects_of

_WORD = re.compile(r"[a-z][a-z0-9_]{2,30}|[\u3400-\u9fff]{1,40}")
_PIECE = 4  # letters: long enough to mean something, short enough to survive a typing mistake
_PIECE_WEIGHTS = {"~": 0.3}
_MOST_LINES = 30
_LONGEST = 300  # characters of a line
_MOST_ENTRIES = 3
_FEWEST = 3  # whole words or Chinese pairs: one or two are shared by chance
_LEAST = 0.05
_QUOTE = 200
_AS_COUNTEREXAMPLE = 0.6
_COUNTEREXAMPLE = 0.7  # of a counterexample's weight in one sentence: that is what it says


# A logistic function of what a report shares with an entry, fitted over the reports of several projects
# (docs/decisions/0004): the part of a title or question that the report says; BM25 in units of the rarest word, and the
# different words of the report, both as logarithms; how far the next entry is behind, 0 to 1, or this one behind the
# first, 0 to -1; the part of a title or question that the report's title says; and what part of that question its
# weightiest missing concept makes up.
_WEIGHTS = (3.4, 1.42, -1.15, 3.0, 1.42, -1.75)
_BIAS = -2.81


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a report says: its lines with their tokens, and its concepts: of the title, and of each line."""

    lines: Sequence[Line]
    tokens: Mapping[int, frozenset[str]]
    title: frozenset[str]
    thoughts: Sequence[frozenset[str]]

    @property
    def thought(self) -> frozenset[str]:
        """All concepts of the report."""
        return frozenset().union(*self.thoughts)


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the words and the concepts of all entries."""
    subjects = subjects_of(knowledge)
    index = bm25.index([Counter(_tokens(_text(entry))) for entry in knowledge.entries], _PIECE_WEIGHTS)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        said = _said(sheet, subjects.concepts)
        tokens = sorted(frozenset().union(*said.tokens.values()))
        ranked = sorted(index.scores(tokens).items(), key=lambda pair: (-pair[1], pair[0]))[: _MOST_ENTRIES + 1]
        for rank, (number, score) in enumerate(ranked[:_MOST_ENTRIES]):
            rival = ranked[1 if rank == 0 else 0][1] if len(ranked) > 1 else 0.0
            entry = knowledge.entries[number]
            line, shared = _closest(said, frozenset(_tokens(_text(entry))), index)
            likeness = _likeness(said, number, score / index.rarest, max(-1.0, 1 - rival / score), subjects)
            if likeness >= _LEAST and shared >= _FEWEST:
                quote = line.text.strip()[:_QUOTE]
                yield Evidence(entry=entry.id, matcher="lexical", score=likeness, quote=quote, line=line.number)

    return look


def _said(sheet: Sheet, concepts: Concepts) -> _Said:
    lines = list(islice(own_lines(sheet), _MOST_LINES))
    texts = [line.text[:_LONGEST] for line in lines]
    thoughts = [concepts.of(text) for text in texts]
    return _Said(
        lines=lines,
        tokens={line.number: frozenset(_tokens(text)) for line, text in zip(lines, texts, strict=True)},
        title=next((t for line, t in zip(lines, thoughts, strict=True) if line.block is Block.TITLE), frozenset()),
        thoughts=thoughts,
    )


def _closest(said: _Said, tokens: frozenset[str], index: bm25.Index) -> tuple[Line, int]:
    """Return the line that shares most with an entry's tokens, and how many whole words all lines share."""
    shared = tokens & frozenset().union(*said.tokens.values())
    line = max(
        said.lines, key=lambda line: sum(index.rarity.get(t, 0.0) for t in sorted(shared & said.tokens[line.number]))
    )
    return line, sum(not token.startswith("~") for token in shared)


def _likeness(said: _Said, number: int, shared: float, ahead: float, subjects: Subjects) -> float:
    """Return how likely a report is about an entry, 0 to 1."""
    thought = said.thought
    asked = [subjects.weigh(text) for text in (*subjects.titles[number], *subjects.questions[number])]
    nearest = max(asked, key=lambda weights: cover(thought, weights), default={})
    covered = cover(thought, nearest)
    missing = max((weight for concept, weight in nearest.items() if concept not in thought), default=0.0)
    length = sum(not token.startswith("~") for token in frozenset().union(*said.tokens.values()))
    terms = (
        covered,
        math.log1p(shared),
        math.log1p(length),
        ahead,
        max((cover(said.title, weights) for weights in asked), default=0.0),
        missing / (sum(nearest.values()) or 1.0),
    )
    likeness = 1 / (1 + math.exp(-sum(w * t for w, t in zip(_WEIGHTS, terms, strict=True)) - _BIAS))
    never = [subjects.weigh(text) for text in subjects.never[number]]
    told = covered * sum(nearest.values())
    return likeness * (_AS_COUNTEREXAMPLE if any(_says_rather(line, never, told) for line in said.thoughts) else 1.0)


def _says_rather(said: frozenset[str], never: Iterable[Weights], told: float) -> bool:
    """Say whether a line says a counterexample, and more of it than the weight that is told of a question."""
    return any((part := cover(said, w)) >= _COUNTEREXAMPLE and part * sum(w.values()) >= told for w in never)


def _text(entry: Entry) -> str:
    """Return what an entry says of itself: title and questions twice as loud as the fix."""
    loud = " ".join([*entry.title.values(), *(text for texts in entry.questions.values() for text in texts)])
    printed = (pattern.text for pattern in entry.signatures if not pattern.regex)
    return " ".join([loud, loud, *printed, *(text for fix in entry.fix for text in fix.text.values())])


def _tokens(text: str) -> Iterator[str]:
    """Yield words, their pieces of four letters, and Chinese pairs and triples."""
    for word in _WORD.findall(fold(text)):
        if word.isascii():
            yield word
            if len(word) > _PIECE:
                yield from ("~" + word[at : at + _PIECE] for at in range(len(word) - _PIECE + 1))
        else:
            yield from (word[at : at + size] for size in (2, 3) for at in range(len(word) - size + 1))
