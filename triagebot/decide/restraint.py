"""How far a repository lets the bot go: what of a verdict is said, shown to maintainers, or kept to itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from triagebot.decide.fixes import fixes_for
from triagebot.records import Answer, Diagnosis, Entry, Label, Level, Missing, Outcome, Policy, Rung, Verdict

_SILENT = frozenset({Rung.OFF, Rung.OBSERVE})


def restrain(verdict: Verdict, policy: Policy, entries: Sequence[Entry] = ()) -> Verdict:
    """Return what may be said and done of a verdict; the verdict itself stays what was thought.

    A pinned entry is looked for in `entries`: it is the answer, and nothing is asked or suggested beside it.
    """
    pinned = next((entry for entry in entries if entry.id == policy.pinned), None) if policy.pinned else None
    if pinned is not None:
        return _pinned(verdict, pinned)
    answers = tuple(_answers(verdict, policy))
    missing = _missing(verdict, answers, policy)
    labels = tuple(_labels(verdict, answers, missing, policy))
    return replace(verdict, answers=answers, missing=missing, labels=labels, outcome=_outcome(answers, missing))


def _pinned(verdict: Verdict, entry: Entry) -> Verdict:
    """Return the verdict that a maintainer gave, with whatever the report shows for it."""
    assessment = verdict.assessment
    found = (diagnosis for diagnosis in assessment.diagnoses if diagnosis.entry.id == entry.id)
    diagnosis = next(found, Diagnosis(entry=entry, probability=1.0, evidence=()))
    fixes = fixes_for(entry, assessment.case.environment)
    answer = Answer(diagnosis=replace(diagnosis, probability=1.0), level=Level.ACT, fixes=fixes)
    return replace(verdict, answers=(answer,), missing=(), labels=(), outcome=Outcome.ANSWER)


def _answers(verdict: Verdict, policy: Policy) -> Iterator[Answer]:
    """Leave out what a person called wrong; where hints are the most, or an entry was wrong too often, only hint."""
    if policy.answers in _SILENT:
        return
    for answer in verdict.answers:
        if answer.diagnosis.entry.id not in policy.withdrawn:
            doubted = policy.answers is Rung.SUGGEST or answer.diagnosis.entry.id in policy.demoted
            yield replace(answer, level=Level.SUGGEST) if doubted else answer


def _missing(verdict: Verdict, answers: tuple[Answer, ...], policy: Policy) -> tuple[Missing, ...]:
    """Ask for nothing on behalf of an answer that is not given; at level suggest never ask for asking's sake."""
    if policy.needs_info in _SILENT or (policy.needs_info is Rung.SUGGEST and not answers):
        return ()
    given = {answer.diagnosis.entry.id for answer in answers}
    return tuple(item for item in verdict.missing if not item.entry or item.entry in given)


def _labels(
    verdict: Verdict, answers: tuple[Answer, ...], missing: tuple[Missing, ...], policy: Policy
) -> Iterator[Label]:
    """Labels by the repository's names; those of an entry go with its answer, the request's with the request."""
    given = {answer.diagnosis.entry.id: answer.level for answer in answers}
    for label in verdict.labels:
        if label.name == policy.needs_info_label:
            if missing and policy.needs_info is Rung.ACT:
                yield label
        elif policy.labels not in _SILENT and (level := _level(label, verdict, given, policy)) is not None:
            yield replace(label, name=policy.label_names.get(label.name, label.name), level=level)


def _level(label: Label, verdict: Verdict, given: dict[str, Level], policy: Policy) -> Level | None:
    """Return how far a label goes: not at all where every entry that it comes from was called wrong."""
    sources = [a.diagnosis.entry for a in verdict.answers if label.name in a.diagnosis.entry.labels]
    if label.source == "entry" and all(entry.id in policy.withdrawn for entry in sources):
        return None
    hinted = all(given.get(entry.id) is Level.SUGGEST for entry in sources) and bool(sources)
    doubted = policy.labels is Rung.SUGGEST or (label.source == "entry" and hinted)
    return Level.SUGGEST if doubted else label.level


def _outcome(answers: tuple[Answer, ...], missing: tuple[Missing, ...]) -> Outcome:
    if answers:
        return Outcome.ANSWER if answers[0].level is Level.ACT else Outcome.SUGGEST
    return Outcome.NEEDS_INFO if missing else Outcome.SILENT
