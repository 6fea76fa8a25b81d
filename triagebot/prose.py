"""What a reporter says in own words: title and sentences, without the furniture of forms, tables and environments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from triagebot.records import Block, Line
from triagebot.sheet import Sheet

# 不是 and 没有 deny; 是不是 and 有没有 ask, while 但是不是 and 所有没有 deny again.
IS_NOT = r"(?<!(?<![但可只还])是)不是"
HAS_NOT = r"(?<!(?<![所只])有)没有"
_SENTENCE_END = re.compile(r"[.?!](?:\s|$)|[。？！；;\n]")
_MOST_SENTENCES = 60
_LONGEST_SENTENCE = 300
_LONGEST_WITH_ADDRESSES = 3000  # those of uploaded images are long
# `- Python version: 3.9.0`, `**Custom code**: Yes`: a form's question with its short answer.
_FIELD = re.compile(
    r"^\W*[A-Za-z][\w /()*`,.+\-]{0,70}[*`]{0,2}\s?:[*`]{0,2}\s{0,20}(?:[\x21-\x7e]{1,60}\s{0,20}){0,2}$"
)
_ROW = re.compile(r"\|.*\|")
# `nvcc says that it does not know my card`: begins like a command, and is a sentence.
_COMMAND = re.compile(
    r"^\s*(?:pip3?|conda|mim|python3?|bash|git|cmake|make|ninja|nvcc|apt|npm|npx|yarn|cargo) [a-z']+ "
)
# A shell goes on below: `NAME=1 \`, `$ python a.py \`.  In Markdown the same ends a line of a sentence.
_GOES_ON = " \\"
_BEGINS = re.compile(rf"{_COMMAND.pattern}|\s*(?:\$ |[A-Z_]{{2,40}}=|--?[a-z])")
_SMALL_WORD = re.compile(r"\b(?:the|my|is|it|that|when|after|but|i|a|for|to|does|not|and|says?|of)\b")
_SMALL_WORDS = 3
# `npm install 一个小时都装不完`: who goes on in Chinese behind a command tells of it.
_CHINESE_WORDS = re.compile(r"[\u3400-\u9fff]{2}")
# `my own page instead of the plain error`: what is not wanted, or did not happen.
_ASIDE = re.compile(
    r"\b(?:instead of|rather than|besides|apart from|aside from|other than|except for)\b[^,.;:!?()]{1,80}"
    r"|而不是[^，。；！？,]{1,40}|除了[^，。；！？,]{1,40}(?:之外|以外|外)",
    re.IGNORECASE,
)
# An address says nothing in words, and neither does the name of an image: `![nan](https://example.org/1.png)`.
_ADDRESS = re.compile(
    r"!\[[^\]]{0,200}\]\([^)\s]{1,2000}\)?|\]\((?=https?:|[/#.])[^)\s]{1,2000}\)?"
    r"|(?<![a-z0-9])https?://[^\s<>\"')\]\u3000-\uffef]{1,2000}",
    re.IGNORECASE,
)
_STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*+])\s")
_ASKED = re.compile(r"[?？]|吗|怎么|如何|为什么|\b(?:how|why|what|which|where|can|is|does|do)\b", re.IGNORECASE)
# `I've used save_best for the first stage`, `After each epoch I take the best`: what was done, not how it went.
_DID = re.compile(
    r"^\W*(?:(?:so|first|then|now|currently|at the moment|(?:after|in|at|for|with) [\w ]{1,30}),? )?"
    r"(?:i|we)(?:['’]ve| have)? (?:already |just |also |then )?(?:used?|take|took|taken|validated?|trained?|saved?|set"
    r"|made|ran|run(?! into)|add|added|enabled?|chose|picked|load|loaded|resumed?|keep(?! \w+ing)|kept)\b"
    r"|^\W*(?:我|我们)(?:已经?)?(?:用|使用|设置|保存|加|训练|跑|取|选)(?:了|的是)",
    re.IGNORECASE,
)
_HOW_IT_WENT = re.compile(
    r"\b(?:but|however|want|wish|not|no|none|never|only|nothing|errors?|fail\w*|when|while|until|always|nan|out of"
    r"|then|so|see|too|hang\w*|stuck|grow\w*|explod\w*|crash\w*|leak\w*|become\w*|turn\w*)\b|n['’]t\b"
    r"| and (?!(?:i|we|have|had)\b)|,(?! (?:and )?(?:i|we)\b)"
    r"|[，但却不没只卡爆]|报错|总是|一直|变成|变为",
    re.IGNORECASE,
)
_ASKED_HEADING = 5  # words: shorter ones are labels of a form, with a question mark or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence and its line.

    `said`: without what it sets aside; `step`: it tells what was done; `asks`: it has a word that asks.
    """

    text: str
    said: str
    line: int
    step: bool
    asks: bool

    @property
    def in_title(self) -> bool:
        """Whether it stands in the title."""
        return self.line == 0


def own_lines(sheet: Sheet) -> Iterator[Line]:
    """Yield the title and the lines of prose that the reporter wrote as sentences."""
    commands = _lines_of_commands(sheet.lines)
    for line in sheet.lines:
        if (
            (line.block is Block.CODE and not _is_sentence(line.text))
            or line.number in commands
            or _FIELD.match(line.text)
            or _ROW.search(line.text)
        ):
            continue
        if line.block is not Block.HEADING or _is_asked(line.text):
            yield line


def _lines_of_commands(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines of commands that go on over several lines outside of all fences."""
    found: set[int] = set()
    going_on_to = -1
    for line in lines:
        inside = line.number == going_on_to
        goes_on = line.text.endswith(_GOES_ON) and (inside or _BEGINS.match(line.text) is not None)
        if inside or goes_on:
            found.add(line.number)
        going_on_to = line.number + 1 if goes_on else -1
    return frozenset(found)


@lru_cache(maxsize=4)  # several matchers ask for those of one sheet after another
def sentences(sheet: Sheet) -> tuple[Sentence, ...]:
    """Return the reporter's sentences with their lines, the first sixty of them."""
    return tuple(islice(_sentences(sheet), _MOST_SENTENCES))


def _sentences(sheet: Sheet) -> Iterator[Sentence]:
    for line in own_lines(sheet):
        step = bool(_STEP.match(line.text)) and not _ASKED.search(_ADDRESS.sub(" ", line.text))
        for sentence in filter(str.strip, _SENTENCE_END.split(_STEP.sub("", line.text))):
            words = _ADDRESS.sub(" ", sentence.strip()[:_LONGEST_WITH_ADDRESSES])[:_LONGEST_SENTENCE]
            yield Sentence(
                text=sentence.strip()[:_LONGEST_SENTENCE],
                said=_ASIDE.sub(" ", words),
                line=line.number,
                step=step or _only_did(words),
                asks=_ASKED.search(words) is not None,
            )


def _only_did(text: str) -> bool:
    """Say whether a sentence only tells what the reporter did."""
    return bool(_DID.match(text)) and not _ASKED.search(text) and not _HOW_IT_WENT.search(text)


def _is_sentence(text: str) -> bool:
    if not _COMMAND.match(text):
        return False
    start = text[:_LONGEST_SENTENCE]
    return bool(_CHINESE_WORDS.search(start)) or len(_SMALL_WORD.findall(start)) >= _SMALL_WORDS


def _is_asked(heading: str) -> bool:
    return heading.rstrip(" *:").endswith(("?", "？")) and (
        not heading.isascii() or heading.count(" ") >= _ASKED_HEADING
    )
