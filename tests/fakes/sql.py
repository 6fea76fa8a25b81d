"""Looking into a database, and changing it, behind the back of whoever uses it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


class Sql:
    """Runs plain SQL on a database of either backend, each time on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Return what a question finds."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    def do(self, *statements: str) -> None:
        """Change something, in one transaction."""
        with self._engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
