"""Exceptions of the Java machine: the last `Caused by` is what a maintainer names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triagebot.late import late_regex
from triagebot.records import Line
from triagebot.sighting import ALONE, PRINTED, RAISED, Sighting, sign
from triagebot.symbols import is_of_java

SIGNS = ("at ", "xception", "Error: ", ".java:")
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_NAME = r"(?:[a-zA-Z_]\w{0,60}\.){1,12}[A-Z][\w$]{0,100}"
_RAISED = late_regex(
    r"(?:.{0,80}?Exception in thread \"[^\"]{1,200}\" |\s*(?P<link>Caused by|Suppressed|Wrapped by): |\s*)"
    rf"(?P<type>{_NAME}|[A-Z]\w{{0,60}}(?:Exception|Error))(?:: (?P<message>.*))?$"
)
_FRAME = late_regex(
    r"\s*at (?:[\w.@\-]{1,80}/{1,2})?(?P<name>[\w.$<>/]{1,200})"
    r"\((?P<file>[\w$]{1,80}\.(?:java|kt|scala|groovy)(?::\d+)?|Native Method|Unknown Source|<generated>)\)"
)
_MORE = late_regex(r"\s*\.\.\. \d+ (?:more|common frames omitted)")
_BARE = late_regex(rf"\s*(?:Caused by: )?(?P<type>{_NAME}(?:Exception|Error)): (?P<message>.*)$")
_OUTRIGHT = late_regex(rf"Exception in thread \"[^\"]{{1,200}}\" (?P<type>{_NAME})(?:: (?P<message>.*))?$")
_ONE_LINE = late_regex(
    rf"(?:Exception in thread \"[^\"]{{1,200}}\"|Caused by:) (?P<type>{_NAME})(?:: (?P<message>[^"
    rf"\n]{{1,300}}?))? at [\w.$/<>]{{1,200}}\("
)
# Names that the machine makes up anew in every run.
_GENERATED = late_regex(r"\$\$(?:Lambda|EnhancerBy\w+|FastClassBy\w+)[\w$/]*|\$Proxy\d+|lambda\$(\w+)\$\d+")
_INNERMOST = 3


@dataclass(slots=True)
class _Chain:
    """An exception with its causes, as it is read downwards."""

    head: int = -1
    links: list[tuple[int, re.Match[str], list[str]]] = field(default_factory=list)


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield exceptions with frames, the cause of causes first, then `Exception in thread` without any."""
    chain: _Chain | None = None
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        frame = _FRAME.match(text) if "at " in text[:200] else None
        if frame and (chain is not None or (chain := _opened(lines, place))):
            chain.links[-1][2].append(_spell(frame))
        elif chain is not None and (link := _RAISED.match(text)) and link["link"] and link["link"] != "Suppressed":
            chain.links.append((place, link, []))
        elif chain is not None and not _MORE.match(text) and not frame and text.strip():
            yield from _closed(chain, lines)
            chain = None
        if chain is None and ("xception" in text or "Error: " in text or ".java:" in text):
            yield from _outright(lines, place)
    if chain is not None:
        yield from _closed(chain, lines)


def _opened(lines: Sequence[Line], place: int) -> _Chain | None:
    """Look above the first frame for what was thrown; its message may have several lines."""
    for above in range(place - 1, max(-1, place - 6), -1):
        found = _RAISED.match(lines[above].text[:_LONGEST_LINE])
        if found:
            return _Chain(head=above, links=[(above, found, [])])
    return None


def _closed(chain: _Chain, lines: Sequence[Line]) -> Iterator[Sighting]:
    for depth, (place, found, frames) in enumerate(chain.links):
        message = _GENERATED.sub(r"<generated>", (found["message"] or "").strip())
        last = depth == len(chain.links) - 1
        signature = sign(lines[place], "java", found["type"], message, frames=tuple(frames[:_INNERMOST]))
        yield Sighting(signature=signature, standing=RAISED if last else PRINTED, place=place, order=-place)


def _outright(lines: Sequence[Line], place: int) -> Iterator[Sighting]:
    """Yield what was thrown where its frames were not pasted, or all of them in one line."""
    whole = list(_ONE_LINE.finditer(lines[place].text))
    if whole:
        signature = sign(lines[place], "java", whole[-1]["type"], (whole[-1]["message"] or "").strip())
        yield Sighting(signature=signature, standing=RAISED, place=place, order=-place)
        return
    following = lines[place + 1].text if place + 1 < len(lines) else ""
    text = lines[place].text[:_LONGEST_LINE]
    found = _OUTRIGHT.search(text) or _bare(text)
    if found and not _FRAME.match(following[:_LONGEST_LINE]):
        signature = sign(lines[place], "java", found["type"], (found["message"] or "").strip())
        yield Sighting(signature=signature, standing=ALONE, place=place, order=-place)


def _bare(text: str) -> re.Match[str] | None:
    """Return the match of an exception whose package alone tells that it is Java's."""
    found = _BARE.match(text)
    return found if found and is_of_java(found["type"]) else None


def _spell(frame: re.Match[str]) -> str:
    name = _GENERATED.sub(r"\1", frame["name"]).rpartition(".")[2] or frame["name"]
    return f"{frame['file'].partition(':')[0]}:{name}"
