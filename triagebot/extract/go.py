"""Go: panics and fatal errors with the goroutine that ran into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from triagebot.frames import paired_frames
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
            below = lines[place + 1 : place + _FAR] if running else ()
            frames = tuple(islice(paired_frames(below, _function, _FILE), _INNERMOST))
            signature = sign(line, "go", found["type"], found["message"].strip(), frames=frames)
            yield Sighting(signature=signature, standing=RAISED if running else PRINTED, place=place, order=place)


def _function(text: str) -> str:
    """Return the function of a frame; the runtime's own frames lead to every panic."""
    found = _FRAME.match(text)
    return found["name"].rpartition("/")[2] if found and not found["name"].startswith(("runtime.", "panic")) else ""
