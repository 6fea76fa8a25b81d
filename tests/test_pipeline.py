"""From any report to a reply: nothing raises, every quote has its line, the same input gives the same answer."""

from __future__ import annotations

import gc
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagebot.errors import KnowledgeError
from triagebot.garbage import uncollected
from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.proof.result import to_result
from triagebot.records import Report
from triagebot.wiring import load_knowledge

CORE = Triage(load_knowledge(None))

PIECES = (
    "No module named 'mmcv._ext'", "CUDA out of memory", "loss: nan", "Traceback (most recent call last):", "KeyError: 'x'",
    '  File "a.py", line 1, in f', "PyTorch: 1.9.0+cu111", "mmcv==1.7.0", "please install torch 1.8", "<!--", "-->", "```",
    "> ", "\n", "\r\n", "\\n", "**", "# ", "- [x] ", "|", ": ", "`", "@everyone", "{0}", "\ud800", "\x00", "\u202e", "没有报",
    "显存不足", "how to save the best model?", "x" * 300, " " * 80, "１２：", "&lt;", "<details>", "\x1b[31m",
)  # fmt: skip


def result(body: str, title: str = "") -> dict[str, object]:
    verdict = CORE.judge(Report(id="a/b#1", title=title, body=body))
    return to_result(verdict, CORE.answer(verdict)[0], CORE.knowledge)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(alphabet=st.characters(codec=None), max_size=12)), max_size=40),
    st.sampled_from(("", *PIECES)),
)
def test_any_mixture_is_answered_or_left_alone(pieces: list[str], title: str) -> None:
    """Whatever is pasted together, a result comes out that is JSON, and its lines exist in the report."""
    body = "".join(pieces)
    made = result(body, title)
    assert json.loads(json.dumps(made)) == json.loads(json.dumps(result(body, title)))
    count = len(body.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    text = json.dumps(made)
    lines = [int(part.split(",")[0].split("}")[0]) for part in text.split('"line": ')[1:]]
    assert all(0 <= line <= count for line in lines)


@pytest.mark.parametrize("piece", ["[", " ", "`", "> ", "\n", "a.", "at ", 'File "', "KeyError: x\n", "torch==1.", "please torch 1.9 ",
    "显存", "1.2.3 ", "<", "&lt;", "\x1b[", "PyTorch: 1.9 ", "undefined symbol ", "/a", "RTX 3090 ", "# a   b", "\ud800"])  # fmt: skip
def test_a_full_comment_of_one_thing_is_read_to_its_end(piece: str) -> None:
    """65,536 characters of anything are read, and what stands behind them is found."""
    body = (piece * 65_536)[:65_536] + "\n\nModuleNotFoundError: No module named 'mmcv._ext'"
    said = [answer["entry"] for answer in result(body)["answers"]]  # type: ignore[attr-defined]
    assert "mmcv-ops-missing" in said


def test_the_search_for_garbage_is_put_off_and_taken_up_again() -> None:
    """Also where building fails, and not where it was off before."""
    assert gc.isenabled()
    with pytest.raises(KnowledgeError):
        read_knowledge({"faq.yaml": "entries: 3"})
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
