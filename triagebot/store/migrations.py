"""Bring the tables to the version this program knows: forward only, one process at a time, at start."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, delete, insert, select, text
from sqlalchemy.schema import CreateColumn, Table

from triagebot.errors import StoreError
from triagebot.store import tables
from triagebot.store.database import Database
from triagebot.store.first import FIRST

# Any number, as long as all of our processes take the same.
_LOCK = 7_461_226


def _first(connection: Connection) -> None:
    FIRST.create_all(connection)


def _second(connection: Connection) -> None:
    """Debounce, provenance of labels, feedback, fingerprints, claims, lanes and the sweep; wider keys."""
    for table, names in ((tables.mailbox, ("first_at", "not_before", "changed_at")), (tables.label, _WHO)):
        for name in names:
            _add(connection, table, table.c[name])
    if connection.dialect.name == "postgresql":  # SQLite knows no lengths
        for change in _WIDER:
            connection.execute(text(change))
    connection.execute(text("DROP INDEX delivery_open"))
    for index in tables.delivery.indexes:
        index.create(connection)
    for table in (tables.fingerprint, tables.feedback, tables.claim, tables.lane, tables.sweep):
        table.create(connection)


def _third(connection: Connection) -> None:
    """Keep texts proposed for the FAQ."""
    tables.proposal.create(connection)


_WHO = ("put_by", "removed_by")
_WIDER = (
    "ALTER TABLE delivery ALTER seq TYPE bigint, ALTER guid TYPE varchar(200)",
    "ALTER TABLE receipt ALTER result TYPE text, ALTER turn TYPE bigint, DROP CONSTRAINT receipt_turn_key",
    "CREATE INDEX receipt_turn ON receipt (turn)",
)

# One step a version: STEPS[0] leads to version 1.  A step is never changed once it was released.
STEPS: tuple[Callable[[Connection], None], ...] = (_first, _second, _third)


def migrate(database: Database) -> None:
    """Run every step that is still missing; raises StoreError when the database is newer than this program."""
    with database.write() as connection:
        if not database.is_sqlite:
            _wait_for_others(connection)
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


def _wait_for_others(connection: Connection) -> None:
    """Let other processes finish their migration first; a large table takes its time."""
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _add(connection: Connection, table: Table, column: Column[object]) -> None:
    wording = CreateColumn(column).compile(dialect=connection.dialect)
    connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {wording}"))
