"""The characters of one line as a reader sees them: without colours, tags, entities and quote marks."""

from __future__ import annotations

import html
import re

from triagebot.late import late_regex

_ESCAPES = late_regex(r"\x1b(?:\[[0-9;?]{0,20}[ -/]?[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
# Colours that lost their escape character.  `x[0m` of an index has no such form: digits and semicolons, then `m`.
_LOST_ESCAPES = late_regex(r"\[(?:\d{1,3})(?:;\d{1,3}){0,4}m")
_LOST_ERASURE = late_regex(r"(?<=m)\[K")
_TAGS = late_regex(
    r"</?(?:pre|code|details|summary|br|b|strong|kbd|samp|sub|p|div|span|tt)\b[^<>]{0,80}>", re.IGNORECASE
)
# Colab makes links of the files of a traceback.
_LINKED_FRAME = late_regex(r"\[`{0,2}([^\]\n`]{1,300})`{0,2}\]\(https?://localhost:\d{2,5}/#?\)")
_INVISIBLE = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad\x00")
# Half of a surrogate pair is no character: no UTF-8 library takes it.
_HALVES = late_regex("[\ud800-\udfff]")
_PLAIN = str.maketrans(
    {
        **_INVISIBLE,
        "\u00a0": " ", "\u3000": " ", "\u2007": " ", "\u202f": " ",
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00b4": "'",
        "\uff3f": "_", "\uff0d": "-", "\uff1e": ">", "\uff1c": "<", "\uff1d": "=", "\uff0e": ".",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip
_PLAINABLE = late_regex(f"[{''.join(map(chr, _PLAIN))}]")
# Typed on a Chinese keyboard after an English word; after a Chinese one they belong there.
_WIDE = late_regex(r"(?<=[\x21-\x7e])[\uff1a\uff08\uff09\uff0c\uff1b]|[\uff08](?=[\x21-\x7e])")
_NARROW = {"\uff1a": ":", "\uff08": "(", "\uff09": ")", "\uff0c": ",", "\uff1b": ";"}
_QUOTE = late_regex(r"[ ]{0,3}>(?!>>)[ ]?")
_DEEPEST_QUOTE = 20


def clean(text: str) -> tuple[str, bool]:
    """Return the clean text of a line with its blanks, and whether it was a Markdown quotation."""
    if not text.isascii():
        text = _HALVES.sub("\ufffd", text)
        text = text.translate(_PLAIN) if _PLAINABLE.search(text) else text
        text = _WIDE.sub(lambda found: _NARROW[found[0]], text)
    elif "\x00" in text:
        text = text.replace("\x00", "")
    if "m" in text and "[" in text:
        text = _ESCAPES.sub("", text) if "\x1b" in text else text
        text = _LOST_ESCAPES.sub("", _LOST_ERASURE.sub("", text))
    elif "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if "](http" in text:
        text = _LINKED_FRAME.sub(r"\1", text)
    if "<" in text:
        text = _TAGS.sub(" ", text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    return _unquote(text)


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
