"""Labels' names before and behind a title: people write them there after filing, to sort it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BEFORE = re.compile(
    r"\W{0,4}[\[(【<](?P<inside>[^\])】>\n]{1,60})[\])】>]\s{0,9}[:\-|]?\s{0,9}"
    r"|(?P<plain>[^:|\n]{1,60}?)\s{0,9}(?::|\s-\s|\|)\s{0,9}"
)
_BEHIND = re.compile(
    r"\s{0,9}(?:[\[(【<](?P<inside>[^\[(【<\n]{1,60})[\])】>]|[\-|:]\s{1,9}(?P<plain>[^\-|:\n]{1,60}))\s{0,9}$"
)
_WORD = re.compile(r"\w+")
_MOST = 4
_LONGEST = 80


def spelled(name: str) -> str:
    """Return a label's name as it is compared: its words in small letters; a name of signs alone as it is."""
    return " ".join(_WORD.findall(name.lower())) or name.strip()


def spellings(names: Iterable[str]) -> frozenset[str]:
    """Return the ways in which labels are written into titles: the whole name, and what stands behind its group."""
    found = set()
    for name in names:
        found |= {spelled(name), spelled(re.split(r"[:/]", name)[-1])}
    return frozenset(found - {""})


def untagged(title: str, known: frozenset[str]) -> str:
    """Return a title without the labels' names (see `spellings`) before and behind it, in brackets or set off."""
    for _ in range(_MOST):
        before = _BEFORE.match(title)
        if before and spelled(before["inside"] or before["plain"]) in known:
            title = title[before.end() :]
        behind = _BEHIND.search(title, max(0, len(title) - _LONGEST))
        if behind and spelled(behind["inside"] or behind["plain"]) in known:
            title = title[: behind.start()]
    return title
