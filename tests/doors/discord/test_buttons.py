"""Buttons below answers: what they do, who may press them, and that they work after any restart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.doors.discord.scenes import CHINESE, ERROR, PATIENCE, Scene, door_at, play
from tests.doors.watching import rows, until
from tests.fakes.discord import Discord, buttons, words
from tests.fakes.discord.shapes import BOB, EPHEMERAL, STAFF, Json

ENVIRONMENT = f"{ERROR}\n\nPyTorch: 1.9.0+cu111\nMMCV: 1.3.17\nPython: 3.8.12"


def feedback(folder: Path) -> list[tuple[str, ...]]:
    return rows(folder, "SELECT entry, kind, who, source FROM feedback")


async def answer_to(scene: Scene, text: str = ERROR) -> Json:
    """Return a public reply of the bot to a post."""
    return await scene.reply_to(await scene.people.post("it fails", text))


def code(reply: Json, label: str) -> str:
    return str(buttons(reply)[label]["custom_id"])


def test_solved_is_kept_beside_what_is_said_on_github(tmp_path: Path) -> None:
    """The answer stays, says that it helped, and asks no more."""

    async def act(scene: Scene) -> None:
        reply = await answer_to(scene)
        await (await scene.people.click(reply, code(reply, "Solved"))).answered()
        await until(lambda: "Marked as solved" in words(reply))
        assert "mmcv" in words(reply)
        assert "Solved" not in buttons(reply)
        assert feedback(tmp_path) == [("mmcv-ops-missing", "solved", "1000000000000000010", "discord")]

    play(tmp_path, act)


def test_not_it_takes_the_answer_back_for_good(tmp_path: Path) -> None:
    """A wrong answer disappears at one press, and no edit of the post brings one back."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("it fails", ERROR)
        reply = await scene.reply_to(said)
        await (await scene.people.click(reply, code(reply, "Not it"))).answered()
        await until(lambda: "taken back" in words(reply))
        assert "mmcv" not in words(reply)
        await scene.people.edit(said, CHINESE)
        await scene.settle()
        assert "taken back" in words(reply)
        assert feedback(tmp_path)[0][:2] == ("mmcv-ops-missing", "wrong")

    play(tmp_path, act)


def test_show_why_tells_only_whoever_pressed(tmp_path: Path) -> None:
    """Entry, probability, matcher, score and the quoted line."""

    async def act(scene: Scene) -> None:
        reply = await answer_to(scene)
        asked = await scene.people.click(reply, code(reply, "Show why"))
        told = await asked.words()
        assert "`mmcv-ops-missing` (probability" in told
        assert "No module named 'mmcv._ext'" in told
        assert asked.acks[0]["data"]["flags"] == EPHEMERAL

    play(tmp_path, act)


def test_an_answer_becomes_a_filled_github_form(tmp_path: Path) -> None:
    """The link carries the error and the facts under the template's names; nothing is posted, nothing else is said."""

    async def act(scene: Scene) -> None:
        reply = await answer_to(scene, f"my private words\n{ENVIRONMENT}")
        asked = await scene.people.click(reply, code(reply, "GitHub issue"))
        link = (await asked.words()).partition("](")[2].partition(")")[0]
        address = urlsplit(link)
        asks = parse_qs(address.query)
        assert (address.netloc, address.path) == ("github.com", "/open-mmlab/mmdetection/issues/new")
        assert asks["title"] == ["ModuleNotFoundError: No module named 'mmcv._ext'"]
        assert "- PyTorch version: `1.9.0+cu111`" in asks["body"][0]
        assert f"channels/{reply['message_reference']['guild_id']}" in asks["body"][0]
        assert "private" not in asks["body"][0]

    play(tmp_path, act)


def test_delete_takes_the_reply_away_for_good(tmp_path: Path) -> None:
    """By the asker or staff, in public answers and replies alike."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("it fails", ERROR)
        reply = await scene.reply_to(said)
        await scene.people.click(reply, code(reply, "Delete"), who=BOB, roles=(STAFF,))
        await until(lambda: not scene.people.replies(said))
        await scene.people.edit(said, CHINESE)
        await scene.settle()
        assert scene.people.replies(said) == []

    play(tmp_path, act)


@pytest.mark.parametrize("label", ["Solved", "Not it", "Show why", "GitHub issue", "Delete"])
def test_a_stranger_may_press_nothing(tmp_path: Path, label: str) -> None:
    """They are told so alone; staff may press everything."""

    async def act(scene: Scene) -> None:
        reply = await answer_to(scene)
        before = words(reply)
        asked = await scene.people.click(reply, code(reply, label), who=BOB)
        assert "Only the person who asked" in await asked.words()
        assert words(reply) == before
        assert feedback(tmp_path) == []
        allowed = await scene.people.click(reply, code(reply, label), who=BOB, roles=(STAFF,))
        await allowed.acked.wait()

    play(tmp_path, act)


def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    """Everything a button needs stands in its id and in the store; no view is kept in memory."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            async with door_at(discord, tmp_path) as scene:
                asked = await scene.people.slash("triage", {"text": ERROR})
                shown = await asked.answered()
                assert scene.client._connection._view_store._views == {}
            async with door_at(discord, tmp_path) as scene:
                why = await scene.people.click(shown, code(shown, "Show why"))
                assert "mmcv-ops-missing" in await why.words()
                await (await scene.people.click(shown, code(shown, "Solved"))).answered()
                await until(lambda: feedback(tmp_path))
            assert discord.rest.violations == []

    asyncio.run(whole())
