"""Classic issue templates: Markdown with headings, questions, placeholders and comments to be written over.

Nothing in them says what is required.  A heading that says so of itself is; of the others, those that triage cannot do
without: the description, the error, the steps, the environment, where neither heading nor words leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from triagebot.blanks import bare, slug_of
from triagebot.knowledge.source import Source
from triagebot.knowledge.subjects import marked_required, sounds_optional, subject_of
from triagebot.records import Asking, Box, Prompt, Subject

_FRONT = re.compile(r"\ufeff?\s*---[ \t]*\r?\n(.{0,20000}?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_FENCE = re.compile(r"\s{0,12}(?:`{3,}|~{3,})")
HEADING = re.compile(
    r"\s{0,3}(?P<level>#{1,6})\s*(?P<hash>[^\s#].*?)\s*#*\s*$"
    r"|\s{0,3}(?P<bold>\*\*|__)(?P<text>[^*_\n]{1,200})(?P=bold)\s*[:：]?\s*$"
)
_BOX = re.compile(r"\s*[-*+]\s?\[[ xX]?\]\s*(?P<label>.*)")
_COMMENT = re.compile(r"<!--|-->")
_LONGEST_LINE = 2_000


@dataclass(slots=True)
class _Section:
    label: str
    level: int
    lines: list[str] = field(default_factory=list)


def read_classic(name: str, text: str) -> tuple[tuple[Prompt, ...], dict[str, Any], Iterator[str]]:
    """Return the prompts of a Markdown template, its front matter, and every line that it writes itself."""
    front = _FRONT.match(text)
    values = Source(name, front[1]).value if front else None
    lines = [line[:_LONGEST_LINE] for line in text[front.end() if front else 0 :].splitlines()]
    sections = list(_sections(lines))
    # A heading with deeper ones right below it only groups them.
    groups = [bool(s.label) and not s.lines and t.level > s.level for s, t in pairwise(sections)]
    prompts = tuple(_prompt(s) for s, group in zip(sections, [*groups, False], strict=True) if s.label and not group)
    return prompts, values if isinstance(values, dict) else {}, (line for s in sections for line in s.lines)


def _sections(lines: list[str]) -> Iterator[_Section]:
    """Yield the sections with the lines below each heading, fence marks, comment marks and empty lines left out."""
    section, fenced, hidden = _Section("", 0), False, False
    for line in lines:
        fenced = fenced != bool(_FENCE.match(line) and not hidden)
        found = None if fenced or hidden else HEADING.match(line)
        if found:
            yield section
            section = _Section(found["hash"] or found["text"], len(found["level"] or "") or 7)
        elif bare(_COMMENT.sub(" ", line)) and not _FENCE.match(line):
            section.lines.append(_COMMENT.sub(" ", line).strip())
        hidden = _comment_goes_on(line, hidden=hidden)
    yield section


def _comment_goes_on(line: str, *, hidden: bool) -> bool:
    marks = _COMMENT.findall(line)
    return marks[-1] == "<!--" if marks else hidden


def _prompt(section: _Section) -> Prompt:
    boxes = tuple(Box(label=found["label"]) for line in section.lines if (found := _BOX.match(line)))
    only_boxes = bool(boxes) and len(boxes) == len(section.lines)
    return Prompt(
        label=section.label.strip(" :："),
        asking=Asking.CHECKBOXES if only_boxes else Asking.SECTION,
        id=slug_of(section.label),
        subject=subject_of(section.label),
        required=not only_boxes and _is_required(section),
        description=next((line for line in section.lines if not _BOX.match(line)), ""),
        boxes=boxes,
        written=tuple(section.lines),
    )


def _is_required(section: _Section) -> bool:
    if marked_required(section.label):
        return True
    if sounds_optional(section.label) or any(map(sounds_optional, section.lines[:1])):
        return False
    return subject_of(section.label) is not Subject.OTHER
