"""Python exceptions: tracebacks in any wrapping, and error lines that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triagebot.records import Block, Line
from triagebot.sighting import ALONE, CUT, ENVELOPE, RAISED, Sighting, sign

_HEADER = "Traceback (most recent call last)"
_FRAME = re.compile(
    r'\s*File "(?P<path>[^"\n]{1,400})", line \d+(?:, in (?P<name>[^\s,]{1,100}))?'
    r"|\s*(?:File )?(?P<path2>(?:[^\s:()]|(?<=\w) (?=\w)){1,300}\.py):\d+,? in (?P<name2>[\w<>.]{1,100})"
    r"|\s*(?P<path3>[^\s:()]{1,300}\.py|<ipython-input-[\w\-]+>|Cell In\[\d+\])(?:, line \d+,?)?"
    r" in (?P<name3>[\w<>.]{1,100})"
)
_ENDINGS = r"(?:Error|Exception|Interrupt|Exit|Iteration|Fault|Failure|Timeout|Warning|Group|Traceback)"
_DOTTED = r"(?:[A-Za-z_]\w{0,80}\.){0,10}"
_NAME = rf"{_DOTTED}(?:[A-Z]\w{{0,80}}(?:{_ENDINGS}|NotFound)|error)"
_RAISED = re.compile(rf"\s*(?P<type>{_NAME})(?:\s*:\s?(?P<message>.*)|\s*)$")
_RAISED_OTHER = re.compile(r"(?P<type>(?:[A-Za-z_]\w{0,80}\.){1,10}[A-Z]\w{0,80}): (?P<message>\S.*)$")
_ALONE = re.compile(
    r"(?:^|[\s`*\"'\[({,;|>:：，。]|[^\x00-\x7f])(?P<type>(?:[A-Za-z_]\w{0,80}\.){0,10}"
    r"[A-Z]\w{0,60}(?:Error|Exception)|cv2\.error)\s?:\s{0,3}(?P<message>[^\s].*)$"
)
_BARE = re.compile(r"\s*`{0,3}\**(?P<type>(?:[A-Za-z_]\w{0,80}\.){0,10}[A-Z]\w{1,60}(?:Error|Exception))\**`{0,3}\s*$")
_ON_ONE_LINE = re.compile(rf"(?<![\w.])(?P<type>{_NAME}): (?P<message>.*)$")
_ELSEWHERE = re.compile(r"\s*at \S.{0,300}:\d+\)?\s*$")
_NOT_LAST = re.compile(r"\s*(?:During handling of the above|The above exception was the direct)")

_ENVELOPES = frozenset({"ChildFailedError", "RemoteTraceback", "CalledProcessError", "ProcessRaisedException"})
_PASSED_ON = re.compile(
    r"Caught \w+ in (?:DataLoader worker|replica|pin memory)|in user code:|Error compiling objects for extension"
    r"|Error building extension|Command .{1,200} (?:returned non-zero|died with)"
)
_LONGEST_LINE = 2000
_MOST_LINES_OF_TRACE = 3000
_INNERMOST = 3
_ALONE_AT_MOST = 10


@dataclass(slots=True)
class _Trace:
    """A traceback being read."""

    place: int
    frames: list[str] = field(default_factory=list)


def find_exceptions(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield every exception shown by a traceback, then error lines without one."""
    used: set[int] = set()
    trace: _Trace | None = None
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        if _HEADER in text:
            yield from _cut(trace, lines)
            trace = _Trace(place=place)
            yield from _same_line(text, line, place, used)
        elif trace is None:
            frame = _FRAME.match(text) if "File" in text else None
            trace = _Trace(place=place, frames=[_spell(frame)]) if frame and frame["path"] else None
        elif (raised := _raised(text, trace)) is not None:
            used.add(place)
            yield _sighting(raised, trace, lines, place)
            trace = None
        elif (frame := _FRAME.match(text)) is not None:
            trace.frames.append(_spell(frame))
        elif place - trace.place > _MOST_LINES_OF_TRACE or _NOT_LAST.match(text):
            yield from _cut(trace, lines)
            trace = None
    yield from _cut(trace, lines)
    yield from _standing_alone(lines, used)


def _raised(text: str, trace: _Trace) -> re.Match[str] | None:
    """Return the match of a line that ends a traceback.  Source lines are indented or no exception's name."""
    if text.startswith("    "):
        return None
    return _RAISED.match(text) or (_RAISED_OTHER.match(text) if trace.frames else None)


