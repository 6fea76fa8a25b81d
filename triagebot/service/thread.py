"""What stands below a report: our living comment, our notes, and what its reporter added."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.parse.followup import join
from triagebot.plan import MARKER, note_key
from triagebot.ports import Standing
from triagebot.records import Comment, Note, Report


def find_reply(thread: Sequence[Comment]) -> Standing:
    """Return our first comment whose first line is the hidden marker; empty where there is none."""
    ours = (c for c in thread if c.ours and c.body.partition("\n")[0] == MARKER)
    return next((Standing(comment=c.id, text=c.body) for c in ours), Standing(comment="", text=""))


def notes_in(thread: Sequence[Comment]) -> dict[str, Note]:
    """Return our other comments by their keys."""
    ours = ((note_key(c.body), c) for c in thread if c.ours)
    return {key: Note(comment=c.id, text=c.body, written_at=c.written_at) for key, c in ours if key}


def with_answers(report: Report, thread: Sequence[Comment]) -> Report:
    """Return the report with what its reporter wrote below it."""
    author = report.author.casefold()
    added = [c.body for c in thread if c.author.casefold() == author and not (c.ours or c.bot)]
    return join(report, added) if added else report
