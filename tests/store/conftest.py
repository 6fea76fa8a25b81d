"""A store on a database of its own, on each backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.sql import Sql
from triagebot.store import Store


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def sql(url: str) -> Sql:
    """Look into the database behind the store's back."""
    return Sql(url)
