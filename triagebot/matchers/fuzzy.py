"""Literal fragments with typos and cuts: rapidfuzz on short spans that look like errors, never on whole bodies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from triagebot.records import Evidence, Knowledge
from triagebot.sheet import Sheet, fold

_SHORTEST = 15  # characters: shorter fragments are near too many things
_LONGEST_SPAN = 400
_CLOSE = 88  # of 100: two or three wrong characters in thirty
_MOST_CANDIDATES = 20
_MOST_LINES = 500
_WORD = re.compile(r"[a-z0-9_.\-]+|[^\x00-\x7f]+")
# What tells one fault from its neighbour (`mmcv._ext` from `mmcv.runner`, compute_86 from compute_30): never fuzzy.
_TELLING = re.compile(r"[a-z]*[0-9_.][a-z0-9_.]*[a-z0-9_]|'[^']+'|\"[^\"]+\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fragment:
    entry: str
    text: str
    words: frozenset[str]
    telling: frozenset[str]


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the longer literal signatures of all entries by their words."""
    fragments = [
        _fragment(entry.id, fold(" ".join(pattern.text.split())))
        for entry in knowledge.entries
        for pattern in entry.signatures
        if not pattern.regex and len(pattern.text) >= _SHORTEST
    ]
    index: defaultdict[str, list[int]] = defaultdict(list)
    for number, fragment in enumerate(fragments):
        for word in fragment.words:
            index[word].append(number)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        for span, line in _spans(sheet):
            folded = fold(span)
            words = frozenset(_WORD.findall(folded))
            for number in _candidates(words, fragments, index):
                fragment = fragments[number]
                if fragment.text not in folded and (score := _closeness(fragment, folded)):
                    yield Evidence(entry=fragment.entry, matcher="fuzzy", score=score, quote=span, line=line)

    return look


def _fragment(entry: str, text: str) -> _Fragment:
    words = frozenset(_WORD.findall(text))
    return _Fragment(entry=entry, text=text, words=words, telling=frozenset(_TELLING.findall(text)))


def _spans(sheet: Sheet) -> Iterator[tuple[str, int]]:
    """Yield every error message, then the other lines, each once; a log says the same thing many times."""
    seen: set[str] = set()
    for signature in sheet.case.signatures:
        if signature.message:
            seen.add(signature.message)
            yield f"{signature.type}: {signature.message}"[:_LONGEST_SPAN], signature.line
    for line in sheet.lines[:_MOST_LINES]:
        if len(line.text) >= _SHORTEST and line.text not in seen:
            seen.add(line.text)
            yield line.text[:_LONGEST_SPAN], line.number


def _candidates(words: frozenset[str], fragments: list[_Fragment], index: dict[str, list[int]]) -> list[int]:
    """Return the fragments that share at least half their words with a span, most shared first."""
    shared = Counter(number for word in words for number in index.get(word, ()))
    return [n for n, count in shared.most_common(_MOST_CANDIDATES) if 2 * count >= len(fragments[n].words)]


def _closeness(fragment: _Fragment, span: str) -> float:
    """Return how well a fragment is found in a span, 0 to 1, or 0 when it is not close or tells of another fault."""
    if not all(word in span for word in fragment.telling):
        return 0.0
    from rapidfuzz import fuzz  # noqa: PLC0415 - a third of the start-up, and most reports need it for nothing

    score: float = fuzz.partial_ratio(fragment.text, span, score_cutoff=_CLOSE)
    return score / 100
