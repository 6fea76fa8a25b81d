"""The durable inbox behind six verbs: put, claim, renew, done, fail, replay.  One report is worked on by one worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import random
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    and_,
    case,
    literal_column,
    select,
    text,
    update,
)

from triagebot.records import Delivery
from triagebot.redaction import redact
from triagebot.store.columns import Now, insert_into, listed
from triagebot.store.database import Database
from triagebot.store.tables import delivery as deliveries
from triagebot.store.tables import mailbox

# Twelve tries with the waits below span about two and a half hours: longer than most outages.
MOST_ATTEMPTS = 12
CHANNEL = "triagebot_inbox"
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 3600.0
_LONGEST_ERROR = 1000
# A flooded report must not fill the memory: the rest comes with the next claim.
_MOST_DELIVERIES = 100


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
    numbers: tuple[int, ...] = field(repr=False)


class Inbox:
    """Deliveries wait here until the report they are about was brought up to date.  All verbs raise StoreError.

    A report is due when no delivery came for `quiet` seconds, or `longest` seconds after the first one.
    """

    def __init__(
        self, database: Database, quiet: float = 0.0, longest: float = 0.0, most_attempts: int = MOST_ATTEMPTS
    ) -> None:
        self._database = database
        self._most_attempts = most_attempts
        self._waking = _waking(database, quiet, max(quiet, longest))
        self._seen = _seen(database)
        self._storing = _storing(database)

    def put(self, delivery: Delivery) -> Taken:
        """Store a delivery; it is durable when this returns.  One that was seen but not finished is woken again."""
        return self.put_all([delivery])[0]

    def put_all(self, batch: Sequence[Delivery]) -> list[Taken]:
        """Store many deliveries with one commit; returns what became of each, in order."""
        with self._database.write() as connection:
            rows = connection.execute(self._seen, {"rows": [(item.guid,) for item in batch]})
            seen = {row.guid: Taken.UNFINISHED if row.done_at is None else Taken.FINISHED for row in rows}
            fresh = {item.guid: item for item in reversed(batch) if item.guid not in seen}
            self._wake(connection, {item.key for item in batch if seen.get(item.guid) is not Taken.FINISHED})
            if fresh:
                connection.execute(self._storing, {"rows": [_row(item) for item in reversed(fresh.values())]})
        return [seen.get(item.guid) or _twin_or_new(item, fresh) for item in batch]

    def claim(self, lease: float) -> Claim | None:
        """Take the report that has waited longest, for `lease` seconds; None when nothing is due.

        The attempt is counted here, so that a report that kills the process is given up like any other.
        """
        if not self._anything_due():
            return None
        with self._database.write() as connection:
            while (due := connection.execute(_DUE.with_for_update(skip_locked=True)).one_or_none()) is not None:
                claim = self._take(connection, due, lease)
                if claim is not None:
                    return claim
        return None

    def renew(self, claim: Claim, lease: float) -> bool:
        """Hold a report for `lease` more seconds; False when it was taken over by another worker."""
        with self._database.write() as connection:
            kept = connection.execute(update(mailbox).where(_held(claim)).values(lease_until=Now() + lease))
            return kept.rowcount == 1

    def done(self, claim: Claim) -> bool:
        """Close the deliveries of a claim and drop their payloads; False when another worker took it over."""
        closed = update(deliveries).where(deliveries.c.seq.in_(claim.numbers), deliveries.c.done_at.is_(None))
        with self._database.write() as connection:
            rest = {**_AT_REST, "state": "idle", "last_error": "", "changed_at": Now()}
            if connection.execute(update(mailbox).where(_held(claim)).values(**rest)).rowcount != 1:
                return False
            connection.execute(closed.values(done_at=Now(), payload=""))
            if connection.execute(_open(claim.key).limit(1)).first() is not None:
                self._wake(connection, {claim.key})
            return True

    def fail(self, claim: Claim, error: str, after: float | None, *, blameless: bool = False) -> bool:
        """Give a report back: again in `after` seconds at the earliest, or never (None); True when it is tried again.

        `blameless`: the attempt does not count, the other side named the time.
        """
        attempts = claim.attempts - 1 if blameless else claim.attempts
        with self._database.write() as connection:
            if after is None or attempts >= self._most_attempts:
                _bury(connection, _held(claim), attempts, error)
                return False
            wait = after if blameless else max(after, backoff(attempts))
            again = {
                **_AT_REST,
                "attempts": attempts,
                "not_before": Now() + wait,
                "last_error": redact(error)[:_LONGEST_ERROR],
            }
            connection.execute(update(mailbox).where(_held(claim)).values(**again))
            return True

    def replay(self, key: str = "") -> int:
        """Wake the report that was given up, or all of them; returns how many."""
        chosen = and_(mailbox.c.state == "dead", mailbox.c.key == key if key else mailbox.c.key != "")
        with self._database.write() as connection:
            woken = connection.execute(update(mailbox).where(chosen).values(**_AT_REST, state="ready", run_at=Now()))
            _call(connection)
            return woken.rowcount

    def _anything_due(self) -> bool:
        """Look without the write lock first: idle workers must not stand in the way of deliveries."""
        with self._database.read() as connection:
            return connection.execute(_DUE).one_or_none() is not None

    def _take(self, connection: Connection, due: Row[Any, Any, Any], lease: float) -> Claim | None:
        """Lease a due report, or put it to rest: tried too often, or nothing is left to do."""
        here = mailbox.c.key == due.key
        if due.attempts >= self._most_attempts:
            _bury(connection, here, due.attempts, due.last_error or "its worker died each time")
            return None
        rows = connection.execute(_open(due.key).limit(_MOST_DELIVERIES)).all()
        if not rows:
            connection.execute(update(mailbox).where(here).values(**_AT_REST, state="idle"))
            return None
        token = token_hex(16)
        held = {"attempts": due.attempts + 1, "lease_until": Now() + lease, "lease_token": token}
        connection.execute(update(mailbox).where(here).values(**held))
        found = tuple(Delivery(guid=row.guid, event=row.event, key=row.key, payload=row.payload) for row in rows)
        numbers = tuple(row.seq for row in rows)
        return Claim(key=due.key, token=token, attempts=due.attempts + 1, deliveries=found, numbers=numbers)

    def _wake(self, connection: Connection, keys: set[str]) -> None:
        """Make reports due once they are quiet; one that waits for another try keeps its time.

        On PostgreSQL this locks their rows, in one order for all, before any delivery is numbered: deliveries of one
        report are numbered and committed in the same order.
        """
        if not keys:
            return
        connection.execute(self._waking, {"rows": [(key,) for key in sorted(keys)]})
        _call(connection)


def backoff(attempts: int) -> float:
    """Return the seconds to wait after so many attempts: doubling, capped, and up to half as much again by chance."""
    return float(min(_FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 20), _LONGEST_WAIT) * (1 + random() / 2))  # noqa: S311


_AT_REST = {"attempts": 0, "not_before": 0.0, "lease_until": 0.0, "lease_token": ""}
_DUE = (
    select(mailbox.c.key, mailbox.c.attempts, mailbox.c.last_error)
    .where(mailbox.c.state == "ready", mailbox.c.run_at <= Now())
    .where(mailbox.c.not_before <= Now(), mailbox.c.lease_until <= Now())
    .order_by(mailbox.c.run_at)
    .limit(1)
)


def _row(delivery: Delivery) -> tuple[str, ...]:
    return delivery.guid, delivery.key, delivery.event, delivery.payload


def _twin_or_new(item: Delivery, fresh: dict[str, Delivery]) -> Taken:
    """Return what became of a delivery that was not there before; its twin of the same batch was stored instead."""
    return Taken.NEW if fresh[item.guid] is item else Taken.UNFINISHED


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(mailbox.c.key == claim.key, mailbox.c.lease_token == claim.token)


def _open(key: str) -> Select[Any]:
    return select(deliveries).where(deliveries.c.key == key, deliveries.c.done_at.is_(None)).order_by(deliveries.c.seq)


# Statements are made once: building them costs more than running them.  Each takes a whole batch, the parameter `rows`.


def _seen(database: Database) -> Select[Any]:
    """Return what finds the deliveries that are there already."""
    known = deliveries.c.guid.in_(listed(database, deliveries.c.guid))
    return select(deliveries.c.guid, deliveries.c.done_at).where(known)


def _storing(database: Database) -> Insert:
    """Return what stores deliveries; a twin that another process has just stored is stored: that is all we promise."""
    kept = (deliveries.c.guid, deliveries.c.key, deliveries.c.event, deliveries.c.payload)
    rows = listed(database, *kept).add_columns(Now())
    fresh = insert_into(database, deliveries).from_select([*kept, deliveries.c.received_at], rows)
    return fresh.on_conflict_do_nothing(index_elements=["guid"])


def _waking(database: Database, quiet: float, longest: float) -> Insert:
    """Return what makes mailboxes due after a new delivery; only one that rests or is dead starts afresh."""
    rest = {name: _constant(value) for name, value in _AT_REST.items()}
    ready, latest = mailbox.c.state == _constant("ready"), mailbox.c.first_at + _constant(longest)
    soon = Now() + _constant(quiet)
    kept = {name: case((ready, mailbox.c[name]), else_=value) for name, value in rest.items()}
    first_at = case((ready, mailbox.c.first_at), else_=Now())
    run_at = case((and_(ready, latest < soon), latest), else_=soon)
    new = {**rest, "state": _constant("ready"), "first_at": Now(), "run_at": soon, "last_error": _constant("")}
    rows = listed(database, mailbox.c.key).add_columns(*new.values())
    fresh = insert_into(database, mailbox).from_select(["key", *new], rows)
    again = {**kept, "state": _constant("ready"), "first_at": first_at, "run_at": run_at}
    return fresh.on_conflict_do_update(index_elements=["key"], set_=again)


def _constant(value: object) -> ColumnElement[Any]:
    """Return a number or a text of ours as it is written in SQL."""
    return literal_column(repr(value))


def _bury(connection: Connection, which: ColumnElement[bool], attempts: int, error: str) -> None:
    """Give a report up, with the reason; only replay or a new delivery wakes it."""
    dead = {
        **_AT_REST,
        "state": "dead",
        "attempts": attempts,
        "last_error": redact(error)[:_LONGEST_ERROR],
        "changed_at": Now(),
    }
    connection.execute(update(mailbox).where(which).values(**dead))


def _call(connection: Connection) -> None:
    """Wake workers that listen, once this is committed; those that do not will find it when they look."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {CHANNEL}"))
