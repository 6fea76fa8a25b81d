"""Several processes that print at the same time: their lines told apart by their marks, and laid one after another."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.records import Line

_NO_SOURCE = frozenset({"E", "|"})


def untangled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines, those of each process together, the lowest rank last: the last error is named first."""
    sources = [_source(line) if line.marks else () for line in lines]
    if len(set(sources) - {()}) < 2:  # noqa: PLR2004 - nothing to tell apart
        return tuple(lines)
    first = next(place for place, source in enumerate(sources) if source)
    last = next(place for place in range(len(lines) - 1, -1, -1) if sources[place])
    strands: dict[tuple[str, ...], list[Line]] = {}
    for source, line in zip(sources[first : last + 1], lines[first : last + 1], strict=True):
        strands.setdefault(source, []).append(line)
    zone = [line for source in sorted(strands, key=_order) for line in strands[source]]
    return (*lines[:first], *zone, *lines[last + 1 :])


def _source(line: Line) -> tuple[str, ...]:
    return tuple(mark for mark in line.marks if mark not in _NO_SOURCE)


def _order(source: tuple[str, ...]) -> tuple[bool, list[tuple[int, str]]]:
    """Sort unmarked lines first, then high numbers before low ones."""
    return bool(source), [(-int("".join(filter(str.isdecimal, mark)) or 0), mark) for mark in source]
