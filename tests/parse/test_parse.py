"""A report's lines come out clean, numbered as in the original, each in its block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.parse import parse
from triagebot.records import Block, Document, Report, Template

ERROR = "ValueError: the spout is on fire"


def read(body: str, title: str = "", *boilerplate: str) -> Document:
    return parse(Report(id="x", title=title, body=body), Template(boilerplate=boilerplate))


def shown(body: str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in read(body).lines if line.text]


@pytest.mark.parametrize(
    "container",
    [
        "{}",
        "> {}",
        "> > {}",
        ">> {}",
        "\x1b[0;31m{}\x1b[0m",
        "[0;31m{}[0m",
        "[rank0]: {}",
        "2024-05-01T12:00:00.1234567Z {}",
        "2024-04-29 05:02:46,123 - mmdet - ERROR - {}",
        "#12 3.140 {}",
        "worker-1  | {}",
        "<pre>{}",
        "\u200b{}\u00a0",
        "| {}",
        "{}\r",
    ],
)
def test_containers_are_taken_off(container: str) -> None:
    """Quote marks, colours, ranks, timestamps, log prefixes, tags and invisible characters hide no error."""
    body = "first\n" + container.replace("{}", ERROR) + "\nlast"
    assert (2, ERROR) in [(number, text.strip()) for number, text in shown(body)]


@pytest.mark.parametrize(
    "text", [">>> import mmcv", "a[0] = b[1]", "- an item", "x -> y", "1. first step", "a < b > c"]
)
def test_what_is_no_container_stays(text: str) -> None:
    """Prompts, indexes, items and arrows are the text itself."""
    assert shown(text) == [(1, text)]


def test_html_entities_are_read() -> None:
    """`&lt;module&gt;` is `<module>`."""
    assert shown("in &lt;module&gt;")[0][1] == "in <module>"


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "```python", "   ```", "- ```"])
def test_fences_make_code(fence: str) -> None:
    """Backticks and tildes, of any length, with a language, indented or in a list."""
    document = read(f"before\n{fence}\n# no heading\n{fence.strip('- ').split('p')[0]}\nafter")
    blocks = {line.text: line.block for line in document.lines}
    assert blocks["# no heading"] is Block.CODE
    assert blocks["after"] is Block.PROSE


def test_an_unclosed_fence_runs_to_the_end() -> None:
    """What follows is code."""
    assert read("```\na\n\n### b").lines[-1].block is Block.CODE


def test_comments_are_hidden_and_what_stands_beside_them_is_not() -> None:
    """An HTML comment over several lines is no text of the reporter; an answer after it is."""
    lines = read("<!-- please\nwrite here --> my answer\nmore").lines
    assert [(line.block, line.text) for line in lines if line.block is not Block.COMMENT] == [
        (Block.PROSE, " my answer"),
        (Block.PROSE, "more"),
    ]


def test_template_words_are_nobodys_words() -> None:
    """Lines of the template, ticked boxes and `_No response_` are told from the reporter's own."""
    body = "**Describe the bug**\nA clear description.\n- [x] I have searched\n_No response_\nmine"
    blocks = [line.block for line in read(body, "", "A clear description").lines]
    assert blocks == [Block.HEADING, Block.TEMPLATE, Block.TEMPLATE, Block.TEMPLATE, Block.PROSE]


def test_sections_follow_headings() -> None:
    """Both spellings of headings open a section; one inside a fence does not."""
    sections = read("### 环境\na\n```\n### no\n```\n**Bug**\nb").sections
    assert [(s.heading, [line.text for line in s.lines]) for s in sections] == [
        ("环境", ["a", "### no"]),
        ("Bug", ["b"]),
    ]


def test_a_traceback_written_in_one_json_string_is_unrolled() -> None:
    """Written-out line breaks of a traceback are line breaks, all of them on the original line."""
    body = '"Traceback (most recent call last):\\n  File \\"a.py\\", line 1\\nValueError: x"'
    assert shown(body)[-1] == (1, "ValueError: x")


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("help", "it does not work", "en"),
        ("请问怎么解决", "RuntimeError: CUDA out of memory and a lot of English words in the error", "zh"),
        (
            "DLL load failed",
            "I get this:\n```\nImportError: DLL load failed: 找不到指定的模块。\n```\nany ideas?",
            "en",
        ),
        ("エラー", "インストールできません。助けてください。環境構築中", "en"),
        ("", "", "en"),
    ],
)
def test_the_language_is_the_reporters_own(title: str, body: str, language: str) -> None:
    """Told from sentences, not from what machines print."""
    assert read(body, title).language == language


@pytest.mark.parametrize("piece", ["[", " ", "`", ">", "> ", "<!--", "*", "#", "\x1b[", "&lt;", "<pre>", "```\n", "\r"])
def test_hostile_text_is_read_like_any_other(piece: str) -> None:
    """A hundred thousand brackets, blanks, backticks or quote marks are only text."""
    body = piece * 100_000 + "\n" + ERROR
    document = read(body)
    assert any(ERROR in line.text for line in document.lines)


@given(st.text(alphabet=st.characters(codec=None), max_size=300), st.text(max_size=40))
def test_every_line_points_into_the_original(body: str, title: str) -> None:
    """Whatever the text, offsets lie inside it, numbers ascend, and title lines are numbered 0."""
    lines = read(body, title).lines
    own = [line for line in lines if line.number > 0]
    assert all(0 <= line.start <= line.end <= len(body) for line in own)
    assert [line.number for line in own] == sorted(line.number for line in own)
    assert {line.block for line in lines if line.number == 0} <= {Block.TITLE}
