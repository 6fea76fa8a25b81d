"""What an entry's `unless` forbids: fragments whose presence says that it is something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from triagebot.records import Case, Entry, Pattern
from triagebot.regexes import compile_regex
from triagebot.sheet import Sheet, fold, lay_out, places, views

Veto = Callable[[Case, Iterable[str]], list[str]]


def build_veto(entries: Iterable[Entry]) -> Veto:
    """Return what names the entries, of those asked about, that a case rules out."""
    conditions = {entry.id: [_presence(p) for p in entry.unless] for entry in entries if entry.unless}

    def vetoed(case: Case, names: Iterable[str]) -> list[str]:
        asked = [name for name in names if name in conditions]
        if not asked:
            return []
        seen = views(lay_out(case))
        return [name for name in asked if any(present(view) for present in conditions[name] for view in seen)]

    return vetoed


def _presence(pattern: Pattern) -> Callable[[Sheet], bool]:
    if pattern.regex:
        regex = compile_regex(pattern.text)
        return lambda sheet: regex.search(sheet.text) is not None
    fragment = fold(" ".join(pattern.text.split()))
    return lambda sheet: next(places(sheet.folded, fragment), None) is not None
