"""Watching a server's database, and waiting for what must happen."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


def rows(folder: Path, question: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / "t.db")
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


async def until(true: Callable[[], object]) -> None:
    """Wait for something that must happen; the test's own patience ends it otherwise."""
    async with asyncio.timeout(40):  # a machine may be busy with other tests
        while not true():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.01)
