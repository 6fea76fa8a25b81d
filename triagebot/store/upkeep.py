"""What keeps the inbox healthy and seen: figures, dead letters, retention, and times that a clock has thrown off."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Double, and_, case, cast, delete, func, or_, select, update

from triagebot.store.columns import Now
from triagebot.store.database import Database
from triagebot.store.tables import claim, mailbox
from triagebot.store.tables import delivery as deliveries

# Longer than anything we ever set: what lies further ahead was set by a clock that was wrong.
_LONGEST_WAIT = 2 * 3600.0
_LONGEST_LEASE = 600.0
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the inbox is: open deliveries, reports due, worked on and dead, and the age in seconds of the oldest due."""

    open: int
    due: int
    working: int
    dead: int
    oldest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A report that was given up: how many deliveries wait, after how many attempts, when and why."""

    key: str
    deliveries: int
    attempts: int
    at: float
    error: str


class Upkeep:
    """What the operator and the server ask of the inbox besides work.  All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(self) -> Figures:
        """Return how the inbox is now."""
        ready = mailbox.c.state == "ready"
        leased, due_at = mailbox.c.lease_until > Now(), _later(mailbox.c.run_at, mailbox.c.not_before)
        due = and_(ready, mailbox.c.lease_until <= Now(), due_at <= Now())
        asked = select(
            func.count(case((due, 1))).label("due"),
            func.count(case((and_(ready, leased), 1))).label("working"),
            func.count(case((mailbox.c.state == "dead", 1))).label("dead"),
            cast(func.max(case((due, Now() - due_at))), Double).label("oldest"),
        )
        waiting = select(func.count()).select_from(deliveries).where(deliveries.c.done_at.is_(None))
        with self._database.read() as connection:
            row = connection.execute(asked).one()
            count = connection.execute(waiting).scalar_one()
        return Figures(open=count, due=row.due, working=row.working, dead=row.dead, oldest=max(row.oldest or 0.0, 0.0))

    def dead(self) -> list[DeadLetter]:
        """Return the reports that were given up, the latest first."""
        waiting = (
            select(func.count())
            .select_from(deliveries)
            .where(deliveries.c.key == mailbox.c.key, deliveries.c.done_at.is_(None))
            .scalar_subquery()
        )
        asked = select(mailbox, waiting.label("waiting")).where(mailbox.c.state == "dead")
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(mailbox.c.changed_at.desc(), mailbox.c.key)).all()
        return [
            DeadLetter(
                key=row.key, deliveries=row.waiting, attempts=row.attempts, at=row.changed_at, error=row.last_error
            )
            for row in rows
        ]

    def forget(self, days: float) -> int:
        """Drop what was finished or given up more than `days` ago: deliveries and claims; returns how many deliveries.

        Receipts, labels, verdicts and feedback stay: without them the bot would say things twice.
        """
        limit = Now() - days * _DAY
        with self._database.write() as connection:
            connection.execute(delete(claim).where(or_(claim.c.finished_at < limit, claim.c.lease_until < limit)))
            gone = connection.execute(delete(deliveries).where(deliveries.c.done_at < limit)).rowcount
            return gone + _forget_dead(connection, limit)

    def mend_times(self) -> int:
        """Make due what waits for longer than we ever let wait: the clock was set back.  Returns how many reports."""
        late = or_(mailbox.c.run_at > Now() + _LONGEST_WAIT, mailbox.c.not_before > Now() + _LONGEST_WAIT)
        wrong = and_(mailbox.c.state == "ready", or_(late, mailbox.c.lease_until > Now() + _LONGEST_LEASE))
        with self._database.read() as connection:
            if connection.execute(select(mailbox.c.key).where(wrong).limit(1)).first() is None:
                return 0
        free = {"first_at": Now(), "run_at": Now(), "not_before": 0.0, "lease_until": 0.0}
        with self._database.write() as connection:
            return connection.execute(update(mailbox).where(wrong).values(**free)).rowcount


def _forget_dead(connection: Connection, limit: ColumnElement[float]) -> int:
    """Let those rest that nobody has replayed for so long; a new delivery wakes them like any other report."""
    old = and_(mailbox.c.state == "dead", mailbox.c.changed_at < limit)
    waiting = and_(deliveries.c.done_at.is_(None), deliveries.c.key.in_(select(mailbox.c.key).where(old)))
    gone = connection.execute(delete(deliveries).where(waiting)).rowcount
    connection.execute(update(mailbox).where(old).values(state="idle", attempts=0, last_error=""))
    return gone


def _later(one: object, other: object) -> object:
    return case((one > other, one), else_=other)  # type: ignore[operator]
