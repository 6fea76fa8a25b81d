"""Commands are read where a person meant them, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.github.commands import WORDS, read_commands
from triagebot.records import Command


def words(text: str, before: str = "") -> list[str]:
    return [f"{command.word} {command.argument}".strip() for command in read_commands(text, before)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/triage", ["again"]),
        ("/triage why", ["why"]),
        ("/triage WRONG", ["wrong"]),
        ("Thanks!\n\n/triage faq lid-missing\n", ["faq lid-missing"]),
        ("这个不对\n/triage wrong\n谢谢", ["wrong"]),
        ("  /triage   quiet  ", ["quiet"]),
        ("- /triage apply", ["apply"]),
        ("/triage wrong\r\n/triage quiet", ["wrong", "quiet"]),
        ("/triage wrong\n/triage wrong", ["wrong"]),
        ("/triage fly to the moon", ["fly to the moon"]),
    ],
)
def test_a_command_starts_a_line_of_prose(text: str, read: list[str]) -> None:
    """Alone or below other words, in any capitals; an unknown word is read too, so that it can be answered."""
    assert words(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "please /triage this",
        "/triager",
        "/triagewhy",
        "`/triage wrong`",
        "`x` /triage wrong",
        "```\n/triage wrong\n```",
        "~~~ text\n/triage wrong",
        "    /triage wrong",
        "> /triage wrong",
        "> so he wrote\n/triage wrong",
        "- > /triage wrong",
        "<!-- /triage wrong -->",
        "<!--\n/triage wrong\n-->",
        "<details>\n/triage wrong\n</details>",
        "`code that\n/triage wrong\ngoes on`",
        "",
    ],
)
def test_code_quotes_and_html_are_no_commands(text: str) -> None:
    """What is quoted, shown as code or hidden is not meant."""
    assert words(text) == []


def test_an_edit_runs_only_what_is_new() -> None:
    """A typo mended below a command does not run the command again; one that is written a second time runs again."""
    assert words("/triage wrong\n\nbecause", "/triage wrong\n\nbecuase") == []
    assert words("/triage wrong\n/triage quiet", "/triage wrong") == ["quiet"]
    assert words("/triage why", "> /triage why") == ["why"]
    assert words("/triage wrong\n\nand\n\n/triage wrong", "/triage wrong") == ["wrong"]


def test_long_arguments_and_many_commands_are_cut() -> None:
    """Nobody makes us do a thousand things with one comment."""
    many = "\n".join(f"/triage faq entry-{number}" for number in range(1000))
    assert len(read_commands(many)) == 10
    assert len(read_commands("/triage faq " + "x" * 5000)[0].argument) == 80


@given(st.text(alphabet="/triage why`>\n-<!*[]()", max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Whatever stands in a comment, reading it gives commands, each a short word."""
    assert all(isinstance(command, Command) and len(command.word) <= 80 for command in read_commands(text))


def test_every_word_is_read_as_itself() -> None:
    """The words that can be asked are those that are read."""
    assert [read_commands(f"/triage {word}")[0].word for word in WORDS] == list(WORDS)
