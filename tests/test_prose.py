"""The reporter's own sentences, and nothing of what forms and tools put around them."""

from __future__ import annotations

import pytest

from tests.making import knowledge, report
from triagebot.pipeline import Triage
from triagebot.prose import Sentence, sentences
from triagebot.sheet import lay_out

TRIAGE = Triage(knowledge())


def said(body: str) -> list[Sentence]:
    return list(sentences(lay_out(TRIAGE.read(report(body)))))


@pytest.mark.parametrize(
    "line",
    [
        "### Python version", "### Current behavior?", "- Python version: 3.9.0", "**Custom code**: Yes",
        "OS Platform and Distribution (e.g., Linux Ubuntu 16.04): Windows 11", "| a | b | c |", "```\ncode\n```",
        "- [x] I have searched", "KeyError: 'x'", "pip install kettle",
    ],
)  # fmt: skip
def test_furniture_is_nothing_that_anybody_says(line: str) -> None:
    """Labels, fields with short answers, tables, code and checklists are not read as sentences."""
    assert said(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "How do I keep water warm?", "## How do I keep the water warm for long?", "我的问题：水不热",
        "nvcc says that it is too old for my card",
        "npm install 半个小时都装不完，怎么办",
        "My problem: the water does not get warm at all",
    ],
)  # fmt: skip
def test_a_sentence_is_read_wherever_it_stands(line: str) -> None:
    """Questions in headings, Chinese, and sentences that begin like a command are what people say."""
    assert said(line)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Show a page instead of the plain error, please", "Show a page  , please"),
        ("rather than steam, I want water", " , I want water"),
        ("要热水而不是蒸汽，怎么办", "要热水 ，怎么办"),
        ("Besides the lid, the spout is stuck", " , the spout is stuck"),
        ("除了壶盖之外，壶嘴也打不开", " ，壶嘴也打不开"),
        ("cold ![nan](https://example.org/certificate.png) water", "cold   water"),
        ("see [the page](https://example.org/certificate.html) of lids", "see [the page  of lids"),
        ("水不热，如见https://example.org/lid?a=1谢谢", "水不热，如见 谢谢"),
        ("HTTPS://EXAMPLE.ORG/lid is cold", "  is cold"),
        ("lids[name](boil=True) fails", "lids[name](boil=True) fails"),
        ("报错[1](没有壶盖)怎么办", "报错[1](没有壶盖)怎么办"),
    ],
)
def test_what_a_sentence_sets_aside_is_not_said(line: str, left: str) -> None:
    """The quotation stays whole, and what is not wanted is no part of what is asked."""
    (sentence,) = said(line)
    assert (sentence.text, sentence.said) == (line, left)


def test_points_of_a_list_are_steps_unless_they_ask() -> None:
    """What was done tells less than what is asked."""
    assert [sentence.step for sentence in said("1. Open the lid\n2. How do I close it?\nIt leaks.")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "line",
    [
        "I've used save_best='auto' for the first stage",
        "After each epoch I validate, and I take the model with the best score",
        "I trained with save_best and have best_epoch_9.pth",
        "我用了默认的配置",
    ],
)
def test_what_the_reporter_only_did_is_a_step(line: str) -> None:
    """Who tells what was done asks about something else."""
    assert [sentence.step for sentence in said(line)] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "I use two cards and the loss becomes nan",
        "I set the lr to 0.02 then the loss explodes",
        "We run into unused parameters",
        "I keep seeing AP -1",
        "我们训练了两天然后loss变成nan",
        "I set it, the page stays blank",
        "We trained for a week but nothing is saved",
        "I want to use the best weights",
        "我用了默认的配置，但是没有保存",
        "Can I use the best weights?",
    ],
)
def test_how_it_went_is_no_step(line: str) -> None:
    """What is wished, asked or complained of is what the report is about."""
    assert [sentence.step for sentence in said(line)] == [False]


@pytest.mark.parametrize(
    "line",
    ["AaBb" * 5_000 + ".a", "a:" + "x" * 20_000 + "é", "a: " + "x " * 9_000, "|" * 20_000, "- " * 9_000, "I " * 9_000],
)
def test_a_line_without_end_is_read_to_its_end(line: str) -> None:
    """However a long line is made, it is read in one pass; a pattern that goes back and forth would take minutes."""
    assert all(len(sentence.text) <= 300 for sentence in said(line))


def test_what_follows_a_long_address_is_read() -> None:
    """The address of an uploaded image has hundreds of characters, and the question stands behind it."""
    (sentence,) = said(f"![image](https://example.org/a.png?key={'k' * 800}) why does the kettle hang after boiling?")
    assert sentence.said.strip() == "why does the kettle hang after boiling"
    assert sentence.asks


def test_what_an_address_holds_asks_nothing() -> None:
    """`what` in an address is no question."""
    (sentence,) = said("1. open https://example.org/what?is=1 first")
    assert (sentence.step, sentence.asks) == (True, False)


def test_a_command_that_goes_on_below_is_no_sentence() -> None:
    """`--keep-warm` of a command is no question how the water is kept warm."""
    command = "KETTLE_LID=open \\\npython -m kettle \\\n  --keep-warm after boiling"
    assert [sentence.text for sentence in said(f"{command}\nthe water is cold")] == ["the water is cold"]


@pytest.mark.parametrize("line", ["Hello everybody. \\", "你好 \\", "I installed it in C:\\kettle \\"])
def test_a_line_break_of_markdown_hides_nothing(line: str) -> None:
    """A backslash at a line's end goes on below in a command only."""
    *_, last = said(f"{line}\nHow is the water kept warm?")
    assert last.text == "How is the water kept warm"
