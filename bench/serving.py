"""How fast deliveries become durable, how soon an issue is answered, and how much memory the server takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.load import HERE, REAL_SIZE, Told
from tests.fakes import postgres
from tests.fakes.github import Issue, StandIn
from tests.fakes.serving import Serving

CONNECTIONS = (16, 64)
SECONDS = 4.0
ROUNDS = 2
SYNCS = 50
ISSUES = 1000
PATIENCE_SECONDS = 600.0


class Rate(NamedTuple):
    """How often a second, the milliseconds of one, and what it costs the server and the client in microseconds."""

    a_second: float
    p50: float
    p99: float
    processor: float
    client: float


def print_serving() -> None:
    """Print the figures of the server on each database, beside the same endpoint without one."""
    print(
        f"\na signed issues.opened of {REAL_SIZE:,} bytes, {SECONDS:.0f} s each; one fdatasync here: {_sync():.2f} ms"
    )
    costs = f"{'server us':>11}{'client us':>11}"  # of processor time, for each delivery
    print(f"{'':34}{'at once':>8}{'202/s':>10}{'ms p50':>9}{'ms p99':>9}{'of bare':>9}{costs}")
    with tempfile.TemporaryDirectory(prefix="triagebot-bench-") as folder:
        places = {"nothing stored": "", "SQLite, synchronous=FULL": f"sqlite:///{folder}/t.db"}
        _print_rates(places)
        _print_latency("SQLite", f"sqlite:///{folder}/e.db", Path(folder))
        if postgres.programs() is None:
            print("NOT MEASURED ON POSTGRESQL: it is not installed (apt-get install postgresql)")
            return
        with postgres.running(durable=True) as cluster:
            _print_rates({"nothing stored": "", "PostgreSQL, synchronous commits": cluster.empty()})
            _print_latency("PostgreSQL", cluster.empty(), Path(folder))


def _print_rates(places: dict[str, str]) -> None:
    """Measure by turns, so that a busy machine is busy for all of them; the best round counts."""
    for connections in CONNECTIONS:
        found: dict[str, list[Rate]] = {name: [] for name in places}
        for number in range(ROUNDS):
            for name, url in places.items():
                with _endpoint(url) as (port, process):
                    title = f"{len(name)}-{connections}-{number}"
                    found[name].append(_load(port, process, title, connections))
        best = {name: max(rates) for name, rates in found.items()}
        bare = next(iter(best.values())).a_second
        for name, rate in best.items():
            times = f"{rate.a_second:10,.0f}{rate.p50:9.2f}{rate.p99:9.2f}{rate.a_second / bare:9.2f}"
            print(f"{name:34}{connections:8}{times}{rate.processor:11.0f}{rate.client:11.0f}")


def _sync() -> float:
    """Return the median milliseconds that the disk takes to keep a page."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return sorted(times)[SYNCS // 2] * 1000


@contextmanager
def _endpoint(url: str) -> Iterator[tuple[int, int]]:
    """Run the reception alone in a process; gives its port and the process.  Without a `url` it stores nothing."""
    command = [sys.executable, "-m", "bench.endpoint", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process.pid
    finally:
        process.kill()
        process.communicate()


def _load(port: int, process: int, name: str, connections: int) -> Rate:
    """Deliver from a process of its own, and see what both sides use of the processor."""
    command = [sys.executable, "-m", "bench.load", str(port), str(connections), str(SECONDS), name]
    used = _processor(process)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    used = _processor(process) - used
    told = Told(*json.loads(done.stdout))
    count, times = len(told.times), sorted(told.times)
    p50, p99 = times[count // 2] * 1000, times[count * 99 // 100] * 1000
    return Rate(count / told.seconds, p50, p99, used / count * 1e6, told.processor / count * 1e6)


def _processor(process: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- from delivery to comment ---


class _Clocked(StandIn):
    """A stand-in that notes when each comment was written."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.written: dict[int, float] = {}

    def add_comment(self, issue: Issue, *given: Any, **more: Any) -> dict[str, Any]:
        self.written.setdefault(issue.number, time.perf_counter())
        return super().add_comment(issue, *given, **more)


def _print_latency(name: str, url: str, folder: Path) -> None:
    """Print how soon a thousand issues that come at once are answered, and what the server weighs then."""
    with _Clocked(token="bench").running() as github:
        github.add_repository(HERE, ["installation", "needs-info"])
        body = "mmcv: 2.0.0\n\nModuleNotFoundError: No module named 'mmcv._ext'"
        for number in range(ISSUES):
            github.open_issue(HERE, f"It fails ({number})", body)
        server = Serving(url, github, folder, f"bench-{name}")
        server.start()
        try:
            idle = _weight(server)
            alone = _answered(server, github, [1])
            together = _answered(server, github, list(range(2, ISSUES + 1)))
            weight = _weight(server)
        finally:
            server.kill()
    p50, p99 = together[len(together) // 2], together[len(together) * 99 // 100]
    print(
        f"{name}: first issue to comment {alone[0]:.2f} s; {ISSUES} at once all answered in {together[-1]:.1f} s "
        f"({ISSUES / together[-1]:.0f}/s), p50 {p50:.1f} s, p99 {p99:.1f} s; "
        f"memory {idle:.0f} MB idle, {weight:.0f} MB after (server and its processes, shared pages once)"
    )


def _answered(server: Serving, github: _Clocked, numbers: list[int]) -> list[float]:
    """Deliver issues and wait for their comments; returns the seconds from the first delivery, in order."""
    started = time.perf_counter()
    for number in numbers:
        status = server.deliver(github.event("opened", HERE, number), f"bench-{number}")
        assert status == 202, status
    while not all(number in github.written for number in numbers):
        assert time.perf_counter() < started + PATIENCE_SECONDS, server.log()[-2000:]
        time.sleep(0.01)
    return sorted(github.written[number] - started for number in numbers)


def _weight(server: Serving) -> float:
    """Return the proportional size of a server and everything below it, in MB."""
    assert server.process is not None
    return sum(_proportional(process) for process in _family(server.process.pid)) / 1024


def _family(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task").glob("*/children")
    below = [int(word) for file in children for word in file.read_text().split()]
    return [process, *(member for child in below for member in _family(child))]


def _proportional(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    print_serving()
