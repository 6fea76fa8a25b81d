"""Databases for tests: an SQLite file and a PostgreSQL of our own, and a loud word where the latter is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import postgres
from tests.fakes.sql import Sql

NEEDED = "TESTS_NEED_POSTGRES"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever has the time ask for more."""
    parser.addoption("--deliveries", type=int, default=120, help="deliveries in the tests that kill servers")
    parser.addoption("--kills", type=int, default=3, help="how often those servers are killed")


@pytest.fixture
def sql(url: str) -> Sql:
    """Look into the database behind the back of whoever uses it."""
    return Sql(url)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """Run one PostgreSQL for all tests that ask for it; skipped loudly where it is not installed."""
    if postgres.programs() is None and not os.environ.get(NEEDED):
        pytest.skip("PostgreSQL is not installed")
    with postgres.running() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, on each backend in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/er/triagebot.db"
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    return cluster.empty()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when PostgreSQL was not tested."""
    silent = [r for r in terminalreporter.getreports("skipped") if "PostgreSQL is not installed" in str(r.longrepr)]
    if silent:
        terminalreporter.section("NOT TESTED ON POSTGRESQL", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(silent)} tests were skipped: apt-get install postgresql; .ci/run does it itself.")
