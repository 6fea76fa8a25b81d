"""Kinds of errors, whatever they say: what a log shows rather than tells (a loss gone nan, an AP of -1, a signal)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from triagebot.records import Evidence, Knowledge, Signature
from triagebot.sheet import Sheet, fold

_Kind = tuple[str, str]


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index the signatures that name a type of error, perhaps with its family, and no words."""
    owners: defaultdict[_Kind, list[str]] = defaultdict(list)
    for entry in knowledge.entries:
        for pattern in entry.signatures:
            if not pattern.text:
                owners[fold(pattern.family), fold(pattern.type)].append(entry.id)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        seen: set[str] = set()
        for signature in sheet.case.signatures if owners else ():
            for entry in _claimants(signature, owners):
                if entry not in seen:  # a log shows the same thing on every line
                    seen.add(entry)
                    yield Evidence(
                        entry=entry, matcher="symptom", score=1.0, quote=_quote(signature), line=signature.line
                    )

    return look


def _claimants(signature: Signature, owners: dict[_Kind, list[str]]) -> Iterator[str]:
    for family in (signature.family, ""):
        yield from owners.get((fold(family), fold(signature.type)), ())


def _quote(signature: Signature) -> str:
    return signature.message or signature.type
