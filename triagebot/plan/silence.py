"""What a long silence after a request asks for: one reminder, then the end, and never where somebody spoke."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from triagebot.plan.memo import read_memo
from triagebot.records import Comment, History, Policy, Report

REMINDER, CLOSED = "reminder", "closed"
_DAY = 86_400.0
_REQUEST = "request:"


class Step(StrEnum):
    """What is due."""

    NOTHING = ""
    REMIND = REMINDER
    CLOSE = CLOSED


def due(report: Report, thread: Sequence[Comment], history: History, policy: Policy, now: float) -> Step:
    """Return what is due `now` (seconds since 1970) while something is asked for; any answer of the reporter ends it.

    A label that a person took off ends it as well: who takes `needs-info` off wants no more of it; and whoever opens a
    report again that was closed after silence has decided.
    """
    asked = _asked_at(thread, history)
    if not policy.remind_after or not asked or policy.needs_info_label in history.removed_labels:
        return Step.NOTHING
    if spoke_since(report.author, thread, asked) or CLOSED in history.notes:
        return Step.NOTHING
    reminder = history.notes.get(REMINDER)
    if reminder is None:
        return Step.REMIND if now - asked >= policy.remind_after * _DAY else Step.NOTHING
    over = policy.close_after and now - reminder.written_at >= policy.close_after * _DAY
    return Step.CLOSE if over else Step.NOTHING


def spoke_since(author: str, thread: Sequence[Comment], moment: float) -> bool:
    """Tell whether the reporter wrote a comment at or after a moment."""
    return any(c.author.casefold() == author.casefold() and c.written_at >= moment and not c.ours for c in thread)


def _asked_at(thread: Sequence[Comment], history: History) -> float:
    """Return when the reporter was last asked by a comment, 0 where they were not."""
    times = [note.written_at for key, note in history.notes.items() if key.startswith(_REQUEST)]
    if read_memo(history.reply).asked:
        times += [comment.written_at for comment in thread if comment.ours and comment.id == history.comment]
    return max(times, default=0.0)
