"""Bring the tables to the version this program knows: forward only, under the write lock, at start."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select

from triagebot.errors import StoreError
from triagebot.store import tables
from triagebot.store.database import Database


def _first(connection: Connection) -> None:
    tables.METADATA.create_all(connection)


# One step a version: STEPS[0] leads to version 1.
STEPS: tuple[Callable[[Connection], None], ...] = (_first,)


def migrate(database: Database) -> None:
    """Run every step that is still missing; raises StoreError when the database is newer than this program."""
    with database.write() as connection:
        tables.version.create(connection, checkfirst=True)
        found = connection.execute(select(tables.version.c.number)).scalar() or 0
        if found > len(STEPS):
            raise StoreError(
                f"The database {database.place} is of version {found}, this program knows {len(STEPS)}. "
                "Upgrade triagebot, or name another database."
            )
        for step in STEPS[found:]:
            step(connection)
        if found < len(STEPS):
            connection.execute(delete(tables.version))
            connection.execute(insert(tables.version).values(number=len(STEPS)))
