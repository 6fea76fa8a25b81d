"""Literal fragments whose numbers, paths and versions differ: compared once both sides are masked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import ahocorasick

from triagebot.records import Evidence, Knowledge
from triagebot.sheet import Sheet, fold, stands_alone
from triagebot.text import mask

_MASKED = re.compile(r"<\w+>")
_FEWEST_LETTERS = 12  # outside the masks: less is left of too many different errors
_MOST_LINES = 50
_LONGEST_LINE = 500
# A line without digits, slashes or quotes has nothing to mask: the exact matcher has seen it.
_VARIES = re.compile(r"[\d/\\]")


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the literal signatures in which something is masked."""
    owners = _owners(knowledge)
    automaton = ahocorasick.Automaton()
    for fragment, entries in owners.items():
        automaton.add_word(fragment, (len(fragment), tuple(sorted(entries))))
    if not owners:
        return lambda _: ()
    automaton.make_automaton()

    def look(sheet: Sheet) -> Iterator[Evidence]:
        seen: set[tuple[str, int]] = set()
        for quote, line in _spans(sheet):
            folded = fold(mask(quote))
            for last, (length, entries) in automaton.iter(folded):
                if not stands_alone(folded, last + 1 - length, last + 1):
                    continue
                for entry in entries:
                    if (entry, line) not in seen:
                        seen.add((entry, line))
                        yield Evidence(entry=entry, matcher="signature", score=1.0, quote=quote, line=line)

    return look


def _owners(knowledge: Knowledge) -> dict[str, set[str]]:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entry in knowledge.entries:
        for pattern in entry.signatures:
            if pattern.regex or not _VARIES.search(pattern.text):
                continue
            masked = mask(pattern.text)
            letters = sum(map(str.isalpha, _MASKED.sub("", masked)))
            if _MASKED.search(masked) and letters >= _FEWEST_LETTERS:
                owners[fold(masked)].add(entry.id)
    return owners


def _spans(sheet: Sheet) -> Iterator[tuple[str, int]]:
    """Yield the error messages, then the first lines in which something may vary."""
    for signature in sheet.case.signatures:
        if signature.message:
            yield f"{signature.type}: {signature.message}"[:_LONGEST_LINE], signature.line
    varying = (line for line in sheet.lines if _VARIES.search(line.text))
    for _, line in zip(range(_MOST_LINES), varying, strict=False):
        yield line.text.strip()[:_LONGEST_LINE], line.number
