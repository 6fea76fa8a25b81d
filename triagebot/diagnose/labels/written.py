"""A report taken apart as its author wrote it: prose, answers below headings, code, hidden comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MOST = 20_000  # characters: what goes beyond is a log, and a label hangs on none of its later lines
_HEADING = re.compile(r"\s{0,3}#{1,6}\s{1,9}(?P<hash>\S.{0,200})$|\s{0,3}\*\*(?P<bold>[^*]{2,60})\*\*:?\s{0,9}$")
_FENCE = re.compile(r"\s{0,12}(?P<mark>`{3,20}|~{3,20})")
_BOX = re.compile(r"\s{0,12}[-*+]\s?\[(?P<tick>[ xX]?)\]")
# What other bots write into a first post stands between marks such as <!-- NAME_START --> and <!-- NAME_END -->.
_BOT = re.compile(r"<!--\s{0,9}(?P<name>[\w-]{1,60}?)[-_]START\s{0,9}-->", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The parts of a report: lines of prose (headings among them), of code and of comments that no reader sees.

    `answers` are the headings with the text below each, `boxes` whether each check box is ticked.
    """

    title: str
    body: str
    prose: tuple[str, ...]
    code: tuple[str, ...]
    hidden: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    boxes: tuple[bool, ...]
    text: str
    """The prose as one text."""


def take_apart(title: str, body: str) -> Written:
    """Return the parts of a report; any text will do, and only its first 20,000 characters count."""
    title, body = _encodable(title), without_bots(_encodable(body[:_MOST]))
    lines = list(_kinds(body))
    boxes = (_BOX.match(line) for kind, line in lines if kind == "prose")
    prose = tuple(line for kind, line in lines if kind in {"prose", "heading"})
    return Written(
        title=" ".join(title.split()),
        body=body,
        prose=prose,
        code=tuple(line for kind, line in lines if kind == "code"),
        hidden=tuple(line for kind, line in lines if kind == "hidden"),
        answers=tuple(_answers(lines)),
        boxes=tuple(box["tick"] not in {"", " "} for box in boxes if box),
        text="\n".join(prose),
    )


def _encodable(text: str) -> str:
    """Return a text with a question mark for each half of a surrogate pair, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def without_bots(body: str) -> str:
    """Return a first post without what bots wrote into it between marks of their own."""
    at = 0
    while mark := _BOT.search(body, at):
        end = re.compile(rf"<!--\s{{0,9}}{re.escape(mark['name'])}[-_]END\s{{0,9}}-->", re.IGNORECASE)
        found = end.search(body, mark.end())
        at = mark.start()
        body = body[:at] + (body[found.end() :] if found else "")
    return body


def heading_of(line: str) -> str:
    """Return the words of a heading, "" for any other line."""
    found = _HEADING.match(line)
    return (found["hash"] or found["bold"]).strip(" #:") if found else ""


def _kinds(body: str) -> Iterator[tuple[str, str]]:
    """Yield each piece of a line as prose, heading, code, fence (its opening) or hidden."""
    fence, hidden = "", False
    for line in body.splitlines():
        mark = None if hidden else _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence):
                fence = ""
            else:
                yield "code", line
        elif mark:
            fence = mark["mark"]
            yield "fence", line
        elif hidden or "<!--" in line:
            for piece, inside in _pieces(line, hidden=hidden):
                hidden = inside
                if piece.strip():
                    yield "hidden" if inside else "prose", piece
        else:
            yield "heading" if heading_of(line) else "prose", line


def _pieces(line: str, *, hidden: bool) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a line outside and inside comments; the last tells whether the comment goes on."""
    while True:
        before, mark, line = line.partition("-->" if hidden else "<!--")
        yield before, hidden
        if not mark:
            return
        hidden = not hidden


def _answers(lines: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    heading, below = "", list[str]()
    for kind, line in lines:
        if kind == "heading":
            yield heading, "\n".join(below).strip()
            heading, below = heading_of(line), []
        elif kind in {"prose", "code"}:
            below.append(line)
    yield heading, "\n".join(below).strip()
