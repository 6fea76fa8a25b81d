"""Regexes of the FAQ (RE2, linear time), over the text or over signatures of one family and type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import re2

from triagebot.records import Evidence, Knowledge, Pattern, Signature
from triagebot.regexes import compile_regex, compile_set
from triagebot.sheet import Sheet, fold, views

_MOST_PLACES = 5
_MOST_COMPILED = 1000  # regexes that are kept ready: the set tells which are needed, most never are


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Compile the regexes of all entries into one set that says in one pass which of them match."""
    patterns = [(entry.id, pattern) for entry in knowledge.entries for pattern in entry.signatures]
    free = [(entry, p.text) for entry, p in patterns if p.regex and not (p.family or p.type)]
    bound = [(entry, p, _of_signature(p)) for entry, p in patterns if p.text and (p.family or p.type)]
    which = compile_set([text for _, text in free])

    compiled = lru_cache(maxsize=_MOST_COMPILED)(compile_regex)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        for view in views(sheet):
            for index in which(view.text):
                entry, text = free[index]
                yield from _in_text(entry, compiled(text), view)
        for entry, pattern, regex in bound:
            for signature in sheet.case.signatures:
                line = f"{signature.type}: {signature.message}" if signature.message else signature.type
                if _is_of(signature, pattern) and regex.search(line):
                    yield _evidence(entry, line, signature.line)

    return look


def _of_signature(pattern: Pattern) -> Any:
    return compile_regex(pattern.text if pattern.regex else re2.escape(pattern.text))


def _in_text(entry: str, regex: Any, sheet: Sheet) -> Iterator[Evidence]:
    quotes: set[str] = set()
    for found in regex.finditer(sheet.text):
        quote, line, hit = sheet.show(*found.span())
        if quote not in quotes:
            quotes.add(quote)
            yield _evidence(entry, quote, line, hit)
        if len(quotes) >= _MOST_PLACES:
            return


def _is_of(signature: Signature, pattern: Pattern) -> bool:
    family = not pattern.family or fold(pattern.family) == fold(signature.family)
    return family and (not pattern.type or fold(pattern.type) == fold(signature.type))


def _evidence(entry: str, quote: str, line: int, hit: str = "") -> Evidence:
    return Evidence(entry=entry, matcher="pattern", score=1.0, quote=quote, line=line, hit=hit)
