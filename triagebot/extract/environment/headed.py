"""Answers below a heading: `### MMCV version`, and in the next line `2.0.1`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from triagebot.blanks import says_nothing, thing_of
from triagebot.records import Block, Line, Section

_LONGEST_HEADING = 120
_LONGEST_ANSWER = 100
_MOST_WORDS = 4
_OWN = frozenset({Block.PROSE, Block.CODE})


def headed_answers(sections: Iterable[Section]) -> Iterator[Line]:
    """Yield a line `thing: answer` for each heading that names a thing and has one short line below it."""
    for section in sections:
        answer = _only_line(section.lines)
        if answer is None or len(section.heading) > _LONGEST_HEADING:
            continue
        for thing in dict.fromkeys([section.heading.strip(" *:"), thing_of(section.heading)]):
            if thing and len(thing.split()) <= _MOST_WORDS:
                yield answer._replace(text=f"{thing}: {answer.text.strip()}", block=Block.CODE)


def _only_line(lines: Sequence[Line]) -> Line | None:
    said = (line for line in lines if line.text.strip() and line.block is not Block.COMMENT)
    written = list(islice(said, 2))
    if len(written) != 1 or written[0].block not in _OWN:
        return None
    text = written[0].text.strip()
    return written[0] if len(text) <= _LONGEST_ANSWER and not says_nothing(text) else None
