"""Plays against the stand-in for Discord with our door open in the same loop, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doors.watching import until
from tests.fakes.discord import Discord
from tests.fakes.discord.shapes import FORUM, HELP, STAFF
from triagebot.doors.discord.door import Door
from triagebot.doors.discord.labelling import Tracker
from triagebot.pipeline import Triage
from triagebot.settings import Settings
from triagebot.store import Store
from triagebot.wiring import load_knowledge

CORE = Triage(load_knowledge())
PATIENCE = 60.0

ERROR = "ModuleNotFoundError: No module named 'mmcv._ext'"
CHINESE = "编译时报错，怎么解决？\nModuleNotFoundError: No module named 'mmcv._ext'"
OOM_LOG = b"epoch 3\nRuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 10.76 GiB total capacity)\n"


@dataclass(slots=True)
class Scene:
    """The stand-in, the open door and its store."""

    discord: Discord
    door: Door
    store: Store

    @property
    def people(self) -> Any:
        return self.discord.people

    @property
    def client(self) -> Any:
        return self.door.client

    async def reply_to(self, said: dict[str, Any]) -> dict[str, Any]:
        """Wait for the bot's one reply to a message."""
        await until(lambda: self.people.replies(said))
        await self.settle()
        (reply,) = self.people.replies(said)
        assert isinstance(reply, dict)
        return reply

    async def settle(self) -> None:
        """Wait until the bot has read whatever was sent to it: a question sent now is answered after that."""
        await until(lambda: self.door.staff.listener.busy == 0)
        asked = await self.people.slash("faq", {"entry": "no such thing at all"})
        await asked.answered()
        await until(lambda: self.door.staff.listener.busy == 0)


def settings_for(discord: Discord, folder: Path, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": f"sqlite:///{folder}/t.db",
        "discord_token": discord.token,
        "discord_api_url": discord.api_url,
        "discord_gateway_url": discord.gateway_url,
        "discord_forum_channels": frozenset({FORUM}),
        "discord_help_channels": frozenset({HELP}),
        "discord_staff_roles": frozenset({STAFF}),
    }
    return Settings(**(given | more))


@asynccontextmanager
async def door_at(
    discord: Discord,
    folder: Path,
    core: Triage = CORE,
    tracker: Callable[[Store], Tracker] = lambda _: None,  # type: ignore[assignment, return-value]
    **more: Any,
) -> AsyncIterator[Scene]:
    """Open the door; it is connected when the context is entered."""
    settings = settings_for(discord, folder, **more)
    store = Store(settings.database_url)
    try:
        async with Door(settings, store, core, tracker(store)) as door:
            await door.stay_until(door.connected)
            yield Scene(discord, door, store)
    finally:
        store.close()


def play(
    folder: Path,
    act: Callable[[Scene], Awaitable[None]],
    prepare: Callable[[Discord], object] = lambda _: None,
    patience: float = PATIENCE,
    **more: Any,
) -> None:
    """Play an act; nothing that went over the wire may have broken Discord's rules."""

    async def whole() -> None:
        async with asyncio.timeout(patience), Discord() as discord:
            prepare(discord)
            async with door_at(discord, folder, **more) as scene:
                await act(scene)
            assert discord.rest.violations == []

    asyncio.run(whole())
