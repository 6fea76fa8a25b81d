"""What nobody sent to us but we may answer: first posts, and cries for help."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.discord.scenes import CHINESE, ERROR, OOM_LOG, Scene, play
from tests.doors.watching import until
from tests.fakes.discord import buttons, words
from tests.fakes.discord.gateway import MESSAGE_CONTENT
from tests.fakes.discord.shapes import BOB, BOT, CHAT, HELP, snowflake, thread
from tests.fakes.discord.shapes import user as shapes_user

UNSURE = "It rains, and my training is slow. Any hints?"


def test_a_forum_post_with_a_log_gets_one_reply(tmp_path: Path) -> None:
    """The log is fetched, the cause found, and the reply stands below the post without pinging anybody."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post(
            "training stops", "see the log", attachments=[scene.people.attach("l.log", OOM_LOG)]
        )
        reply = await scene.reply_to(said)
        assert "CUDA out of memory" in words(reply)
        assert set(buttons(reply)) == {"Solved", "Not it", "Show why", "GitHub issue", "Delete"}

    play(tmp_path, act)


def test_a_chinese_post_is_answered_in_chinese(tmp_path: Path) -> None:
    """The reporter's language, buttons included."""

    async def act(scene: Scene) -> None:
        reply = await scene.reply_to(await scene.people.post("编译失败", CHINESE))
        assert "可能的原因" in words(reply)
        assert "已解决" in buttons(reply)

    play(tmp_path, act)


def test_a_cry_for_help_in_a_help_channel_is_answered(tmp_path: Path) -> None:
    """A message that holds an error gets its fix; a chat beside it gets nothing."""

    async def act(scene: Scene) -> None:
        chat = await scene.people.say("how is everybody? the release went out")
        help_ = await scene.people.say(f"anybody seen this?\n```\n{ERROR}\n```")
        assert "mmcv" in words(await scene.reply_to(help_))
        assert scene.people.replies(chat) == []

    play(tmp_path, act)


def test_what_is_not_for_us_is_left_alone(tmp_path: Path) -> None:
    """Bots, webhooks, replies, forwards, quotations, other channels and later messages of a post."""

    async def act(scene: Scene) -> None:
        people = scene.people
        first = await people.say("hello")
        reference = {"message_id": first["id"], "channel_id": str(HELP), "type": 0}
        said = [
            await people.say(ERROR, author=shapes_user(BOB, bot=True)),
            await people.say(ERROR, webhook_id=snowflake()),
            await people.say(ERROR, type=19, message_reference=reference),
            await people.say("", message_reference=reference | {"type": 1}),
            await people.say(f"> {ERROR}\nI never saw that one"),
            await people.say(ERROR, place=CHAT),
        ]
        post = await people.post("hello", "what a nice forum")
        said.append(await people.say(ERROR, place=post["id"]))
        await scene.settle()
        assert [one["content"] for one in [*said, post] if people.replies(one)] == []

    play(tmp_path, act)


def test_unsure_is_silent(tmp_path: Path) -> None:
    """Unasked, the bot says neither suggestions nor that it knows nothing."""

    async def act(scene: Scene) -> None:
        post = await scene.people.post("Weather", UNSURE)
        await scene.settle()
        assert scene.people.replies(post) == []

    play(tmp_path, act)


def test_a_thread_of_a_help_channel_is_read_where_it_opens(tmp_path: Path) -> None:
    """The owner's first message counts; what others write there does not."""

    async def act(scene: Scene) -> None:
        opened = thread("it fails", parent=HELP)
        scene.discord.world.threads[opened["id"]] = opened
        await scene.people.announce(opened)
        other = await scene.people.say(ERROR, place=opened["id"], who=BOB)
        first = await scene.people.say(ERROR, place=opened["id"])
        assert "mmcv" in words(await scene.reply_to(first))
        assert scene.people.replies(other) == []

    play(tmp_path, act)


