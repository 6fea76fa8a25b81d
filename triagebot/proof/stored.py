"""A verdict that was kept, told as an explanation is: the report's own text was left where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from triagebot.proof.explain import VERSION


def told_again(chain: str) -> dict[str, Any]:
    """Return the chain of `store.memory.chain` in the shape of an explanation; it holds no lines of the text."""
    verdict = json.loads(chain)["verdict"]
    assessment = verdict["assessment"]
    case = assessment["case"]
    diagnoses = assessment["diagnoses"]
    return {
        "version": VERSION,
        "id": case["document"]["report"]["id"],
        "language": case["document"]["language"],
        "lines": [],
        "signatures": case["signatures"],
        "environment": case["environment"],
        "evidence": [evidence for diagnosis in diagnoses for evidence in diagnosis["evidence"]],
        "entries": list(_entries(verdict, diagnoses)),
        "findings": [finding["rule"] for finding in assessment["findings"]],
        "missing": [item["field"] for item in verdict["missing"]],
        "outcome": verdict["outcome"],
        "reasons": verdict["reasons"],
    }


def _entries(verdict: Mapping[str, Any], diagnoses: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    levels = {answer["diagnosis"]["entry"]: answer["level"] for answer in verdict["answers"]}
    for diagnosis in diagnoses:
        name = diagnosis["entry"]
        why = next((reason for reason in verdict["reasons"] if reason.startswith(f"{name} ")), "")
        yield {
            "entry": name,
            "level": levels.get(name, "no"),
            "probability": diagnosis["probability"],
            "why": why.removeprefix(f"{name} "),
            "features": diagnosis["features"],
        }
