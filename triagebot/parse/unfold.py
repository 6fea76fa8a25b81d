r"""Line breaks put back where a container took them away or added some: written-out `\\n`, `<br>`, hard wraps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from triagebot.late import late_regex
from triagebot.records import Line

_BREAK_TAG = late_regex(r"<br\s{0,3}/?>", re.IGNORECASE)
# A program's output that was copied out of a JSON log: its line breaks are written out.
_WRITTEN_BREAK = late_regex(r"(?<!\\)\\r\\n|(?<!\\)\\n")
_FENCE = late_regex(r"\s*(?:[-*+] |\d{1,3}[.)] )?```")
_MANY = 3
_FAILED = late_regex(
    r"[a-z](?:Error|Exception)\b|\berror[:\[]|\bfatal|panic(?:ked)?\b|ERR!|npm error|Segmentation|Aborted|CMake Error"
    r"|undefined ref|not found|\*\*\* |Caused by|ERROR:|Assertion|terminate called"
)
_IN_JSON = late_regex(r"\s{0,8}(?:\{?\s{0,3}\"[\w.\- ]{1,60}\": .{0,300})?\"(?:[^\"\\]|\\.){1,2000}\"\s{0,3}[},]?")
_PRINTED = late_regex(
    r"Traceback \(most recent|\\n\s{1,12}(?:at|File|in) |\\n\\tat |panicked at .{0,300}\\n"
    r"|\\nE {3,60}\w|\berror: .{0,300}\\n"
)
_ESCAPE = late_regex(r"\\(u[0-9a-fA-F]{4}|[\"\\/bfrt])")
_PLAIN = {'"': '"', "\\": "\\", "/": "/", "b": "", "f": "", "r": "", "t": "\t"}
_JSON_END = late_regex(r"(?<!\\)\"\s{0,3}(?:[,}\]]|$)")

# Widths at which terminals and mailers break lines; any other width must show twice.
_WIDTHS = frozenset({72, 76, 78, 79, 80, 90, 96, 99, 100, 110, 118, 119, 120, 128, 130, 132, 140, 150, 160, 200})
_NARROWEST = 60
_WIDEST = 250
_RULE = late_regex(r"(?:[=\-_─━~*#.+ ]{8,}|[│┃╮╯|\\]|\s\s|\.\.\.)$")
_ROW = late_regex(r"\s{0,9}\S{1,80} {2,}\S{1,80} {2,}\S")  # of a list in columns, such as those of pip and conda
_SENTENCE_ENDS = frozenset(".'\":;)]")
_STARTS_ANEW = late_regex(
    r"\s*(?:File \"|Traceback \(most|During handling|The above exception|at \S|[-=─_*#~]{4,}|[│╭╰|]|\d{4}-\d\d-\d\d"
    r"|-+> ?\d|\^|~+\^|(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning)\b|[`~]{3}|#{1,6} |[-*+] |\d+[.)] |> "
    r"|(?:nvcc|ninja|error|make|collect2|FAILED|gcc|g\+\+|ld|CMake|npm|yarn|panic|goroutine|Segmentation|Aborted|Killed)\b"
    r"|[A-Za-z_][\w.]{0,30}(?: [\w.,]{1,20}){0,3}: \S|[\w.\-]{2,40}==\d)"
)


def pieces(text: str) -> list[str]:
    """Return the lines that a clean line holds: its breaks written out, or text glued to a fence; most are one."""
    if "```" in text and not _FENCE.match(text) and (text.count("```") == 1 or _FAILED.search(text)):
        return [piece for part in text.split("```") for piece in pieces(part)]
    if "\\n" not in text:
        return [text]
    several = _FAILED.search(text) and (text.count("\\n") >= _MANY or _IN_JSON.match(text))
    if not (several or _PRINTED.search(text)):
        return [text]
    first, *others = _WRITTEN_BREAK.split(text)
    key, _, value = first.rpartition('": "')
    lines = [key, value, *others] if key else [first.removeprefix('"'), *others]
    return [_unescaped(_before_end(line)) for line in lines]


def _before_end(piece: str) -> str:
    """Cut off what follows the end of a JSON string."""
    end = _JSON_END.search(piece)
    return piece[: end.start()] if end else piece


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda f: chr(int(f[1][1:], 16)) if f[1][0] == "u" else _PLAIN[f[1]], text)


def break_tags(text: str) -> list[str]:
    """Return the parts of a raw line between `<br>` tags."""
    return _BREAK_TAG.split(text) if "<" in text and "r" in text else [text]


def rejoined(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines with those joined that a terminal broke at its edge.  The texts still have their blanks."""
    paragraph: list[Line] = []
    for line in lines:
        if line.text.strip():
            paragraph.append(line)
            continue
        yield from _unwrapped(paragraph)
        paragraph = []
        yield line
    yield from _unwrapped(paragraph)


def _unwrapped(paragraph: Sequence[Line]) -> Iterator[Line]:
    width = _width(paragraph)
    if not width:
        yield from paragraph
        return
    whole: Line | None = None
    open_end = False
    for line in paragraph:
        if whole is not None and open_end and not _is_new(whole.text, line.text):
            whole = whole._replace(text=whole.text + line.text, end=line.end)
        else:
            if whole is not None:
                yield whole
            whole = line
        open_end = _is_full(line, width)
    if whole is not None:
        yield whole


def _is_new(above: str, text: str) -> bool:
    """Say whether a line below a full one begins on its own: as tools do, or as a sentence behind another's end."""
    return _STARTS_ANEW.match(text) is not None or (above[-1:] in _SENTENCE_ENDS and text[:1].isupper())


def _width(paragraph: Sequence[Line]) -> int:
    """Return the width at which a paragraph was broken, 0 where it was not."""
    if len(paragraph) < 2:  # noqa: PLR2004 - nothing to join
        return 0
    width = max(len(line.text) for line in paragraph)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_is_full(line, width) for line in paragraph[:-1])
    return width if full >= (1 if width in _WIDTHS else 2) else 0


def _is_full(line: Line, width: int) -> bool:
    return len(line.text) == width and not _RULE.search(line.text) and not _ROW.match(line.text)
