"""Go: panics and fatal errors with the goroutine that ran into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from triagebot.records import Line
from triagebot.sighting import PRINTED, RAISED, Sighting, sign

SIGNS = ("panic: ", "fatal error: ")
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_PANIC = re.compile(
    r"(?P<before>.{0,120}?(?<!\S))(?P<type>panic|fatal error): (?P<message>.{1,500}?)(?: \[recovered\])?$"
)
_GOROUTINE = re.compile(r"\s*goroutine \d+ \[")
_FRAME = re.compile(
    r"\s*(?P<name>(?:[\w.\-]{1,80}/){0,8}[\w\-]{1,80}\.[\w.()*\[\]]{1,200}?)\((?:\.\.\.|0x[^)]{0,300}|\{[^)]{0,300}|)\)$"
)
_FILE = re.compile(r"\s+(?P<path>[^\s:]{1,300}\.go):\d+")
_INNERMOST = 3
_FAR = 40
_NEAR = 8


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield panics; one without a goroutine below it may be quoted from anywhere and stands lower."""
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        if "panic: " not in text and "fatal error: " not in text:
            continue
        found = _PANIC.match(text)
        running = found and any(_GOROUTINE.match(near.text) for near in lines[place + 1 : place + _NEAR])
        if found and (running or (found["type"] == "panic" and not found["before"].strip())):
            frames = tuple(_frames(lines, place))[:_INNERMOST] if running else ()
            signature = sign(line, "go", found["type"], found["message"].strip(), frames=frames)
            yield Sighting(signature=signature, standing=RAISED if running else PRINTED, place=place, order=place)


def _frames(lines: Sequence[Line], place: int) -> Iterator[str]:
    """Yield `file:function`, innermost first; the runtime's own frames lead to every panic."""
    name = ""
    for line in lines[place + 1 : place + _FAR]:
        text = line.text[:_LONGEST_LINE]
        if name and (file := _FILE.match(text)):
            yield f"{file['path'].rpartition('/')[2]}:{name}"
            name = ""
        elif (found := _FRAME.match(text)) and not found["name"].startswith(("runtime.", "panic")):
            name = found["name"].rpartition("/")[2]
