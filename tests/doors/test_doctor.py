"""`triagebot doctor`: each line ok, or what to do."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from tests.doors.test_web import serving
from tests.fakes.app import NUMBER, PEM, App
from tests.fakes.github import Fault, StandIn
from triagebot.doors.doctor import doctor
from triagebot.wiring import load_knowledge

HERE = "open-mmlab/mmdetection"
LABELS = sorted({label for entry in load_knowledge().entries for label in entry.labels} | {"needs-info"})


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(token="ghp_1").running() as github:
        github.add_repository(HERE, LABELS)
        monkeypatch.setenv("TRIAGEBOT_GITHUB_API_URL", github.url)
        monkeypatch.setenv("TRIAGEBOT_GITHUB_TOKEN", "ghp_1")
        monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", f"sqlite:///{tmp_path}/t.db")
        yield github


def examine(*options: str) -> Result:
    return CliRunner().invoke(doctor, list(options))


def test_all_is_well(github: StandIn) -> None:
    """Every line is ok, and the exit status is 0."""
    done = examine(HERE)
    assert done.exit_code == 0, done.output
    heads = [line.split()[1].rstrip(":") for line in done.output.splitlines()]
    assert heads == [
        "settings",
        "knowledge",
        "database",
        "credentials",
        "repository",
        "rate",
        "clock",
        "policy",
        "labels",
    ]
    assert {line.split()[0] for line in done.output.splitlines()} == {"ok"}
    assert "ghp_1" not in done.output


@pytest.mark.parametrize("options", [(), (HERE,)])
def test_without_credentials_the_rest_is_examined(
    github: StandIn, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """Nobody has a token on the first day: one line says what to set, and nothing is asked of GitHub."""
    monkeypatch.delenv("TRIAGEBOT_GITHUB_TOKEN")
    done = examine(*options)
    assert done.exit_code == 1, done.output
    assert "ok    knowledge" in done.output
    assert "FAIL  credentials: there are none" in done.output
    assert "triagebot app create" in done.output
    assert ("FAIL  repository" in done.output) == bool(options)


def test_missing_labels_are_told_and_created_only_on_request(github: StandIn) -> None:
    """Without --fix nothing is written."""
    github.repositories[HERE].labels[:] = ["Needs-Info"]
    done = examine(HERE)
    assert done.exit_code == 1
    assert "FAIL  labels: missing: " in done.output
    assert "--fix" in done.output
    assert github.repositories[HERE].labels == ["Needs-Info"]
    assert examine(HERE, "--fix").exit_code == 0
    assert {name.casefold() for name in github.repositories[HERE].labels} == {name.casefold() for name in LABELS}


def test_a_wrong_policy_is_told_with_its_line(github: StandIn) -> None:
    """Complaint 15: a typo in the configuration does not fail in silence."""
    github.repositories[HERE].files[".github/triagebot.yml"] = "answerz: off\n"
    done = examine(HERE)
    assert done.exit_code == 1
    assert "FAIL  policy: .github/triagebot.yml:1: answerz" in done.output


def test_a_wrong_knowledge_is_told_once(github: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its mistakes stand in its own line, not in that of the policy as well."""
    (tmp_path / "faq.yaml").write_text("entriez: []\n")
    monkeypatch.setenv("TRIAGEBOT_KNOWLEDGE", str(tmp_path))
    told = examine(HERE).output
    assert told.count("entriez: `entriez` is not a key here") == 1
    assert "FAIL  policy: not checked, since the knowledge is wrong" in told


