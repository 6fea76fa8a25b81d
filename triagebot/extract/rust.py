"""Rust: panics, before and after their message moved to a line of its own, with the backtrace where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from triagebot.frames import paired_frames
from triagebot.late import late_regex
from triagebot.records import Line
from triagebot.sighting import RAISED, Sighting, sign

SIGNS = ("panicked at",)
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_THREAD = r"thread '(?P<thread>[^']{1,100})'(?: \(\d+\))? panicked at "
_NEW = late_regex(_THREAD + r"(?P<path>[^\s:']{1,300}):\d+:\d+:\s*(?P<message>.*)$")
_OLD = late_regex(_THREAD + r"'(?P<message>.{0,600})', (?P<path>[^\s:']{1,300}):\d+(?::\d+)?")
_FRAME = late_regex(r"\s*\d{1,4}: (?:0x[0-9a-f]+ - )?(?P<name>[\w:<>{}$ ]{1,300}?)(?:::h[0-9a-f]{16})?$")
_FILE = late_regex(r"\s+at (?P<path>[^\s:]{1,300}\.rs):\d+")
_SKIPPED = late_regex(
    r"(?:(?:__rustc::)?rust_begin_unwind|core::panicking|std::|core::result|core::option|core::ops|<?alloc::|__libc|main$|_start$|test::)"
)
_INNERMOST = 3
_NEAR = 3
_FAR = 60


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield panics with message and place; numbers of threads are left out."""
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        found = (_OLD.search(text) or _NEW.search(text)) if "panicked at" in text else None
        if found is None:
            continue
        message = found["message"].strip()
        if not message:
            message = next((near.text.strip() for near in lines[place + 1 : place + _NEAR] if near.text.strip()), "")
        below = paired_frames(lines[place + 1 : place + _FAR], _function, _FILE)
        frames = (found["path"].replace("\\", "/").rpartition("/")[2], *islice(below, _INNERMOST - 1))
        signature = sign(line, "rust", "panic", message, frames=frames)
        yield Sighting(signature=signature, standing=RAISED, place=place, order=-place)


def _function(text: str) -> str:
    """Return the function of a frame; those of the runtime lead to every panic."""
    found = _FRAME.match(text)
    return found["name"].strip() if found and not _SKIPPED.match(found["name"]) else ""
