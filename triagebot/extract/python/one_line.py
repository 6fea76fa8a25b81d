"""A whole traceback in one line, as chat commands and search fields make it."""

from __future__ import annotations

import re

from triagebot.extract.python.chatter import without_chatter
from triagebot.extract.python.shapes import HEADER, LINKS, NAME, frames_in, short
from triagebot.late import late_regex

_TYPED = late_regex(rf"(?<![\w.\"'`])(?P<type>{NAME})(?=:|\s*$|\s+(?:During handling|The above exception))")
_CAMEL = late_regex(r"(?<=\s)(?P<type>(?:[A-Za-z_]\w{0,80}\.){0,10}[A-Z]\w{0,40}[a-z0-9][A-Z]\w{0,40}): (?=\S)")
_ANCHORS = late_regex(r"-{2,}> ?\d+ |╰─[─ ]*╯?|\[\d+\], line \d+|<ipython-input-[\w\-]+> in ")
_MOST = 10
_NOTE = late_regex(r" \[NOTE\] | ```")


Raised = tuple[str, str, list[str]]
"""Type, message and frames of what was raised."""


def read_one_line(text: str, kind: str) -> list[Raised]:
    """Return what was raised in the tracebacks that stand in a line, the last one first; those that are whole.

    `kind` is the type that a notebook's header names, "" elsewhere.
    """
    parts = text.split(HEADER)[1:][-_MOST:]
    return [raised for part in reversed(parts) if (raised := _read(part, kind)) is not None]


def _read(rest: str, kind: str) -> Raised | None:
    ends = list(frames_in(rest))
    anchors = [found.end() for found in _ANCHORS.finditer(rest)]
    if not ends and not anchors:
        return None
    found = _raised(rest, max([end for end, _ in ends] + anchors), kind)
    if found is None:
        return None
    message = rest[found.end() :].removeprefix(":").strip()
    message = message[: cut.start()] if (cut := LINKS.search(message)) else message
    return found["type"], without_chatter(_NOTE.split(message)[0].strip()), [frame for _, frame in ends]


def _raised(rest: str, start: int, kind: str) -> re.Match[str] | None:
    """Return the first exception after the last frame that is not part of a source line."""
    candidates = list(_TYPED.finditer(rest, start))
    if kind:
        named = late_regex(rf"(?<![\w.])(?P<type>(?:\w+\.)*{re.escape(short(kind))})(?=:|\s*$)")
        candidates = list(named.finditer(rest, start)) or candidates
    candidates = [c for c in candidates if not rest[: c.start()].rstrip().endswith(("except", "raise", "as"))]
    return candidates[0] if candidates else _CAMEL.search(rest, start)
