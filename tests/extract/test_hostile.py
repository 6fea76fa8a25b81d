"""Any text can be read: nothing is raised, every place lies in the original, and long texts take no more than longer."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import knowledge, report
from triagebot.pipeline import Triage
from triagebot.records import Case, Report

CORE = Triage(knowledge())
PIECES = [
    "Traceback (most recent call last):", '  File "a.py", line 3, in f', "    x = 1", "ValueError: no", "KeyError", "\n", "\r\n",
    "E       assert 0", "a.py:3: KeyError", "╭─── Traceback (most recent call last) ───╮", "│ a.py:3 in f │", "╰───╯", "> ", "```",
    "[rank0]: ", "[rank1]: ", "#12 3.140 ", "  | ", "+-+---------------- 1 ----------------", "\x1b[0;31m", "[0m", "\x00", "\ud800",
    "----> 4 ", "Cell In[1], line 4, in f(x)", "    at f (x.js:1:2)", "panic: oh", "goroutine 1 [running]:", "Caused by: a.b.CException: x",
    "\\n", '"', "<br>", "<pre>", "&lt;", "undefined symbol: _ZNK2at6Tensor7is_cudaEv", "_ZN", "make: *** [a] Error 1", "7 ", "8 ",
    "thread 'main' panicked at a.rs:1:2:", "error: ", "CMake Error at a:1 (b):", "  what():  x", "==1==ERROR: AddressSanitizer: x",
    "#0 0x1 in f (a=1) at g.cpp:1", 'Exception in thread "main" ', "npm ERR! code E1", "0x12", "'", "：", "错误", " ", "    ",
]  # fmt: skip
HOSTILE = [
    "[", "(", " ", "at ", "File", 'File "', "`", "```\n", "'", '"', "\\n", "\\\\", "> ", ">", "|", "│ ", "E   ", "Error: ", "aError", "a.", "A.b:",
    "Traceback (most recent call last)", 'File "a", line 1, in b ', "Traceback (most recent call last):\n", '  File "a", line 1, in b\n',
    "_Z", "_ZN1a", "SI_", "undefined symbol: _ZN1aIS_IS_IS_", "1 ", "1: a\n", "1 a\n", "[rank0]: x\n", "#1 0.1 ", "ERROR - ", "a - ", "\x1b[", "[0m",
    "<br>", "<!--", "&lt;", "error: ", "ValueError: x\n", "E   x\n", "a.py:1: in f\n", "panic: ", "Caused by: a.b.C: x\n", "/a", "C:\\a", "\ud800", "\x00",
    "2024-05-01T12:00:00Z ", "frame #0: c10::Error::Error + 0x1\n", "what(): ", "make: *** [", "x" * 79 + "\n", "<a<", "{", "::", "a::b<", "at a.b(C.java:1)\n",
    "    at f (x.js:1:2)\n", "error[E0308]: a\n", "0x", "12", "-1", "1.2.", "a@b.", "http://", "--> 1 ", "In[", "+--", "CMake Error at ", "#0 0x1 in f ",
]  # fmt: skip
IN_A_LINE = [
    "12/12 ",
    "12/",
    "npm error ",
    "a.c:1: error: ",
    "a/a/",
    "line 1: ",
    "0x1 is located ",
    "1s/",
    "[00:",
    "ETA: ",
    " --> a",
    "==1==",
    "1/1 [00:00<0]=",
]
BEGINNINGS = ["npm error x ", 'Traceback (most recent call last): File "a.py", line 1, in f ValueError: x']
TIMES = 100_000
ROUNDS = 6
PROPORTION = 9


def check(body: str, case: Case) -> None:
    """Hold a case against its text: every line, signature and fact stands in the original."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for line in case.document.lines:
        assert 0 <= line.start <= line.end <= len(body) or line.number == 0
    numbers = [s.line for s in case.signatures] + [f.line for f in case.environment]
    assert all(0 <= number <= lines for number in numbers)
    for signature in case.signatures:
        assert signature.family
        assert signature.type or signature.partial
        assert len(signature.fingerprint) == 16
        assert (signature.masked + signature.message).encode("utf-8") or signature.partial or signature.type


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(alphabet=st.characters(codec=None), max_size=12), max_size=40),
    st.sampled_from(["", "\n", " "]),
)
def test_any_mixture_can_be_read(pieces: list[str], glue: str) -> None:
    """Pieces of every form, glued in any order, with half characters and NULs, only give signatures that stand there."""
    body = glue.join(pieces)
    check(body, CORE.read(report(body)))


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
@settings(deadline=None)
def test_any_text_can_be_read(body: str) -> None:
    """Whatever the characters."""
    check(body, CORE.read(report(body)))


def _seconds(body: str, work: Callable[[Report], object]) -> float:
    """Return the processor's time, which other programs do not lengthen."""
    started = time.process_time()
    work(report(body))
    return time.process_time() - started


def grows(short: str, long: str, work: Callable[[Report], object] = CORE.read) -> float:
    """Return how many times as long the long text takes; what other programs cost is never taken for ours."""
    few = many = float("inf")
    for _ in range(ROUNDS):
        few, many = min(few, _seconds(short, work)), min(many, _seconds(long, work))
        if many <= PROPORTION * few + 0.01:
            break
    return max(many - 0.01, 0.0) / few


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_costs_in_proportion(piece: str) -> None:
    """Four times the text takes about four times as long: something quadratic takes sixteen times."""
    assert grows(piece * (TIMES // 4 // len(piece)), piece * (TIMES // len(piece))) <= PROPORTION


@pytest.mark.parametrize("begin", BEGINNINGS)
@pytest.mark.parametrize("piece", [*(piece for piece in HOSTILE if "\n" not in piece), *IN_A_LINE])
def test_a_hostile_line_costs_in_proportion(piece: str, begin: str) -> None:
    """Below the length at which a line is cut, in a log or a traceback that stands in one line."""
    short, long = (f"{begin}{piece * (length // len(piece))}y" for length in (4_500, 18_000))
    assert grows(short, long) <= PROPORTION
