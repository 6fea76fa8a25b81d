"""One line of a report as a reader sees it: without colours, quote marks, prefixes and escapes."""

from __future__ import annotations

import html
import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[ -/]?[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
# Colours that lost their escape character.  `x[0m` of an index has no such form: digits and semicolons, then `m`.
_LOST_ESCAPES = re.compile(r"\[(?:\d{1,3})(?:;\d{1,3}){0,4}m")
_TAGS = re.compile(r"</?(?:pre|code|details|summary|br|b|strong|kbd|samp|sub|p|div)\b[^<>]{0,80}>", re.IGNORECASE)
_INVISIBLE = {ord(char): None for char in "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"}
# Half of a surrogate pair is no character: no UTF-8 library takes it.
_UNREADABLE = {**_INVISIBLE, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
_PLAIN = str.maketrans(
    {
        "\u00a0": " ", "\u3000": " ", "\u2007": " ", "\u202f": " ",
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00b4": "'",
        "\uff1a": ":", "\uff08": "(", "\uff09": ")", "\uff0c": ",", "\uff1b": ";", "\uff1d": "=", "\uff0e": ".",
        "\uff3f": "_", "\uff0d": "-", "\uff1e": ">", "\uff1c": "<",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip
_QUOTE = re.compile(r"[ ]{0,3}>(?!>>)[ ]?")
_STAMP = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_PREFIXES = (
    re.compile(r"\s*\[(?:rank|default)\d{1,4}\]:\s?"),
    re.compile(
        rf"\s*(?:\d{{4}}/\d\d/\d\d \d\d:\d\d:\d\d|\d\d/\d\d \d\d:\d\d:\d\d|{_STAMP})\s*(?:(?:stdout|stderr) F )?"
    ),
    re.compile(r"\s*(?:[|\-]\s*)?(?:[\w.\-]{1,40}\s*[|\-]\s*)?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\s*[|\-:]\s*"),
    re.compile(r"#\d{1,4} \d{1,6}\.\d{1,4} "),
    re.compile(r"[\w.\-]{1,60}-\d{1,4}\s{1,12}\| "),
    re.compile(r"E {3,6}(?=\S)"),
    re.compile(r"\s*[|│║┃]\s(?=\s*\S)"),
)
_MOST_PREFIXES = 4
_DEEPEST_QUOTE = 20


def clean(text: str) -> tuple[str, bool]:
    """Return the clean text of a line, and whether it was a Markdown quotation."""
    if not text.strip():
        return "", False
    if not text.isascii():
        text = text.translate(_UNREADABLE).translate(_PLAIN)
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if "m" in text and "[" in text:
        text = _LOST_ESCAPES.sub("", text)
    if "<" in text:
        text = _TAGS.sub(" ", text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    text, quoted = _unquote(text)
    return _without_prefixes(text).rstrip(), quoted


def _unquote(text: str) -> tuple[str, bool]:
    """Take off quote marks; `>>>` is the prompt of an interpreter."""
    if not text.lstrip(" ").startswith(">") or text.lstrip(" ").startswith(">>>"):
        return text, False
    for _ in range(_DEEPEST_QUOTE):
        mark = _QUOTE.match(text)
        if mark is None:
            break
        text = text[mark.end() :]
    return text, True


def _without_prefixes(text: str) -> str:
    """Take off what log collectors put before a line; a line that is nothing else stays."""
    for _ in range(_MOST_PREFIXES):
        for prefix in _PREFIXES:
            found = prefix.match(text)
            if found and found.end() < len(text):
                text = text[found.end() :]
                break
        else:
            break
    return text
