"""How the lines of a Python traceback look: headers, frames, and the line that says what was raised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triagebot.late import late_regex

HEADER = "Traceback (most recent call last)"
ANCHORS = (HEADER, '", line ', "Cell In[", "Input In [", "<ipython-input-")
"""What opens a traceback."""
# The end of a name is what tells an exception; a dotted name may end otherwise (`zmq.Again`, `socket.timeout`).
_ENDINGS = (
    r"(?:Error|Exception|Interrupt|Exit|Iteration|Fault|Failure|Timeout|Warning|Group|Traceback|NotFound|Expired)"
)
_DOTTED = r"(?:[A-Za-z_]\w{0,80}(?:\.<locals>)?\.){0,10}"
_LOWER = r"(?:error|timeout|gaierror|herror)"
NAME = rf"(?:{_DOTTED}[A-Z]\w{{0,80}}{_ENDINGS}|{_DOTTED}(?:Error|Exception)|(?:[A-Za-z_]\w{{0,80}}\.){{1,10}}{_LOWER})"
_AFTER = r"(?:\s*:\s?(?P<message>.*)|\s*)$"
RAISED = late_regex(rf"\s*(?P<type>{NAME}){_AFTER}")
_ODD_DOTTED = late_regex(rf"\s*(?P<type>(?:[A-Za-z_]\w{{0,80}}(?:\.<locals>)?\.){{1,10}}[A-Z]\w{{0,80}}){_AFTER}")
_ODD = late_regex(rf"\s*(?P<type>[A-Z]\w{{0,40}}[a-z0-9][A-Z]\w{{0,40}}){_AFTER}")
_NO_MESSAGE = late_regex(r"v?\d|$")
IN_LINE = late_regex(rf"(?<![\w.])(?P<type>{NAME}): (?P<message>.*)$")
# `ValueError                Traceback (most recent call last)` of notebooks.
_NAMED_HEADER = late_regex(
    rf"(?<![\w./\-])(?P<type>{_DOTTED}[A-Za-z_]\w{{0,80}})\s{{1,80}}Traceback \(most recent call last\)"
)

_PATH = r'(?:[^\s:()"]|(?<=\w) (?=\w)){1,300}'
_FRAME = late_regex(
    r'\s*(?:> )?File "(?P<path>[^"\n]{1,400})", line \d+(?:, in (?P<name>[^\s,]{1,100}))?'
    rf"|\s*(?:File )?(?P<path2>{_PATH}\.(?:py|pyx|pyi|ipynb)):\d+,? in (?P<name2>[\w<>.]{{1,100}})"
    r"|\s*(?P<path3>[^\s:()]{1,300}\.py|<ipython-input-[\w\-]{1,60}>|(?:Cell In|Input In) ?\[\d+\])(?:, line \d+,?)?"
    r" in (?P<name3>[\w<>.]{1,100})"
    r"|\s*(?P<path4>(?:Cell In|Input In) ?\[\d+\]|File <[\w\- ]{1,60}>(?=[,:])),? ?(?:line |:)?\d*"
    r"|\s*\[?(?P<path5><ipython-input-[\w\-]{1,60}>)\]?(?:\([^)\s]{0,200}\))? in "
    r"(?P<name5><?[\w<>.]{1,100}|<cell line: \d+>)"
    # What is left of a frame whose beginning was cut off.
    r'|(?:i?l?e? ")?(?P<path6>[^"\n]{0,300})", line \d+, in (?P<name6>[\w<>.]{1,100})\s*$'
)
_QUOTED_FRAME = late_regex(r'File "(?P<path>[^"\n]{1,400})", line \d+(?:, in (?P<name>[^\s,]{1,100}))?')
_PYTEST_PLACE = late_regex(
    r"\s*(?P<path>[^\s:]{1,300}\.py):\d+: (?:in (?P<name>[\w<>.\[\]\-]{1,100})|(?P<type>\w{1,100}))?$"
)
LINKS = late_regex(r"(?:During handling of the above|The above exception was the direct)")
_ARROW = late_regex(r"\s*-{2,}> ?\d+ ")


def header_type(text: str) -> str:
    """Return the type that a notebook's header names, or ""."""
    found = _NAMED_HEADER.search(text)
    if not found or found["type"] in {"Original", "Group", "Exception"}:
        return ""
    return found["type"]


def indent(text: str) -> int:
    """Return how many blanks a line begins with."""
    return len(text) - len(text.lstrip())


def frame_of(text: str) -> str:
    """Return `file:function` when a line shows a frame, else ""."""
    if not any(sign in text for sign in (".py", "File", "In", "<ipython", '", line ')):
        return ""
    found = _FRAME.match(text)
    return _spell(found) if found else ""


def is_anchor(text: str) -> bool:
    """Say whether a line shows a frame so plainly that a traceback is being read, though its head is missing."""
    if "File" in text:
        found = _FRAME.match(text)
        return bool(found and found["path"])
    if text.lstrip().startswith(("Cell In[", "Input In [")):
        return True
    if '", line ' in text and (found := _FRAME.match(text)):
        return bool(found["name6"])
    return "<ipython-input-" in text[:40] and " in " in text


def frames_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the frames that stand one after another in one line, each with where it ends."""
    for found in _QUOTED_FRAME.finditer(text):
        yield found.end(), _spell(found)


def pytest_place(text: str) -> re.Match[str] | None:
    """Return the match of pytest's `file.py:12: in name` or `file.py:12: ValueError`."""
    return _PYTEST_PLACE.match(text) if ".py:" in text else None


def odd(text: str) -> re.Match[str] | None:
    """Return the match of an exception whose name does not say that it is one: only where frames stand before it."""
    found = _ODD_DOTTED.match(text) or _ODD.match(text)
    if found is None or (found["message"] is not None and _NO_MESSAGE.match(found["message"])):
        return None
    return found


def short(name: str) -> str:
    """Return the last part of a dotted type; `cv2.error` says nothing without its module."""
    last = name.rpartition(".")[2]
    return name if last in {"error", "timeout"} else last


def _spell(frame: re.Match[str]) -> str:
    groups = frame.groupdict()
    path = next((groups[k] for k in ("path", "path2", "path3", "path4", "path5", "path6") if groups.get(k)), "")
    name = next((groups[k] for k in ("name", "name2", "name3", "name5", "name6") if groups.get(k)), "")
    base = path.replace("\\", "/").rpartition("/")[2]
    return f"{base}:{name.strip().removesuffix('()')}" if name else base
