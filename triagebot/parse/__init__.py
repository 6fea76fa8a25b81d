"""Room 1, parse: a report's text becomes clean lines, each with its place, in blocks and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from triagebot.parse.blocks import Blocks, heading
from triagebot.parse.clean import clean
from triagebot.parse.columns import without_columns
from triagebot.parse.filling import fill, unhide
from triagebot.parse.language import tell_language
from triagebot.parse.one_line import unglued
from triagebot.parse.prefixes import strip_prefixes
from triagebot.parse.unfold import break_tags, pieces, rejoined
from triagebot.records import Block, Document, Filled, IssueTemplate, Line, Report, Section, Template

_NO_TEMPLATE = Template()
_BREAK = re.compile(r"\r\n|\n|\r")
_LONGEST_LINE = 20_000


def parse(report: Report, template: Template = _NO_TEMPLATE, issue_templates: Sequence[IssueTemplate] = ()) -> Document:
    """Return the document of a report, read against the issue template that fits it best; any text will do."""
    title = [line for line in _lines(report.title, Block.TITLE) if line.text.strip()]
    words = chain(template.boilerplate, *(issue_template.words for issue_template in issue_templates))
    body = tuple(Blocks(words).name(_lines(report.body, Block.PROSE)))
    filled = fill(report, body, issue_templates)
    body = unhide(filled, body) if filled else body
    lines = (*title, *body)
    return Document(
        report=report,
        language=tell_language(_own(lines, filled)),
        lines=lines,
        sections=tuple(_sections(body)),
        filled=filled,
    )


def _own(lines: Sequence[Line], filled: Filled | None) -> Iterator[Line]:
    """Yield the lines without the headings of the issue template: those are in the maintainers' language."""
    theirs = {response.line for response in filled.responses} if filled and filled.followed else set()
    return (line for line in lines if line.block is Block.TITLE or line.number not in theirs)


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
                for part in unglued(bare):
                    yield Line(
                        text=part,
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
