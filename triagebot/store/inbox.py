"""The durable inbox behind six verbs: put, claim, renew, done, fail, replay.  One report is worked on by one worker."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import random
from secrets import token_hex

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from triagebot.records import Delivery
from triagebot.store.database import Database, Now
from triagebot.store.tables import delivery as deliveries
from triagebot.store.tables import mailbox

# Twelve tries with the waits below span about two and a half hours: longer than most outages.
MOST_ATTEMPTS = 12
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 3600.0
_LONGEST_ERROR = 1000


class Taken(StrEnum):
    """What became of a delivery that was put in."""

    NEW = "new"
    UNFINISHED = "unfinished"  # seen before, still to be worked on
    FINISHED = "finished"  # seen before, and done


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A report that is ours until the lease ends, with its open deliveries in the order they came."""

    key: str
    token: str
    attempts: int
    deliveries: tuple[Delivery, ...]
    last: int


class Inbox:
    """Deliveries wait here until the report they are about was brought up to date.  All verbs raise StoreError."""

    def __init__(self, database: Database, most_attempts: int = MOST_ATTEMPTS) -> None:
        self._database = database
        self._most_attempts = most_attempts

    def put(self, delivery: Delivery) -> Taken:
        """Store a delivery; it is durable when this returns.  One that was seen but not finished is woken again."""
        with self._database.write() as connection:
            seen = connection.execute(
                select(deliveries.c.done_at).where(deliveries.c.guid == delivery.guid)
            ).one_or_none()
            if seen is not None and seen.done_at is not None:
                return Taken.FINISHED
            _wake(connection, delivery.key)
            if seen is not None:
                return Taken.UNFINISHED
            connection.execute(insert(deliveries).values(**_row(delivery), received_at=Now()))
            return Taken.NEW

    def claim(self, lease: float) -> Claim | None:
        """Take the report that has waited longest, for `lease` seconds; None when nothing is due.

        The attempt is counted here, so that a report that kills the process is given up like any other.
        """
        with self._database.write() as connection:
            while (due := connection.execute(_DUE).one_or_none()) is not None:
                if due.attempts < self._most_attempts:
                    return self._lease(connection, due.key, due.attempts + 1, lease)
                _bury(connection, mailbox.c.key == due.key, due.last_error or "it never came to an end")
        return None

    def renew(self, claim: Claim, lease: float) -> bool:
        """Hold a report for `lease` more seconds; False when it was taken over by another worker."""
        with self._database.write() as connection:
            kept = connection.execute(update(mailbox).where(_held(claim)).values(lease_until=Now() + lease))
            return kept.rowcount == 1

    def done(self, claim: Claim) -> bool:
        """Close the deliveries of a claim; False when it was taken over by another worker."""
        mine = and_(deliveries.c.key == claim.key, deliveries.c.done_at.is_(None))
        with self._database.write() as connection:
            left = connection.execute(
                update(mailbox).where(_held(claim)).values(**_AT_REST, state="idle", last_error="")
            )
            if left.rowcount != 1:
                return False
            connection.execute(update(deliveries).where(mine, deliveries.c.seq <= claim.last).values(done_at=Now()))
            if connection.execute(select(deliveries.c.seq).where(mine).limit(1)).first() is not None:
                _wake(connection, claim.key)
            return True

    def fail(self, claim: Claim, error: str, after: float | None, *, blameless: bool = False) -> bool:
        """Give a report back: again in `after` seconds at the earliest, or never (None); True when it is tried again.

        `blameless`: the attempt does not count, the other side named the time.
        """
        attempts = claim.attempts - 1 if blameless else claim.attempts
        with self._database.write() as connection:
            if after is None or attempts >= self._most_attempts:
                _bury(connection, _held(claim), error)
                return False
            wait = after if blameless else max(after, backoff(attempts))
            again = {**_AT_REST, "attempts": attempts, "run_at": Now() + wait, "last_error": error[:_LONGEST_ERROR]}
            connection.execute(update(mailbox).where(_held(claim)).values(**again))
            return True

    def replay(self, key: str = "") -> int:
        """Wake the report that was given up, or all of them; returns how many."""
        chosen = and_(mailbox.c.state == "dead", mailbox.c.key == key if key else mailbox.c.key != "")
        with self._database.write() as connection:
            woken = connection.execute(update(mailbox).where(chosen).values(**_AT_REST, state="ready", run_at=Now()))
            return woken.rowcount

    def _lease(self, connection: Connection, key: str, attempts: int, lease: float) -> Claim:
        token = token_hex(16)
        held = {"attempts": attempts, "lease_until": Now() + lease, "lease_token": token}
        connection.execute(update(mailbox).where(mailbox.c.key == key).values(**held))
        rows = connection.execute(
            select(deliveries).where(deliveries.c.key == key, deliveries.c.done_at.is_(None)).order_by(deliveries.c.seq)
        ).all()
        found = tuple(Delivery(guid=row.guid, event=row.event, key=row.key, payload=row.payload) for row in rows)
        return Claim(key=key, token=token, attempts=attempts, deliveries=found, last=rows[-1].seq if rows else 0)


def backoff(attempts: int) -> float:
    """Return the seconds to wait after so many attempts: doubling, capped, and up to half as much again by chance."""
    return float(min(_FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 20), _LONGEST_WAIT) * (1 + random() / 2))  # noqa: S311


_AT_REST = {"attempts": 0, "lease_until": 0.0, "lease_token": ""}
_DUE = (
    select(mailbox.c.key, mailbox.c.attempts, mailbox.c.last_error)
    .where(mailbox.c.state == "ready", mailbox.c.run_at <= Now(), mailbox.c.lease_until <= Now())
    .order_by(mailbox.c.run_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _row(delivery: Delivery) -> dict[str, str]:
    return {"guid": delivery.guid, "key": delivery.key, "event": delivery.event, "payload": delivery.payload}


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(mailbox.c.key == claim.key, mailbox.c.lease_token == claim.token)


def _wake(connection: Connection, key: str) -> None:
    """Make a report due; one that is due already, waits for another try or is being worked on stays as it is."""
    fresh = {**_AT_REST, "state": "ready", "run_at": Now()}
    if connection.execute(select(mailbox.c.key).where(mailbox.c.key == key)).first() is None:
        connection.execute(insert(mailbox).values(key=key, last_error="", **fresh))
        return
    connection.execute(update(mailbox).where(mailbox.c.key == key, mailbox.c.state != "ready").values(**fresh))


def _bury(connection: Connection, which: ColumnElement[bool], error: str) -> None:
    """Give a report up, with the reason; only replay or a new delivery wakes it."""
    dead = {**_AT_REST, "state": "dead", "last_error": error[:_LONGEST_ERROR]}
    connection.execute(update(mailbox).where(which).values(**dead))
