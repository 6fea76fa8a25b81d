"""Tracebacks in any wrapping, read from their anchors: a header or a frame opens one, what was raised closes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triagebot.extract.python.messages import is_envelope, whole_message
from triagebot.extract.python.one_line import read_one_line
from triagebot.extract.python.shapes import HEADER, LINKS, RAISED, frame_of, header_type, indent, is_anchor, odd, short
from triagebot.records import Line
from triagebot.sighting import CUT, ENVELOPE, Sighting, sign
from triagebot.sighting import RAISED as STANDS_RAISED

LONGEST_LINE = 2000
_MOST_LINES = 3000
_MOST_FRAMES = 200
_INNERMOST = 3
_GROUP_RULE = re.compile(r"\s*\+[-+]{3,}(?: \d+ [-]{3,}|$)")
_BOX_END = re.compile(r"\s*╰─")
_IGNORED = re.compile(r"\s*Exception ignored in:")
_NEAR = 8


@dataclass(slots=True)
class _Trace:
    """A traceback being read.

    `margin`: how far what was raised may be indented; `kind`: the type, where the header names it; `width` of a box;
    `group`: the place of the group it is a leaf of; `spaced`: blank lines stand between its frames.
    """

    place: int
    margin: int
    kind: str = ""
    width: int = 0
    group: int = -1
    ignored: bool = False
    frames: list[str] = field(default_factory=list)
    framed_at: int = -9
    framed_in: int = 0
    spaced: bool = False


class TraceReader:
    """Walks down the lines once; `used` are the places whose line belongs to a traceback as what was raised."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._trace: _Trace | None = None
        self._group = -1
        self.used: set[int] = set()

    def read(self) -> Iterator[Sighting]:
        """Yield what was raised, and tracebacks whose end is missing."""
        for place, line in enumerate(self._lines):
            text = line.text[:LONGEST_LINE]
            if HEADER in text:
                yield from self._header(place, text)
            elif self._trace is None:
                self._open(place, text)
            else:
                yield from self._inside(self._trace, place, text)
        yield from self._cut()

    def _header(self, place: int, text: str) -> Iterator[Sighting]:
        before = text[: text.index(HEADER)]
        if not before.rstrip().endswith(("Original", ":")):
            yield from self._cut()
        width = len(text) if "──" in text else 0
        self._trace = _Trace(
            place=place,
            margin=indent(text),
            kind=header_type(text),
            width=width,
            group=self._group if "|" in self._lines[place].marks or self._group >= 0 else -1,
            ignored=place > 0 and any(_IGNORED.match(line.text) for line in self._lines[max(0, place - 2) : place]),
        )
        told = read_one_line(self._lines[place].text, self._trace.kind)
        for kind, message, frames in told:
            yield self._sighting(self._trace, place, kind, message, frames)
        if told:
            self.used.add(place)
            self._trace = None

    def _open(self, place: int, text: str) -> None:
        """Begin where a frame shows that the head is missing, or at the next leaf of a group."""
        if _GROUP_RULE.match(text) and self._group >= 0:
            self._trace = _Trace(place=place, margin=80, group=self._group, frames=[], framed_at=place - 1)
        elif is_anchor(text):
            self._trace = _Trace(place=place, margin=indent(text))
            self._frame(self._trace, place, text)

    def _inside(self, trace: _Trace, place: int, text: str) -> Iterator[Sighting]:
        raised = self._raised(trace, place, text)
        if raised is not None:
            self.used.add(place)
            message = whole_message((raised["message"] or "").strip(), self._lines, place, trace.width)
            yield self._sighting(trace, place, raised["type"], message, trace.frames)
            self._trace = None
        elif frame_of(text):
            self._frame(trace, place, text)
        elif place - trace.place > _MOST_LINES or LINKS.search(text):
            yield from self._cut()
        elif _GROUP_RULE.match(text) and trace.group >= 0:
            yield from self._cut()
            self._open(place, text)

    def _frame(self, trace: _Trace, place: int, text: str) -> None:
        if len(trace.frames) < _MOST_FRAMES:
            trace.frames.append(frame_of(text))
        else:
            trace.frames[-1] = frame_of(text)
        trace.spaced |= bool(trace.frames[1:]) and not self._lines[place - 1].text.strip()
        trace.framed_at, trace.framed_in = place, indent(text)

    def _raised(self, trace: _Trace, place: int, text: str) -> re.Match[str] | None:
        """Return the match of a line that ends the traceback.  Source lines are indented or no exception's name."""
        if not text or indent(text) > trace.margin:
            return None
        text = text.partition("```")[0]  # a fence that was closed in the same line
        named = RAISED.match(text)
        if named:
            return named
        other = odd(text) if trace.frames or trace.kind or trace.group >= 0 else None
        return other if other and self._may_be_odd(trace, place, text, other) else None

    def _may_be_odd(self, trace: _Trace, place: int, text: str, found: re.Match[str]) -> bool:
        """Say whether a name without an exception's ending stands where only an exception does."""
        if trace.kind:
            return short(found["type"]) == short(trace.kind)
        if place > 0 and _BOX_END.match(self._lines[place - 1].text):
            return True
        source = place == trace.framed_at + 1 and not trace.framed_in > indent(text)
        blank = any(not line.text.strip() for line in self._lines[max(0, trace.framed_at) + 1 : place])
        return not source and (trace.spaced or not blank) and place - trace.framed_at <= _NEAR

    def _sighting(self, trace: _Trace, place: int, kind: str, message: str, frames: Sequence[str]) -> Sighting:
        kind = short(kind)
        if kind.endswith("ExceptionGroup"):
            self._group = place
        family = "opencv" if kind == "cv2.error" else "python"
        signature = sign(self._lines[place], family, kind, message, frames=tuple(frames[-_INNERMOST:]))
        envelope = trace.ignored or is_envelope(kind, message)
        # The last exception raised is the one that stopped the program; of the leaves of a group the first.
        order = -trace.group if trace.group >= 0 else -place
        return Sighting(signature=signature, standing=ENVELOPE if envelope else STANDS_RAISED, place=place, order=order)

    def _cut(self) -> Iterator[Sighting]:
        """A traceback whose end is missing: its frames are known, its type is not invented."""
        trace, self._trace = self._trace, None
        if trace is not None and trace.frames:
            line = self._lines[trace.place]
            frames = tuple(trace.frames[-_INNERMOST:])
            signature = sign(line, "python", short(trace.kind), "", frames=frames, partial=True)
            yield Sighting(signature=signature, standing=CUT, place=-1, order=-trace.place)
