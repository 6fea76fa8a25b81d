"""What each room saw of a report, and why each entry was chosen or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from triagebot.diagnose.veto import build_veto
from triagebot.pipeline import Triage
from triagebot.records import Case, Evidence, Line, Policy, Report, Verdict

VERSION = 1
_WIDTH = 160
_POLICY = Policy()


def explain(core: Triage, report: Report, policy: Policy = _POLICY) -> dict[str, Any]:
    """Return what every room made of a report, as plain values; lines count from 1 in the body, 0 is the title."""
    verdict = core.judge(report, policy)
    case = verdict.assessment.case
    evidence = core.evidence(case)
    return {
        "version": VERSION,
        "id": report.id,
        "language": case.document.language,
        "lines": [_line(line) for line in case.document.lines],
        "signatures": [asdict(signature) | {"frames": list(signature.frames)} for signature in case.signatures],
        "environment": [asdict(fact) for fact in case.environment],
        "evidence": [asdict(item) for item in evidence],
        "entries": list(_entries(core, verdict, evidence)),
        "findings": [finding.rule.id for finding in verdict.assessment.findings],
        "missing": [item.field.id for item in verdict.missing],
        "outcome": str(verdict.outcome),
        "reasons": list(verdict.reasons),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "line": line.number,
        "block": str(line.block),
        "quoted": line.quoted,
        "marks": list(line.marks),
        "text": line.text,
    }


def _entries(core: Triage, verdict: Verdict, evidence: tuple[Evidence, ...]) -> Iterator[dict[str, Any]]:
    """Yield the entries, likeliest first, each with its level and the reason for it."""
    levels = {answer.diagnosis.entry.id: str(answer.level) for answer in verdict.answers}
    thought = {diagnosis.entry.id: diagnosis for diagnosis in verdict.assessment.diagnoses}
    unsaid = _unsaid(core, verdict.assessment.case, {item.entry for item in evidence} - set(thought))
    for name, diagnosis in thought.items():
        why = next((r for r in verdict.reasons if r.startswith(f"{name} ")), "")
        yield {
            "entry": name,
            "level": levels.get(name, "no"),
            "probability": diagnosis.probability,
            "why": why.removeprefix(f"{name} "),
            "features": dict(diagnosis.features),
        }
    for entry in core.knowledge.entries:
        if entry.id not in thought:
            why = unsaid.get(entry.id, "nothing in the report speaks for it")
            yield {"entry": entry.id, "level": "no", "probability": 0.0, "why": why, "features": {}}


def _unsaid(core: Triage, case: Case, names: set[str]) -> Mapping[str, str]:
    """Return why entries that have evidence are no diagnosis."""
    ruled_out = set(build_veto(core.knowledge.entries)(case, sorted(names)))
    return {
        name: "is ruled out: what its `unless` names stands in the report"
        if name in ruled_out
        else "what speaks for it is too weak to think of it"
        for name in names
    }


def show(explanation: Mapping[str, Any]) -> str:
    """Return an explanation as text for a terminal, room by room."""
    return "\n".join(_shown(explanation))


def _shown(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"1 parse: {told['id']}, language {told['language']}"
    for line in told["lines"]:
        marks = " ".join([*line["marks"], *([">"] if line["quoted"] else [])])
        yield _cut(f"  {line['line']:5} {line['block']:8} {marks:8} {line['text']}").rstrip()
    if not told["lines"]:
        yield "  no text: a verdict is kept without it"
    yield f"\n2 extract: {len(told['signatures'])} signatures, {len(told['environment'])} facts"
    for rank, signature in enumerate(told["signatures"], start=1):
        yield from _signature(rank, signature)
    for fact in told["environment"]:
        yield _cut(f"  fact {fact['name']} = {fact['value']} (line {fact['line']})")
    yield f"\n3 match: {len(told['evidence'])} pieces of evidence"
    for item in told["evidence"]:
        yield _cut(f"  {item['entry']}: {item['matcher']} {item['score']:.2f}, line {item['line']}: {item['quote']}")
    yield "\n4 diagnose, 5 decide"
    yield from _choices(told)
    for name in ("findings", "missing"):
        if told[name]:
            yield f"  {name}: {', '.join(told[name])}"
    yield f"  outcome: {told['outcome']}"


def _signature(rank: int, signature: Mapping[str, Any]) -> Iterator[str]:
    partial = ", its end is cut off" if signature["partial"] else ""
    kind = signature["type"] or "(no type)"
    yield f"  {rank}. {signature['family']} {kind}, line {signature['line']}{partial}"
    yield _cut(f"     message      {signature['message']}")
    yield _cut(f"     masked       {signature['masked']}")
    yield f"     fingerprint  {signature['fingerprint']}"
    if signature["frames"]:
        yield _cut(f"     frames       {' <- '.join(reversed(signature['frames']))}")
    for name, value in signature["details"].items():
        yield _cut(f"     {name:12} {value}")


def _choices(told: Mapping[str, Any]) -> Iterator[str]:
    silent = [entry["entry"] for entry in told["entries"] if not entry["probability"] and "nothing" in entry["why"]]
    for entry in told["entries"]:
        if entry["entry"] not in silent:
            yield f"  {entry['probability']:.2f} {entry['level']:8} {entry['entry']}: {entry['why']}"
            if entry["features"]:
                made = ", ".join(f"{name} {value:.2f}" for name, value in entry["features"].items())
                yield f"                made of {made}"
    if silent:
        yield f"  nothing in the report speaks for {', '.join(silent)}"


def _cut(text: str) -> str:
    flat = text.replace("\n", " ")
    return flat if len(flat) <= _WIDTH else flat[: _WIDTH - 3] + "..."
