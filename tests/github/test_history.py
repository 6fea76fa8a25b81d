"""A repository's issues are read page by page, and an interruption loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.github import StandIn
from triagebot.errors import RemoteError
from triagebot.github.history import fetch_history
from triagebot.learned.labels.history import read_history
from triagebot.settings import Settings
from triagebot.wiring import open_account, open_github

REPO = "example/kettle"


def test_every_page_is_read_and_an_interruption_loses_nothing(tmp_path: Path) -> None:
    """250 issues make three pages; reading breaks off inside, and goes on where it stopped."""
    with StandIn(token="t").running() as github:
        github.add_repository(REPO, ["bug"])
        for number in range(250):
            github.open_issue(REPO, f"It leaks {number}", "here")
        hands = open_github(open_account(Settings(github_api_url=github.url, github_token="t"), pause=0.0))
        pages: list[int] = []
        with pytest.raises(KeyboardInterrupt):
            fetch_history(hands, REPO, tmp_path / "h.jsonl", _stop_after(2, pages))
        with (tmp_path / "h.jsonl.part").open("a") as part:
            part.write('{"title": "half a li')
        asked_before = len(github.requests)
        done: list[int] = []
        file = fetch_history(hands, REPO, tmp_path / "h.jsonl", done.append)
        assert len(github.requests) - asked_before == 1
    assert done == [100, 100, 50]
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len({line["number"] for line in lines}) == 250
    issues = read_history(file.read_text(), str(file)).issues
    assert (len(issues), issues[0].repo) == (250, REPO)
    assert not (tmp_path / "h.jsonl.part").exists()


def _stop_after(pages: int, seen: list[int]) -> Callable[[int], None]:
    def progress(count: int) -> None:
        seen.append(count)
        if len(seen) == pages:
            raise KeyboardInterrupt

    return progress


def test_a_repository_that_is_not_there_is_told(tmp_path: Path) -> None:
    """GitHub's refusal is said with its remedy."""
    with StandIn(token="t").running() as github:
        hands = open_github(open_account(Settings(github_api_url=github.url, github_token="t"), pause=0.0))
        with pytest.raises(RemoteError, match="give the token access"):
            fetch_history(hands, "example/none", tmp_path / "h.jsonl", lambda _: None)
