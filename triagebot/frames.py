"""Frames of compiled languages: the function in one line, its file in the line below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from triagebot.records import Line

_LONGEST_LINE = 2000


def paired_frames(lines: Sequence[Line], named: Callable[[str], str], file: re.Pattern[str]) -> Iterator[str]:
    """Yield `file:function`, as they are printed.

    `named` returns the function that a line shows, "" where it shows none worth naming; the group `path` of `file` is
    the file of the function above.
    """
    name = ""
    for line in lines:
        text = line.text[:_LONGEST_LINE]
        if name and (found := file.match(text)):
            yield f"{found['path'].rpartition('/')[2]}:{name}"
            name = ""
        else:
            name = named(text) or name
