"""Commands, menus and forms: what people ask directly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.discord.scenes import CHINESE, ERROR, OOM_LOG, Scene, play
from tests.fakes.discord import buttons
from tests.fakes.discord.shapes import BOB, EPHEMERAL


def test_a_pasted_error_gets_its_fix_and_only_the_asker_sees_it(tmp_path: Path) -> None:
    """/triage with a text: promised at once, then the cause, the quoted line and the fix."""

    async def act(scene: Scene) -> None:
        asked = await scene.people.slash("triage", {"text": ERROR})
        told = await asked.words()
        assert "mmcv" in told
        assert "`ModuleNotFoundError: No module named 'mmcv._ext'`" in told
        assert asked.acks == [{"type": 5, "data": {"flags": EPHEMERAL}}]
        assert set(buttons(await asked.answered())) == {"Solved", "Not it", "Show why", "GitHub issue"}

    play(tmp_path, act)


def test_an_attached_log_is_read(tmp_path: Path) -> None:
    """/triage with a file and no text: the error is found in the file."""

    async def act(scene: Scene) -> None:
        log = scene.people.attach("train.log", OOM_LOG)
        asked = await scene.people.slash("triage", attached={"log": log})
        assert "CUDA out of memory" in await asked.words()

    play(tmp_path, act)


def test_a_bare_triage_opens_a_form_for_several_lines(tmp_path: Path) -> None:
    """Options of a command have no line breaks: the form has, and its answer is like any other."""

    async def act(scene: Scene) -> None:
        form = await (await scene.people.slash("triage")).answered()
        assert form["components"][0]["component"]["max_length"] == 4000
        sent = await scene.people.submit(form, f"Traceback (most recent call last):\n  ...\n{ERROR}")
        assert "mmcv" in await sent.words()

    play(tmp_path, act)


def test_a_form_that_was_open_while_the_bot_restarted_is_answered(tmp_path: Path) -> None:
    """Nothing about a form is kept in memory."""
    form = {"custom_id": "tb1:form", "components": [{"component": {"custom_id": "text"}}]}

    async def act(scene: Scene) -> None:
        sent = await scene.people.submit(form, ERROR)
        assert "mmcv" in await sent.words()

    play(tmp_path, act)


def test_whoever_uses_discord_in_chinese_is_answered_in_chinese(tmp_path: Path) -> None:
    """Logs are English everywhere: the language of the client counts, and so does that of the text."""

    async def act(scene: Scene) -> None:
        by_locale = await scene.people.slash("triage", {"text": ERROR}, locale="zh-CN")
        assert "可能的原因" in await by_locale.words()
        assert "已解决" in buttons(await by_locale.answered())
        by_text = await scene.people.slash("triage", {"text": CHINESE}, who=BOB)
        assert "可能的原因" in await by_text.words()

    play(tmp_path, act)


def test_the_menu_of_a_message_triages_it_with_its_files(tmp_path: Path) -> None:
    """Text and log of somebody else's message are read; only who asked sees the answer."""

    async def act(scene: Scene) -> None:
        said = await scene.people.say("it stops, see the log", attachments=[scene.people.attach("out.txt", OOM_LOG)])
        asked = await scene.people.menu("Triage this message", said, who=BOB)
        assert "CUDA out of memory" in await asked.words()
        assert asked.acks[0]["data"]["flags"] == EPHEMERAL

    play(tmp_path, act)


def test_an_answer_can_be_shown_to_everybody(tmp_path: Path) -> None:
    """`public` is for whoever helps others; the answer can then be deleted by its asker."""

    async def act(scene: Scene) -> None:
        asked = await scene.people.slash("triage", {"text": ERROR, "public": True})
        assert "Delete" in buttons(await asked.answered())
        assert asked.acks[0].get("data", {}).get("flags", 0) == 0

    play(tmp_path, act)


@pytest.mark.parametrize(
    ("typed", "locale", "first"),
    [
        ("mmcv-ops", "en-US", "mmcv-ops-missing"),
        ("out of mem", "en-US", "gpu-out-of-memory"),
        ("显存", "zh-CN", "gpu-out-of-memory"),
    ],
)
def test_entries_are_found_while_typing(tmp_path: Path, typed: str, locale: str, first: str) -> None:
    """By id or by words of the title, in both languages; what is chosen is shown."""

    async def act(scene: Scene) -> None:
        choices = await scene.people.type_into("faq", "entry", typed, locale=locale)
        assert choices[0]["value"] == first
        shown = await scene.people.slash("faq", {"entry": first}, locale=locale)
        assert choices[0]["name"] in await shown.words()

    play(tmp_path, act)


def test_what_the_faq_does_not_know_is_said_plainly(tmp_path: Path) -> None:
    """A stranger's question gets no guess; it can become a GitHub issue."""

    async def act(scene: Scene) -> None:
        asked = await scene.people.slash("triage", {"text": "what a nice day for a walk"})
        assert "no answer" in await asked.words()
        assert "GitHub issue" in buttons(await asked.answered())
        empty = await scene.people.slash("triage", {"text": "   "})
        assert "nothing to read" in await empty.words()
        unknown = await scene.people.slash("faq", {"entry": "zzzzzz"})
        assert "no such entry" in await unknown.words()

    play(tmp_path, act)


def test_whoever_asks_too_fast_is_told_when_to_ask_again(tmp_path: Path) -> None:
    """A few questions in a row are fine; then it says how long to wait, to the asker alone.  Staff may go on."""

    async def act(scene: Scene) -> None:
        said = [await (await scene.people.slash("triage", {"text": ERROR})).words() for _ in range(5)]
        assert all("mmcv" in one for one in said[:4])
        assert "again in" in said[4]
        assert "mmcv" in await (await scene.people.slash("triage", {"text": ERROR}, who=BOB)).words()
        staff = [await scene.people.slash("triage", {"text": ERROR}, permissions=0x2000) for _ in range(6)]
        assert all(["mmcv" in await one.words() for one in staff])

    play(tmp_path, act)
