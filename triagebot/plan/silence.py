"""What a long silence after a request asks for: one reminder, then the end, and never where somebody spoke."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from triagebot.plan.memo import digest, read_memo
from triagebot.records import Comment, History, Level, Policy, Report, Verdict

REMINDER, CLOSED = "reminder", "closed"
_DAY = 86_400.0
_REQUEST = "request:"


class Step(StrEnum):
    """What is due."""

    NOTHING = ""
    REMIND = REMINDER
    CLOSE = CLOSED


def due(report: Report, thread: Sequence[Comment], history: History, policy: Policy, now: float) -> Step:
    """Return what is due `now` (seconds since 1970) while something is asked for.

    Any answer of the reporter ends it, a comment as well as an edit of the report (with what was answered below), and
    after the reminder a comment of any person.  Whoever opens a report again that was closed after silence has decided.
    """
    asked = _asked_at(thread, history)
    if not policy.remind_after or not asked or CLOSED in history.notes:
        return Step.NOTHING
    if spoke_since(report.author, thread, asked) or _reads_otherwise(report, history.reply):
        return Step.NOTHING
    reminder = history.notes.get(REMINDER)
    if reminder is None:
        return Step.REMIND if now - asked >= policy.remind_after * _DAY else Step.NOTHING
    if reminder.written_at < asked or _anybody_since(thread, reminder.written_at):
        return Step.NOTHING
    over = policy.close_after and now - reminder.written_at >= policy.close_after * _DAY
    return Step.CLOSE if over else Step.NOTHING


def waits(said: Verdict, policy: Policy) -> bool:
    """Tell whether a report waits for its reporter by what is said of it: something is missing, and was asked for."""
    return any(label.name == policy.needs_info_label and label.level is Level.ACT for label in said.labels)


def spoke_since(author: str, thread: Sequence[Comment], moment: float) -> bool:
    """Tell whether the reporter wrote a comment at or after a moment."""
    return any(c.author.casefold() == author.casefold() and c.written_at >= moment and not c.ours for c in thread)


def _reads_otherwise(report: Report, reply: str) -> bool:
    """Tell whether a report reads otherwise than when our reply asked."""
    text = read_memo(reply).text
    return bool(text) and text != (digest(report),)


def _anybody_since(thread: Sequence[Comment], moment: float) -> bool:
    return any(c.written_at >= moment and not (c.ours or c.bot) for c in thread)


def _asked_at(thread: Sequence[Comment], history: History) -> float:
    """Return when the reporter was last asked by a comment, 0 where they were not."""
    times = [note.written_at for key, note in history.notes.items() if key.startswith(_REQUEST)]
    if read_memo(history.reply).asked:
        times += [comment.written_at for comment in thread if comment.ours and comment.id == history.comment]
    return max(times, default=0.0)
