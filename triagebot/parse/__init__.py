"""Room 1, parse: a report's text becomes clean lines, each with its place, in blocks and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from triagebot.parse.blocks import Blocks, heading
from triagebot.parse.clean import clean
from triagebot.parse.columns import without_columns
from triagebot.parse.language import tell_language
from triagebot.parse.prefixes import strip_prefixes
from triagebot.parse.unfold import break_tags, pieces, rejoined
from triagebot.records import Block, Document, Line, Report, Section, Template

_NO_TEMPLATE = Template()
_BREAK = re.compile(r"\r\n|\n|\r")
_LONGEST_LINE = 20_000


def parse(report: Report, template: Template = _NO_TEMPLATE) -> Document:
    """Return the document of a report; any text will do."""
    title = [line for line in _lines(report.title, Block.TITLE) if line.text.strip()]
    body = tuple(Blocks(template.boilerplate).name(_lines(report.body, Block.PROSE)))
    lines = (*title, *body)
    return Document(report=report, language=tell_language(lines), lines=lines, sections=tuple(_sections(body)))


def _lines(text: str, block: Block) -> Iterator[Line]:
    """Yield clean lines, numbered as an editor does; a title's lines are all numbered 0."""
    for line in rejoined(without_columns(_physical(text, block))):
        shown = line.text.rstrip()
        yield line if shown == line.text else replace(line, text=shown)


def _physical(text: str, block: Block) -> Iterator[Line]:
    for number, (start, end) in enumerate(_extents(text), start=1):
        for raw in break_tags(text[start : min(end, start + _LONGEST_LINE)]):
            shown, quoted = clean(raw)
            for piece in pieces(shown):
                bare, marks = strip_prefixes(piece)
                yield Line(
                    text=bare,
                    number=0 if block is Block.TITLE else number,
                    start=start,
                    end=end,
                    block=block,
                    quoted=quoted,
                    marks=marks,
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
