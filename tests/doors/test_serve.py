"""`triagebot serve` as a process, from the signed delivery to the comment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.doors.watching import rows, until
from tests.fakes.github import Fault, StandIn
from tests.learned.histories import history
from triagebot.doors.web import run
from triagebot.errors import SettingsError
from triagebot.github.signing import sign
from triagebot.learned.labels.file import write_model
from triagebot.learned.labels.learn import Aim, learn

SECRET = "hush-hush-秘密"
HERE = "open-mmlab/mmdetection"


@pytest.fixture
def github() -> Iterator[StandIn]:
    with StandIn(token="ghp_very-secret").running() as github:
        github.add_repository(HERE, ["installation", "needs-info"])
        github.open_issue(HERE, "No module named 'mmcv._ext'", "ModuleNotFoundError: No module named 'mmcv._ext'")
        yield github


@contextmanager
def process(folder: Path, github: StandIn, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `triagebot serve`; gives the process and its address."""
    given = {
        "DATABASE_URL": f"sqlite:///{folder}/t.db",
        "HTTP_PORT": "0",
        "GITHUB_API_URL": github.url,
        "GITHUB_TOKEN": github.token,
        "GITHUB_WEBHOOK_SECRET": SECRET,
        "GITHUB_SECONDS_BETWEEN_WRITES": "0",
    } | settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGEBOT_")}
    environment |= {f"TRIAGEBOT_{name}": value for name, value in given.items()} | {"PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "triagebot", "serve"]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    with running:
        assert running.stdout is not None
        try:
            yield running, running.stdout.readline().rpartition(" ")[2].strip()
        finally:
            running.kill()


def deliver(url: str, github: StandIn, guid: str = "guid-1", number: int = 1) -> int:
    body = json.dumps(github.event("opened", HERE, number)).encode()
    headers = {"X-GitHub-Event": "issues", "X-GitHub-Delivery": guid, "X-Hub-Signature-256": sign(body, SECRET)}
    return requests.post(f"{url}/github/webhook", body, headers=headers, timeout=10).status_code


def test_serve_answers_an_issue_and_stops_when_told(tmp_path: Path, github: StandIn) -> None:
    """A signed delivery becomes one comment and its label; SIGTERM ends the process; no secret is ever printed."""
    issue = github.repositories[HERE].issues[1]
    with process(tmp_path, github, LOG_LEVEL="debug") as (running, url):
        assert deliver(url, github) == 202
        asyncio.run(until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL")))
        assert deliver(url, github) == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
        assert running.stdout is not None
        out, err = running.stdout.read(), (tmp_path / "log").read_text()
    assert len(issue.comments) == 1
    assert issue.labels == ["installation"]
    assert "events Issues and Issue comments" in out
    records = [json.loads(line) for line in err.splitlines()]
    done = next(record for record in records if record["event"] == "report done")
    assert (done["guids"], done["target"], done["outcome"]) == (["guid-1"], f"{HERE}#1", "answer")
    for hidden in (SECRET, ascii(SECRET)[1:-1], github.token):
        assert hidden not in out + err


def test_reactions_are_counted_without_an_event(tmp_path: Path, github: StandIn) -> None:
    """A thumb on our comment is found by the server itself: at its start, and then every hour."""
    issue = github.repositories[HERE].issues[1]
    with process(tmp_path, github) as (_, url):
        assert deliver(url, github) == 202
        asyncio.run(until(lambda: issue.labels))
    issue.comments[0]["reactions"]["-1"] = ["reporter"]
    with process(tmp_path, github):
        asyncio.run(until(lambda: rows(tmp_path, "SELECT 1 FROM feedback WHERE kind = 'disliked'")))


@pytest.mark.parametrize("content", [None, b"PK nothing"])
def test_a_label_model_that_cannot_be_read_is_told_once_and_the_bot_serves(
    tmp_path: Path, github: StandIn, content: bytes | None
) -> None:
    """Missing or damaged: one line in the log names the file, and reports are answered without it."""
    model = tmp_path / "labels.npz"
    if content is not None:
        model.write_bytes(content)
    with process(tmp_path, github, LABEL_MODEL=str(model)) as (_, url):
        assert deliver(url, github) == 202
        asyncio.run(until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL")))
    told = [line for line in (tmp_path / "log").read_text().splitlines() if "label model" in line]
    assert len(told) == 1
    assert f"{model}: " in told[0]
    assert "Going on without learned labels" in told[0]
    assert github.repositories[HERE].issues[1].labels == ["installation"]


def test_learned_labels_are_put_on_by_the_server(tmp_path: Path, github: StandIn) -> None:
    """The model reaches the processes that think, and its label the issue."""
    github.repositories[HERE].labels.append("bug")
    issue = github.open_issue(HERE, "crash when it fails", "broken: a regression, the traceback fails")
    (model,) = learn(history(240, repo=HERE), Aim(act=0.9)).values()
    write_model(model, tmp_path / "labels.npz")
    with process(tmp_path, github, LABEL_MODEL=str(tmp_path / "labels.npz"), THINKING_PROCESSES="1") as (_, url):
        assert deliver(url, github, number=issue.number) == 202
        asyncio.run(until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL")))
    assert "bug" in issue.labels


def test_a_kill_in_the_middle_of_a_write_loses_and_doubles_nothing(tmp_path: Path, github: StandIn) -> None:
    """Killed while GitHub takes its time with our comment: the next process finds the comment and does the rest."""
    issue = github.repositories[HERE].issues[1]
    github.faults.append(Fault(where="POST .*comments", status=0, after=True, delay=5.0))
    with process(tmp_path, github) as (running, url):
        assert deliver(url, github) == 202
        asyncio.run(until(lambda: issue.comments))
        running.kill()
    assert issue.labels == []
    connection = sqlite3.connect(tmp_path / "t.db")
    with connection:  # as if the time of the lease had passed
        connection.execute("UPDATE mailbox SET lease_until = 0")
    connection.close()
    with process(tmp_path, github):
        asyncio.run(until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL")))
    assert len(issue.comments) == 1
    assert issue.labels == ["installation"]


def test_stopping_in_the_middle_of_a_call_that_hangs_releases_the_report(tmp_path: Path, github: StandIn) -> None:
    """SIGTERM ends the process within ten seconds; the report is due again at once, and no try is held against it."""
    github.faults.append(Fault(where="GET .*issues/1", status=0, delay=60.0))
    with process(tmp_path, github) as (running, url):
        assert deliver(url, github) == 202
        asyncio.run(until(lambda: any("issues/1" in call for call in github.requests)))
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    assert rows(tmp_path, "SELECT state, attempts, lease_until FROM mailbox") == [("ready", 0, 0.0)]


def test_a_port_that_is_taken_is_told(tmp_path: Path, github: StandIn) -> None:
    """The message names the settings; there is no traceback."""
    port = github.url.rpartition(":")[2]
    with process(tmp_path, github, HTTP_PORT=port) as (running, _):
        assert running.wait(10) == 2
    assert (tmp_path / "log").read_text().splitlines() == [
        (
            f"Cannot listen on 127.0.0.1 port {port}: Address already in use. "
            "Choose others with TRIAGEBOT_HTTP_HOST and TRIAGEBOT_HTTP_PORT."
        )
    ]


def test_serving_openly_without_a_secret_or_uselessly_without_a_token_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are told at once, before anything is opened."""
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", f"sqlite:///{tmp_path}/t.db")
    monkeypatch.setenv("TRIAGEBOT_HTTP_HOST", "0.0.0.0")  # noqa: S104
    with pytest.raises(SettingsError) as raised:
        run(None)
    told = str(raised.value).splitlines()
    assert [line.partition(":")[0] for line in told] == ["TRIAGEBOT_GITHUB_TOKEN", "TRIAGEBOT_GITHUB_WEBHOOK_SECRET"]
    assert list(tmp_path.iterdir()) == []
