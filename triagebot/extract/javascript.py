"""JavaScript errors: Node's, the browsers', and what React says in production."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from triagebot.late import late_regex
from triagebot.records import Line
from triagebot.sighting import ALONE, RAISED, Sighting, sign

SIGNS = ("at ", "@", "Error", "error #", "Violation")
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_FRAME = late_regex(
    r"\s*at (?:async )?(?:(?:new )?(?P<name>[^\s()]{1,200}(?: \[as \w{1,60}\])?) \()?"
    r"(?P<path>[^\s()]{1,400}?|<anonymous>)(?::\d+){0,2}\)?,?(?: \{)?$"
)
_FIREFOX = late_regex(
    r"\s*(?P<name>[\w$./<]{0,120})@(?P<path>(?:https?|file|webpack|moz-extension)[^\s]{1,400}?):\d+:\d+$"
)
_TYPE = r"(?:[A-Z]\w{0,60}(?:Error|Exception)|Error|Invariant Violation|ERR_\w{1,60})"
_RAISED = late_regex(
    r"(?:.{0,120}?(?:Uncaught|Unhandled\w{0,20})(?: \(in promise\))?:? |.{0,40}?\[cause\]: "
    r"|\s*(?:Thrown|Caused by): ?|\s*)"
    rf"(?P<type>{_TYPE})(?: \[\w{{1,60}}\])?(?:: (?P<message>.*))?$"
)
_SCRIPTED = late_regex(
    r"(?:^|[\s`*\"'(>:])(?P<type>TypeError|ReferenceError|SyntaxError|RangeError|URIError):\s{1,3}(?P<message>"
    r"(?:Cannot (?:read|set) propert|Cannot destructure|Cannot access '|Unexpected (?:token|end of JSON)"
    r"|Assignment to constant"
    r"|undefined is not|null is not|Maximum call stack|Invalid array length)[^\n]{0,500}"
    r"|[\w$.()]{1,100} is not (?:a function|a constructor|iterable|defined)\b[^\n]{0,300})"
)
_REACT = late_regex(r"(?P<type>Minified React error #\d{1,5}|Invariant Violation)[;:]?\s?(?P<message>.*)$")
_ONE_LINE = late_regex(
    r"(?<![\w.])(?P<type>[A-Z]\w{0,60}Error|Error): (?P<message>[^\n]{1,300}?)(?: Require stack: [^\n]{1,300}?)?"
    r" at (?:async )?(?:new )?(?:[\w.<>$]{1,100} (?:\[as \w{1,60}\] )?\()?"
    r"(?:/|[A-Z]:\\|file:|node:|https?:|webpack)[^\s()]{1,300}:\d+:\d+\)?"
)
_MINIFIED = late_regex(r"Minified React error #\d{1,5}")
_MODULE = late_regex(r"Cannot find (?:module|package) '([^']{1,200})'")
_ENDS = late_regex(r"\s*(?:\}|code: |Node\.js v\d|\^|$)")
_INNERMOST = 3
_NEAR = 12
_FAR = 30


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield errors above `at f (x.js:1:2)` frames, then lines that only a JavaScript engine prints."""
    used: set[int] = set()
    for place, line in enumerate(lines):
        if line.text.lstrip().startswith("at ") or "@" in line.text:
            yield from _above_frames(lines, place, used)
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        if place not in used and ("Error" in text or "error #" in text or "Violation" in text):
            yield from _alone(line, text, place)


def _above_frames(lines: Sequence[Line], place: int, used: set[int]) -> Iterator[Sighting]:
    """Read upwards from the first frame to what was raised."""
    if _frame(lines[place].text) is None or (place and _frame(lines[place - 1].text) is not None):
        return
    for above in range(place - 1, max(-1, place - _NEAR), -1):
        found = _RAISED.match(lines[above].text[:_LONGEST_LINE])
        if found and above not in used:
            used.add(above)
            yield _sighting(found, lines, above, tuple(_frames(lines, place))[:_INNERMOST])
            return


def _frames(lines: Sequence[Line], place: int) -> Iterator[str]:
    """Yield the innermost frames, which come first."""
    for line in lines[place : place + _FAR]:
        frame = _frame(line.text)
        if frame is None:
            return
        if "node:internal" not in line.text:
            yield frame


def _frame(text: str) -> str | None:
    found = _FRAME.match(text[:_LONGEST_LINE]) or _FIREFOX.match(text[:_LONGEST_LINE])
    if found is None or ".java:" in text or "(Native Method)" in text or "(Unknown Source)" in text:
        return None
    if not re.search(r":\d+\)?|<anonymous>|native", text):
        return None
    base = re.split(r"[/\\]", found["path"].partition("?")[0])[-1]
    return f"{base}:{found['name']}" if found["name"] else base


def _sighting(found: re.Match[str], lines: Sequence[Line], place: int, frames: tuple[str, ...]) -> Sighting:
    message = (found["message"] or "").strip()
    signature = sign(lines[place], "javascript", _kind(found["type"], message), message, frames=frames)
    caused = "[cause]" in lines[place].text
    return Sighting(signature=signature, standing=RAISED, place=place, order=-place - (1 if caused else 0))


def _kind(kind: str, message: str) -> str:
    """Return the type, or the code that says more: React's numbers, a module that is missing."""
    if react := _MINIFIED.search(message):
        return react[0]
    return "MODULE_NOT_FOUND" if _MODULE.search(message) else kind


def _alone(line: Line, text: str, place: int) -> Iterator[Sighting]:
    """Yield what stands in one line: with its frames, or in words that only a JavaScript engine has."""
    whole = _ONE_LINE.search(text)
    if whole:
        message = whole["message"].strip()
        signature = sign(line, "javascript", _kind(whole["type"], message), message)
        yield Sighting(signature=signature, standing=RAISED, place=place, order=-place)
        return
    found = _SCRIPTED.search(text) or _REACT.search(text)
    if found:
        signature = sign(line, "javascript", found["type"], found["message"].strip(" `*"))
        yield Sighting(signature=signature, standing=ALONE, place=place, order=-place)
