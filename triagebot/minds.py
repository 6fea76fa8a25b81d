"""Thinking in processes of its own: a report that hangs or kills one costs that report a try, nobody else anything.

Each process serves one caller at a time over a pipe of its own.  It ends by itself when its server is gone, even
while it is stuck in a report: the alarm clock that is set for each report ends it.
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from socket import SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET, socketpair
from time import perf_counter
from typing import Any

from triagebot.errors import TooHard
from triagebot.pipeline import Triage
from triagebot.records import Case, IssueTemplate, Knowledge, Policy, Report, Verdict

LIMIT_SECONDS = 20.0
_START_SECONDS = 60.0
_MOST_KNOWN = 8
_UNKNOWN = "unknown knowledge"
_PROGRAM = "import sys; sys.path[:] = {path!r}; from triagebot.minds import live; live({line})"
# Where memory runs out, the system shall rather end a process that thinks than the server.
_OUT_OF_MEMORY = "500"
_POLICY = Policy()

Told = Callable[[str, float], None]
"""Is told how many seconds a room took."""


class Minds:
    """Some processes that think, each about one report at a time, for at most `limit` seconds."""

    def __init__(self, size: int = 1, limit: float = LIMIT_SECONDS, told: Told | None = None) -> None:
        self._limit = limit
        self._told = told
        self._all = [_Mind() for _ in range(size)]
        self._free: LifoQueue[_Mind] = LifoQueue()
        for mind in self._all:
            self._free.put(mind)

    def triage(self, knowledge: Knowledge) -> Triage:
        """Return a core that thinks here; it may be called from any thread.  Its methods raise TooHard."""
        return _FarTriage(knowledge, self)

    def ask(self, knowledge: Knowledge, verb: str, *given: Any) -> Any:
        """Return what a core of this knowledge answers; raises TooHard when it takes too long or its process dies."""
        mind = self._free.get()
        try:
            answer, times = mind.ask(knowledge, verb, given, self._limit)
        finally:
            self._free.put(mind)
        for room, seconds in times.items():
            if self._told is not None:
                self._told(room, seconds)
        return answer

    def close(self) -> None:
        """End every process at once."""
        for mind in self._all:
            mind.end()

    def processes(self) -> list[int]:
        """Return the ids of the processes that run."""
        running = [mind.process for mind in self._all]  # read once: another thread may end one meanwhile
        return [process.pid for process in running if process is not None and process.poll() is None]


class _FarTriage(Triage):
    """A core whose reading and judging happen elsewhere; answering is a matter of words and stays here."""

    def __init__(self, knowledge: Knowledge, minds: Minds) -> None:
        self.knowledge = knowledge
        self._minds = minds

    def read(self, report: Report, issue_templates: Sequence[IssueTemplate] | None = None) -> Case:
        case: Case = self._minds.ask(self.knowledge, "read", report, issue_templates)
        return case

    def judge(
        self, report: Report, policy: Policy = _POLICY, issue_templates: Sequence[IssueTemplate] | None = None
    ) -> Verdict:
        verdict: Verdict = self._minds.ask(self.knowledge, "judge", report, policy, issue_templates)
        return verdict


class _Mind:
    """One process, started when it is needed and replaced when it is lost."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def ask(
        self, knowledge: Knowledge, verb: str, given: tuple[Any, ...], limit: float
    ) -> tuple[Any, dict[str, float]]:
        patience = limit
        if self.process is None or self.process.poll() is not None:
            self._begin()
            patience += _START_SECONDS  # which is no fault of the report
        answer = self._exchange((knowledge.digest, None, verb, given, limit), patience)
        if answer == _UNKNOWN:
            answer = self._exchange((knowledge.digest, knowledge, verb, given, limit), limit + _START_SECONDS)
        value, times, error = answer
        if error:
            raise TooHard(f"The report could not be read: {error}")
        return value, times

    def _begin(self) -> None:
        """Start a process that finds the same modules as this one, knows none of our secrets, and hears no Ctrl-C."""
        self.end()
        near, far = socketpair()
        for way in (SO_SNDTIMEO, SO_RCVTIMEO):  # one that is stopped while we speak must not stop us
            near.setsockopt(SOL_SOCKET, way, struct.pack("ll", int(_START_SECONDS), 0))
        with far:
            program = _PROGRAM.format(path=sys.path, line=far.fileno())
            command = [sys.executable, "-I", *(["-B"] if sys.dont_write_bytecode else []), "-c", program]
            environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGEBOT_")}
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.DEVNULL, env=environment, pass_fds=[far.fileno()], process_group=0
            )
        self._line = Connection(near.detach())

    def _exchange(self, question: Any, patience: float) -> Any:
        assert self._line is not None  # noqa: S101 - begun above
        try:
            self._line.send(question)
            if self._line.poll(patience):
                return self._line.recv()
        except BlockingIOError:
            pass
        except (EOFError, OSError):
            code = self._code()
            raise TooHard(f"The process that read the report died ({code}).") from None
        self.end()
        raise TooHard(f"The report took longer than {patience:.0f} s.")

    def _code(self) -> str:
        assert self.process is not None  # noqa: S101 - as above
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        code = self.process.poll()
        self.end()
        return f"signal {-code}" if code is not None and code < 0 else f"status {code}"

    def end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._line = self.process = None


def live(number: int) -> None:
    """Answer questions on a line (the number of a socket) until the other side is gone."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OUT_OF_MEMORY)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # systemd tells everybody, but a report at hand is to be finished
    line = Connection(number)
    cores: dict[str, tuple[Triage, _Watch]] = {}
    with suppress(EOFError, OSError):
        while True:
            digest, knowledge, verb, given, limit = line.recv()
            # The server gives up earlier; this is for when it is no longer there.
            signal.alarm(int(limit + _START_SECONDS) + 5)
            if digest not in cores and knowledge is None:
                line.send(_UNKNOWN)
                continue
            if digest not in cores:
                _make_room(cores)
                cores[digest] = _build(knowledge)
            line.send(_answer(*cores[digest], verb, given))
            signal.alarm(0)


def _make_room(cores: dict[str, Any]) -> None:
    while len(cores) >= _MOST_KNOWN:
        del cores[next(iter(cores))]


def _build(knowledge: Knowledge) -> tuple[Triage, _Watch]:
    watch = _Watch()
    return Triage(knowledge, watch), watch


def _answer(core: Triage, watch: _Watch, verb: str, given: tuple[Any, ...]) -> tuple[Any, dict[str, float], str]:
    watch.times.clear()
    try:
        return getattr(core, verb)(*given), dict(watch.times), ""
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        return None, {}, f"{type(error).__name__}: {error}"


class _Watch:
    """Notes how many seconds each room took."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    @contextmanager
    def __call__(self, room: str) -> Iterator[None]:
        started = perf_counter()
        yield
        self.times[room] = self.times.get(room, 0.0) + perf_counter() - started
