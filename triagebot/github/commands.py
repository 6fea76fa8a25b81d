"""Commands in comments: `/triage WORD` at the start of a line of prose, not in code, quotes or HTML (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from triagebot.records import Command

TRIGGER = "/triage"
WORDS = ("again", "why", "wrong", "apply", "faq", "quiet")
"""What can be asked; `/triage` alone means again."""

_LONGEST_COMMENT = 65_536
_LONGEST_ARGUMENT = 80
_MOST_COMMANDS = 10
# Rules that take more than linear time, and that no command needs.
_UNUSED = ["emphasis", "link", "image", "autolink", "entity"]


def read_commands(text: str, before: str = "") -> tuple[Command, ...]:
    """Return the commands of a comment; of an edited one only those that did not stand in it `before`.

    An unknown word is a command as well: whoever wrote it gets told.  Source: CommonMark 0.31 decides what is prose.
    """
    known = Counter(_commands(before))
    fresh = []
    for command in _commands(text):
        if known[command]:
            known[command] -= 1
        else:
            fresh.append(command)
    return tuple(dict.fromkeys(fresh))[:_MOST_COMMANDS]


def _commands(text: str) -> Iterator[Command]:
    if TRIGGER not in text:
        return
    for line in _prose(_markdown().parse(text[:_LONGEST_COMMENT])):
        word, *rest = line.split() or [""]
        if word == TRIGGER:
            yield Command(word=(rest[0].lower() if rest else "again")[:_LONGEST_ARGUMENT], argument=_argument(rest[1:]))


def _argument(words: Sequence[str]) -> str:
    return " ".join(words)[:_LONGEST_ARGUMENT]


def _prose(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield lines of paragraphs that are no quotes; code and HTML inside a line count for nothing."""
    quotes = 0
    for token in tokens:
        quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "inline" and not quotes:
            yield from _lines(token.children or [])


def _lines(pieces: Sequence[Token]) -> Iterator[str]:
    line = ""
    for piece in pieces:
        if piece.type in {"softbreak", "hardbreak"}:
            yield line
            line = ""
        else:
            # A mark in place of code keeps a command that only follows it from starting the line.
            line += piece.content if piece.type == "text" else "\0"
    yield line


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").disable(_UNUSED)
