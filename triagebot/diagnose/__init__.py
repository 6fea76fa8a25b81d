"""Room 4, diagnose: evidence and environment become ranked causes; labels beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triagebot.diagnose.context import build_context
from triagebot.diagnose.fusion import believe, featurise, predict, scale, sort_by_worth
from triagebot.diagnose.labels import build as build_labels
from triagebot.diagnose.rules import build_rules
from triagebot.diagnose.twice import TOLD_TWICE, entries_by_fact, told_twice
from triagebot.diagnose.veto import build_veto
from triagebot.records import Assessment, Case, Diagnosis, Entry, Evidence, Finding, Knowledge, Policy

Judge = Callable[[Case, tuple[Evidence, ...]], Assessment]
_LEAST = 0.05
_WORTH_SAYING = Policy().suggest_from


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    entries: Mapping[str, Entry]
    weights: Mapping[str, float]


def build(knowledge: Knowledge) -> Judge:
    """Prepare what weighs the evidence of a case: entries by id, vetoes and rules."""
    known = _Known(entries={entry.id: entry for entry in knowledge.entries}, weights=knowledge.fusion)
    vetoed = build_veto(knowledge.entries)
    suggest = build_labels(knowledge)
    concerned = entries_by_fact(knowledge)
    find_findings = build_rules(knowledge.rules)

    def diagnose(case: Case, evidence: tuple[Evidence, ...]) -> Assessment:
        findings = (*find_findings(case.environment), *told_twice(case.environment, concerned))
        piles = _by_entry(evidence)
        for entry in vetoed(case, piles):
            del piles[entry]
        diagnoses = _ranked(case, piles, findings, known)
        said = tuple(_to_say(findings, diagnoses))
        return Assessment(case=case, diagnoses=diagnoses, findings=said, labels=suggest(case))

    return diagnose


def _to_say(findings: Iterable[Finding], diagnoses: Sequence[Diagnosis]) -> Iterator[Finding]:
    """Yield the findings; what only speaks against entries is news where one of them is thought of."""
    thought_of = {diagnosis.entry.id for diagnosis in diagnoses if diagnosis.probability >= _WORTH_SAYING}
    for finding in findings:
        if not finding.rule.against or finding.rule.entries or thought_of & set(finding.rule.against):
            yield finding


def _by_entry(evidence: tuple[Evidence, ...]) -> dict[str, list[Evidence]]:
    piles: defaultdict[str, list[Evidence]] = defaultdict(list)
    for item in dict.fromkeys(evidence):  # two patterns of an entry may see the same words
        piles[item.entry].append(item)
    return dict(piles)


def _ranked(
    case: Case, piles: Mapping[str, list[Evidence]], findings: tuple[Finding, ...], knowledge: _Known
) -> tuple[Diagnosis, ...]:
    if not piles:
        return ()
    weigh = build_context(case)
    helped = {entry for finding in findings if finding.rule.id != TOLD_TWICE for entry in finding.rule.entries}
    hurt = {entry for finding in findings for entry in finding.rule.against} - helped
    worths = {name: sort_by_worth(pile, weigh) for name, pile in piles.items()}
    beliefs = {name: believe(found, helped=name in helped, hurt=name in hurt) for name, found in worths.items()}
    diagnoses = []
    for name, found in worths.items():
        rival = max((belief for other, belief in beliefs.items() if other != name), default=0.0)
        features = featurise(found, beliefs[name], rival)
        probability = _probability(beliefs[name], rival, features, knowledge.weights)
        if probability >= _LEAST:
            diagnoses.append(
                Diagnosis(
                    entry=knowledge.entries[name],
                    probability=round(probability, 4),
                    evidence=tuple(item for _, item in found),
                    features=features,
                )
            )
    return tuple(sorted(diagnoses, key=_strongest_first))


def _probability(belief: float, rival: float, features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return what was learned of such features or, where nothing was, the belief on its scale, 0 for hardly any."""
    if weights:
        return predict(features, weights)
    return scale(belief, likeliest=belief >= rival) if belief >= _LEAST else 0.0


def _strongest_first(diagnosis: Diagnosis) -> tuple[Any, ...]:
    return (-diagnosis.probability, diagnosis.evidence[0].line, diagnosis.entry.id)
