"""Columns of numbers before the lines: gutters of editors and logs, ranks of srun.  No line alone shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from triagebot.parse.prefixes import strip_prefixes
from triagebot.records import Line

_NUMBER = re.compile(r"\s{0,8}(?P<number>\d{1,6})(?P<after>:|[.)]|\s{0,4}[|│](?!\w)|(?=\s|$))[ ]?")
# A logger's level before every line; on a single line it may be the tool's own word.
_LEVEL = re.compile(r"\s?(?P<number>)(?P<after>(?:DEBUG|INFO|WARNING|ERROR|CRITICAL|FATAL):)(?: |$)")
_ANCHOR = re.compile(
    r"Traceback \(most recent|File \"|^\s*at \S|\w(?:Error|Exception)\b|\bError: |\berror:|panicked at|\*\*\* "
    r"|^\s*npm (?:ERR!|error)"
    r"|Segmentation fault|Aborted|CMake Error|==\d+==|panic: |error\[E\d|undefined reference|: not found|Caused by: "
)
_FEWEST = 2
_FEWEST_WITHOUT_ERROR = 6
_LIST = frozenset(".)")


def without_columns(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines without a column of ascending numbers, or of one rank's number, that stands before them."""
    run: list[tuple[Line, re.Match[str]]] = []
    for line in lines:
        found = _column(line.text)
        if run and (found is None or not _goes_on(run[-1][1], found)):
            yield from _released(run)
            run = []
        if found is None:
            yield line
        else:
            run.append((line, found))
    yield from _released(run)


def _column(text: str) -> re.Match[str] | None:
    first = text[:9].lstrip()[:1]
    if first.isdigit():
        return _NUMBER.match(text)
    return _LEVEL.match(text) if first and first in "DIWECF" else None


def _goes_on(last: re.Match[str], found: re.Match[str]) -> bool:
    if last["after"].strip() != found["after"].strip():
        return False
    if not found["number"]:
        return True
    step = int(found["number"]) - int(last["number"])
    # Ranks come in any order; the numbers of lines ascend by one.
    return step == 1 or found["after"] == ":"


def _released(run: Sequence[tuple[Line, re.Match[str]]]) -> Iterator[Line]:
    if not _is_column(run):
        yield from (line for line, _ in run)
        return
    ranks = run[0][1]["after"] == ":" and _are_ranks(run)
    for line, found in run:
        text, marks = strip_prefixes(line.text[found.end() :])
        rank = (f"rank{found['number']}",) if ranks else ()
        yield line._replace(text=text, marks=line.marks + rank + marks)


def _is_column(run: Sequence[tuple[Line, re.Match[str]]]) -> bool:
    if len(run) < _FEWEST:
        return False
    if any(_ANCHOR.search(line.text[:500]) for line, _ in run):
        return True
    return len(run) >= _FEWEST_WITHOUT_ERROR and run[0][1]["after"] not in {*_LIST, ":"} and bool(run[0][1]["number"])


def _are_ranks(run: Sequence[tuple[Line, re.Match[str]]]) -> bool:
    return any(int(b["number"]) - int(a["number"]) != 1 for (_, a), (_, b) in pairwise(run))
