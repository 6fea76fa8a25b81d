"""The thirteen reliability traps of bots on Discord, each as a test that fell before the cure."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp
import pytest

from tests.doors.discord.scenes import CORE, ERROR, PATIENCE, Scene, door_at, play, settings_for
from tests.doors.watching import rows, until
from tests.fakes.discord import Discord, buttons, words
from tests.fakes.discord.shapes import BOB, FORUM
from tests.fakes.github import StandIn
from tests.fakes.kept import Fault
from triagebot.doors.discord.door import Door
from triagebot.errors import SettingsError
from triagebot.pipeline import Triage
from triagebot.records import Report, Verdict
from triagebot.store import Store


class SlowTriage(Triage):
    """A core that takes its time over one kind of text, without giving way to anybody."""

    def judge(self, report: Report, *given: Any, **named: Any) -> Verdict:
        if "slow" in report.body:
            time.sleep(3.4)
        return super().judge(report, *given, **named)


def test_trap_1_a_slow_question_does_not_delay_other_peoples(tmp_path: Path) -> None:
    """The loop goes on while one report is judged: another person's command is acknowledged in time."""
    core = SlowTriage(CORE.knowledge)

    async def act(scene: Scene) -> None:
        slow = await scene.people.slash("triage", {"text": f"slow {ERROR}"})
        await slow.acked.wait()
        other = await scene.people.slash("faq", {"entry": "mmcv-ops-missing"}, who=BOB)
        assert "mmcv" in await other.words()
        assert not slow.done.is_set()
        assert "mmcv" in await slow.words()

    play(tmp_path, act, core=core)


def test_trap_2_no_text_can_hold_the_interpreter(tmp_path: Path) -> None:
    """A text made to stall backtracking engines, as long as Discord takes one, is answered like any other."""
    evil = "ModuleNotFoundError: " + "a" * 1500 + "!" + " " * 1500 + "\t'" * 400

    async def act(scene: Scene) -> None:
        log = scene.people.attach("evil.log", (evil + "\n").encode() * 250)
        slow = await scene.people.slash("triage", {"text": evil}, attached={"log": log})
        other = await scene.people.slash("triage", {"text": ERROR}, who=BOB)
        await other.acked.wait()
        await slow.acked.wait()
        assert "mmcv" in await other.words()
        await slow.answered()

    play(tmp_path, act)


