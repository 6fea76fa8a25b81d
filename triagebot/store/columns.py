"""What columns hold: times on the database's own clock, and texts that every database can keep."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Protocol

from sqlalchemy import (
    JSON,
    Column,
    Dialect,
    Double,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    column,
    func,
    literal_column,
    select,
)
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
        return value if value is None else _named(value, self._length)


class _Rows(TypeDecorator[Sequence[Sequence[str]]]):
    """Rows of text as a JSON array of arrays, each text as a column of that length keeps it."""

    impl = JSON
    cache_ok = True

    def __init__(self, *lengths: int | None) -> None:
        super().__init__()
        self.lengths = lengths

    def process_bind_param(self, value: Sequence[Sequence[str]] | None, dialect: Dialect) -> list[list[str]]:
        """Return the rows as they can be stored."""
        del dialect
        return [[_named(text, most) for text, most in zip(row, self.lengths, strict=True)] for row in value or ()]


def _named(text: str, length: int | None) -> str:
    if length is None or len(text) <= length:
        return _storable(text)
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{_storable(text[: length - len(digest) - 1])}~{digest}"


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


def listed(place: _Speaks, *columns: Column[str]) -> Select[Any]:
    """Return what selects the rows of the parameter `rows`: the values of those columns, row by row, in order.

    A batch costs one statement and one parameter so.  With a statement for each row, the interpreter's lock is given
    away and waited for at each: while the event loop is busy, that takes longer than the work.
    """
    each = func.json_array_elements if place.dialect.name == "postgresql" else func.json_each
    rows = bindparam("rows", type_=_Rows(*(getattr(kept.type, "length", None) for kept in columns)))
    value = each(rows).table_valued(column("value", JSON)).c.value
    # Where a SELECT has no condition, SQLite takes the ON of ON CONFLICT for a part of it.
    return select(*(value[number].as_string() for number in range(len(columns)))).where(literal_column("true"))
