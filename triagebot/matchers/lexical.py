"""What a whole report shares with an entry's texts, line or no line: words, pieces of words and concepts (BM25)."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from triagebot.concepts import Concepts, importance_of, rarity_of
from triagebot.records import Block, Entry, Evidence, Knowledge, Line
from triagebot.sheet import Sheet, fold

# Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, section 3: saturation and length.
_SATURATION = 1.2
_LENGTH = 0.6
_WORD = re.compile(r"[a-z][a-z0-9_]{2,30}|[\u3400-\u9fff]{1,40}")
_PIECE = 4  # letters: long enough to mean something, short enough to survive a typing mistake
_PIECE_WEIGHT = 0.3
_MOST_LINES = 30
_LONGEST = 300  # characters of a line
_MOST_ENTRIES = 3
_FEWEST = 3  # whole words or Chinese pairs: one or two are shared by chance
_LEAST = 0.1
_QUOTE = 200
# A logistic function of what is covered, what is shared, and how far the next entry is behind (docs/decisions/0004).
_COVER, _SHARED, _AHEAD, _BIAS = 3.1, 1.9, 1.0, -5.9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """`postings`: token to entries with its saturated count there; `asked`: titles, questions as weighed concepts."""

    names: tuple[str, ...]
    texts: tuple[frozenset[str], ...]
    postings: Mapping[str, list[tuple[int, float]]]
    rarity: Mapping[str, float]
    rarest: float
    asked: tuple[tuple[Mapping[str, float], ...], ...]


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the words and the concepts of all entries."""
    concepts = Concepts(knowledge.terms)
    index = _index(knowledge, concepts)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        lines = _prose(sheet)
        tokens = {line.number: set(_tokens(line.text[:_LONGEST])) for line in lines}
        said = sorted(set().union(*tokens.values()))
        scores = sorted(_scores(said, index).items(), key=lambda pair: (-pair[1], pair[0]))[: _MOST_ENTRIES + 1]
        thought = concepts.of("\n".join(line.text[:_LONGEST] for line in lines)) if scores else frozenset()
        for rank, (number, score) in enumerate(scores[:_MOST_ENTRIES]):
            shared = index.texts[number].intersection(said)
            if sum(not token.startswith("~") for token in shared) < _FEWEST:
                continue
            rival = scores[1 if rank == 0 else 0][1] if len(scores) > 1 else 0.0
            likeness = _likeness(_cover(thought, index.asked[number]), score / index.rarest, 1 - rival / score)
            if likeness >= _LEAST:
                line = max(lines, key=lambda line: _weight_of(shared & tokens[line.number], index))
                yield _evidence(index.names[number], likeness, line)

    return look


def _evidence(entry: str, likeness: float, line: Line) -> Evidence:
    quote = line.text.strip()[:_QUOTE]
    return Evidence(entry=entry, matcher="lexical", score=likeness, quote=quote, line=line.number)


def _likeness(cover: float, shared: float, ahead: float) -> float:
    """Return how likely a report is about an entry, 0 to 1.

    `cover`: the part of a title or question that the report says; `shared`: BM25 in units of the rarest word; `ahead`:
    how far the next entry is behind, negative where another is in front.
    """
    return 1 / (1 + math.exp(-(_COVER * cover + _SHARED * math.log1p(shared) + _AHEAD * max(-1.0, ahead) + _BIAS)))


def _index(knowledge: Knowledge, concepts: Concepts) -> _Index:
    texts = [Counter(_tokens(_text(entry))) for entry in knowledge.entries]
    postings = _postings(texts)
    asked = [[(e.id, concepts.of(text)) for text in _asked(e)] for e in knowledge.entries]
    weights = rarity_of([pair for pairs in asked for pair in pairs], importance_of(knowledge.terms))
    return _Index(
        names=tuple(entry.id for entry in knowledge.entries),
        texts=tuple(map(frozenset, texts)),
        postings=postings,
        rarity={token: math.log(1 + len(texts) / len(found)) for token, found in postings.items()},
        rarest=math.log(1 + len(texts)),
        asked=tuple(tuple({c: weights[c] for c in sorted(said)} for _, said in pairs if said) for pairs in asked),
    )


def _asked(entry: Entry) -> Iterator[str]:
    yield from entry.title.values()
    for texts in entry.questions.values():
        yield from texts


def _cover(said: AbstractSet[str], asked: Iterable[Mapping[str, float]]) -> float:
    """Return the largest part of a title or question that a report says, by weight."""
    return max(
        (sum(w for c, w in weights.items() if c in said) / sum(weights.values()) for weights in asked), default=0.0
    )


def _weight_of(tokens: Iterable[str], index: _Index) -> float:
    return sum(_weight(token) * index.rarity.get(token, 0.0) for token in sorted(tokens))


def _text(entry: Entry) -> str:
    """Return what an entry says of itself: title and questions twice as loud as the fix."""
    loud = " ".join(_asked(entry))
    return " ".join([loud, loud, *(text for fix in entry.fix for text in fix.text.values())])


def _tokens(text: str) -> Iterator[str]:
    """Yield words, their pieces of four letters, and Chinese pairs and triples."""
    for word in _WORD.findall(fold(text)):
        if word.isascii():
            yield word
            if len(word) > _PIECE:
                yield from ("~" + word[at : at + _PIECE] for at in range(len(word) - _PIECE + 1))
        else:
            yield from (word[at : at + size] for size in (2, 3) for at in range(len(word) - size + 1))


def _weight(token: str) -> float:
    return _PIECE_WEIGHT if token.startswith("~") else 1.0


def _postings(texts: list[Counter[str]]) -> dict[str, list[tuple[int, float]]]:
    """Return for each token the entries that hold it, with the saturated count that BM25 gives it there (0 to 1)."""
    lengths = [text.total() for text in texts]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, text in enumerate(texts):
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[number] / mean)
        for token, count in text.items():
            postings[token].append((number, count / (count + damping)))
    return dict(postings)


def _scores(said: Iterable[str], index: _Index) -> dict[int, float]:
    """Return BM25 of every entry that shares a token with the report."""
    scores: defaultdict[int, float] = defaultdict(float)
    for token in said:
        weight = _weight(token) * index.rarity.get(token, 0.0)
        for number, part in index.postings.get(token, ()):
            scores[number] += weight * part
    return scores


def _prose(sheet: Sheet) -> list[Line]:
    written = (line for line in sheet.lines if line.block is not Block.CODE)
    return [line for _, line in zip(range(_MOST_LINES), written, strict=False)]
