"""The connection to the database: one writer at a time on SQLite, durable commits, the database's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from triagebot.errors import StoreError
from triagebot.store.address import SQLITE, make_folder, read_address

# How long we wait for others before we give up: well below the ten seconds that GitHub gives a webhook.
_BUSY_SECONDS = 3.0
_MILLISECONDS = int(_BUSY_SECONDS * 1000)
# A process that was stopped in the middle of a transaction must not hold its rows for ever.
_POSTGRESQL_OPTIONS = (
    f"-c lock_timeout={_MILLISECONDS} -c statement_timeout={_MILLISECONDS * 2} "
    f"-c idle_in_transaction_session_timeout={_MILLISECONDS * 2} -c synchronous_commit=on"
)
_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": int(_BUSY_SECONDS),
    "options": _POSTGRESQL_OPTIONS,
    "application_name": "triagebot",
}
_FAILURES: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout)
_REMEDY = "Check that it can be reached and written, that its disk has room, and that it is a database of triagebot."


class Database:
    """An SQLite file (`sqlite:///path`) or a PostgreSQL database; every error of the driver comes out as StoreError."""

    def __init__(self, url: str) -> None:
        address = read_address(url)
        self.place = address.render_as_string(hide_password=True)
        self.is_sqlite = address.get_backend_name() == SQLITE
        if self.is_sqlite:
            make_folder(address.database or "")
        self._writing = Lock()
        self.failures: tuple[type[Exception], ...] = ()
        with self._translated():
            self._engine = _sqlite_engine(address) if self.is_sqlite else _postgresql_engine(address)
            self.dialect = self._engine.dialect
            self.failures = (self._engine.dialect.loaded_dbapi.Error,)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; committed on leaving, else rolled back.

        On SQLite it holds the file's only write lock from its start, on PostgreSQL the rows that it touches.
        """
        turn = self._turn() if self.is_sqlite else nullcontext()
        with turn, self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and changes nothing."""
        engine = self._engine.execution_options(reading=True)
        with self._translated(), engine.connect() as connection:
            yield connection

    def check(self) -> None:
        """Raise StoreError when the database does not answer."""
        with self.read() as connection:
            connection.execute(text("SELECT count(*) FROM schema_version"))
            connection.execute(text("SELECT key FROM mailbox LIMIT 1"))

    def listen(self, channel: str) -> Any:
        """Return a psycopg connection of its own that hears a channel (PostgreSQL only); the caller closes it."""
        with self._translated():
            arguments = self._engine.dialect.create_connect_args(self._engine.url)
            connection = self._engine.dialect.connect(*arguments[0], **arguments[1], autocommit=True, **_ARGUMENTS)
            connection.execute(f"LISTEN {channel}")
            return connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for our own threads as long as for other processes."""
        if not self._writing.acquire(timeout=_BUSY_SECONDS):
            raise StoreError(f"The database {self.place} failed: other threads write for too long. {_REMEDY}")
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES + self.failures as error:
            cause = " ".join(str(getattr(error, "orig", None) or error).split())
            raise StoreError(f"The database {self.place} failed: {cause}. {_REMEDY}") from None


def _sqlite_engine(address: URL) -> Engine:
    """Make SQLite keep its promises; the driver's own handling of transactions is switched off."""
    engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: what was acknowledged survives a power cut, not only the end of the process.
        connection.execute("PRAGMA synchronous=FULL")
        # Each checkpoint waits for the disk: sixteen megabytes of log instead of four.
        connection.execute("PRAGMA wal_autocheckpoint=4000")

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(address: URL) -> Engine:
    """Wait for nothing without an end, and notice a server that was started anew before the next statement."""
    return create_engine(address, connect_args=_ARGUMENTS, pool_pre_ping=True, pool_timeout=_BUSY_SECONDS)
