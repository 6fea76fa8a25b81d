"""Facts that two places tell differently are said; findings may speak against an entry."""

from __future__ import annotations

import pytest

from triagebot.pipeline import Triage
from triagebot.records import Report, Verdict
from triagebot.wiring import load_knowledge

CORE = Triage(load_knowledge(None))
ERROR = "```\nModuleNotFoundError: No module named 'mmcv._ext'\n```\n"


def judged(body: str, title: str = "") -> Verdict:
    return CORE.judge(Report(id="x", title=title, body=body))


def found(body: str) -> list[str]:
    return [finding.rule.id for finding in judged(body).assessment.findings]


def test_two_versions_of_one_thing_are_kept_and_said() -> None:
    """Both stand in the reply with their lines, both fixes are given, and the one fact is asked for."""
    verdict = judged(f"MMCV: 1.3.9\n\n{ERROR}\npip list\nmmcv 2.0.0\n")
    reply = CORE.answer(verdict)[0].text
    assert "MMCV version: two places of the report differ" in reply
    assert "MMCV version `1.3.9` (line 1), MMCV version `2.0.0` (line 8)" in reply
    assert len(verdict.answers[0].fixes) == 2
    assert [(item.field.id, item.why) for item in verdict.missing] == [("mmcv", "why-twice")]


@pytest.mark.parametrize(
    "body",
    [
        "MMCV: 1.3.9\nmmcv-full 1.3.9",
        "PyTorch: 1.9.0+cu111\ntorch 1.9",
        "GPU 0: Tesla T4\nGPU 1: RTX 3090",
        "mmcv               1.7.0\nmmcv-full          1.6.0",
    ],
)
def test_what_agrees_or_is_two_things_is_no_contradiction(body: str) -> None:
    """The same version in other words, several cards, and two packages side by side."""
    assert "told-twice" not in found(ERROR + body)


def test_what_follows_from_a_contradiction_is_not_said_again() -> None:
    """The CUDA of two PyTorch wheels differs because the wheels do."""
    assert (
        found(
            "RuntimeError: CUDA error: no kernel image is available\ntorch==1.9.0+cu111\nPyTorch: 1.10.0+cu113"
        ).count("told-twice")
        == 1
    )


def test_a_finding_against_an_entry_lowers_it_and_is_said() -> None:
    """Operators that are there make "operators missing" less likely; the reply says where else to look."""
    shown = judged(ERROR + "MMCV: 1.5.0\nMMCV Compiler: GCC 7.3\nMMCV CUDA Compiler: 11.1")
    plain = judged(ERROR + "MMCV: 1.5.0")
    assert shown.answers[0].diagnosis.probability < plain.answers[0].diagnosis.probability
    assert shown.answers[0].diagnosis.entry.id == "mmcv-ops-missing"
    assert "which python" in CORE.answer(shown)[0].text


def test_the_range_that_the_assertion_prints_wins_over_the_table() -> None:
    """Where the error names the range, no rule of ours says another one."""
    line = "AssertionError: MMCV==1.2.4 is used but incompatible. Please install mmcv>=1.3.8, <=1.4.0."
    assert found(f"{line}\nMMDetection: 2.19.0") == ["mmcv-outside-printed-range"]
    assert "`>=1.3.8, <=1.4.0` (line 1)" in CORE.answer(judged(line))[0].text
