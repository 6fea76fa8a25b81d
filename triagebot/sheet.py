"""A case laid out for searching: its lines end to end, and the way back from a place to its line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from triagebot.locales import in_english, may_read_otherwise
from triagebot.records import Block, Case, Line

_UNWRITTEN = frozenset({Block.TEMPLATE, Block.COMMENT})
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_QUOTES = str.maketrans('`"‘’“”«»「」', "'" * 10)
_QUOTE_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """What the reporter wrote, line after line; template words and hidden comments are left out.

    Two sheets are equal when they are one: what was read off a sheet can be kept for the next who asks.

    `wrote` holds the reporter's own lines where `text` is what they say in English; it is empty where it is theirs.

    `text` keeps the case and joins the lines with newlines; `folded` is lower-case with spaces for newlines, so that
    a fragment is found across a line break.  Both have single spaces inside a line and share their offsets.
    """

    case: Case
    lines: tuple[Line, ...]
    text: str
    folded: str
    starts: tuple[int, ...] = field(repr=False)
    wrote: tuple[str, ...] = field(default=(), repr=False)

    def quote(self, start: int, end: int) -> str:
        """Return the whole line or lines around a span, cut to a readable length around it."""
        left = self.text.rfind("\n", 0, start) + 1
        right = self.text.find("\n", end)
        right = len(self.text) if right < 0 else right
        if right - left > _QUOTE_LIMIT:
            spare = max(0, _QUOTE_LIMIT - (end - start)) // 2
            left, right = max(left, start - spare), min(right, max(end, start) + spare, left + len(self.text))
        return self.text[left:right].strip()[: 2 * _QUOTE_LIMIT]

    def show(self, start: int, end: int) -> tuple[str, int, str]:
        """Return what stands at a span: a quotation of the reporter, the number of its line, and the words found."""
        place = bisect_right(self.starts, start) - 1
        if not self.wrote:
            return self.quote(start, end), self.lines[place].number, self.text[start:end]
        left = max(0, start - self.starts[place] - _QUOTE_LIMIT // 3)
        quote = self.wrote[place][left : left + _QUOTE_LIMIT] or self.wrote[place][-_QUOTE_LIMIT:]
        return quote, self.lines[place].number, self.text[start:end]


def lay_out(case: Case) -> Sheet:
    """Lay the written lines of a case end to end."""
    lines = tuple(line for line in case.document.lines if line.block not in _UNWRITTEN and line.text.strip())
    return _end_to_end(case, lines, [" ".join(line.text.split()) for line in lines])


@lru_cache(maxsize=4)  # several matchers look at the views of one sheet after another
def views(sheet: Sheet) -> tuple[Sheet, ...]:
    """Return a sheet and, where a system spoke the language of its user, those lines once more as in English.

    In sentences `权限不够` and `Access is denied` are words like others: only code and errors are read so.
    """
    if not may_read_otherwise(sheet.text):
        return (sheet,)
    errors = {signature.line for signature in sheet.case.signatures}
    said = zip(sheet.lines, sheet.text.split("\n"), strict=True)
    printed = [(line, text) for line, text in said if line.block is Block.CODE or line.number in errors]
    other = [(line, text, english) for line, text in printed if (english := in_english(text)) != text]
    if not other:
        return (sheet,)
    lines, wrote, texts = zip(*other, strict=True)
    return (sheet, _end_to_end(sheet.case, lines, texts, wrote))


def _end_to_end(case: Case, lines: tuple[Line, ...], texts: Sequence[str], wrote: tuple[str, ...] = ()) -> Sheet:
    # Reworded lines are no neighbours: no literal is found across them.
    between = "\n\n" if wrote else "\n"
    text = between.join(texts)
    starts = tuple(accumulate((len(t) + len(between) for t in texts[:-1]), initial=0)) if texts else ()
    return Sheet(case=case, lines=lines, text=text, folded=fold(text), starts=starts, wrote=wrote)


def fold(text: str) -> str:
    """Return the text lower-cased, with a space for each newline and one kind of quotation mark, of the same length.

    Compilers and shells change their quotation marks with version and locale.
    """
    flat = text.replace("\n", " ").translate(_QUOTES)
    lowered = flat.lower()
    return lowered if len(lowered) == len(flat) else flat.translate(_ASCII_LOWER)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a span is not the middle of a longer ASCII word or name (`memory_pool`, `mmcv` in `mmcv-full`)."""
    before, first = text[start - 1 : start], text[start : start + 1]
    last, after = text[end - 1 : end], text[end : end + 2]
    if _wordy(last) and (_wordy(after[:1]) or (after[:1] == "-" and after[1:].isascii() and after[1:].isalpha())):
        return False
    return not (_wordy(before) and _wordy(first))


def places(text: str, fragment: str) -> Iterator[int]:
    """Yield where a fragment stands alone in a text."""
    at = text.find(fragment)
    while at >= 0:
        if stands_alone(text, at, at + len(fragment)):
            yield at
        at = text.find(fragment, at + 1)


def _wordy(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")
