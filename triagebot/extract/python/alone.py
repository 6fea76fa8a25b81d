"""Error lines that stand without a traceback: in prose, in a title, in backticks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triagebot.extract.python.chatter import without_chatter
from triagebot.extract.python.messages import is_envelope, whole_message
from triagebot.extract.python.shapes import HEADER, short
from triagebot.extract.python.traces import LONGEST_LINE
from triagebot.late import late_regex
from triagebot.records import Block, Line
from triagebot.sighting import ALONE, ENVELOPE, Sighting, sign
from triagebot.symbols import is_of_java

_DOTTED = r"(?:[A-Za-z_]\w{0,80}\.){0,10}"
_ALONE = late_regex(
    r"(?:^|[\s`*\"'\[({,;|>:：，。]|[^\x00-\x7f])"
    rf"(?P<type>{_DOTTED}[A-Z]\w{{0,60}}(?:Error|Exception)|(?:cv2|struct|socket|zlib|binascii|select|re|lzma)\.error)"
    r"\s?:\s{0,3}(?P<message>[^\s].*)$"
)
_BARE = late_regex(rf"\s*`{{0,3}}\**(?P<type>{_DOTTED}[A-Z]\w{{1,60}}(?:Error|Exception))\**`{{0,3}}:?\s*$")
_ELSEWHERE = late_regex(r"\s*at \S.{0,300}:\d+\)?\s*$|\s*at \S.{0,200}\(.{0,100}\)\s*$|\s*\.\.\. \d+ more")
_DOTNET = late_regex(r"(?:System|Microsoft)\.")
_FRAMED = late_regex(r" at [\w.<>$ \[\]]{0,100}\(?\S{1,300}:\d+(?::\d+)?\)")
# What only a JavaScript engine says of its own types, which are called as Python's are.
_JAVASCRIPT = late_regex(
    r"Cannot (?:read|set) propert|is not a (?:function|constructor)|is not iterable|Unexpected (?:token|end of JSON)"
    r"|undefined is not|null is not|\bis not defined$|Cannot (?:destructure|access '.{1,60}' before)"
    r"|Assignment to constant"
)
_SCRIPTED = frozenset({"TypeError", "ReferenceError", "SyntaxError", "RangeError", "URIError", "EvalError"})
# What conda and setuptools say under the name of an exception is read where their other words are.
_OF_TOOLS = frozenset(
    "UnsatisfiableError LibMambaUnsatisfiableError PackagesNotFoundError CondaHTTPError UnpickleableException".split()
)
_MOST = 10


def read_alone(lines: Sequence[Line], used: set[int]) -> Iterator[Sighting]:
    """Yield lines shaped like an exception outside of every traceback; weaker than any that stands in one."""
    count = 0
    for place, line in enumerate(lines):
        text = line.text[:LONGEST_LINE]
        if place in used or ("rror" not in text and "xception" not in text):
            continue
        found = _ALONE.search(text) or (_BARE.match(text) if line.block is not Block.HEADING else None)
        if found is None:
            continue
        marked = text[: found.start("type")].endswith(("`", "*"))
        message = _trimmed(found.groupdict().get("message") or "", marked=marked)
        if message.endswith(":"):
            message = whole_message(message, lines, place)
        if _is_foreign(found["type"], message, lines, place):
            continue
        kind = short(found["type"])
        signature = sign(line, "opencv" if kind == "cv2.error" else "python", kind, message)
        standing = ENVELOPE if is_envelope(kind, message) else ALONE
        yield Sighting(signature=signature, standing=standing, place=place, order=-place)
        count += 1
        if count >= _MOST:
            return


def _is_foreign(kind: str, message: str, lines: Sequence[Line], place: int) -> bool:
    """Say whether a line is another language's: by its frames, its package, or what only JavaScript says."""
    if any(_ELSEWHERE.match(line.text[:LONGEST_LINE]) for line in lines[place + 1 : place + 4]):
        return True
    if short(kind) in _OF_TOOLS or HEADER in message:
        return True
    if _FRAMED.search(message):
        return True
    return bool(is_of_java(kind) or _DOTNET.match(kind)) or (
        short(kind) in _SCRIPTED and _JAVASCRIPT.search(message) is not None
    )


def _trimmed(message: str, *, marked: bool) -> str:
    """Take off the marks of the Markdown around an error line in prose; `marked`: it began with one."""
    message = message.partition("```")[0].strip()
    for mark in () if not marked else ("`", "**", "``"):
        if message.count(mark) % 2 and mark in message:
            message = message.partition(mark)[0] if not message.startswith(mark) else message.lstrip("`*")
    return without_chatter(message.strip("` *") if marked else message)
