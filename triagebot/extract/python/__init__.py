"""Python exceptions: tracebacks in any wrapping, pytest's reports, and error lines that stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triagebot.extract.python.alone import read_alone
from triagebot.extract.python.pytest_report import read_pytest
from triagebot.extract.python.shapes import ANCHORS
from triagebot.extract.python.traces import TraceReader
from triagebot.records import Line
from triagebot.sighting import Sighting

SIGNS = (*ANCHORS, ".py:", "rror", "xception", "FAILED ")
"""Without one of these in a text there is nothing to find."""


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield every exception shown by a traceback or a test runner, then error lines without one."""
    reader = TraceReader(lines)
    yield from reader.read()
    used = set(reader.used)
    yield from read_pytest(lines, used)
    yield from read_alone(lines, used)