def test_trap_3_a_killed_bot_leaves_no_process_behind(tmp_path: Path) -> None:
    """Its pipes are closed at once after kill -9: nobody holds them open."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            with process(discord, tmp_path) as bot:
                await started(discord)
                bot.kill()
                assert bot.stdout is not None
                await asyncio.to_thread(bot.stdout.read)

    asyncio.run(whole())


@pytest.mark.parametrize("fault", [Fault(where="", status=503), Fault(where="", drop=True)], ids=["503", "reset"])
def test_trap_4_a_message_that_was_refused_is_sent_again(tmp_path: Path, fault: Fault) -> None:
    """503 and cut connections, which the client library gives up on; even after the message got through it is one."""

    async def act(scene: Scene) -> None:
        fault.where, fault.times, fault.after = r"POST /channels/\d+/messages", 1, fault.drop
        scene.discord.rest.faults.append(fault)
        assert "mmcv" in words(await scene.reply_to(await scene.people.post("it fails", ERROR)))
        scene.discord.rest.faults.append(Fault(where="POST /interactions/.*", status=503))
        asked = await scene.people.slash("triage", {"text": ERROR})
        assert "mmcv" in await asked.words()
        scene.discord.rest.faults.append(Fault(where="PATCH /webhooks/.*", drop=True, after=True))
        again = await scene.people.slash("triage", {"text": ERROR}, who=BOB)
        assert "mmcv" in await again.words()
        assert again.followups == []

    play(tmp_path, act)


def test_trap_5_a_discord_that_is_down_at_start_is_waited_for(tmp_path: Path) -> None:
    """Nothing listens there: the bot keeps trying, and works when Discord comes up."""

    async def whole() -> None:
        discord = Discord()
        await discord.start()
        await discord.stop()
        store = Store(f"sqlite:///{tmp_path}/t.db")
        async with asyncio.timeout(PATIENCE), Door(settings_for(discord, tmp_path), store, CORE) as door:
            await asyncio.sleep(0.3)
            assert not door.connected.is_set()
            await discord.start()
            await door.stay_until(door.connected)
            asked = await discord.people.slash("triage", {"text": ERROR})
            assert "mmcv" in await asked.words()
        await discord.stop()
        store.close()

    asyncio.run(whole())


@asynccontextmanager
async def replicas(folder: Path) -> AsyncIterator[tuple[Scene, Scene]]:
    """Two bots with one token and one database."""
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
        discord = await stack.enter_async_context(Discord())
        first = await stack.enter_async_context(door_at(discord, folder))
        second = await stack.enter_async_context(door_at(discord, folder))
        yield first, second
        assert discord.rest.violations == []


def test_trap_6_two_replicas_answer_once(tmp_path: Path) -> None:
    """Both hear everything; commands, posts, presses and forms have one answer each."""

    async def whole() -> None:
        async with replicas(tmp_path) as (one, two):
            for number in range(5):
                asked = await one.people.slash("triage", {"text": ERROR}, who=BOB + number)
                assert "mmcv" in await asked.words()
                said = await one.people.post("it fails", ERROR)
                reply = await one.reply_to(said)
                await two.settle()
                assert one.people.replies(said) == [reply]
                assert asked.followups == []
            pressed = await one.people.click(reply, buttons(reply)["Solved"]["custom_id"])
            await pressed.answered()
            await until(lambda: rows(tmp_path, "SELECT kind FROM feedback") == [("solved",)])
            answers = one.discord.rest.made("PATCH /webhooks/.*")
            assert len({call.path for call in answers}) == len(answers)

    asyncio.run(whole())


def test_trap_7_the_nonce_is_made_of_the_message(tmp_path: Path) -> None:
    """Discord itself refuses a second reply: the nonce is the same whoever sends it, and is enforced."""

    async def act(scene: Scene) -> None:
        said = await scene.people.post("it fails", ERROR)
        await scene.reply_to(said)
        (sent,) = scene.discord.rest.made(r"POST /channels/\d+/messages")
        assert isinstance(sent.body, dict)
        assert (sent.body["nonce"], sent.body["enforce_nonce"]) == (f"tb{said['id']}", True)
        assert len(sent.body["nonce"]) <= 25

    play(tmp_path, act)


def test_trap_8_a_post_whose_thread_is_not_known_yet_is_answered(tmp_path: Path) -> None:
    """The message overtakes its thread: the thread is asked for."""

    async def act(scene: Scene) -> None:
        thread, said = scene.people.prepare_post("it fails", ERROR)
        await scene.people.repeat(said)
        assert "mmcv" in words(await scene.reply_to(said))
        await scene.people.announce(thread)
        await scene.settle()
        assert len(scene.people.replies(said)) == 1

    play(tmp_path, act)


def test_trap_9_nothing_is_sent_before_the_authors_first_message(tmp_path: Path) -> None:
    """The announcement of a thread alone moves nobody: Discord refuses replies at that moment."""

    async def act(scene: Scene) -> None:
        thread, said = scene.people.prepare_post("it fails", ERROR)
        await scene.people.announce(thread)
        await scene.settle()
        assert scene.people.replies(said) == []
        await scene.people.repeat(said)
        await scene.reply_to(said)
        assert all(call.status != 403 for call in scene.discord.rest.requests)

    play(tmp_path, act)


def test_trap_10_what_was_posted_while_the_bot_was_down_is_answered(tmp_path: Path) -> None:
    """Posts and cries for help of the gap are read at the next start; what was answered before is left alone."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            _, older = discord.people.prepare_post("before we ever ran", ERROR, age=7200)
            async with door_at(discord, tmp_path) as scene:
                answered = await scene.people.post("it fails", ERROR)
                await scene.reply_to(answered)
            _, missed = discord.people.prepare_post("it fails", ERROR)
            cry = await discord.people.say(ERROR)
            async with door_at(discord, tmp_path) as scene:
                assert "mmcv" in words(await scene.reply_to(missed))
                assert "mmcv" in words(await scene.reply_to(cry))
                assert len(discord.people.replies(answered)) == 1
                assert discord.people.replies(older) == []
            assert discord.rest.violations == []

    asyncio.run(whole())


