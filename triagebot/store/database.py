"""The connection to the database: one writer at a time, durable commits, the database's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Double, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from triagebot.errors import StoreError

# How long a writer of another process may hold the file before we give up; well below a webhook's ten seconds.
_BUSY_SECONDS = 5


class Now(FunctionElement[float]):
    """The database's clock in seconds since 1970: with several machines there is only one that counts."""

    type = Double()
    inherit_cache = True


@compiles(Now, "sqlite")
def _now_sqlite(_element: Now, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(Now)
def _now_standard(_element: Now, _compiler: Any, **_options: Any) -> str:
    return "extract(epoch from clock_timestamp())"


class Database:
    """An SQLite file (`sqlite:///path`); every error of the driver comes out as StoreError."""

    def __init__(self, url: str) -> None:
        address = _address(url)
        self.place = address.render_as_string(hide_password=True)
        self._writing = Lock()
        with self._translated():
            self._engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})
        _prepare(self._engine)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that holds the write lock from its start; committed on leaving, else rolled back."""
        with self._writing, self._translated(), self._engine.begin() as connection:
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
            connection.execute(text("SELECT count(*) FROM mailbox"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeout) as error:
            cause = str(getattr(error, "orig", None) or error)
            raise StoreError(f"The database {self.place} failed: {cause}. {_REMEDY}") from None


_REMEDY = "Check that it can be reached and written, that its disk has room, and that it is a database of triagebot."


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError("The database URL cannot be read. Write it as sqlite:///path/to/file.db.") from None
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        raise StoreError(f"{address.render_as_string()} is not an SQLite file. Write it as sqlite:///path/to/file.db.")
    _make_folder(Path(address.database).parent)
    return address


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise StoreError(f"{folder} cannot be made: {reason}. Name a place that can be written.") from None


def _prepare(engine: Engine) -> None:
    """Make SQLite keep its promises; the driver's own handling of transactions is switched off."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: what was acknowledged survives a power cut, not only the end of the process.
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
