"""Lanes for writes: one after the other for each account, whichever process writes, at most at the documented rates.

Source: GitHub's documentation, "Rate limits for the REST API": serially, at least a second between two writes, and
at most 500 of what makes content an hour.
"""

from __future__ import annotations

from sqlalchemy import Connection, case, select, update

from triagebot.store.columns import Now, insert_into
from triagebot.store.database import Database
from triagebot.store.tables import lane

_HOUR = 3600.0
# Somewhat less than the documented 500: people who use the same account write as well.
MOST_AN_HOUR = 450
# A clock that was set back must not hold a lane for longer than GitHub ever asks for.
_LONGEST_HOLD = 3600.0


class Lanes:
    """When the next write of an account may go out.  All methods raise StoreError."""

    def __init__(self, database: Database, most_an_hour: int = MOST_AN_HOUR) -> None:
        self._database = database
        self._most = most_an_hour

    def turn(self, name: str, pause: float) -> float:
        """Take the next place in a lane, `pause` seconds behind the one before; returns in how many seconds it is.

        Where the hour is used up no place is taken, and the seconds until the next hour are returned.
        """
        with self._database.write() as connection:
            _open(connection, name)
            found = connection.execute(select(lane, Now().label("now")).where(lane.c.name == name)).one()
            fresh = found.hour_from + _HOUR <= found.now or found.hour_from > found.now
            if not fresh and found.written >= self._most:
                return float(found.hour_from + _HOUR - found.now)
            free_at = found.free_at if found.free_at < found.now + _HOUR else 0.0
            at = max(free_at, found.now)
            hour = {"hour_from": found.now, "written": 1} if fresh else {"written": lane.c.written + 1}
            connection.execute(update(lane).where(lane.c.name == name).values(free_at=at + pause, **hour))
            return float(at - found.now)

    def hold(self, name: str, seconds: float) -> None:
        """Let nothing go out for some seconds: the other side asked for it."""
        until = Now() + min(seconds, _LONGEST_HOLD)
        with self._database.write() as connection:
            _open(connection, name)
            later = case((lane.c.held_until > until, lane.c.held_until), else_=until)
            connection.execute(update(lane).where(lane.c.name == name).values(held_until=later))

    def held(self, name: str) -> float:
        """Return for how many seconds a lane is held; 0 when it is free."""
        asked = select(lane.c.held_until - Now()).where(lane.c.name == name)
        with self._database.read() as connection:
            return min(max(connection.execute(asked).scalar() or 0.0, 0.0), _LONGEST_HOLD)


def _open(connection: Connection, name: str) -> None:
    """Make the lane if it is new, and lock it: on PostgreSQL its row, on SQLite the whole file is locked."""
    new = insert_into(connection, lane).values(name=name, free_at=0.0, held_until=0.0, hour_from=0.0, written=0)
    connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"written": lane.c.written}))
