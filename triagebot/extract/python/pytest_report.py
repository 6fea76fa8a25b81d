"""pytest's own way to show a failure: lines marked E, then `file.py:12: ValueError`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triagebot.extract.python.messages import is_envelope, whole_message
from triagebot.extract.python.shapes import RAISED, odd, pytest_place, short
from triagebot.records import Line
from triagebot.sighting import ENVELOPE, Sighting, sign
from triagebot.sighting import RAISED as STANDS_RAISED

_INNERMOST = 3
_SHORT_SUMMARY = re.compile(r"(?:FAILED|ERROR) \S.{0,300}? - (?P<type>[A-Za-z_][\w.<>]{0,200})(?:: (?P<message>.*))?$")


@dataclass(slots=True)
class _Failure:
    """A failure being read: its places in files, and the first line marked E of the latest error."""

    frames: list[str] = field(default_factory=list)
    first: int = -1


def read_pytest(lines: Sequence[Line], used: set[int]) -> Iterator[Sighting]:
    """Yield the exceptions that pytest shows; their places are added to `used`."""
    if not any("E" in line.marks or ".py:" in line.text for line in lines):
        return
    failure = _Failure()
    for place, line in enumerate(lines):
        where = pytest_place(line.text)
        if "E" in line.marks:
            if failure.first < 0:
                failure.first = place
            used.add(place)
        elif where and where["type"] and failure.first >= 0:
            yield from _closed(failure, lines, where["type"], used)
            failure = _Failure()
        elif where:
            failure.frames.append(f"{where['path'].rpartition('/')[2]}:{where['name'] or 'test'}")
        elif failure.first >= 0 and line.text.startswith(("____", "====")):
            yield from _closed(failure, lines, "", used)
            failure = _Failure()
    yield from _closed(failure, lines, "", used)
    yield from _summary(lines, used)


def _closed(failure: _Failure, lines: Sequence[Line], kind: str, used: set[int]) -> Iterator[Sighting]:
    """Yield what the lines marked E say; `kind` is the type that stands below them."""
    place = failure.first
    if place < 0:
        return
    said = _said(lines[place].text, kind)
    if said is None and not kind:
        return
    name, message = said or (kind, "")
    if said and message:
        message = whole_message(message, lines, place)
    used.add(place)
    signature = sign(lines[place], _family(name), short(name), message, frames=tuple(failure.frames[-_INNERMOST:]))
    standing = ENVELOPE if is_envelope(short(name), message) else STANDS_RAISED
    yield Sighting(signature=signature, standing=standing, place=place, order=-place)


def _said(text: str, kind: str) -> tuple[str, str] | None:
    found = RAISED.match(text) or odd(text)
    if found is None or (kind and short(found["type"]) != short(kind)):
        return None
    return found["type"], (found["message"] or "").strip()


def _summary(lines: Sequence[Line], used: set[int]) -> Iterator[Sighting]:
    """The last lines of a run name each failure, cut to the width of the terminal."""
    for place, line in enumerate(lines):
        text = line.text.lstrip()
        found = _SHORT_SUMMARY.match(text) if text.startswith(("FAILED ", "ERROR ")) else None
        if found is None or not (RAISED.match(found["type"]) or odd(found["type"])):
            continue
        used.add(place)
        message = found["message"] or ""
        cut = message.endswith("...")
        signature = sign(line, _family(found["type"]), short(found["type"]), message.removesuffix("..."), partial=cut)
        yield Sighting(signature=signature, standing=STANDS_RAISED, place=place, order=1 + place)


def _family(kind: str) -> str:
    return "opencv" if kind == "cv2.error" else "python"
