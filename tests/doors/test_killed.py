"""Servers that are killed, frozen and starved: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import NamedTuple

import pytest
import requests

from tests.fakes.github import Fault, Issue, StandIn
from tests.fakes.postgres import Cluster
from tests.fakes.serving import Serving
from tests.fakes.sql import Sql

HERE = "open-mmlab/mmdetection"
OPEN = "SELECT count(*) FROM delivery WHERE done_at IS NULL"
PATIENCE_SECONDS = 240


class Load(NamedTuple):
    """How much a test may ask for: deliveries, and kills."""

    deliveries: int
    kills: int


@pytest.fixture
def load(request: pytest.FixtureRequest) -> Load:
    return Load(request.config.getoption("--deliveries"), request.config.getoption("--kills"))


@pytest.fixture
def github() -> Iterator[StandIn]:
    """A GitHub that takes its time between carrying out a write and saying so: the moment that matters."""
    with StandIn(token="ghp_very-secret").running() as github:
        github.add_repository(HERE, ["installation", "needs-info"])
        github.faults.append(Fault(where="POST .*comments", status=0, after=True, delay=0.06, times=1_000_000))
        yield github


def open_issues(github: StandIn, count: int) -> list[Issue]:
    body = "mmcv: 2.0.0\n\nModuleNotFoundError: No module named 'mmcv._ext'"
    return [github.open_issue(HERE, f"It fails ({number})", body) for number in range(count)]


def until(true: Callable[[], object]) -> None:
    """Wait for what must happen; the patience is for machines that are busy."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def send_all(server: Serving, github: StandIn, count: int, issues: int) -> None:
    """Deliver each until it is acknowledged, as whoever presses Redeliver does; one in ten a second time."""

    def send(number: int) -> None:
        issue = number % issues + 1
        action = "opened" if number < issues else "edited"
        payload = github.event(action, HERE, issue, changes={"body": {"from": ""}})
        for _ in range(1 + (number % 10 == 0)):
            while server.deliver(payload, f"guid-{number}") not in {200, 202}:
                time.sleep(0.02)

    with ThreadPoolExecutor(8) as senders:
        list(senders.map(send, range(count)))


def kill_at_random(server: Serving, sql: Sql, kills: int, over: Event) -> int:
    """Kill the server at moments that nobody chose, and start it again; returns how often."""
    chance, done = random.Random(7), 0
    while done < kills and not over.is_set():
        time.sleep(chance.uniform(0.1, 0.7))
        server.kill()
        done += 1
        # As if the time of its leases had passed: nobody else works here.
        sql.do("UPDATE mailbox SET lease_until = 0")
        server.start()
    return done


def test_killed_again_and_again_nothing_is_lost_or_said_twice(
    url: str, sql: Sql, github: StandIn, tmp_path: Path, load: Load
) -> None:
    """Deliveries, one in ten sent twice, and SIGKILL at random: one row a GUID, one comment an issue."""
    issues = open_issues(github, load.deliveries // 10)
    server, over = Serving(url, github, tmp_path), Event()
    server.start()
    try:
        with ThreadPoolExecutor(2) as both:
            sending = both.submit(send_all, server, github, load.deliveries, len(issues))
            until(lambda: any(issue.comments for issue in issues))
            killing = both.submit(kill_at_random, server, sql, load.kills, over)
            sending.result()
            assert killing.result() == load.kills
        until(lambda: sql.rows(OPEN) == [(0,)])
        assert server.terminate() == 0
    finally:
        over.set()
        server.kill()
    stored = sql.rows("SELECT count(*), count(DISTINCT guid) FROM delivery WHERE guid LIKE 'guid-%'")
    assert stored == [(load.deliveries, load.deliveries)]
    assert [len(issue.comments) for issue in issues] == [1] * len(issues)
    assert {tuple(issue.labels) for issue in issues} == {("installation",)}


def test_frozen_past_their_leases_workers_do_not_speak_twice(
    url: str, sql: Sql, github: StandIn, tmp_path: Path, load: Load
) -> None:
    """Three servers on one database; one after the other sleeps past its lease and wakes up in its work."""
    issues = open_issues(github, load.deliveries // 10)
    servers = [Serving(url, github, tmp_path, name, LEASE_SECONDS="2") for name in ("one", "two", "three")]
    try:
        for server in servers:
            server.start()
        with ThreadPoolExecutor(1) as aside:
            sending = aside.submit(send_all, servers[0], github, len(issues) * 3, len(issues))
            for server in servers[1:] * 2:
                server.signal(signal.SIGSTOP)
                time.sleep(2.5)
                server.signal(signal.SIGCONT)
                time.sleep(0.3)
            sending.result()
        until(lambda: sql.rows(OPEN) == [(0,)])
        until(lambda: all(len(issue.comments) == 1 for issue in issues))
    finally:
        for server in servers:
            server.kill()
    assert [len(issue.comments) for issue in issues] == [1] * len(issues)


# --- databases that fail ---


def test_a_full_disk_is_an_error_and_no_loss(github: StandIn, tmp_path: Path) -> None:
    """What cannot be written is answered 503; after there is room again, the redelivery is taken and worked on."""
    (issue,) = open_issues(github, 1)
    url = f"sqlite:///{tmp_path}/t.db"
    server = Serving(url, github, tmp_path)
    server.start()
    try:
        assert server.process is not None
        unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        assert server.deliver(github.event("opened", HERE, 1), "a") == 503
        assert issue.comments == []
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert server.deliver(github.event("opened", HERE, 1), "a") == 202
        until(lambda: issue.comments)
        assert "No space" not in server.log()
    finally:
        server.kill()


def test_a_locked_file_is_503_in_time_and_heals(github: StandIn, tmp_path: Path) -> None:
    """While another program holds the file's lock GitHub gets its answer before it hangs up."""
    (issue,) = open_issues(github, 1)
    server = Serving(f"sqlite:///{tmp_path}/t.db", github, tmp_path)
    server.start()
    try:
        with closing(sqlite3.connect(tmp_path / "t.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert server.deliver(github.event("opened", HERE, 1), "a") == 503
        assert server.deliver(github.event("opened", HERE, 1), "a") == 202
        until(lambda: issue.comments)
    finally:
        server.kill()


def test_a_postgresql_that_is_down_is_503_and_heals(cluster: Cluster, github: StandIn, tmp_path: Path) -> None:
    """The server outlives its database: it says 503 while that is down, and goes on when it is back."""
    (issue,) = open_issues(github, 1)
    server = Serving(cluster.empty(), github, tmp_path)
    server.start()
    try:
        cluster.stop()
        assert server.deliver(github.event("opened", HERE, 1), "a") == 503
        assert requests.get(f"{server.url}/readyz", timeout=10).status_code == 503
        assert requests.get(f"{server.url}/healthz", timeout=10).status_code == 200
        cluster.start()
        until(lambda: server.deliver(github.event("opened", HERE, 1), "a") == 202)
        until(lambda: issue.comments)
        assert server.terminate() == 0
    finally:
        server.kill()
