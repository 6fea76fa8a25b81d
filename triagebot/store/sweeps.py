"""How far the sweep has seen each place, so that it knows what it has missed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, insert, select, update

from triagebot.records import Delivery
from triagebot.store.columns import Now
from triagebot.store.database import Database
from triagebot.store.inbox import Inbox, Taken
from triagebot.store.tables import delivery as stored_deliveries
from triagebot.store.tables import mailbox, receipt, sweep, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A place (`owner/repo`), when we first heard of it and the newest change known; seconds since 1970."""

    scope: str
    first_at: float
    seen_at: float


class Sweeps:
    """What the sweep remembers.  All methods raise StoreError."""

    def __init__(self, database: Database, inbox: Inbox) -> None:
        self._database = database
        self._inbox = inbox

    def take(self, deliveries: list[Delivery]) -> int:
        """Put deliveries into the inbox; returns how many were new."""
        return self._inbox.put_all(deliveries).count(Taken.NEW) if deliveries else 0

    def places(self) -> list[Seen]:
        """Return every place that deliveries came from; one that is new is remembered from its first delivery on."""
        heard = select(mailbox.c.key, func.min(stored_deliveries.c.received_at).label("at"))
        heard = heard.join(stored_deliveries, stored_deliveries.c.key == mailbox.c.key).group_by(mailbox.c.key)
        with self._database.write() as connection:
            rows = connection.execute(select(sweep).order_by(sweep.c.scope)).all()
            known = {row.scope: Seen(scope=row.scope, first_at=row.first_at, seen_at=row.seen_at) for row in rows}
            fresh: dict[str, float] = {}
            for row in connection.execute(heard):
                scope = row.key.rpartition("#")[0]
                if scope and scope not in known:
                    fresh[scope] = min(row.at, fresh.get(scope, row.at))
            for scope, at in sorted(fresh.items()):
                connection.execute(insert(sweep).values(scope=scope, first_at=at, seen_at=at))
                known[scope] = Seen(scope=scope, first_at=at, seen_at=at)
        return list(known.values())

    def asking(self, days: float) -> list[str]:
        """Return the reports that something is asked of instead of an answer, and where we did anything for some days.

        The time of the verdict does not count: looking at a report renews it.
        """
        lately = select(receipt.c.target).where(receipt.c.at > Now() - days * 86_400)
        asked = select(verdict.c.target).where(
            verdict.c.target.in_(lately),
            verdict.c.chain.contains('"missing": [{', autoescape=True),
            verdict.c.chain.not_like('%"outcome": "answer"%'),
        )
        with self._database.read() as connection:
            return list(connection.execute(asked).scalars())

    def saw(self, scope: str, changed_at: float) -> None:
        """Remember the newest change that was seen in a place; never backwards."""
        newest = case((sweep.c.seen_at > changed_at, sweep.c.seen_at), else_=changed_at)
        with self._database.write() as connection:
            connection.execute(update(sweep).where(sweep.c.scope == scope).values(seen_at=newest))

    def knows(self, keys: list[str]) -> set[str]:
        """Return those of some reports that deliveries ever came for."""
        with self._database.read() as connection:
            return set(connection.execute(select(mailbox.c.key).where(mailbox.c.key.in_(keys))).scalars())

    def stored(self, guids: list[str]) -> set[str]:
        """Return those of some deliveries that are stored, finished or not."""
        with self._database.read() as connection:
            return set(
                connection.execute(
                    select(stored_deliveries.c.guid).where(stored_deliveries.c.guid.in_(guids))
                ).scalars()
            )