def test_trap_10_a_new_session_after_an_outage_catches_up_too(tmp_path: Path) -> None:
    """The session is declared invalid: what was posted in between is read when the new one stands."""

    async def act(scene: Scene) -> None:
        await scene.reply_to(await scene.people.post("it fails", ERROR))
        scene.discord.gateway.sessions.clear()
        _, missed = scene.people.prepare_post("it fails", ERROR)
        await scene.discord.gateway.cut()
        assert "mmcv" in words(await scene.reply_to(missed))

    play(tmp_path, act)


def test_trap_11_a_button_of_a_former_process_works(tmp_path: Path) -> None:
    """Whoever presses after a restart is not told that the interaction failed."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            async with door_at(discord, tmp_path) as scene:
                reply = await scene.reply_to(await scene.people.post("it fails", ERROR))
            async with door_at(discord, tmp_path) as scene:
                asked = await scene.people.click(reply, buttons(reply)["Show why"]["custom_id"])
                assert "mmcv-ops-missing" in await asked.words()

    asyncio.run(whole())


def test_trap_12_signatures_are_shown_as_they_are(tmp_path: Path) -> None:
    """Underscores and backticks of an error survive: it stands in code, not in escaped prose."""

    async def act(scene: Scene) -> None:
        asked = await scene.people.slash("triage", {"text": "No module named `mmcv._ext` __init__"})
        await asked.answered()
        (sent,) = scene.discord.rest.made("PATCH /webhooks/.*")
        told = json.dumps(sent.body)
        assert "mmcv._ext" in told
        assert "\\\\_" not in told

    play(tmp_path, act)


def test_trap_13_commands_are_told_to_discord_only_when_they_changed(tmp_path: Path) -> None:
    """The first start tells them, a second and `discord sync` do not, --force does."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            for _ in range(2):
                async with door_at(discord, tmp_path):
                    pass
            assert len(discord.rest.made("PUT .*/commands")) == 1
            assert await synced(discord, tmp_path) == "Discord has these commands already."
            discord.world.commands[0]["description"] = "something else"
            assert await synced(discord, tmp_path) == "Discord was told the commands."
            assert await synced(discord, tmp_path, "--force") == "Discord was told the commands."
            assert len(discord.rest.made("PUT .*/commands")) == 3
            assert discord.rest.violations == []

    asyncio.run(whole())


# --- as a process ---


