"""Database addresses: what may be written, and what a slip of the pen is told."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from triagebot.errors import StoreError

SQLITE = "sqlite"
_POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
_FORMS = "Write it as sqlite:///path/to/file.db or postgresql://user:password@host/database."


def read_address(url: str) -> URL:
    """Return the address of a database.  Raises StoreError."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(f"The database URL cannot be read. {_FORMS}") from None
    if address.drivername in _POSTGRESQL:
        return _postgresql(address)
    if address.query:
        raise StoreError(f"The address of an SQLite file ends with its name, without ?{next(iter(address.query))}=...")
    if address.drivername != SQLITE or not address.database or address.database == ":memory:":
        shown = address.render_as_string()
        raise StoreError(f"{shown} is neither an SQLite file nor a PostgreSQL database. {_FORMS}")
    return address


def is_there(url: str) -> bool:
    """Tell whether a database may be there: an SQLite file is looked for, a server is not asked.  Raises StoreError."""
    address = read_address(url)
    return address.drivername != SQLITE or Path(address.database or "").exists()


def _postgresql(address: URL) -> URL:
    if find_spec("psycopg") is None:
        raise StoreError("PostgreSQL needs its driver. Install it: pip install 'triagebot[postgres]'.")
    if "@" in f"{address.host}{address.database}":  # what follows the first one is part of the password: never shown
        raise StoreError("The database URL holds more than one @. In a name or a password write %40 for it.")
    if not address.database:
        raise StoreError(f"{address.render_as_string()} names no database. {_FORMS}")
    return address.set(drivername="postgresql+psycopg")


def make_folder(file: str) -> None:
    """Make the folder of an SQLite file.  Raises StoreError."""
    folder = Path(file).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise StoreError(f"{folder} cannot be made: {reason}. Name a place that can be written.") from None
