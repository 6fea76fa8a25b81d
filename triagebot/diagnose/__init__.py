"""Room 4, diagnose: evidence and environment become ranked causes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from triagebot.diagnose.context import build_context
from triagebot.diagnose.fusion import fuse
from triagebot.diagnose.rules import find_findings
from triagebot.diagnose.veto import build_veto
from triagebot.records import Assessment, Case, Diagnosis, Entry, Evidence, Finding, Knowledge

Judge = Callable[[Case, tuple[Evidence, ...]], Assessment]
_LEAST = 0.05
# A finding takes away this part of the doubt about an entry it points to.
_FINDING_HELPS = 0.3


def build(knowledge: Knowledge) -> Judge:
    """Prepare what weighs the evidence of a case: entries by id, vetoes and rules."""
    entries = {entry.id: entry for entry in knowledge.entries}
    vetoed = build_veto(knowledge.entries)

    def diagnose(case: Case, evidence: tuple[Evidence, ...]) -> Assessment:
        findings = find_findings(case.environment, knowledge.rules)
        piles = _by_entry(evidence)
        for entry in vetoed(case, piles):
            del piles[entry]
        return Assessment(case=case, diagnoses=_ranked(case, piles, entries, findings), findings=findings)

    return diagnose


def _by_entry(evidence: tuple[Evidence, ...]) -> dict[str, list[Evidence]]:
    piles: defaultdict[str, list[Evidence]] = defaultdict(list)
    for item in dict.fromkeys(evidence):  # two patterns of an entry may see the same words
        piles[item.entry].append(item)
    return dict(piles)


def _ranked(
    case: Case, piles: Mapping[str, list[Evidence]], entries: Mapping[str, Entry], findings: tuple[Finding, ...]
) -> tuple[Diagnosis, ...]:
    weigh = build_context(case)
    helped = {entry for finding in findings for entry in finding.rule.entries}
    diagnoses = []
    for name, pile in piles.items():
        probability, evidence = fuse(pile, weigh)
        if name in helped:
            probability += (1 - probability) * _FINDING_HELPS * probability
        if probability >= _LEAST:
            diagnoses.append(Diagnosis(entry=entries[name], probability=round(probability, 4), evidence=evidence))
    return tuple(sorted(diagnoses, key=_strongest_first))


def _strongest_first(diagnosis: Diagnosis) -> tuple[Any, ...]:
    return (-diagnosis.probability, diagnosis.evidence[0].line, diagnosis.entry.id)
