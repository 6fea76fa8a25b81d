"""A store on a database of its own, on each backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from triagebot.store import Store


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()
