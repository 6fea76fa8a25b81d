"""Room 5, decide: what is said, at which level, and what is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.decide.apart import contested, sign_of
from triagebot.decide.asking import to_ask, unmet
from triagebot.decide.fixes import fixes_for
from triagebot.decide.labels import choose_labels
from triagebot.decide.tried import tried
from triagebot.records import (
    Answer,
    Assessment,
    Case,
    Diagnosis,
    Entry,
    LabelTaste,
    Level,
    Missing,
    Outcome,
    Policy,
    Template,
    Verdict,
)


def decide(
    assessment: Assessment,
    template: Template,
    policy: Policy,
    taste: LabelTaste = LabelTaste(),  # noqa: B008 - frozen
) -> Verdict:
    """Choose the level of every diagnosis, what to ask for, and the outcome."""
    answers = _answers(assessment, policy)
    missing = to_ask(assessment, answers, template)
    outcome = _outcome(answers, missing)
    return Verdict(
        assessment=assessment,
        outcome=outcome,
        answers=answers,
        missing=missing,
        labels=choose_labels(answers, missing, assessment.labels, policy, taste),
        reasons=tuple(_reasons(assessment, answers, missing, policy)),
    )


def _answers(assessment: Assessment, policy: Policy) -> tuple[Answer, ...]:
    """The first diagnosis may be the answer; everything else is at most a suggestion."""
    environment = assessment.case.environment
    rivals = contested(assessment.diagnoses)
    said = []
    for rank, diagnosis in enumerate(assessment.diagnoses[: policy.most_suggestions]):
        if diagnosis.probability < policy.suggest_from:
            break
        sure = rank == 0 and diagnosis.probability >= policy.act_from and not unmet(diagnosis.entry, environment)
        sure = sure and not tried(diagnosis.entry, assessment.case)
        level = Level.ACT if sure and not rivals else Level.SUGGEST
        said.append(_answer(diagnosis, level, rivals, assessment.case))
    return tuple(said)


def _answer(diagnosis: Diagnosis, level: Level, rivals: Sequence[Entry], case: Case) -> Answer:
    entry = diagnosis.entry
    claimed = entry in rivals
    sign = sign_of(entry, rivals, case) if claimed else ""
    return Answer(
        diagnosis=diagnosis, level=level, fixes=fixes_for(entry, case.environment), contested=claimed, sign=sign
    )


def _outcome(answers: Sequence[Answer], missing: Sequence[Missing]) -> Outcome:
    if answers:
        return Outcome.ANSWER if answers[0].level is Level.ACT else Outcome.SUGGEST
    return Outcome.NEEDS_INFO if missing else Outcome.SILENT


def _reasons(
    assessment: Assessment, answers: Sequence[Answer], missing: Sequence[Missing], policy: Policy
) -> list[str]:
    """Say in plain English, for maintainers, why every diagnosis got its level."""
    levels = {answer.diagnosis.entry.id: answer.level for answer in answers}
    reasons = [
        _reason(diagnosis, levels.get(diagnosis.entry.id), assessment, policy) for diagnosis in assessment.diagnoses
    ]
    reasons += [f"rule {finding.rule.id} holds over the environment" for finding in assessment.findings]
    reasons += [f"{item.field.id} is not in the report" for item in missing]
    return reasons or ["nothing in the report resembles an entry, and nothing that the answer needs is missing"]


def _reason(diagnosis: Diagnosis, level: Level | None, assessment: Assessment, policy: Policy) -> str:
    name, probability = diagnosis.entry.id, diagnosis.probability
    waiting = unmet(diagnosis.entry, assessment.case.environment)
    if level is Level.ACT:
        return f"{name} is the answer: {probability:.2f} is at least {policy.act_from}"
    if level is None:
        return f"{name} is not mentioned: {probability:.2f} is below {policy.suggest_from}, or three are said already"
    if level is Level.SUGGEST and probability >= policy.act_from and contested(assessment.diagnoses):
        return f"{name} is only suggested: another entry claims the same line with the same right"
    if probability >= policy.act_from and (done := tried(diagnosis.entry, assessment.case)):
        return f"{name} is only suggested: the reporter writes that `{done}` is done already"
    if waiting:
        return f"{name} is only suggested: the report does not tell {', '.join(waiting)}"
    return f"{name} is only suggested: {probability:.2f} is below {policy.act_from}, or another is likelier"