def test_an_edited_post_gets_its_reply_edited(tmp_path: Path) -> None:
    """Another error: another answer in the same message.  No error any more: the answer is withdrawn."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("Weather", ERROR)
        reply = await scene.reply_to(said)
        assert "mmcv" in words(reply)
        await scene.people.edit(said, OOM_LOG.decode())
        await until(lambda: "out of memory" in words(reply))
        await scene.people.edit(said, UNSURE)
        await until(lambda: "withdrawn" in words(reply))
        await scene.settle()
        assert scene.people.replies(said) == [reply]
        assert buttons(reply) == {}

    play(tmp_path, act)


def test_a_post_that_holds_its_error_only_after_an_edit_is_answered(tmp_path: Path) -> None:
    """Whoever adds the log afterwards is helped as well."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("Weather", UNSURE)
        await scene.settle()
        assert scene.people.replies(said) == []
        await scene.people.edit(said, ERROR)
        assert "mmcv" in words(await scene.reply_to(said))

    play(tmp_path, act)


def test_what_is_missing_is_asked_for_and_withdrawn_when_it_is_there(tmp_path: Path) -> None:
    """A post without an error is asked for it; once it is there, the answer stands in place of the request."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("it fails", "help please")
        reply = await scene.reply_to(said)
        assert "The error message" in words(reply)
        await scene.people.edit(said, ERROR)
        await until(lambda: "Likely cause" in words(reply))
        assert "The error message" not in words(reply)

    play(tmp_path, act)


def test_a_post_that_is_deleted_takes_the_reply_with_it(tmp_path: Path) -> None:
    """Nothing of what a person took back stays."""

    async def act(scene: Scene) -> None:
        said = await scene.people.say(ERROR)
        reply = await scene.reply_to(said)
        await scene.people.delete(said)
        await until(lambda: reply["id"] not in scene.discord.world.messages)

    play(tmp_path, act)


def test_a_reply_that_staff_deleted_is_not_written_again(tmp_path: Path) -> None:
    """An edit of the post afterwards changes nothing: a person has decided."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("it fails", ERROR)
        await scene.people.delete(await scene.reply_to(said))
        await scene.people.edit(said, OOM_LOG.decode())
        await scene.settle()
        await scene.people.edit(said, ERROR + "\n" + OOM_LOG.decode())
        await scene.settle()
        assert scene.people.replies(said) == []

    play(tmp_path, act)


def test_whoever_mentions_the_bot_is_answered_anywhere(tmp_path: Path) -> None:
    """Addressed directly, it answers even with "I do not know"."""

    async def act(scene: Scene) -> None:
        mention = {"mentions": [shapes_user(BOT, bot=True)]}
        said = await scene.people.say(f"<@{BOT}> {ERROR}", place=CHAT, **mention)
        assert "mmcv" in words(await scene.reply_to(said))
        chat = await scene.people.say(f"<@{BOT}> how are you", place=CHAT, **mention)
        assert "no answer" in words(await scene.reply_to(chat))

    play(tmp_path, act)


@pytest.mark.parametrize("title", [ERROR, "help"])
def test_without_the_message_content_intent_titles_and_mentions_are_read(tmp_path: Path, title: str) -> None:
    """The bot connects without it, and says in each reply that it could read the title only."""

    async def act(scene: Scene) -> None:
        assert scene.client.reads is False
        said = await scene.people.post(title, ERROR)
        if title == ERROR:
            told = words(await scene.reply_to(said))
            assert "mmcv" in told
            assert "title only" in told
        await scene.settle()
        assert len(scene.people.replies(said)) == (title == ERROR)
        asked = await scene.people.slash("triage", {"text": ERROR})
        assert "mmcv" in await asked.words()

    play(tmp_path, act, prepare=lambda discord: setattr(discord.gateway, "allowed_intents", ~MESSAGE_CONTENT))