def test_a_refused_token_is_told(github: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other lines are checked all the same."""
    monkeypatch.setenv("TRIAGEBOT_GITHUB_TOKEN", "ghp_2")
    done = examine(HERE)
    assert done.exit_code == 1
    assert "FAIL  credentials: GitHub answered 401" in done.output
    assert "ok    database" in done.output


def test_an_apps_missing_permission_is_named(github: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Complaint 17: not `Resource not accessible by integration`, but which permission and where to give it."""
    github.app = App(installed={HERE}, permissions={"issues": "read", "metadata": "read"})
    monkeypatch.delenv("TRIAGEBOT_GITHUB_TOKEN")
    monkeypatch.setenv("TRIAGEBOT_GITHUB_APP_ID", str(NUMBER))
    monkeypatch.setenv("TRIAGEBOT_GITHUB_APP_PRIVATE_KEY", PEM)
    done = examine(HERE)
    assert "FAIL  permissions: the App has no issues: write" in done.output
    assert "FAIL  permissions: the App has no contents: read" in done.output


def test_a_clock_that_is_wrong_is_told(github: StandIn) -> None:
    """GitHub's answers carry its time: a key that signs with a clock five minutes off is refused there."""
    github.clock = partial(float, time.time() - 300)
    told = examine(HERE).output
    assert re.search(r"FAIL  clock: (299|30\d) s from GitHub's\n      -> Switch NTP on\.", told)


def test_a_rate_that_is_used_up_is_told(github: StandIn) -> None:
    """Few requests are left in this hour: what is waited for, and what helps."""
    github.left = 20
    assert "FAIL  rate: 20 requests left in this hour\n      -> Wait for the next hour" in examine(HERE).output


def test_a_repository_that_cannot_be_read_is_told(github: StandIn) -> None:
    """Whatever GitHub answers instead is one line; the other checks are made all the same."""
    github.faults.append(Fault(where=f"GET /repos/{HERE}$", status=503))
    told = examine(HERE).output
    assert "FAIL  repository: GitHub answered 503" in told
    assert "ok    policy" in told


def test_labels_of_rules_are_looked_for_as_well(
    github: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By the names that maintainers gave them; what is never put is not missed."""
    faq = "entries: [{id: own, title: Ours, signatures: [the spout is on fire], fix: Use water., labels: [mac]}]\n"
    (tmp_path / "faq.yaml").write_text(faq)
    rules = "rules: [{id: w, label: win, title: [w]}]\nnames: {win: windows}\nnever: [mac]\n"
    (tmp_path / "labels.yaml").write_text(rules)
    github.repositories[HERE].labels.clear()
    monkeypatch.setenv("TRIAGEBOT_KNOWLEDGE", str(tmp_path))
    assert "FAIL  labels: missing: needs-info, windows\n" in examine(HERE).output


def test_a_webhook_that_is_ours_is_recognised(github: StandIn, tmp_path: Path) -> None:
    """An unsigned knock is answered by our server with 401; anything else on that address is not ours."""

    async def knock() -> Result:
        async with serving(tmp_path) as server:
            return await asyncio.to_thread(examine, "--webhook", f"{server.url}/github/webhook")

    assert "answers and asks for signatures" in asyncio.run(knock()).output


def test_an_address_that_is_none_is_told(github: StandIn) -> None:
    """A word instead of an address is one line with its remedy."""
    done = examine("--webhook", "nonsense")
    assert done.exit_code == 1, done.output
    assert "nonsense is no address of ours" in done.output


def test_a_webhook_that_is_something_else_is_told(github: StandIn) -> None:
    """A page that answers 200 to everything is not us; nothing at all neither."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        done = examine("--webhook", f"http://127.0.0.1:{server.server_address[1]}/github/webhook")
        thread.join()
    assert "answers 200, which is not ours" in done.output
    assert "does not answer" in examine("--webhook", "http://127.0.0.1:1/github/webhook").output
    assert "no address of ours" in examine("--webhook", "https://example.org/").output


def test_secrets_that_others_can_read_are_told(github: StandIn, tmp_path: Path) -> None:
    """The settings file holds the key."""
    config = tmp_path / "t.toml"
    config.write_text('log_level = "info"\n')
    config.chmod(0o644)
    assert "FAIL  settings" in examine("--config", str(config)).output
