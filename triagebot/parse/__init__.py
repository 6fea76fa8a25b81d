"""Room 1, parse: a report's text becomes clean lines, each with its place, in blocks and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
# A line, and whether it holds nothing that cleaning or taking off prefixes could change: most lines do not.
_LINE = re.compile(r"(?:(?![ \t]*[(#])[^\x00\x1b\x80-\U0010ffff<>&\\`:|\[\r\n]+)?(?P<marked>[^\r\n]*)(?:\r\n|\n|\r|\Z)")
_LONGEST_LINE = 20_000
_MOST_BLANK = 2  # in a row: more say no more, and 65,536 of them would cost as much as a long report


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
        yield line if shown == line.text else line._replace(text=shown)


def _physical(text: str, block: Block) -> Iterator[Line]:
    blank = 0
    for number, found in enumerate(_LINE.finditer(text), start=1):
        start, end = found.start(), found.end("marked")
        blank = blank + 1 if start == end else 0
        if blank <= _MOST_BLANK:
            shown = number if block is not Block.TITLE else 0
            raw = text[start : min(end, start + _LONGEST_LINE)]
            # Of prefixes, pytest's and a level between dashes hold no mark.
            if found["marked"] or "E   " in raw or " - " in raw:
                for part, quoted, marks in _cleaned(raw):
                    yield Line(part, shown, start, end, block, quoted, marks)
            else:
                for part in unglued(raw):
                    yield Line(part, shown, start, end, block)
        if found.end() == end:
            return


def _cleaned(raw: str) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Yield the clean lines of a raw one: the text, whether it was quoted, what its prefixes name."""
    for tagless in break_tags(raw):
        shown, quoted = clean(tagless)
        for piece in pieces(shown):
            bare, marks = strip_prefixes(piece)
            for part in unglued(bare):
                yield part, quoted, marks


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
