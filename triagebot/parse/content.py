"""What stands below the heading of a prompt: an answer, or one of the many ways to give none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from triagebot.blanks import bare, key_of, says_nothing
from triagebot.records import Asking, Block, Box, Line, Prompt, Response, State

_NO_RESPONSE = re.compile(r"[\s_*]*no response[\s_*.]*$", re.IGNORECASE)
_NONE = re.compile(r"[\s_*`]*none[\s_*`.]*$", re.IGNORECASE)
_BOX = re.compile(r"[\s>]*(?:[-*+]|\d{1,2}[.)])?\s*[\[［【](?P<tick>[^\]］】]{0,5})[\]］】]\s*(?P<label>.*)")
_UNTICKED = frozenset({"", "_", ".", "-"})
_RULE = re.compile(r"\s*(?:-{2,}|={2,}|\*{3,}|_{3,})\s*$")
_COMMENT = re.compile(r"<!--|-->")
_SAME = 90  # of 100: a word that was mended
_KEY = re.compile(r"[:：\[（(]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a prompt stands: the line of its heading, what was answered beside it, and the lines below it."""

    heading: Line
    beside: str
    below: tuple[Line, ...]


def respond(prompt: Prompt, place: Place, body: str) -> Response:
    """Return the response at one place; `body` is the report's own text."""
    if prompt.asking is Asking.CHECKBOXES:
        return _boxes(prompt, place)
    state = _state(prompt, place)
    if state not in {State.ANSWERED, State.NOTHING} and any(hidden_answer(prompt, line) for line in place.below):
        state = State.HIDDEN
    return Response(prompt=prompt, state=state, text=_written(place, body), line=place.heading.number)


def _written(place: Place, body: str) -> str:
    """Return the text below a heading as it stands in the report, without empty lines around it."""
    if place.beside or not place.below:
        return place.beside.strip()
    return body[place.below[0].start : place.below[-1].end].strip().replace("\r\n", "\n").replace("\r", "\n")


def _state(prompt: Prompt, place: Place) -> State:
    below = [line for line in place.below if line.block is not Block.COMMENT]
    written = [
        text for text in (place.beside, *(line.text for line in below)) if text.strip() and not _RULE.match(text)
    ]
    if all(_is_empty(prompt, text) for text in written):
        return State.EMPTY
    # What the knowledge folder calls words of a template is nobody's answer, but for boxes: a tick is one.
    unwritten = {line.text for line in below if line.block is Block.TEMPLATE and not _BOX.match(line.text)}
    own = list(own_answers(prompt, [line for line in written if line not in unwritten]))
    if not own:
        return State.UNTOUCHED
    return State.NOTHING if all(map(says_nothing, own)) else State.ANSWERED


def _is_empty(prompt: Prompt, line: str) -> bool:
    """Say whether a line is what GitHub writes where a reporter left the field out."""
    if prompt.asking is Asking.DROPDOWN and _NONE.match(line):
        return True
    return _NO_RESPONSE.match(line) is not None


def own_answers(prompt: Prompt, lines: Iterable[str]) -> Iterator[str]:
    """Yield what the template did not write: whole lines, and behind its `- OS:` what was put there."""
    known = {_plain(line) for line in prompt.written}
    keys = {bare(_KEY.split(line, maxsplit=1)[0]) for line in prompt.written if _KEY.search(line)} - {""}
    for line in lines:
        plain, box = _plain(line), _BOX.match(line)
        if plain in known | keys or (box and box["tick"].strip() in _UNTICKED):
            continue
        found = _KEY.search(plain)
        if found is None or bare(plain[: found.start()]) not in keys:
            yield line
        elif plain[found.end() :].strip():
            yield plain[found.end() :]


def _plain(line: str) -> str:
    return bare(line) or line.strip()


def hidden_answer(prompt: Prompt, line: Line) -> str:
    """Return what the reporter wrote inside the template's comment, where no reader sees it; "" when nothing."""
    text = _COMMENT.sub(" ", line.text).strip()
    if line.block is not Block.COMMENT or not prompt.written or says_nothing(text):
        return ""
    return text if any(own_answers(prompt, [text])) else ""


def _boxes(prompt: Prompt, place: Place) -> Response:
    """Read boxes by their words; a required one without a tick is unticked, and so are all when one must be."""
    found = [mark for line in place.below if (mark := _BOX.match(line.text))]
    ticked = tuple(mark["label"].strip() for mark in found if mark["tick"].strip() not in _UNTICKED)
    unticked = tuple(mark["label"].strip() for mark in found if mark["tick"].strip() in _UNTICKED)
    wanted = any(box.required for box in prompt.boxes) and not _all_ticked(prompt.boxes, ticked, unticked)
    if wanted or (prompt.required and not ticked):
        state = State.UNTICKED if found else State.EMPTY
    else:
        state = State.ANSWERED if ticked else State.EMPTY
    return Response(prompt=prompt, state=state, line=place.heading.number, ticked=ticked, unticked=unticked)


def _all_ticked(boxes: Sequence[Box], ticked: Sequence[str], unticked: Sequence[str]) -> bool:
    """Say whether every required box has its tick; words that the template has changed since do not count."""
    mine = [key_of(label) for label in ticked]
    if mine and not unticked:
        return True
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 - most reports need it for nothing

    return all(any(ratio(key_of(box.label), key) >= _SAME for key in mine) for box in boxes if box.required)
