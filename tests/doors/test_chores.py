"""What is done at start and again every so often, beside the daily work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.doors.watching import until
from tests.fakes.github import StandIn
from tests.fakes.serving import Serving
from tests.fakes.sql import Sql
from tests.making import verdict
from triagebot.doors.web.chores import Chore, Chores, ask_about_silence
from triagebot.errors import StoreError
from triagebot.github.desk import SILENCE
from triagebot.records import Action, Kind, Receipt
from triagebot.store import Store

HERE = "open-mmlab/mmdetection"
DAY = 86_400


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()


def test_a_chore_that_fails_is_done_again() -> None:
    """Whatever goes wrong, it is tried again when its time comes, and others are done all the same."""
    done: list[str] = []

    def fail(error: Exception) -> Callable[[], int]:
        def do() -> int:
            done.append(type(error).__name__)
            raise error

        return do

    async def play() -> None:
        chores = Chores(
            (
                Chore(name="told", every=0.01, do=fail(StoreError("down"))),
                Chore(name="a bug", every=0.01, do=fail(ZeroDivisionError())),
            )
        )
        chores.start()
        await until(lambda: done.count("StoreError") > 1 and done.count("ZeroDivisionError") > 1)
        await chores.stop()

    asyncio.run(play())


# --- silence ---


def ask(store: Store) -> str:
    """Let a report be asked about what is missing; returns which."""
    asked = verdict("```\nValueError: the spout is on fire\n```")
    target = asked.assessment.case.document.report.id
    store.memory.keep_verdict(asked)
    store.memory.keep(Receipt(action=Action(kind=Kind.COMMENT, target=target, value="?", key=target), result="1"))
    return target


def test_who_was_asked_is_looked_at_once_a_day(store: Store, sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery of our own wakes the report, once until the next day, whether or not it was worked on."""
    target = ask(store)
    assert [ask_about_silence(store), ask_about_silence(store)] == [1, 0]
    claim = store.inbox.claim(60)
    assert claim is not None
    assert [(item.event, item.key) for item in claim.deliveries] == [(SILENCE, target)]
    assert store.inbox.done(claim)
    assert ask_about_silence(store) == 0
    tomorrow = time.time() + DAY
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert ask_about_silence(store) == 1


def test_who_was_left_in_peace_for_months_is_not_looked_at_any_more(store: Store, sql: Sql) -> None:
    """Each look renews the verdict; what counts is when the bot last did anything there."""
    ask(store)
    sql.do(f"UPDATE receipt SET at = at - 121 * {DAY}")  # noqa: S608
    assert ask_about_silence(store) == 0


def test_a_silent_reporter_is_reminded_without_any_event(tmp_path: Path) -> None:
    """Nothing comes from GitHub for days; the server looks by itself, and does what the repository's policy says."""
    with StandIn(token="ghp_very-secret").running() as github:
        github.add_repository(HERE, ["needs-info"]).files[".github/triagebot.yml"] = "remind-after-days: 3\n"
        issue = github.open_issue(HERE, "It fails", "```\nValueError: need at least one array to concatenate\n```")
        github.clock = lambda: time.time() - 4 * DAY
        server = Serving(f"sqlite:///{tmp_path}/t.db", github, tmp_path)
        server.start()
        try:
            assert server.deliver(github.event("opened", HERE, 1), "a") == 202
            asyncio.run(until(lambda: issue.labels == ["needs-info"]))
            assert server.terminate() == 0
            server.start()
            asyncio.run(until(lambda: len(issue.comments) == 2))
            assert server.terminate() == 0
        finally:
            server.kill()
    assert issue.comments[1]["body"].startswith("<!-- triagebot:note remind")
