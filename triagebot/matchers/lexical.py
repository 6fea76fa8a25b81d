"""What a whole report shares with an entry's texts, line or no line: words, pieces of words and concepts (BM25)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from triagebot.bm25 import Index
from triagebot.concepts import Concepts
from triagebot.prose import own_lines, sentences
from triagebot.records import Entry, Evidence, Knowledge, Line
from triagebot.sheet import Sheet, fold
from triagebot.subjects import MANY_ASKED, Weighed, subjects_of

_WORD = re.compile(r"[a-z][a-z0-9_]{2,30}|[\u3400-\u9fff]{1,40}")
_PIECE = 4  # letters: long enough to mean something, short enough to survive a typing mistake
_MOST_LINES = 30
_LONGEST = 300  # characters of a line
_MOST_ENTRIES = 3
_FEWEST = 3  # whole words or Chinese pairs: one or two are shared by chance
_WHOLE = 0.8  # of a title or question: even in few words not by chance
_LEAST = 0.05
_QUOTE = 200
_MOST_KEPT = 1000  # entries whose texts stay read: most reports are about a few of them
_AS_COUNTEREXAMPLE = 0.6
_ASKED_LITTLE = 0.6
_UNASKED = 0.8
_ABOUT_ELSE = 0.2
# `could not build map_hash` is not about `server_names_hash`, whatever else it says.
_CODE_NAME = re.compile(r"[a-z]_[a-z]")
_OTHER_NAME = 0.5
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
    """What a report says: lines, tokens by line and all of them, concepts of the title, by sentence and all of them.

    `words` are the tokens that are no pieces of words.
    """

    lines: Sequence[Line]
    tokens: Mapping[int, frozenset[str]]
    all_tokens: frozenset[str]
    words: frozenset[str]
    title: frozenset[str]
    thoughts: Sequence[frozenset[str]]
    thought: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """An entry's texts: its tokens, and its titles, questions and counterexamples as weighed concepts.

    `foreign` is that of `Subjects`.
    """

    tokens: frozenset[str]
    asked: tuple[Weighed, ...]
    never: tuple[Weighed, ...]
    foreign: frozenset[str]


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the words and the concepts of all entries."""
    subjects = subjects_of(knowledge)
    index = Index([_own_words(entry) for entry in knowledge.entries], _pieces)

    @lru_cache(maxsize=_MOST_KEPT)
    def subject(number: int) -> _Subject:
        asked = (*subjects.titles[number], *subjects.questions[number])
        return _Subject(
            tokens=_tokens(_own_words(knowledge.entries[number])),
            asked=tuple(map(subjects.weigh, asked)),
            never=tuple(map(subjects.weigh, subjects.never[number])),
            foreign=subjects.foreign[number],
        )

    def look(sheet: Sheet) -> Iterator[Evidence]:
        said = _said(sheet, subjects.concepts)
        scores = index.scores(sorted(said.all_tokens))
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[: _MOST_ENTRIES + 1]
        for rank, (number, score) in enumerate(ranked[:_MOST_ENTRIES]):
            rival = ranked[1 if rank == 0 else 0][1] if len(ranked) > 1 else 0.0
            likeness = _likeness(said, subject(number), score / index.rarest, max(-1.0, 1 - rival / score))
            likeness *= _ABOUT_ELSE if subjects.lacks(number, said.thought, sheet) else 1.0
            shared = said.all_tokens & subject(number).tokens
            enough = len(shared & said.words) >= _FEWEST
            if likeness >= _LEAST and (enough or _says_whole(said, subject(number))):
                yield _evidence(knowledge.entries[number].id, likeness, _closest(said, shared, index))

    return look


def _evidence(entry: str, likeness: float, line: Line) -> Evidence:
    quote = line.text.strip()[:_QUOTE]
    return Evidence(entry=entry, matcher="lexical", score=likeness, quote=quote, line=line.number)


def _said(sheet: Sheet, concepts: Concepts) -> _Said:
    lines = list(islice(own_lines(sheet), _MOST_LINES))
    words = {line.number: frozenset(_words(line.text[:_LONGEST])) for line in lines}
    tokens = {number: _tokens(some) for number, some in words.items()}
    told = sentences(sheet)
    asked = [sentence for sentence in told if sentence.in_title or not sentence.step] or told
    thoughts = [(sentence.in_title, concepts.of(sentence.said)) for sentence in asked]
    return _Said(
        lines=lines,
        tokens=tokens,
        all_tokens=frozenset().union(*tokens.values()),
        words=frozenset().union(*words.values()),
        title=frozenset().union(*(thought for in_title, thought in thoughts if in_title)),
        thoughts=[thought for _, thought in thoughts],
        thought=frozenset().union(*(thought for _, thought in thoughts)),
    )


