"""Words, pieces of words and Chinese characters shared with an entry's texts: BM25, for suggestions."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

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
_LEAST = 0.12  # of the report's own words: less is chance
_FEWEST = 3  # whole words or Chinese pairs: one or two are shared by chance
_QUOTE = 200


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the words of all entries."""
    texts = [Counter(_tokens(_text(entry))) for entry in knowledge.entries]
    names = [entry.id for entry in knowledge.entries]
    postings = _postings(texts)
    rarity = {token: math.log(1 + len(texts) / len(found)) for token, found in postings.items()}

    def look(sheet: Sheet) -> Iterator[Evidence]:
        lines = _prose(sheet)
        said = {token for line in lines for token in _tokens(line.text[:_LONGEST])}
        asked = {token: _weight(token) * rarity.get(token, 0.0) for token in sorted(said)}
        whole = sum(_weight(token) * rarity.get(token, _unseen(len(names))) for token in asked)
        scores = _scores(asked, postings)
        for number, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_ENTRIES]:
            shared = {token for token in asked if token in texts[number]}
            if score >= _LEAST * whole and sum(not token.startswith("~") for token in shared) >= _FEWEST:
                line = max(lines, key=lambda line: _shared_weight(line, shared, asked))
                quote = line.text.strip()[:_QUOTE]
                yield Evidence(
                    entry=names[number], matcher="lexical", score=min(1.0, score / whole), quote=quote, line=line.number
                )

    return look


def _shared_weight(line: Line, shared: AbstractSet[str], weights: Mapping[str, float]) -> float:
    return sum(weights[token] for token in set(_tokens(line.text[:_LONGEST])) if token in shared)


def _text(entry: Entry) -> str:
    """Return what an entry says of itself: title and questions twice as loud as the fix."""
    asked = [text for texts in entry.questions.values() for text in texts]
    loud = " ".join([*entry.title.values(), *asked])
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


def _unseen(entries: int) -> float:
    """Return the rarity of a word that no entry has: it tells that the report speaks of something else."""
    return math.log(1 + entries)


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


def _scores(asked: Mapping[str, float], postings: Mapping[str, list[tuple[int, float]]]) -> dict[int, float]:
    scores: defaultdict[int, float] = defaultdict(float)
    for token, weight in asked.items():
        for number, share in postings.get(token, ()):
            scores[number] += weight * share
    return scores


def _prose(sheet: Sheet) -> list[Line]:
    written = (line for line in sheet.lines if line.block is not Block.CODE)
    return [line for _, line in zip(range(_MOST_LINES), written, strict=False)]
