"""What columns hold: times on the database's own clock, and texts that every database can keep."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Protocol

from sqlalchemy import Dialect, Double, String, Table, Text, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Now(FunctionElement[float]):
    """The database's clock in seconds since 1970: with several machines there is only one that counts."""

    type = Double()
    inherit_cache = True


@compiles(Now, "sqlite")
def _now_sqlite(_element: Now, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(Now)
def _now_standard(_element: Now, _compiler: Any, **_options: Any) -> str:
    return "extract(epoch from clock_timestamp())::double precision"


class AnyText(TypeDecorator[str]):
    """Text from outside: lone surrogates and NUL, which a database refuses, are kept as the replacement sign."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it can be stored."""
        del dialect
        return value if value is None else _storable(value)


class Name(TypeDecorator[str]):
    """A key or a name from outside, of any length: the end of one that is too long is kept as its digest.

    Databases differ in what they do with such a one (SQLite knows no lengths, PostgreSQL refuses): here they agree.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self._length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the name as it can be stored."""
        del dialect
        if value is None or len(value) <= self._length:
            return value if value is None else _storable(value)
        digest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return f"{_storable(value[: self._length - len(digest) - 1])}~{digest}"


def _storable(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


class _Speaks(Protocol):
    """Whatever knows its dialect: a connection, a database."""

    @property
    def dialect(self) -> Dialect:
        """The way its database writes SQL."""
        ...


def insert_into(place: _Speaks, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of a place; both write it alike."""
    return postgresql.insert(table) if place.dialect.name == "postgresql" else sqlite.insert(table)
