"""Literal fragments, as the machine prints them: all entries in one pass (Aho-Corasick)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import ahocorasick

from triagebot.locales import in_english, may_read_otherwise
from triagebot.records import Evidence, Knowledge
from triagebot.sheet import Sheet, fold, stands_alone, views

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
        for view in views(sheet):
            for last, (length, entries) in automaton.iter(view.folded):
                start, end = last + 1 - length, last + 1
                if not stands_alone(view.folded, start, end):
                    continue
                wanted = [entry for entry in entries if len(quotes[entry]) < _MOST_PLACES]
                if not wanted:
                    continue
                quote, line, hit = view.show(start, end)
                for entry in wanted:
                    if quote not in quotes[entry]:
                        quotes[entry].add(quote)
                        yield Evidence(entry=entry, matcher="exact", score=1.0, quote=quote, line=line, hit=hit)

    return look


def _owners(knowledge: Knowledge) -> dict[str, set[str]]:
    literals = [
        (entry.id, " ".join(pattern.text.split()))
        for entry in knowledge.entries
        for pattern in entry.signatures
        if not (pattern.regex or pattern.family or pattern.type)
    ]
    # A sentence of Windows is known by its number, in the FAQ as in reports of any language.
    if may_read_otherwise("\n".join(text for _, text in literals)):
        literals += [(entry, in_english(text)) for entry, text in literals]
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entry, text in literals:
        owners[fold(text)].add(entry)
    return owners
