"""`triagebot app create`: from the page to the credentials file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from tests.fakes.app import NUMBER, PEM, App
from tests.fakes.github import StandIn
from triagebot.doors.app import app
from triagebot.settings import read_settings

ROOT = Path(__file__).parent.parent.parent
URL = "https://bot.example.org"


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with StandIn().running() as github:
        github.app = App(installed=set())
        monkeypatch.setenv("TRIAGEBOT_GITHUB_API_URL", github.url)
        yield github


def create(*options: str) -> Result:
    return CliRunner().invoke(app, ["create", "--url", URL, *options])


def test_the_manifest_asks_for_the_least() -> None:
    """Issues read and written, files read, nothing else; the file in deploy/ is what the command prints."""
    printed = json.loads(create("--print").output)
    assert printed["default_permissions"] == {"issues": "write", "contents": "read", "metadata": "read"}
    assert printed["default_events"] == ["issues", "issue_comment"]
    assert printed == json.loads((ROOT / "deploy" / "app-manifest.json").read_text("utf-8"))


def test_the_page_leads_to_github_and_back(github: StandIn, tmp_path: Path) -> None:
    """Only whoever comes back with our state is believed; the file holds settings that `serve` takes, mode 600."""
    out = tmp_path / "app.toml"
    command = [sys.executable, "-m", "triagebot", "app", "create", "--url", URL, "--port", "0", "--out", str(out)]
    environment = dict(os.environ) | {"TRIAGEBOT_GITHUB_API_URL": github.url, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            address = running.stdout.readline().split()[1]
            page = unescape(requests.get(address, timeout=10).text)
            state = page.partition("state=")[2].partition('"')[0]
            assert f"{github.url}/settings/apps/new" in page
            requests.get(f"{address}done", {"code": "bad-code", "state": "guessed"}, timeout=10)
            requests.get(f"{address}done", {"code": "good-code", "state": state}, timeout=10)
            said = running.stdout.read()
            assert running.wait(20) == 0
        finally:
            running.kill()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    settings = read_settings({}, str(out))
    assert (settings.github_app_id, settings.github_app_private_key) == (str(NUMBER), PEM)
    assert settings.github_webhook_secret == "hook-secret"
    assert "hook-secret" not in said
    assert "installations/new" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--code", "bad-code"], "GitHub answered 404"),
        (["--code", "../../x"], "no code of GitHub's"),
        (["--url", "http://bot.example.org"], "https:// only"),
    ],
)
def test_what_goes_wrong_is_told(github: StandIn, tmp_path: Path, options: list[str], message: str) -> None:
    """One line, no traceback, no file."""
    done = create("--out", str(tmp_path / "a.toml"), *options)
    assert done.exit_code == 2
    assert message in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["absent/a.toml", "a.toml/b.toml", "."])
def test_a_code_is_not_used_up_for_nothing(github: StandIn, tmp_path: Path, out: str) -> None:
    """GitHub takes a code once: where the file could not be written, it is not even asked."""
    (tmp_path / "a.toml").write_text("a file")
    done = create("--out", str(tmp_path / out), "--code", "good-code")
    assert done.exit_code == 2
    assert "Name another file" in done.output or "name another file" in done.output
    assert github.requests == []


def test_credentials_are_never_written_over(github: StandIn, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    (tmp_path / "a.toml").write_text("old")
    assert create("--out", str(tmp_path / "a.toml"), "--code", "good-code").exit_code == 2
    assert (tmp_path / "a.toml").read_text() == "old"
