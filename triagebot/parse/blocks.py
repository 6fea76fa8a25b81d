"""Which part of a report each line belongs to: fences, comments, headings, template words, machine output, prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from triagebot.parse.clean import clean
from triagebot.records import Block, Line

_FENCE = re.compile(r"\s{0,12}(?:[-*+] |\d{1,3}[.)] )?(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?P<hash>\S.*)$|\s{0,3}\*\*(?P<bold>[^*]{1,80})\*\*:?$")
_CHECKBOX = re.compile(r"\s*[-*+]\s?\[[ xX]?\]")
_BULLETS = frozenset("-*+")
_HEADED = frozenset("#*")
_BEFORE = " \t>#*_-+0123456789.)[]:"
_AFTER = " \t*_:#.。"
_MACHINE = re.compile(
    r"""\s*(?:
        Traceback\ \(most\ recent\ call\ last\) | File\ "[^"]{1,300}",\ line\ \d | \#\d+\ +0x | frame\ \#\d
      | [A-Za-z_][\w.]{0,80}(?:Error|Exception|Warning|Interrupt)(?::\s|\s*$)
      | (?:\$|>>>|\.\.\.|In\ \[\d+\]:|PS\ [A-Z]:|\([\w.\-]+\)\ ?[\w.\-]+@)\s?\S
      | (?:sudo\ |!|%)?(?:pip3?|conda|mim|python3?|bash|git|cmake|make|ninja|nvcc|apt(?:-get)?|npm|export|cd)\s[\w./\-]
      | CUDA_\w{1,40}=\S+\s
      | [\w./+\-]{1,200}:\d+:\d+:\ (?:fatal\ )?(?:error|warning|note)
      | (?:error|ERROR|nvcc\ fatal|ninja|FAILED|make(?:\[\d+\])?|collect2|ld|npm\ ERR!|CMake\ Error)\ ?:\s
      | (?:sys\.platform|Python|CUDA\ available|CUDA_HOME|NVCC|GCC|MSVC|GPU\ [\d,]+|PyTorch|TorchVision|OpenCV):\s
      | (?:MMCV[\w\ ]{0,20}|MMEngine|MMDetection):\s
      | Average\ (?:Precision|Recall)\ | (?:Epoch|Iter)\ ?(?:\(train\)\ *)?\[ | [-+|]{5,} | at\ [\w$.<>]+\ \(
    )""",
    re.VERBOSE,
)
# Headings that issue forms and templates bring along, whatever the project.
_GENERIC = frozenset(
    line.strip()
    for line in """
    _no response_
    no response
    checklist
    describe the bug
    reproduction
    environment
    error traceback
    bug fix
    prerequisite
    additional information
    additional context
    to reproduce
    expected behavior
    screenshots
    describe the issue
    reproduces the problem - code sample
    reproduces the problem - command or script
    branch
    describe the feature
    reproduces the problem - error message
    task
    💬 describe the reimplementation questions
    💬 describe the question
    """.strip().splitlines()
)


def normal(text: str) -> str:
    """Return a line of a template as it is compared: without marks, in lower case, with single blanks."""
    return " ".join(text.lstrip(_BEFORE).rstrip(_AFTER).lower().split())


@lru_cache(maxsize=32)
def _words(boilerplate: tuple[str, ...]) -> frozenset[str]:
    """Return the words that nobody wrote; the same few templates are asked for at every report."""
    return frozenset(normal(clean(line)[0]) for line in boilerplate) | _GENERIC


class Blocks:
    """Walks down the lines of a report and names the block of each."""

    def __init__(self, boilerplate: Iterable[str]) -> None:
        self._template = _words(tuple(boilerplate))

    def name(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the lines with their blocks; fence markers themselves are left out."""
        fence, hidden = "", False
        for line in lines:
            if hidden or (not fence and "<!--" in line.text):
                written, hidden = _outside_comment(line.text, hidden=hidden)
                yield _of(line, Block.COMMENT)
                if written.strip():
                    yield self._named(line._replace(text=written))
                continue
            mark = _FENCE.match(line.text) if "```" in line.text or "~~~" in line.text else None
            if mark and not fence:
                fence = mark["mark"]
            elif mark and fence and mark["mark"].startswith(fence) and not mark["info"].strip():
                fence = ""
            elif fence:
                yield _of(line, Block.TEMPLATE if normal(line.text) in self._template else Block.CODE)
            else:
                yield self._named(line)

    def _named(self, line: Line) -> Line:
        return _of(line, self._block(line.text) if line.text else Block.PROSE)

    def _block(self, text: str) -> Block:
        first = text.lstrip()[:1]
        if first in _BULLETS and _CHECKBOX.match(text):
            return Block.TEMPLATE
        is_heading = first in _HEADED and _HEADING.match(text)
        if normal(text) in self._template:
            return Block.HEADING if is_heading else Block.TEMPLATE
        if is_heading:
            return Block.HEADING
        if _MACHINE.match(text) or text.startswith(("    ", "\t")):
            return Block.CODE
        return Block.PROSE


def _of(line: Line, block: Block) -> Line:
    """Return a line of another block; in a third of the time that `_replace` takes, for it is done to every line."""
    text, number, start, end, was, quoted, marks = line
    return line if was is block else Line(text, number, start, end, block, quoted, marks)


def heading(text: str) -> str:
    """Return the words of a heading without its marks."""
    found = _HEADING.match(text)
    return (found["hash"] or found["bold"] or "").strip(" #") if found else text.strip()


def _outside_comment(text: str, *, hidden: bool) -> tuple[str, bool]:
    """Return what of a line stands outside HTML comments, and whether a comment goes on."""
    written = []
    at = 0
    while True:
        mark = "-->" if hidden else "<!--"
        found = text.find(mark, at)
        if not hidden:
            written.append(text[at : found if found >= 0 else len(text)])
        if found < 0:
            return " ".join(written), hidden
        at, hidden = found + len(mark), not hidden
