"""CMake: where it stopped, and the sentences below that say why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from triagebot.records import Line
from triagebot.sighting import PRINTED, Sighting, sign

SIGNS = ("CMake Error",)
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 1000
_ERROR = re.compile(
    r"\s*CMake Error(?: at (?P<path>[^\s:]{1,300})(?::\d+)?(?: \((?P<command>\w{1,60})\))?)?:\s*(?P<rest>.*)$"
)
_PACKAGE = re.compile(
    r"(?:package configuration file provided by|Could NOT find|tested correctly in the CMake files:)\s+"
    r"\"?(?P<name>[\w+\-:]{1,80})"
)
_HEAD = re.compile(r"\s*(?:-- |CMake |make|ninja|gcc|[\w.\-]+@)")
_MOST_LINES = 12
_MOST_SENTENCE = 300


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield CMake's errors: the command as the type, the package or the first sentence as the message."""
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        found = _ERROR.match(text) if "CMake Error" in text else None
        if found is None:
            continue
        said = _said(found["rest"], lines, place)
        package = _PACKAGE.search(said)
        message = f"{said[:_MOST_SENTENCE].split('. ')[0]}"
        if package and package["name"] not in message:
            message = f"{message} ({package['name']})"
        frames = (found["path"].rpartition("/")[2],) if found["path"] else ()
        signature = sign(line, "cmake", found["command"] or "error", message, frames=frames)
        yield Sighting(signature=signature, standing=PRINTED, place=place, order=place)


def _said(rest: str, lines: Sequence[Line], place: int) -> str:
    """Return the sentences that belong to an error: indented lines, up to the next head."""
    words = [rest.strip()]
    for line in lines[place + 1 : place + 1 + _MOST_LINES]:
        text = line.text[:_LONGEST_LINE]
        if _HEAD.match(text):
            break
        if text.strip().startswith("Call Stack"):
            break
        words.append(text.strip())
    return " ".join(" ".join(words).split())
