"""Room 7, plan: the difference between what should stand on the issue and what was put there before."""

from __future__ import annotations

from hashlib import blake2b

from triagebot.records import Action, History, Kind, Level, Reply, Report, Verdict

# Invisible on GitHub; finds the bot's one comment again, whoever lost track of it.
MARKER = "<!-- triagebot -->"


def plan(verdict: Verdict, reply: Reply, history: History) -> tuple[Action, ...]:
    """Return what to do: the living comment, labels to add, and our own labels that no longer fit."""
    report = verdict.assessment.case.document.report
    return (*_comment(report, reply, history), *_labels(report, verdict, history))


def _comment(report: Report, reply: Reply, history: History) -> list[Action]:
    text = reply.text or (reply.withdrawn if history.reply else "")
    comment = f"{MARKER}\n{text}" if text else ""
    return [_action(Kind.COMMENT, report, comment)] if comment and comment != history.reply else []


def _labels(report: Report, verdict: Verdict, history: History) -> list[Action]:
    """Labels at level act; never one that a person removed, and only our own are taken away."""
    wanted = {label.name for label in verdict.labels if label.level is Level.ACT}
    add = wanted - report.labels - history.removed_labels
    drop = (history.own_labels & report.labels) - wanted
    return [
        *(_action(Kind.LABEL, report, name) for name in sorted(add)),
        *(_action(Kind.UNLABEL, report, name) for name in sorted(drop)),
    ]


def _action(kind: Kind, report: Report, value: str) -> Action:
    digest = blake2b(value.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return Action(kind=kind, target=report.id, value=value, key=f"{kind}:{report.id}:{digest}")