def _closest(said: _Said, shared: frozenset[str], index: Index) -> Line:
    """Return the line that says most of what a report shares with an entry."""
    rarity = {token: index.rarity(token) for token in sorted(shared)}
    return max(said.lines, key=lambda line: sum(rarity[token] for token in rarity if token in said.tokens[line.number]))


def _likeness(said: _Said, subject: _Subject, shared: float, ahead: float) -> float:
    """Return how likely a report is about an entry, 0 to 1; a title of nothing but small words tells nothing."""
    if not subject.asked:
        return 0.0
    covers = [(text.cover(said.thought), text) for text in subject.asked]
    covered, nearest = max(covers, key=lambda pair: pair[0])
    terms = (
        covered,
        math.log1p(shared),
        math.log1p(len(said.words)),
        ahead,
        max(text.cover(said.title) for text in subject.asked) if said.title else 0.0,
        nearest.weightiest_missing(said.thought),
    )
    likeness = 1 / (1 + math.exp(-sum(w * t for w, t in zip(_WEIGHTS, terms, strict=True)) - _BIAS))
    if _names_another(said, subject, nearest):
        likeness *= _OTHER_NAME
    if _says_rather(said, subject, covered * nearest.whole):
        likeness *= _AS_COUNTEREXAMPLE
    # What the whole report does not cover, none of its sentences does.
    asked = (text for cover, text in covers if cover >= _ASKED_LITTLE)
    return likeness * (_UNASKED if len(covers) >= MANY_ASKED and not _is_asked(said, asked) else 1.0)


def _names_another(said: _Said, subject: _Subject, nearest: Weighed) -> bool:
    """Say whether a report names other things of the code than the title or question that it resembles most."""
    unsaid = nearest.concepts - said.thought
    return any(map(_CODE_NAME.search, unsaid)) and any(
        _CODE_NAME.search(concept) and concept not in subject.tokens for concept in said.thought
    )


def _says_whole(said: _Said, subject: _Subject) -> bool:
    """Say whether a report says (nearly) the whole of a title or question, and hardly more than that."""
    return any(
        text.cover(said.thought) >= _WHOLE and 2 * len(text.concepts & said.thought) >= len(said.thought)
        for text in subject.asked
    )


def _is_asked(said: _Said, texts: Iterable[Weighed]) -> bool:
    """Say whether a sentence resembles one of the things that are asked about an entry."""
    return any(text.cover(thought) >= _ASKED_LITTLE for text in texts for thought in said.thoughts)


def _says_rather(said: _Said, subject: _Subject, told: float) -> bool:
    """Say whether a sentence says a counterexample: more of it than is told of a question, or what sets it off."""
    return any(
        (part := text.cover(thought)) >= _COUNTEREXAMPLE
        and (part * text.whole >= told or not subject.foreign.isdisjoint(text.concepts & thought))
        for text in subject.never
        if text.cover(said.thought) >= _COUNTEREXAMPLE
        for thought in said.thoughts
    )


def _own_words(entry: Entry) -> list[str]:
    """Return the words of what an entry says of itself: title and questions twice as loud as signatures and fix."""
    loud = " ".join([*entry.title.values(), *(text for texts in entry.questions.values() for text in texts)])
    printed = [pattern.text for pattern in entry.signatures if not pattern.regex]
    return 2 * _words(loud) + _words(" ".join([*printed, *(text for fix in entry.fix for text in fix.text.values())]))


def _words(text: str) -> list[str]:
    """Return English words, and Chinese pairs and triples."""
    words = _WORD.findall(fold(text))
    if text.isascii():
        return words
    cut = [
        [word] if word.isascii() else [word[a : a + n] for n in (2, 3) for a in range(len(word) - n + 1)]
        for word in words
    ]
    return [word for part in cut for word in part]


@lru_cache(maxsize=10_000)
def _pieces(word: str) -> tuple[str, ...]:
    """Return the pieces of four letters of a longer English word, marked as such."""
    if len(word) <= _PIECE:
        return ()
    return tuple("~" + word[at : at + _PIECE] for at in range(len(word) - _PIECE + 1))


def _tokens(words: Iterable[str]) -> frozenset[str]:
    words = frozenset(words)
    return words.union(*map(_pieces, words))
