"""What maintainers do: labels on GitHub's issues, and texts proposed for the FAQ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from tests.doors.discord.scenes import CORE, ERROR, Scene, play
from tests.doors.watching import rows, until
from tests.fakes.discord import buttons, words
from tests.fakes.discord.shapes import BOB, STAFF
from tests.fakes.github import Fault, Issue, StandIn
from triagebot.doors.discord import discord as command
from triagebot.doors.discord.labelling import Tracker
from triagebot.settings import Settings
from triagebot.store import Store
from triagebot.wiring import open_account, open_tracker

HERE = "open-mmlab/mmdetection"
ISSUE = f"https://github.com/{HERE}/issues/1"


@pytest.fixture
def github() -> Iterator[StandIn]:
    with StandIn(token="ghp_very-secret").running() as github:
        github.add_repository(HERE, ["installation", "needs-info"])
        github.open_issue(HERE, "It fails", ERROR)
        yield github


@pytest.fixture
def issue(github: StandIn) -> Issue:
    return github.repositories[HERE].issues[1]


def with_github(github: StandIn) -> dict[str, Any]:
    """Return what opens the door with a way to GitHub."""
    account = open_account(Settings(github_api_url=github.url, github_token=github.token), pause=0.0)

    def tracker(store: Store) -> Tracker:
        return open_tracker(account, CORE, store)

    return {"tracker": tracker, "github_api_url": github.url}


def test_labels_of_an_issue_are_advised_with_reasons_and_put_on_at_a_press(
    tmp_path: Path, github: StandIn, issue: Issue
) -> None:
    """Name, sureness, entry and quoted line; Apply puts them on, remembered as the person's, and asks no more."""

    async def act(scene: Scene) -> None:
        asked = await scene.people.slash("labels", {"report": ISSUE}, roles=(STAFF,))
        told = await asked.words()
        assert "`installation` (sure" in told
        assert "`mmcv-ops-missing`, line 1: `ModuleNotFoundError" in told
        shown = await asked.answered()
        press = await scene.people.click(shown, buttons(shown)["Apply"]["custom_id"], roles=(STAFF,))
        assert "Put on" in words(await press.answered())
        assert buttons(shown) == {}
        assert issue.labels == ["installation"]
        assert rows(tmp_path, "SELECT name, state, put_by FROM label") == [
            ("installation", "theirs", "discord:1000000000000000010")
        ]
        assert rows(tmp_path, "SELECT report, entry, kind FROM feedback") == [
            (f"{HERE}#1", "label:installation", "applied")
        ]
        again = await scene.people.slash("labels", {"report": f"{HERE}#1"}, roles=(STAFF,))
        assert "no label to add" in await again.words()

    play(tmp_path, act, **with_github(github))


def test_dismiss_leaves_the_issue_alone(tmp_path: Path, github: StandIn, issue: Issue) -> None:
    """What was dismissed is kept as feedback, and nothing is put on."""

    async def act(scene: Scene) -> None:
        shown = await (await scene.people.slash("labels", {"report": ISSUE}, roles=(STAFF,))).answered()
        await (await scene.people.click(shown, buttons(shown)["Dismiss"]["custom_id"], roles=(STAFF,))).answered()
        await until(lambda: rows(tmp_path, "SELECT kind FROM feedback") == [("dismissed",)])
        assert issue.labels == []

    play(tmp_path, act, **with_github(github))


def test_an_issue_that_changed_meanwhile_is_shown_again(tmp_path: Path, github: StandIn, issue: Issue) -> None:
    """Nothing is put on that the maintainer has not seen."""

    async def act(scene: Scene) -> None:
        shown = await (await scene.people.slash("labels", {"report": ISSUE}, roles=(STAFF,))).answered()
        issue.body = "it fails, help"
        press = await scene.people.click(shown, buttons(shown)["Apply"]["custom_id"], roles=(STAFF,))
        assert "changed meanwhile" in words(await press.answered())
        assert issue.labels == []

    play(tmp_path, act, **with_github(github))


def test_whoever_is_no_staff_any_more_puts_nothing_on(tmp_path: Path, github: StandIn, issue: Issue) -> None:
    """The right is looked at when the button is pressed, not when it was made."""

    async def act(scene: Scene) -> None:
        shown = await (await scene.people.slash("labels", {"report": ISSUE}, roles=(STAFF,))).answered()
        press = await scene.people.click(shown, buttons(shown)["Apply"]["custom_id"])
        assert "Only staff" in words(await press.answered())
        assert issue.labels == []

    play(tmp_path, act, **with_github(github))


def test_what_github_refuses_is_told(tmp_path: Path, github: StandIn) -> None:
    """Another repository, a failing API, no connection at all: each in plain words."""

    async def act(scene: Scene) -> None:
        other = await scene.people.slash("labels", {"report": "https://github.com/a/b/issues/1"}, roles=(STAFF,))
        assert "I look after" in await other.words()
        github.faults.append(Fault(where="GET /repos.*", status=502))
        failed = await scene.people.slash("labels", {"report": ISSUE}, roles=(STAFF,))
        assert "GitHub refused" in await failed.words()

    async def alone(scene: Scene) -> None:
        asked = await scene.people.slash("labels", {"report": ISSUE}, roles=(STAFF,))
        assert "No GitHub is connected" in await asked.words()
        text = await scene.people.slash("labels", {"report": ERROR}, roles=(STAFF,))
        assert "`installation` (sure" in await text.words()
        assert buttons(await text.answered()) == {}

    play(tmp_path, act, **with_github(github))
    play(tmp_path, alone)


def test_a_message_is_proposed_for_the_faq_without_its_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text and error wait for review, once; the operator sees them as beginnings of entries, valid YAML."""
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", f"sqlite:///{tmp_path}/t.db")

    async def act(scene: Scene) -> None:
        said = await scene.people.say("fails: [x]\nRuntimeError: Numpy is not 'available' hf_" + "aBcD" * 9, who=BOB)
        for expected in ("Kept for review: `RuntimeError: Numpy", "waits for review already"):
            asked = await scene.people.menu("Suggest as FAQ", said, roles=(STAFF,))
            assert expected in await asked.words()

    play(tmp_path, act)
    shown = CliRunner().invoke(command, ["proposals"]).output
    assert "hf_" not in shown
    (entry,) = yaml.safe_load("entries:\n" + shown)["entries"]
    assert entry["signatures"] == ["Numpy is not 'available' [redacted]"]
    assert CliRunner().invoke(command, ["proposals", "--close", "1"]).output == ""
    assert "no proposal of this number" in CliRunner().invoke(command, ["proposals", "--close", "1"]).output
