"""Exceptions are found as they were raised, in any wrapping."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.making import knowledge, report
from triagebot.extract import build
from triagebot.parse import parse
from triagebot.records import Signature

EXTRACT = build(knowledge())

PROGRAMS = {
    "plain": ("def f(x):\n    return 1 / x\nf(0)", "ZeroDivisionError", "division by zero"),
    "no message": ("assert 1 > 2", "AssertionError", ""),
    "chained": ("try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('bad config') from e", "ValueError", "bad config"),
    "context": ("try:\n    {}['a']\nexcept KeyError:\n    int('x')", "ValueError", "invalid literal for int() with base 10: 'x'"),
    "dotted": ("import json\njson.loads('{')", "JSONDecodeError", "Expecting property name"),
    "syntax": ("eval('1 +')", "SyntaxError", "invalid syntax"),
    "thread": ("import threading\nt = threading.Thread(target=lambda: {}['k'])\nt.start()\nt.join()", "KeyError", "'k'"),
    "import": ("import no_such_module.ops", "ModuleNotFoundError", "No module named 'no_such_module'"),
    "recursion": ("def f():\n    f()\nf()", "RecursionError", "maximum recursion depth exceeded"),
    "asyncio": ("import asyncio\nasync def f():\n    raise OSError(2, 'gone')\nasyncio.run(f())", "FileNotFoundError", "[Errno 2] gone"),
}  # fmt: skip

CONTAINERS: dict[str, Callable[[str], str]] = {
    "bare": lambda text: text,
    "fence": lambda text: f"It fails:\n\n```\n{text}\n```\nwhy?",
    "quote": lambda text: "\n".join("> " + line for line in text.split("\n")),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "colour": lambda text: "\n".join(f"\x1b[31m{line}\x1b[0m" for line in text.split("\n")),
    "rank": lambda text: "\n".join(f"[rank0]: {line}" for line in text.split("\n")),
    "actions": lambda text: "\n".join(f"2024-05-01T12:00:00.1234567Z {line}" for line in text.split("\n")),
    "html": lambda text: "<details><pre>\n" + text.replace("<", "&lt;").replace(">", "&gt;") + "\n</pre></details>",
    "log above": lambda text: "2024-04-29 05:02:46 - mmdet - INFO - start\nloss: 0.3\n" + text,
}


def signatures(body: str, title: str = "") -> tuple[Signature, ...]:
    return EXTRACT(parse(report(body, title))).signatures


@pytest.fixture(scope="module")
def raised() -> dict[str, str]:
    """Run every program in an interpreter of its own and return what it printed."""
    outputs = {}
    for name, (program, _, _) in PROGRAMS.items():
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
        outputs[name] = done.stderr
    return outputs


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_what_was_really_raised_is_named_first(raised: dict[str, str], name: str, container: str) -> None:
    """Type and message of a real interpreter's traceback survive every container."""
    _, kind, message = PROGRAMS[name]
    first = signatures(CONTAINERS[container](raised[name]))[0]
    assert (first.family, first.type) == ("python", kind)
    assert first.message.startswith(message)
    assert not first.partial


def test_chained_exceptions_are_all_named(raised: dict[str, str]) -> None:
    """The last one raised comes first, its cause after it."""
    assert [s.type for s in signatures(raised["chained"])] == ["ValueError", "KeyError"]


def test_frames_are_the_innermost(raised: dict[str, str]) -> None:
    """File and function, without line numbers."""
    assert signatures(raised["plain"])[0].frames[-1] == "<string>:f"


def test_the_line_is_that_of_the_message() -> None:
    """The signature points at the line where the error is said."""
    body = 'x\n\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: 1'
    assert signatures(body)[0].line == 6


def test_a_cut_tail_invents_no_type() -> None:
    """Frames without an end are a partial signature."""
    (only,) = signatures('Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()')
    assert (only.partial, only.type, only.message, only.frames) == (True, "", "", ("a.py:f",))


def test_a_whole_traceback_in_one_line_is_read() -> None:
    """A chat's option field has no line breaks."""
    body = 'Traceback (most recent call last): File "a.py", line 1, in f g() ValueError: bad spout'
    first = signatures(body)[0]
    assert (first.type, first.message, first.frames) == ("ValueError", "bad spout", ("a.py:f",))


def test_a_notebook_is_read() -> None:
    """The type stands at both ends; the last line has the message."""
    body = (
        "ValueError                                Traceback (most recent call last)\n"
        "Cell In[1], line 4, in scale(x, f)\n      3 def scale(x, f):\n----> 4     raise ValueError('bad')\n\n"
        "ValueError: bad"
    )
    assert [(s.type, s.message) for s in signatures(body)] == [("ValueError", "bad")]


def test_envelopes_stand_behind_what_they_pass_on() -> None:
    """A worker's and a launcher's exceptions are not what a maintainer would name."""
    body = (
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nKeyError: 'spout'\n"
        'Traceback (most recent call last):\n  File "run.py", line 9, in main\n'
        "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \ntrain.py FAILED"
    )
    assert [s.type for s in signatures(body)] == ["KeyError", "ChildFailedError"]


def test_an_error_in_prose_or_title_counts_when_nothing_better_is_there() -> None:
    """A free-standing error line is found, with the marks of Markdown taken off."""
    assert signatures("I get `KeyError: 'ConvWS'` here")[0].message == "'ConvWS'"
    assert signatures("", "RuntimeError: bad spout")[0].line == 0


def test_javascript_is_not_python() -> None:
    """The same type name with frames of another language is of another family."""
    body = "TypeError: Cannot read properties of null (reading 'foo')\n    at f (/app/x.js:1:2)"
    assert signatures(body)[0].family == "javascript"


@pytest.mark.parametrize(
    "body",
    [
        "There is an error in the documentation of cuDNN.",
        "### Error traceback\n\nIf applicable, paste the error here.",
        "UserWarning: this is only a warning",
        "How should I handle exceptions in Python?",
        "",
    ],
)
def test_no_error_gives_nothing(body: str) -> None:
    """Words about errors are no errors."""
    assert signatures(body) == ()


@pytest.mark.parametrize(
    "piece", ["at ", "File ", '  File "', "Traceback (most recent call last):\n", "E: ", "a.", "A", "x:1:"]
)
def test_hostile_text_ends(piece: str) -> None:
    """Repetition of what the patterns begin with changes nothing but the length."""
    found = signatures(piece * 30_000 + "\nKeyError: 'spout'")
    assert any(signature.type == "KeyError" for signature in found)
