"""Room 1, parse: a report's text becomes clean lines, each with its place, in blocks and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triagebot.parse.blocks import Blocks, heading
from triagebot.parse.clean import clean
from triagebot.parse.language import tell_language
from triagebot.records import Block, Document, Line, Report, Section, Template

_NO_TEMPLATE = Template()
_BREAK = re.compile(r"\r\n|\n|\r")
# A program's output that was copied out of a JSON log: its line breaks are written out.
_WRITTEN_BREAK = re.compile(r"\\r\\n|\\n")
_LONGEST_LINE = 20_000


def parse(report: Report, template: Template = _NO_TEMPLATE) -> Document:
    """Return the document of a report; any text will do."""
    title = [line for line in _lines(report.title, Block.TITLE) if line.text.strip()]
    body = tuple(Blocks(template.boilerplate).name(_lines(report.body, Block.PROSE)))
    lines = (*title, *body)
    return Document(report=report, language=tell_language(lines), lines=lines, sections=tuple(_sections(body)))


def _lines(text: str, block: Block) -> Iterator[Line]:
    """Yield clean lines, numbered as an editor does; a title's lines are all numbered 0."""
    for number, (start, end) in enumerate(_extents(text), start=1):
        shown, quoted = clean(text[start : min(end, start + _LONGEST_LINE)])
        pieces = _WRITTEN_BREAK.split(shown) if "\\n" in shown and "Traceback" in shown else (shown,)
        for piece in pieces:
            yield Line(
                text=piece.strip('"') if len(pieces) > 1 else piece,
                number=0 if block is Block.TITLE else number,
                start=start,
                end=end,
                block=block,
                quoted=quoted,
            )


def _extents(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for found in _BREAK.finditer(text):
        yield at, found.start()
        at = found.end()
    yield at, len(text)


def _sections(lines: tuple[Line, ...]) -> Iterator[Section]:
    """Yield each heading with the lines below it."""
    head, below = "", list[Line]()
    for line in lines:
        if line.block is Block.HEADING:
            if head or below:
                yield Section(heading=head, lines=tuple(below))
            head, below = heading(line.text), []
        else:
            below.append(line)
    if head or below:
        yield Section(heading=head, lines=tuple(below))
