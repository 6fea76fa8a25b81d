"""Room 7, plan: the difference between what should stand on the issue and what was put there before."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from hashlib import blake2b

from triagebot.plan.memo import next_memo, read_memo, short_id, write_memo
from triagebot.plan.silence import REMINDER
from triagebot.records import Action, History, Kind, Level, Reply, Report, Verdict

# Invisible on GitHub; finds the bot's one comment again, whoever lost track of it.
MARKER = "<!-- triagebot -->"
# A comment of its own; the word says what for, so that it is never written twice.
NOTE = "<!-- triagebot:note {key} -->"
_NOTE_LINE = re.compile(r"<!-- triagebot:note ([a-z0-9:,-]{1,4000}) -->(?:\n|$)")
_REQUEST = "request:"


def plan(verdict: Verdict, reply: Reply, history: History, withdrawn: AbstractSet[str] = frozenset()) -> list[Action]:
    """Return what to do: the living comment, notes, labels to add, and our own labels that no longer fit.

    `withdrawn`: entries that a person called wrong.
    """
    report = verdict.assessment.case.document.report
    return [
        *_comment(report, verdict, reply, history, withdrawn),
        *_notes(report, verdict, reply, history),
        *_labels(report, verdict, history),
    ]


def _comment(
    report: Report, verdict: Verdict, reply: Reply, history: History, withdrawn: AbstractSet[str]
) -> list[Action]:
    text = reply.text or (reply.withdrawn if history.reply else "")
    if not text:
        return []
    memo = write_memo(next_memo(read_memo(history.reply), verdict, withdrawn))
    comment = f"{MARKER}\n{memo}\n{text}"
    return [_action(Kind.COMMENT, report, comment)] if comment != history.reply else []


def _notes(report: Report, verdict: Verdict, reply: Reply, history: History) -> list[Action]:
    """Ask anew where an edit would reach nobody; what was asked in a note and is there now is struck."""
    asked = {short_id(item.field.id) for item in verdict.missing}
    known = read_memo(history.reply)
    actions = []
    if reply.request:
        new = sorted(asked - set(map(short_id, (*known.asked, *known.met))))
        actions += note(report.id, _REQUEST + ",".join(new), reply.request, history)
    for key, written in sorted(history.notes.items()):
        struck = f"{NOTE.format(key=key)}\n{reply.settled}"
        over = key.startswith(_REQUEST) and not asked & set(key.removeprefix(_REQUEST).split(","))
        over = over or (key == REMINDER and not asked)
        if over and written.text != struck:
            actions.append(_action(Kind.EDIT, report, struck, comment=written.comment))
    return actions


def note(target: str, key: str, text: str, history: History) -> list[Action]:
    """Return the writing of a comment of its own, nothing when one with this key stands already."""
    if key in history.notes:
        return []
    value = f"{NOTE.format(key=key)}\n{text}"
    return [Action(kind=Kind.NOTE, target=target, value=value, key=f"{Kind.NOTE}:{target}:{key}")]


def note_key(text: str) -> str:
    """Return the key of a note by its first line, "" where the text is none."""
    found = _NOTE_LINE.match(text)
    return found[1] if found else ""


def _labels(report: Report, verdict: Verdict, history: History) -> list[Action]:
    """Labels at level act; never one that a person removed, and only our own are taken away."""
    wanted = {label.name for label in verdict.labels if label.level is Level.ACT}
    add = wanted - report.labels - history.removed_labels
    drop = (history.own_labels & report.labels) - wanted
    return [
        *(_action(Kind.LABEL, report, name) for name in sorted(add)),
        *(_action(Kind.UNLABEL, report, name) for name in sorted(drop)),
    ]


def _action(kind: Kind, report: Report, value: str, comment: str = "") -> Action:
    digest = blake2b((comment + value).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return Action(kind=kind, target=report.id, value=value, key=f"{kind}:{report.id}:{digest}", comment=comment)
