"""What a training says of itself: labels, figures on issues not seen before, cut-offs and what they rest on."""

from __future__ import annotations

from typing import Any

from triagebot.diagnose.labels.model import LabelModel


def table(name: str, model: LabelModel) -> str:
    """Return the report of one repository's model for a terminal."""
    report: Any = model.report
    lines = [f"{name or 'all issues'}: {report['issues']} issues, {len(model.labels)} labels"]
    if model.labels:
        lines += [_quality(report), f"  {'':28}{'issues':>7}{'F1':>7}   suggest{'':18}act", *_rows(report)]
    lines += [f"  not learned: {label} ({why})" for label, why in report["dropped"].items()]
    return "\n".join(lines)


def _quality(report: Any) -> str:
    later, mixed = report["later_issues"], report["cross_validated"]
    when = "on later issues" if report["in_order_of_time"] else "on issues held back (no dates: not by time)"
    return (
        f"  calibration error (ECE) {later['calibration_error']:.3f} {when} ({later['judged']}), "
        f"{mixed['calibration_error']:.3f} cross-validated"
    )


def _rows(report: Any) -> list[str]:
    rows = []
    for (label, count), f1 in zip(report["labels"].items(), report["cross_validated"]["f1"], strict=True):
        cuts = report["cuts"][label]
        rows.append(f"  {label[:28]:28}{count:>7}{f1:>7.3f}   {_cut(cuts['suggest']):25}{_cut(cuts['act'])}")
    return rows


def _cut(proof: Any) -> str:
    return "silent" if proof is None else f"from {proof['from']:.2f} ({proof['right']}/{proof['said']} right)"
