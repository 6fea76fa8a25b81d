"""Which labels a report gets: of an entry, a rule or a learned model, by maintainers' names, within what they allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from triagebot.records import Answer, Knowledge, Label, LabelTaste, Level, Missing, Policy

# Where two say one label on the same level, the reason nearest to a person stands.
_NEAREST = ("rule", "entry", "learned")


def choose_labels(
    answers: Sequence[Answer], missing: Sequence[Missing], seen: Sequence[Label], policy: Policy, taste: LabelTaste
) -> tuple[Label, ...]:
    """Return the labels, the surest reason of each; the request's own label is the policy's and needs no allowing."""
    labels: dict[str, Label] = {}
    for label in (*_of_entries(answers), *seen):
        named = replace(label, name=taste.names.get(label.name, label.name))
        if _allowed(named.name, taste):
            labels[named.name] = min(labels.get(named.name, named), named, key=_rank)
    if missing and not (answers and answers[0].level is Level.ACT):
        name = policy.needs_info_label
        labels[name] = Label(name=name, source="rule", probability=1.0, level=Level.ACT)
    return tuple(labels.values())


def possible_labels(knowledge: Knowledge, repository: str) -> frozenset[str]:
    """Return every label that an entry, a rule or a learned model may give a report, by maintainers' names."""
    taste = knowledge.labels
    written = {name for entry in knowledge.entries for name in entry.labels} | {rule.label for rule in taste.rules}
    written |= {score.name for score in knowledge.labeller(repository, "", "")} if knowledge.labeller else set()
    return frozenset(name for name in (taste.names.get(name, name) for name in written) if _allowed(name, taste))


def _of_entries(answers: Sequence[Answer]) -> Iterator[Label]:
    for answer in answers:
        diagnosis = answer.diagnosis
        for name in diagnosis.entry.labels:
            yield Label(
                name=name,
                source="entry",
                probability=diagnosis.probability,
                level=answer.level,
                reasons=(diagnosis.entry.id,),
            )


def _allowed(name: str, taste: LabelTaste) -> bool:
    return name not in taste.never and (taste.allow is None or name in taste.allow)


def _rank(label: Label) -> tuple[bool, int]:
    return label.level is not Level.ACT, _NEAREST.index(label.source)