def command(discord: Discord, folder: Path, *given_words: str) -> tuple[list[str], dict[str, str]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGEBOT_")}
    given = {
        "TRIAGEBOT_DATABASE_URL": f"sqlite:///{folder}/t.db",
        "TRIAGEBOT_DISCORD_TOKEN": discord.token,
        "TRIAGEBOT_DISCORD_API_URL": discord.api_url,
        "TRIAGEBOT_DISCORD_GATEWAY_URL": discord.gateway_url,
        "PYTHONUTF8": "1",
    }
    return [sys.executable, "-m", "triagebot", *given_words], inherited | given


@contextmanager
def process(
    discord: Discord, folder: Path, called: Sequence[str] = ("discord",), more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[subprocess.Popen[str]]:
    run, environment = command(discord, folder, *called)
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(run, env=environment | dict(more), stdout=subprocess.PIPE, stderr=log, text=True)
    with running:
        try:
            yield running
        finally:
            running.kill()


async def started(discord: Discord) -> None:
    """Wait until a process is connected: a busy machine takes its time to start one."""
    while not (discord.gateway.sessions and discord.world.commands):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.02)


async def synced(discord: Discord, folder: Path, *more: str) -> str:
    run, environment = command(discord, folder, "discord", "sync", *more)
    done = await asyncio.create_subprocess_exec(*run, env=environment, stdout=subprocess.PIPE)
    out, _ = await done.communicate()
    return out.decode().strip()


def test_sigterm_finishes_the_answer_at_hand(tmp_path: Path) -> None:
    """A process that is told to stop leaves with 0, after what it had begun."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            with process(discord, tmp_path) as bot:
                await until(lambda: discord.world.commands and discord.gateway.sessions)
                discord.rest.faults.append(Fault(where="PATCH /webhooks/.*", delay=0.5, after=True, status=200))
                asked = await discord.people.slash("triage", {"text": ERROR})
                await asked.acked.wait()
                bot.send_signal(signal.SIGTERM)
                assert "mmcv" in await asked.words()
                assert await asyncio.to_thread(bot.wait, 10) == 0
                assert bot.stdout is not None
                assert "Next: type /triage" in bot.stdout.read()

    asyncio.run(whole())


def test_a_wrong_token_is_told_with_its_remedy(tmp_path: Path) -> None:
    """One sentence, no traceback, no endless trying."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            with pytest.raises(SettingsError, match="TRIAGEBOT_DISCORD_TOKEN: Discord does not take this token"):
                async with door_at(discord, tmp_path, discord_token="wrong"):
                    pass

    asyncio.run(whole())


@pytest.mark.parametrize("cut", ["abort", "close-4000", "close-1000", "op-7", "op-9"])
def test_a_cut_connection_is_resumed_and_nothing_is_missed(tmp_path: Path, cut: str) -> None:
    """Whatever way the line breaks, the session is resumed and a post of that moment answered once."""

    async def act(scene: Scene) -> None:
        gateway = scene.discord.gateway
        ways = {"abort": gateway.cut(), "close-4000": gateway.cut(4000), "close-1000": gateway.cut(1000)}
        ways |= {"op-7": gateway.tell(7), "op-9": gateway.tell(9, data=True)}
        await ways.pop(cut)
        for unused in ways.values():
            unused.close()
        said = await scene.people.post("it fails", ERROR)
        assert "mmcv" in words(await scene.reply_to(said))

    play(tmp_path, act)


def test_as_many_shards_are_opened_as_discord_advises(tmp_path: Path) -> None:
    """A bot in many servers hears them over several connections; nothing else changes."""

    async def act(scene: Scene) -> None:
        await until(lambda: len(scene.discord.gateway.sessions) == 2)
        assert [told["shard"] for told in scene.discord.gateway.identified] == [[0, 2], [1, 2]]
        said = await scene.people.post("it fails", ERROR)
        assert "mmcv" in words(await scene.reply_to(said))

    play(tmp_path, act, prepare=lambda discord: setattr(discord.gateway, "shards", 2))


@pytest.mark.parametrize("sent", [True, False], ids=["sent", "not sent"])
def test_a_kill_in_the_middle_of_a_reply_loses_and_doubles_nothing(tmp_path: Path, *, sent: bool) -> None:
    """Killed while Discord takes its time with the reply: the next process finds it, or sends what is missing."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            where = r"POST /channels/\d+/messages"
            discord.rest.faults.append(Fault(where=where, status=503, after=sent, delay=20.0))
            with process(discord, tmp_path, more={"TRIAGEBOT_DISCORD_FORUM_CHANNELS": str(FORUM)}) as bot:
                await started(discord)
                said = await discord.people.post("it fails", ERROR)
                await until(lambda: discord.rest.made(where))
                bot.kill()
            forget_leases(tmp_path)
            discord.gateway.sessions.clear()
            async with door_at(discord, tmp_path) as scene:
                reply = await scene.reply_to(said)
                await scene.people.click(reply, buttons(reply)["Delete"]["custom_id"])
                await until(lambda: not scene.people.replies(said))

    asyncio.run(whole())


def forget_leases(folder: Path) -> None:
    """Act as if the time of every lease had passed."""
    connection = sqlite3.connect(folder / "t.db")
    with connection:
        connection.execute("UPDATE claim SET lease_until = 0")
    connection.close()


def test_heartbeats_are_kept(tmp_path: Path) -> None:
    """The bot says that it is alive as often as the gateway asks."""

    async def act(scene: Scene) -> None:
        await until(lambda: scene.discord.gateway.heartbeats >= 4)

    play(tmp_path, act, prepare=lambda discord: setattr(discord.gateway, "heartbeat_seconds", 0.1))


def with_github(github: StandIn) -> dict[str, str]:
    """Return the settings that open the other door as well."""
    return {
        "TRIAGEBOT_GITHUB_TOKEN": github.token,
        "TRIAGEBOT_GITHUB_API_URL": github.url,
        "TRIAGEBOT_GITHUB_SECONDS_BETWEEN_WRITES": "0",
        "TRIAGEBOT_HTTP_PORT": "0",
        "TRIAGEBOT_DISCORD_PUBLIC_KEY": "00" * 32,
    }


async def posted(session: aiohttp.ClientSession, url: str, event: dict[str, Any]) -> int:
    """Deliver an event of an issue; returns the status."""
    headers = {"X-GitHub-Event": "issues", "X-GitHub-Delivery": "guid-1"}
    async with session.post(f"{url}/github/webhook", json=event, headers=headers) as answer:
        return answer.status


async def serving(bot: subprocess.Popen[str]) -> str:
    """Return the address that a process says it listens on."""
    assert bot.stdout is not None
    told = await asyncio.to_thread(bot.stdout.readline)
    return told.rpartition(" ")[2].strip()


def test_serve_runs_both_doors_in_one_process(tmp_path: Path) -> None:
    """With both tokens `triagebot serve` answers GitHub's webhook, Discord's gateway and its HTTP interactions."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord, aiohttp.ClientSession() as session:
            with StandIn(token="ghp_very-secret").running() as github:
                github.add_repository("open-mmlab/mmdetection", ["installation"])
                issue = github.open_issue("open-mmlab/mmdetection", "It fails", ERROR)
                with process(discord, tmp_path, ["serve"], with_github(github)) as bot:
                    url = await serving(bot)
                    await started(discord)
                    asked = await discord.people.slash("triage", {"text": ERROR})
                    assert "mmcv" in await asked.words()
                    event = github.event("opened", "open-mmlab/mmdetection", 1)
                    assert await posted(session, url, event) == 202
                    await until(lambda: issue.comments)
                    async with session.post(f"{url}/discord/interactions", data=b"{}") as answer:
                        assert answer.status == 401
                    bot.send_signal(signal.SIGTERM)
                    assert await asyncio.to_thread(bot.wait, 15) == 0

    asyncio.run(whole())


def test_serve_opens_only_the_door_that_is_asked_for(tmp_path: Path) -> None:
    """With both tokens, `--only github` never logs in at Discord, and `--only discord` has no webhook."""

    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord, aiohttp.ClientSession() as session:
            with StandIn(token="ghp_very-secret").running() as github:
                github.add_repository("open-mmlab/mmdetection", ["installation"])
                issue = github.open_issue("open-mmlab/mmdetection", "It fails", ERROR)
                event = github.event("opened", "open-mmlab/mmdetection", 1)
                with process(discord, tmp_path, ["serve", "--only", "github"], with_github(github)) as bot:
                    assert await posted(session, await serving(bot), event) == 202
                    await until(lambda: issue.comments)
                    assert not discord.gateway.sessions
                with process(discord, tmp_path, ["serve", "--only", "discord"], with_github(github)) as bot:
                    await started(discord)
                    assert bot.stdout is not None
                    lines = [await asyncio.to_thread(bot.stdout.readline) for _ in range(7)]
                    url = next(line for line in lines if "/discord/interactions" in line).split()[2]
                    assert await posted(session, url.removesuffix("/discord/interactions"), event) == 404

    asyncio.run(whole())
