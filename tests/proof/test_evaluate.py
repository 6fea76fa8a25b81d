"""The figures are what their names say, and the shipped FAQ reaches its floor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from triagebot.pipeline import Triage
from triagebot.proof.evaluate import Scored, calibration_by_chance, calibration_error, score, summarise, wilson
from triagebot.records import Report
from triagebot.wiring import load_knowledge

CASES = Path(__file__).parent.parent / "cases" / "mmdetection-dev.jsonl"


def scored(kind: str, faq: str = "", acted: str = "", said: str = "", probability: float = 1.0) -> Scored:
    acts = tuple(acted.split())
    return Scored(
        id="x", language="en", kind=kind, faq=frozenset(faq.split()), fair=frozenset(), acted=acts,
        said=acts + tuple(said.split()), probability=probability, quote="q", line=1,
        first=(acts + tuple(said.split()) + ("",))[0],
    )  # fmt: skip


def test_the_figures_are_what_they_are_called() -> None:
    """Two positives (one right, one suggested), one wrong answer on a negative, one silent negative."""
    figures = summarise(
        [
            scored("positive", "a", "a"),
            scored("positive", "b", said="c b"),
            scored("negative", acted="a"),
            scored("negative"),
        ]
    )
    rates = {key: figures[key]["rate"] for key in ("precision", "coverage", "among_three", "false_answers")}
    assert rates == {"precision": 0.5, "coverage": 0.5, "among_three": 1.0, "false_answers": 0.5}
    assert [item["expected"] for item in figures["wrong"]] == [[]]
    assert figures["per_entry"]["b"]["rate"] == 0


def test_nothing_counted_is_no_rate() -> None:
    """Without negatives there is no rate of false answers."""
    assert summarise([scored("positive", "a", "a")])["false_answers"]["rate"] is None


def test_wilson_intervals() -> None:
    """The interval of 9 in 10, from the closed form; nothing counted leaves everything open."""
    assert wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_calibration_error() -> None:
    """Answers said with 0.9 that are right half the time are 0.4 off."""
    half = [scored("positive", "a", "a", probability=0.9), scored("positive", "b", "a", probability=0.9)]
    assert calibration_error(half) == pytest.approx(0.4)


def test_a_perfect_scale_has_a_calibration_error_too_on_few_cases() -> None:
    """Two answers at 0.5 are off by half a case on average; the more cases, the less is left to chance."""
    coins = [scored("positive", "a", "a", probability=0.5)] * 2
    assert calibration_by_chance(coins) == pytest.approx(0.28, abs=0.01)
    assert calibration_by_chance(coins * 100) == pytest.approx(0.028, abs=0.001)
    assert calibration_by_chance([]) == 0.0


def test_other_thresholds_are_shown_beside_the_one_in_use() -> None:
    """A higher threshold trades coverage for precision."""
    cases = [scored("positive", "a", "a", probability=0.9), scored("negative", said="a", probability=0.6)]
    table = {row["act_from"]: row for row in summarise(cases)["by_threshold"]}
    assert (table[0.5]["precision"], table[0.5]["false_answers"]) == (0.5, 1.0)
    assert (table[0.8]["precision"], table[0.8]["coverage"], table[0.8]["false_answers"]) == (1.0, 1.0, 0.0)
    assert table[0.95]["coverage"] == 0.0


def test_the_shipped_faq_reaches_its_floor() -> None:
    """On 320 real reports retold: few answers are wrong, most positives are answered, negatives are left alone."""
    core = Triage(load_knowledge(None))
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    reports = [Report(id=case["id"], title=case["title"] or "", body=case["body"] or "") for case in cases]
    figures = summarise([score(case, core.judge(report)) for case, report in zip(cases, reports, strict=True)])
    assert figures["precision"]["rate"] >= 0.985
    assert figures["coverage"]["rate"] >= 0.80
    assert figures["among_three"]["rate"] >= 0.90
    assert figures["false_answers"]["rate"] <= 0.015
    assert figures["negatives_with_suggestion"]["rate"] <= 0.35
