"""Tables, pictures and HTML spread out into lines that read `name: value`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from triagebot.records import Line

_PICTURE = re.compile(r"!\[(?P<alt>(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,4000})\]\([^()\s]{0,1000}(?:\s\"[^\"]{0,200}\")?\)")
_IMAGE = re.compile(
    r"<img\b[^<>]{0,1000}?\balt\s?=\s?(?P<quote>[\"'])(?P<alt>[^<>]{0,4000}?)(?P=quote)[^<>]{0,1000}>", re.IGNORECASE
)
_CELL = re.compile(r"<t[dh]\b[^<>]{0,200}>", re.IGNORECASE)
_ROW_END = re.compile(r"</tr\s{0,3}>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:t[dhr]|table|thead|tbody)\b[^<>]{0,200}>", re.IGNORECASE)
_UNDER_HEADER = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*){1,40}\|?\s*$")
# Headers that name the column and not the thing: there, each row says `thing | value` by itself.
_GENERIC = frozenset(
    "name|version|value|item|key|package|library|software|tool|component|module|dependency|description|info|os version"
    "|名称|版本|版本号|值|项目|项|包|库|软件|工具|组件|模块|依赖|说明|信息|配置".split("|")
)
# `|PyTorch|1.9.0|`: a row whose bars leave no blanks.
_TIGHT = re.compile(r"\s{0,9}\|?[^|\s][^|\n]{0,200}\|[^|\s-]")
_MARKED = re.compile(r"[|<]|\]\(")
_MOST_CELLS = 40
_MOST_LINES_OF_A_ROW = 12


def spread(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with pictures replaced by their descriptions, and with one more for each cell below a header."""
    if not any(_MARKED.search(line.text) for line in lines):
        yield from lines
        return
    header: list[str] = []
    plain = list(_rows(map(_described, lines)))
    for place, line in enumerate(plain):
        below = plain[place + 1].text if place + 1 < len(plain) else ""
        if "|" in line.text and _UNDER_HEADER.match(below):
            header = _cells(line.text)
        elif "|" not in line.text:
            header = []
        yield line
        if header and not _UNDER_HEADER.match(line.text) and not _UNDER_HEADER.match(below):
            yield from _columns(header, line)


def _described(line: Line) -> Line:
    if _TIGHT.match(line.text):
        return line._replace(text=" | ".join(_cells(line.text)))
    if "](" not in line.text and "alt" not in line.text:
        return line
    text = _IMAGE.sub(r" \g<alt> ", _PICTURE.sub(r" \g<alt> ", line.text))
    return line if text == line.text else line._replace(text=text.strip())


def _rows(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines; the cells of a row of an HTML table become one line, wherever it was broken."""
    row: list[Line] = []
    for line in lines:
        if not row and not _CELL.search(line.text):
            yield line
            continue
        row.append(line)
        if _ROW_END.search(line.text) or len(row) >= _MOST_LINES_OF_A_ROW:
            yield from _row(row)
            row = []
    yield from _row(row)


def _row(lines: Sequence[Line]) -> Iterator[Line]:
    for part in _ROW_END.split(" ".join(line.text for line in lines)):
        cells = [_TAG.sub(" ", cell).strip() for cell in _CELL.split(part)[:_MOST_CELLS]]
        text = " | ".join(cell for cell in cells if cell)
        if text:
            yield lines[0]._replace(text=text)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.strip().strip("|").split("|")[:_MOST_CELLS]]


def _columns(header: Sequence[str], line: Line) -> Iterator[Line]:
    for name, value in zip(header, _cells(line.text), strict=False):
        if value and name.strip(" *`_").lower() not in {"", *_GENERIC}:
            yield line._replace(text=f"{name}: {value}")
