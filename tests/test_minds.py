"""Thinking in processes of its own: what hangs or dies costs one report a try."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest

from tests.making import FAQ, knowledge, report
from triagebot.errors import TooHard
from triagebot.minds import Minds
from triagebot.pipeline import Triage

ROOT = Path(__file__).parent.parent
BODY = "kettle: 2.1\n\nModuleNotFoundError: No module named 'kettle._lid' \ud800"
LONG = "No module named 'kettle._lid', the lid libary refused to open, how do I keep warm?\n" * 40_000


@pytest.fixture
def minds() -> Iterator[Minds]:
    minds = Minds(1, limit=60)
    yield minds
    minds.close()


def test_a_process_says_what_the_core_says(minds: Minds) -> None:
    """Case, verdict, reply and actions are those of the core itself."""
    near, far = Triage(knowledge()), minds.triage(knowledge())
    assert far.read(report(BODY)) == near.read(report(BODY))
    assert far.judge(report(BODY)) == near.judge(report(BODY))
    assert far.answer(far.judge(report(BODY))) == near.answer(near.judge(report(BODY)))


def test_rooms_are_timed() -> None:
    """Whoever asks is told how long each room took."""
    told: dict[str, float] = {}
    minds = Minds(1, told=told.__setitem__)
    minds.triage(knowledge()).judge(report(BODY))
    minds.close()
    assert set(told) == {"parse", "extract", "match", "diagnose", "decide"}
    assert all(seconds > 0 for seconds in told.values())


def test_one_process_serves_many_projects(minds: Minds) -> None:
    """Each knowledge is handed over once; more than fit are handed over again."""
    cores = [minds.triage(knowledge(FAQ.replace("example/kettle", f"example/kettle{n}"))) for n in range(10)]
    for core in [*cores, *cores]:
        assert core.judge(report(BODY)).answers[0].diagnosis.entry.id == "lid-missing"


def test_a_report_that_hangs_costs_itself_a_try() -> None:
    """After its time the process is ended, the next report gets a new one."""
    minds = Minds(1, limit=1.5)
    core = minds.triage(knowledge())
    core.judge(report(BODY))
    os.kill(minds.processes()[0], signal.SIGSTOP)
    with pytest.raises(TooHard, match="longer than 2 s"):
        core.judge(report(BODY))
    assert core.judge(report(BODY)).answers
    minds.close()


def test_a_report_that_kills_its_process_costs_itself_a_try(minds: Minds) -> None:
    """The death is told with its signal, the next report gets a new process."""
    core = minds.triage(knowledge())
    core.judge(report(BODY))
    (process,) = minds.processes()
    os.kill(process, signal.SIGSTOP)
    killer = Timer(0.3, os.kill, (process, signal.SIGKILL))
    killer.start()
    with pytest.raises(TooHard, match=r"died \(signal 9\)"):
        core.judge(report(BODY))
    assert core.judge(report(BODY)).answers


def test_a_process_that_died_in_its_sleep_costs_nobody_anything(minds: Minds) -> None:
    """One that was ended while it had nothing to do is replaced before the next report."""
    core = minds.triage(knowledge())
    core.judge(report(BODY))
    (process,) = minds.processes()
    os.kill(process, signal.SIGKILL)
    while minds.processes():
        time.sleep(0.01)
    assert core.judge(report(BODY)).answers


def test_a_process_is_stopped_by_its_server_alone(minds: Minds) -> None:
    """SIGTERM, which systemd sends to all processes of a service, does not cost the report at hand its try."""
    core = minds.triage(knowledge())
    core.judge(report(BODY))
    (process,) = minds.processes()
    os.kill(process, signal.SIGTERM)
    assert core.judge(report(BODY)).answers
    assert minds.processes() == [process]


def test_who_reads_hostile_text_knows_no_secrets(minds: Minds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the server, tokens among them, are not handed on."""
    monkeypatch.setenv("TRIAGEBOT_GITHUB_TOKEN", "ghp_very-secret")
    minds.triage(knowledge()).judge(report(BODY))
    (process,) = minds.processes()
    assert b"ghp_very-secret" not in Path(f"/proc/{process}/environ").read_bytes()


def test_one_that_takes_nothing_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that is longer than the line holds, told to a process that is stopped, does not stop its server."""
    monkeypatch.setattr("triagebot.minds._START_SECONDS", 2.0)
    minds = Minds(1, limit=30)
    core = minds.triage(knowledge())
    core.judge(report(BODY))
    os.kill(minds.processes()[0], signal.SIGSTOP)
    with pytest.raises(TooHard, match="longer than"):
        core.judge(report(LONG))
    assert core.judge(report(BODY)).answers
    minds.close()


def test_more_reports_than_processes_wait_their_turn(minds: Minds) -> None:
    """Many threads share one process, and each gets its own answer."""
    core = minds.triage(knowledge())
    with ThreadPoolExecutor(8) as asking:
        verdicts = list(asking.map(core.judge, [report(BODY, f"number {n}") for n in range(40)]))
    titles = [verdict.assessment.case.document.report.title for verdict in verdicts]
    assert titles == [f"number {n}" for n in range(40)]


def test_nothing_is_left_when_the_server_is_killed() -> None:
    """Its processes end with it, without being told."""
    program = (
        "import os, sys; from tests.making import knowledge, report; from triagebot.minds import Minds\n"
        "if __name__ == '__main__':\n"
        "    minds = Minds(2); minds.triage(knowledge()).judge(report('x'))\n"
        "    print(*minds.processes(), flush=True); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    processes = [int(word) for word in done.stdout.split()]
    assert processes, done.stderr
    for _ in range(500):
        if not any(Path(f"/proc/{process}").exists() for process in processes):
            break
        time.sleep(0.02)
    assert [process for process in processes if Path(f"/proc/{process}").exists()] == []