def _same_line(text: str, line: Line, place: int, used: set[int]) -> Iterator[Sighting]:
    """A whole traceback in one line ends with its last exception."""
    rest = text[text.index(_HEADER) + len(_HEADER) :]
    if "File " not in rest:
        return
    found = None
    for candidate in re.finditer(rf"(?<![\w.])({_NAME}): ", rest):
        found = candidate
    if found:
        used.add(place)
        frames = tuple(_spell(f) for f in re.finditer(_FRAME.pattern.partition("|")[0], rest))
        signature = sign(line, "python", _short(found[1]), rest[found.end() :].strip(), frames=frames[-_INNERMOST:])
        yield Sighting(signature=signature, standing=RAISED, place=place, order=-place)


def _sighting(raised: re.Match[str], trace: _Trace, lines: Sequence[Line], place: int) -> Sighting:
    message = _whole_message((raised["message"] or "").strip(), lines, place)
    kind = _short(raised["type"])
    signature = sign(lines[place], "python", kind, message, frames=tuple(trace.frames[-_INNERMOST:]))
    envelope = kind in _ENVELOPES or _PASSED_ON.search(message) is not None
    # The last exception raised is the one that stopped the program.
    return Sighting(signature=signature, standing=ENVELOPE if envelope else RAISED, place=place, order=-place)


def _whole_message(message: str, lines: Sequence[Line], place: int) -> str:
    """A message that ends with a colon, or is empty before its colon, goes on in the next line."""
    if message and not message.endswith(":"):
        return message
    after = lines[place + 1].text.strip() if place + 1 < len(lines) else ""
    goes_on = after and (message.endswith(":") or lines[place].text.rstrip().endswith(":"))
    return f"{message} {after}".strip() if goes_on and _HEADER not in after else message


def _cut(trace: _Trace | None, lines: Sequence[Line]) -> Iterator[Sighting]:
    """A traceback whose end is missing: its frames are known, its type is not invented."""
    if trace is not None and trace.frames:
        signature = sign(lines[trace.place], "python", "", "", frames=tuple(trace.frames[-_INNERMOST:]), partial=True)
        yield Sighting(signature=signature, standing=CUT, place=-1, order=-trace.place)


def _standing_alone(lines: Sequence[Line], used: set[int]) -> Iterator[Sighting]:
    count = 0
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        if place in used or ("rror" not in text and "xception" not in text):
            continue
        found = _ALONE.search(text) or (_BARE.match(text) if line.block is not Block.HEADING else None)
        if found is None:
            continue
        family = _family(lines, place)
        message = _trimmed(found.groupdict().get("message") or "")
        signature = sign(line, family, _short(found["type"]), message)
        envelope = signature.type in _ENVELOPES or _PASSED_ON.search(message) is not None
        yield Sighting(signature=signature, standing=ENVELOPE if envelope else ALONE, place=place, order=-place)
        count += 1
        if count >= _ALONE_AT_MOST:
            return


def _family(lines: Sequence[Line], place: int) -> str:
    """`TypeError` of JavaScript is followed by `at f (x.js:1:2)`; Java's frames name a .java file."""
    for line in lines[place + 1 : place + 4]:
        if _ELSEWHERE.match(line.text[:_LONGEST_LINE]):
            return "java" if ".java:" in line.text else "javascript"
    return "python"


def _trimmed(message: str) -> str:
    """Take off the marks of the Markdown around an error line in prose."""
    message = message.strip()
    for mark in ("`", "**", "``"):
        if message.count(mark) % 2 and mark in message:
            message = message.partition(mark)[0] if not message.startswith(mark) else message.lstrip("`*")
    return message.strip("` *")


def _short(name: str) -> str:
    """Return the last part of a dotted type; `cv2.error` says nothing without its module."""
    return name if name == "cv2.error" else name.rpartition(".")[2]


def _spell(frame: re.Match[str]) -> str:
    groups = frame.groupdict()
    path = groups["path"] or groups.get("path2") or groups.get("path3") or ""
    name = groups["name"] or groups.get("name2") or groups.get("name3") or ""
    base = path.replace("\\", "/").rpartition("/")[2]
    return f"{base}:{name.strip().removesuffix('()')}" if name else base
