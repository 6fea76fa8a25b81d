"""The figures of an evaluation for a terminal: rates with their intervals, reliability, every case that went wrong."""

from __future__ import annotations

from typing import Any

NAMES = {
    "precision": "precision of answers",
    "coverage": "coverage of positives",
    "among_three": "right among three",
    "false_answers": "false answers on negatives",
    "negatives_with_suggestion": "negatives with a suggestion",
}
"""The rates that matter most, in the order in which they are read, with the words for them."""

_QUOTE = 100


def table(figures: dict[str, Any]) -> str:
    """Return the figures of `summarise` as text: rates, entries, languages, kinds, calibration, then what went wrong.

    A positive that was answered wrongly stands among the wrong answers alone.
    """
    lines = [f"{'':32}{'rate':>7}  {'95 % interval':15}{'count':>10}"]
    lines += [_row(name, figures[key]) for key, name in NAMES.items()]
    lines += ["", *(_row(name, rate) for name, rate in figures["per_entry"].items())]
    lines += ["", *(_row(f"language {name}", rate) for name, rate in figures["per_language"].items())]
    lines += ["", *(_row(f"answered, {kind}", rate) for kind, rate in figures["answered_per_kind"].items())]
    lines += ["", *_reliability(figures["reliability"])]
    times = figures["milliseconds"]
    chance = f"a perfect scale would show about {figures['calibration_by_chance']:.3f} on so many cases"
    lines += ["", f"calibration error {figures['calibration_error']:.3f} ({chance})"]
    lines += [f"{figures['cases']} cases, {times['p50']} ms a report (p50), {times['p99']} ms (p99)"]
    missed = [_missed(item) for item in figures["missed"] if not item["said"]]
    lines += [""] * bool(figures["wrong"]) + [_wrong(item) for item in figures["wrong"]]
    lines += [""] * bool(missed) + missed
    return "\n".join(lines)


def thresholds(rows: list[dict[str, Any]]) -> str:
    """Return the table of other thresholds for acting as text."""
    lines = [f"\n{'act from':>10}{'precision':>12}{'coverage':>12}{'false':>12}"]
    keys = ("act_from", "precision", "coverage", "false_answers")
    for row in rows:
        shown = ["-" if row[key] is None else f"{row[key]:.3f}" for key in keys]
        lines.append(f"{shown[0]:>10}{shown[1]:>12}{shown[2]:>12}{shown[3]:>12}")
    return "\n".join(lines)


def _row(name: str, rate: dict[str, Any]) -> str:
    shown = "-" if rate["rate"] is None else f"{rate['rate']:.3f}"
    return f"{name:32}{shown:>7}  {rate['low']:.3f} to {rate['high']:.3f} {rate['hits']:>6}/{rate['of']}"


def _reliability(bins: list[dict[str, Any]]) -> list[str]:
    rows = [
        f"{b['from']:.1f} to {b['from'] + 0.1:.1f}{b['said']:>12.3f}{b['right']:>9.3f}{b['count']:>9}" for b in bins
    ]
    return [f"{'probability':10}{'said':>12}{'right':>9}{'count':>9}", *rows]


def _wrong(item: dict[str, Any]) -> str:
    expected = ", ".join(item["expected"]) or "silence"
    return f"wrong: {item['id']}: {item['said']} ({item['probability']:.2f}), expected {expected}; {_where(item)}"


def _missed(item: dict[str, Any]) -> str:
    thought = (
        f"{item['first']} ({item['probability']:.2f}); {_where(item)}" if item["first"] else "no entry came to mind"
    )
    return f"missed: {item['id']}: expected {', '.join(item['expected'])}; {thought}"


def _where(item: dict[str, Any]) -> str:
    place = f"line {item['line']}" if item["line"] else "title"
    return f"{place}: {item['quote'][:_QUOTE]}"
