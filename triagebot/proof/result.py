"""A verdict and its reply as the command line prints them: version 1 of the JSON contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from triagebot.compose import field_how, field_title, field_why, finding_text
from triagebot.compose.words import Voice
from triagebot.records import Answer, Evidence, Finding, Knowledge, Label, Missing, Reply, Signature, Verdict

VERSION = 1


def to_result(verdict: Verdict, reply: Reply, knowledge: Knowledge) -> dict[str, Any]:
    """Return the result of one report; lines count from 1 in the body, 0 is the title."""
    case = verdict.assessment.case
    voice = Voice(knowledge, reply.language)
    return {
        "version": VERSION,
        "id": case.document.report.id,
        "language": reply.language,
        "outcome": str(verdict.outcome),
        "answers": [_answer(answer) for answer in verdict.answers],
        "signatures": [_signature(signature) for signature in case.signatures],
        "environment": [asdict(fact) for fact in case.environment],
        "findings": [_finding(finding, voice) for finding in verdict.assessment.findings],
        "missing": [_missing(item, voice) for item in verdict.missing],
        "labels": [_label(label) for label in verdict.labels],
        "reasons": list(verdict.reasons),
        "reply": reply.text,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    diagnosis = answer.diagnosis
    return {
        "entry": diagnosis.entry.id,
        "level": str(answer.level),
        "probability": diagnosis.probability,
        "evidence": [_evidence(item) for item in diagnosis.evidence],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {"matcher": item.matcher, "quote": item.quote, "line": item.line, "score": round(item.score, 4)}


def _signature(signature: Signature) -> dict[str, Any]:
    return {**asdict(signature), "frames": list(signature.frames)}


def _finding(finding: Finding, voice: Voice) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "text": finding_text(finding, voice),
        "facts": list(dict.fromkeys(fact.name for fact in finding.facts)),
    }


def _missing(item: Missing, voice: Voice) -> dict[str, Any]:
    return {
        "field": item.field.id,
        "title": field_title(item, voice),
        "why": field_why(item, voice),
        "how": field_how(item, voice),
    }


def _label(label: Label) -> dict[str, Any]:
    return {
        "name": label.name,
        "source": label.source,
        "probability": label.probability,
        "level": str(label.level),
        "reasons": list(label.reasons),
    }
