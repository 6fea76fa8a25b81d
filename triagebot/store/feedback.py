"""What people said of the bot's answers: wrong, solved, applied, dismissed; whichever door they said it through."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from triagebot.ports import Said
from triagebot.store.columns import Now, insert_into
from triagebot.store.database import Database
from triagebot.store.tables import feedback


class Feedback:
    """What people said.  All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def say(self, said: Said) -> bool:
        """Keep what a person said (`at` is set by the database); False when they had said it before."""
        row = {"report": said.report, "entry": said.entry, "kind": said.kind, "who": said.who, "source": said.source}
        with self._database.write() as connection:
            once = insert_into(connection, feedback).on_conflict_do_nothing(index_elements=list(row))
            kept = once.values(**row, at=Now()).returning(feedback.c.seq)
            return connection.execute(kept).first() is not None

    def take_back(self, said: Said) -> bool:
        """Forget what a person said; False when they had not said it."""
        mine = [feedback.c[name] == getattr(said, name) for name in ("report", "entry", "kind", "who", "source")]
        with self._database.write() as connection:
            return connection.execute(delete(feedback).where(*mine)).rowcount == 1

    def about(self, report: str) -> list[Said]:
        """Return what was said of one report, the earliest first."""
        asked = select(feedback).where(feedback.c.report == report).order_by(feedback.c.seq)
        with self._database.read() as connection:
            rows = connection.execute(asked).all()
        return [
            Said(report=row.report, entry=row.entry, kind=row.kind, who=row.who, source=row.source, at=row.at)
            for row in rows
        ]

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how often each kind of thing was said of each entry: `{(entry, kind): times}`."""
        asked = select(feedback.c.entry, feedback.c.kind, func.count().label("times"))
        with self._database.read() as connection:
            rows = connection.execute(asked.group_by(feedback.c.entry, feedback.c.kind)).all()
        return {(row.entry, row.kind): row.times for row in rows}
