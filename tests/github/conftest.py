"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.scene import Scene, playing


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with playing(tmp_path) as scene:
        yield scene
