"""How a report is built and what its form answers: length, code, links, questions, headings, turns of phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat

import numpy as np

from triagebot.diagnose.labels.hashing import Coder, Codes, runs
from triagebot.diagnose.labels.written import Written, heading_of
from triagebot.regexes import compile_regex

PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\s]{0,500}\)|<img\b[^>\n]{0,500}>", re.IGNORECASE)
LINK = re.compile(r"https?://\S+")
NUMBER = re.compile(r"\b\d[\d.,:\-/]*")
_SHORT = 40  # characters of an answer that stands for itself
_EMPTY = frozenset({"", "_no response_", "no response", "n/a", "none", "-"})
_PLAIN_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:'[a-z]+)?|[?!]")
_TAG = re.compile(r"\s*[\[(]?([\w\- ./]{2,24})[\])]?\s*(?::|(?<=\]))")
# Signs of what the author wants, which any project's reports share.
_SIGNS = {
    "inline-code": compile_regex(r"`[^`\n]+`"),
    "picture": compile_regex(PICTURE.pattern),
    "error": compile_regex(r"(?-i:Error|Exception|Warning)\b"),
    "expected": compile_regex(r"expected|actual|reproduc"),
    "version": compile_regex(r"\bv?\d{1,6}\.\d{1,6}\.\d"),
    "asks": compile_regex(
        r"\bhow (?:do|can|to|should)|\bis there (?:a|any)|\bwhy\b|\bis it possible\b|\bwondering\b"
        r"|\bcan (?:i|we|someone|anyone)\b|怎么|如何|为什么|请问"
    ),
    "wishes": compile_regex(
        r"would be (?:nice|great|good|useful|helpful)|feature request|please (?:add|support|consider)|\bpropos"
        r"|\bsuggest|\ballow\b|\benhancement|i(?:'d| would) like|希望|建议|支持一下"
    ),
}
_TRACE = compile_regex(
    r"(?m)Traceback \(most recent|^\s+at [\w.$<>]+\(|^\s*File \".+\", line \d|Segmentation fault|core dumped|SIGSEGV"
    r"|Exception|stack trace"
)
_SMALL_WORDS = frozenset(
    """
    a an the i me my we our you your he it its they them this that these those is are was were be been being am do
    does did have has had can could should would will may might must not no nor if then else when while where why how
    what which who whose there here to of in on at by for from with without into about as so than too very just only
    also but and or because any some all each more most other such own same again please thanks thank hi hello help
    anyone someone something anything need want like use using used get getting got make try tried trying know see
    seems work works working doesn't don't didn't can't isn't won't i'm i'd i've it's that's possible way instead new
    after before error bug issue feature question request support add allow ? !
    """.split()
)
_TURN = re.compile(rf"[.\n;:]|{_PLAIN_WORD.pattern}")
_EDGE, _GAP = Coder().codes(["\n", "_"]).tolist()
_CODES = dict(zip(_SMALL_WORDS, Coder().codes(_SMALL_WORDS).tolist(), strict=True)) | dict.fromkeys(".\n;:", _EDGE)


def structure(written: Written) -> Iterator[str]:
    """Yield how a report is built: length, code, links, questions, template headings, how the title begins."""
    prose = written.text
    length = len(prose.split())
    yield from (f"length>{least}" for least in (5, 20, 50, 100, 200, 400) if length > least)
    yield from (name for name, pattern in _SIGNS.items() if pattern.search(prose))
    yield from (f"title-{name}" for name, pattern in _SIGNS.items() if pattern.search(written.title))
    yield from _counted("code", bool(written.code) + len(written.code) // 10)
    yield from _counted("question", prose.count("?") + prose.count("？"))
    yield from _counted("link", len(LINK.findall(prose)))
    yield from _counted("ticked", sum(written.boxes))
    yield from _counted("unticked", len(written.boxes) - sum(written.boxes))
    if _TRACE.search("\n".join((*written.code, *written.prose))):
        yield "trace"
    if written.hidden:
        yield "hidden"
    yield from _beginnings(written)


def _counted(name: str, count: int) -> Iterator[str]:
    """Yield a count as steps: more is the former and something on top."""
    return (f"{name}>={step}" for step in (1, 2, 4, 8) if count >= step)


def _beginnings(written: Written) -> Iterator[str]:
    title = _PLAIN_WORD.findall(written.title.lower())
    yield from (f"first-{size}={' '.join(title[:size])}" for size in (1, 2) if len(title) >= size)
    if tag := _TAG.match(written.title):
        yield f"tag={tag[1].strip().lower()}"
    opening = next((line for line in written.prose if line.strip() and not heading_of(line)), "")
    yield from (f"opening={word}" for word in _PLAIN_WORD.findall(opening.lower())[:1])
    yield from (f"heading={_key(heading)}" for heading, _ in written.answers[:25] if heading)


def answers(written: Written) -> Iterator[str]:
    """Yield each heading of a form with its short answer, or how long the answer is."""
    for heading, text in written.answers[:40]:
        if not heading:
            continue
        plain = " ".join(text.lower().split())
        empty = plain in _EMPTY
        yield f"{_key(heading)}={'' if empty else NUMBER.sub('0', plain) if len(plain) <= _SHORT else '...'}"
        yield f"{_key(heading)}~{min(8, len(plain).bit_length() if not empty else 0)}"


def _key(heading: str) -> str:
    return "_".join(_PLAIN_WORD.findall(heading.lower()))[:40]


def turns(text: str) -> Codes:
    """Return the turns of phrase: runs of small words, with a gap wherever words of the subject stand."""
    asked = text.lower().replace("?", "?\n").replace("!", "!\n")
    codes = np.fromiter(map(_CODES.get, _TURN.findall(asked), repeat(_GAP)), np.uint32)
    again = (codes[1:] == codes[:-1]) & ((codes[1:] == _GAP) | (codes[1:] == _EDGE))
    return runs(np.delete(codes, np.flatnonzero(again)), 2, 4, edge=_EDGE)
