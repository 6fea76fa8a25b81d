"""A crowd: a thousand commands and two hundred posts (with SOAK=full), while the connection breaks again and again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from pathlib import Path

from tests.doors.discord.scenes import ERROR, OOM_LOG, Scene, play
from tests.doors.watching import rows, until
from tests.fakes.discord import Interaction, words
from tests.fakes.discord.shapes import Json

FULL = os.environ.get("SOAK") == "full"
# Full size where it is asked for (.ci/run does): the stand-in shares the processor with the bot.
COMMANDS, POSTS, WAVES = (1000, 200, 10) if FULL else (150, 30, 3)


def test_every_command_is_answered_in_time_and_every_post_once(tmp_path: Path) -> None:
    """Each command is promised within three seconds and answered, or told "busy"; no post has two replies or none."""
    people = count(10_000)
    asked: list[Interaction] = []
    said: list[Json] = []

    async def wave(scene: Scene) -> None:
        """A hundred and more commands and the posts between them, as fast as they can be sent."""
        for turn in range(COMMANDS // WAVES):
            asked.append(await scene.people.slash("triage", {"text": ERROR}, who=next(people)))
            if turn % (COMMANDS // POSTS) == 0:
                await post(scene, turn)
            await asyncio.sleep(0)

    async def post(scene: Scene, turn: int) -> None:
        text = ERROR if turn % 2 else OOM_LOG.decode()
        said.append(await scene.people.post(f"post {len(said)}", text, who=next(people)))

    async def act(scene: Scene) -> None:
        gateway = scene.discord.gateway
        if not FULL:  # a small machine that is busy with other tests
            scene.discord.world.window = 30.0
        for number in range(WAVES):
            await wave(scene)
            # Nobody can promise in time what does not reach them: the line breaks when all is promised, posts go on.
            await asyncio.gather(*(one.acked.wait() for one in asked))
            cuts: list[Callable[[], Awaitable[None]]] = [
                gateway.cut,
                partial(gateway.cut, 4000),
                partial(gateway.tell, 7),
            ]
            await cuts[number % 3]()
            await post(scene, number)
            await until(lambda number=number: len(gateway.resumed) > number)  # type: ignore[misc]
        await asyncio.gather(*(one.answered() for one in asked))
        await scene.settle()
        told = [words(await one.answered()) for one in asked]
        assert {("busy" if "busy" in text else "answer" if "mmcv" in text else text) for text in told} <= {
            "busy",
            "answer",
        }
        assert all(len(one.acks) == 1 and one.followups == [] for one in asked)
        assert [len(scene.people.replies(one)) for one in said] == [1] * (POSTS + WAVES)
        assert len(scene.discord.gateway.resumed) >= WAVES
        assert rows(tmp_path, "SELECT count(*) FROM claim WHERE finished_at IS NULL") == [(0,)]
        assert scene.client._connection._view_store._views == {}
        busy = sum("busy" in text for text in told)
        slowest = max(one.waited for one in asked)
        print(f"{COMMANDS - busy} answered, {busy} told busy; slowest acknowledgement {slowest * 1000:.0f} ms")  # noqa: T201

    play(tmp_path, act, patience=240.0)
