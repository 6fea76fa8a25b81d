"""Literal fragments, as the machine prints them: all entries in one pass (Aho-Corasick)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import ahocorasick

from triagebot.records import Evidence, Knowledge
from triagebot.sheet import Sheet, fold, stands_alone

# A line that a log repeats 500 times says it once; a few places are enough to weigh.
_MOST_PLACES = 5


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the literal signatures of all entries."""
    owners = _owners(knowledge)
    automaton = ahocorasick.Automaton()
    for fragment, entries in owners.items():
        automaton.add_word(fragment, (len(fragment), tuple(sorted(entries))))
    if not owners:
        return lambda _: ()
    automaton.make_automaton()

    def look(sheet: Sheet) -> Iterator[Evidence]:
        quotes: defaultdict[str, set[str]] = defaultdict(set)
        for last, (length, entries) in automaton.iter(sheet.folded):
            start, end = last + 1 - length, last + 1
            if not stands_alone(sheet.folded, start, end):
                continue
            quote, line = sheet.quote(start, end), sheet.line_at(start).number
            for entry in entries:
                if quote not in quotes[entry] and len(quotes[entry]) < _MOST_PLACES:
                    quotes[entry].add(quote)
                    hit = sheet.text[start:end]
                    yield Evidence(entry=entry, matcher="exact", score=1.0, quote=quote, line=line, hit=hit)

    return look


def _owners(knowledge: Knowledge) -> dict[str, set[str]]:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entry in knowledge.entries:
        for pattern in entry.signatures:
            if not (pattern.regex or pattern.family or pattern.type):
                owners[fold(" ".join(pattern.text.split()))].add(entry.id)
    return owners
