"""The page of an evaluation: readable without anything else, and deaf to what hostile cases hold."""

from __future__ import annotations

import re
from typing import Any

from tests.proof.test_evaluate import scored
from triagebot.proof.evaluate import summarise
from triagebot.proof.page import page
from triagebot.proof.tables import table, thresholds

TIMES = {"milliseconds": {"p50": 1.0, "p99": 2.0}}


def figures(*, hostile: str = "q") -> dict[str, Any]:
    """One right, one wrong answer and one missed report."""
    cases = [scored("positive", "a", "a", probability=0.97), scored("negative", acted="b", probability=0.85)]
    found = summarise([*cases, scored("positive", "c", said="a", probability=0.4)]) | TIMES
    found["wrong"][0]["quote"] = hostile
    return found


def test_the_page_shows_rates_plots_and_what_went_wrong() -> None:
    """It has a plot of reliability and one of thresholds, and names the cases by what was expected."""
    text = page(figures(), "cases.jsonl")
    assert (text.count("<svg"), text.count("</svg>"), text.count("<circle")) == (2, 2, 3)
    assert re.findall("<h2>(.*)</h2>", text)[-2:] == [
        "Wrong answers (1)",
        "Positives without the right answer (1)",
    ]
    assert "1/2" in text  # precision
    assert "http" not in text


def test_a_case_cannot_write_into_the_page() -> None:
    """Quotes come from issues: markup in them is shown, not obeyed, and braces are no template."""
    text = page(figures(hostile="<script>alert(1)</script> {{ figures }}"), "<b>")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "{{ figures }}" in text


def test_the_terminal_shows_reliability_thresholds_and_what_went_wrong() -> None:
    """A row for each tenth that occurs, the line that misled the bot, and what was thought of a missed report."""
    text = table(figures())
    assert "0.9 to 1.0       0.970    1.000        1" in text
    assert "wrong: x: b (0.85), expected silence; line 1: q" in text
    assert "missed: x: expected c; a (0.40); line 1: q" in text
    silent = summarise([scored("positive", "c"), scored("positive", "a", "b")]) | TIMES
    assert "missed: x: expected c; no entry came to mind" in table(silent)
    assert table(silent).count("missed: ") == 1
    assert "0.800" in thresholds(figures()["by_threshold"])
