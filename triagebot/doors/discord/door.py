"""The open door: puts the parts together, stays connected whatever happens, and closes without dropping an answer."""

from __future__ import annotations

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
import discord
import structlog

from triagebot.doors.discord.asking import Asking
from triagebot.doors.discord.attachments import Fetcher
from triagebot.doors.discord.attention import Channels
from triagebot.doors.discord.catching_up import CatchingUp
from triagebot.doors.discord.clerk import Clerk
from triagebot.doors.discord.client import Client, Staff, point_at
from triagebot.doors.discord.desk import Desk
from triagebot.doors.discord.interactions import PATH, Interactions, Routes
from triagebot.doors.discord.labelling import Labelling, Tracker
from triagebot.doors.discord.linking import web_of
from triagebot.doors.discord.listener import Listener
from triagebot.doors.discord.pressing import Pressing
from triagebot.errors import RemoteError, SettingsError
from triagebot.logs import relay, without_tokens
from triagebot.pipeline import Triage
from triagebot.settings import Settings, is_loopback
from triagebot.store import Store

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_LONGEST_STOP = 6.0
# discord.py warns at every start that there will be no voice.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

log = structlog.get_logger()


class Door:
    """Serves Discord from entering the context to leaving it."""

    def __init__(self, settings: Settings, store: Store, core: Triage, tracker: Tracker | None = None) -> None:
        self._settings = settings
        self._eager = is_loopback(urlsplit(settings.discord_api_url).hostname or "")
        self._rooms = AsyncExitStack()
        # One at a time: judging is work for the processor, and the loop must go on beside it.
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="triage")
        self._desk = Desk(core.judge, self._threads)
        self._fetcher = Fetcher(settings.discord_api_url)
        self.staff = self._hire(Clerk(core, store, self._desk), tracker)
        self.client: Client | None = None
        self._reads = True
        # Ends only with what cannot be helped.
        self.staying: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    def _hire(self, clerk: Clerk, tracker: Tracker | None) -> Staff:
        settings = self._settings
        asking = Asking(clerk, self._fetcher, settings.discord_staff_roles)
        channels = Channels(posts=settings.discord_forum_channels, help=settings.discord_help_channels)
        listener = Listener(clerk, self._fetcher, channels)
        pressing = Pressing(asking, web_of(settings.github_api_url))
        return Staff(
            asking=asking,
            pressing=pressing,
            labelling=Labelling(asking, tracker),
            listener=listener,
            catching_up=CatchingUp(clerk, listener),
        )

    async def __aenter__(self) -> Self:
        relay("discord")
        point_at(self._settings.discord_api_url, self._settings.discord_gateway_url)
        await self._rooms.enter_async_context(self._fetcher)
        self.staying = asyncio.create_task(self._stay())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()
        await self._rooms.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def stay_until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`; raises what ended the connection for good before it."""
        waiting = {asyncio.create_task(stop.wait())} | ({self.staying} if self.staying else set())
        done, left = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in left - {self.staying}:
            task.cancel()
        for task in done:
            task.result()

    async def _stay(self) -> None:
        """Connect, and again with growing pauses for as long as Discord cannot be reached."""
        wait = _FIRST_WAIT
        while True:
            began = time.monotonic()
            try:
                await self._connect()
            except discord.PrivilegedIntentsRequired:
                log.warning("messages cannot be read", remedy=_NO_CONTENT)
                self._reads = False
                continue
            except discord.LoginFailure:
                log.error("Discord refused", why=_NOT_TAKEN)  # noqa: TRY400 - whose fault it is stands in the words
                raise SettingsError(_NOT_TAKEN) from None
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("not connected", why=without_tokens(f"{type(error).__name__}: {error}"), seconds=wait)
            wait = _FIRST_WAIT if time.monotonic() - began > _LONGEST_WAIT else wait
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - many bots must not come back at once
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _connect(self) -> None:
        client = self.client = self._new_client()
        await self.staff.catching_up.begin()
        looking = asyncio.create_task(self.staff.catching_up.keep_looking(client))
        try:
            await client.login(self._settings.discord_token)
            await client.keep_commands_known()
            await self._hear(client)
        finally:
            looking.cancel()
            self.connected.clear()
            await client.close()

    async def _hear(self, client: Client) -> None:
        """Hear through the gateway; or over HTTP alone, where nothing is to be connected."""
        if self._settings.discord_connection == "gateway":
            await client.connect()
        else:
            self.connected.set()
            await asyncio.Event().wait()

    def take(self, payload: Any) -> bool:
        """Take an interaction that came over HTTP; False while Discord's API cannot be reached.

        Raises KeyError, TypeError or ValueError when it is none.
        """
        if self.client is None or not self.connected.is_set() or self.client.stopping:
            return False
        self.client.take(payload)
        return True

    @property
    def routes(self) -> Routes:
        """What a web server beside us is to hand on, by path: interactions, where their key is known."""
        key = self._settings.discord_public_key
        return {PATH: Interactions(key, self.take).receive} if key else {}

    def _new_client(self) -> Client:
        return Client(self.staff, self.connected, reads=self._reads, eager=self._eager)

    async def tell_commands(self, *, force: bool) -> bool:
        """Tell Discord the commands if they changed, without connecting; returns whether they had.

        Raises SettingsError and RemoteError.
        """
        relay("discord")
        point_at(self._settings.discord_api_url, self._settings.discord_gateway_url)
        try:
            async with self._new_client() as client:
                await client.login(self._settings.discord_token)
                return await client.tell_commands(force=force)
        except discord.LoginFailure:
            raise SettingsError(_NOT_TAKEN) from None
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            what = without_tokens(f"{type(error).__name__}: {error}")
            raise RemoteError(f"Discord could not be told the commands ({what}). Try again later.") from None

    async def _stop(self) -> None:
        """Take nothing new, finish what is at hand, then leave."""
        if self.client is not None:
            self.client.stopping = True
        until = time.monotonic() + _LONGEST_STOP
        while time.monotonic() < until and (self._desk.waiting or self.staff.listener.busy):  # noqa: ASYNC110 - counters
            await asyncio.sleep(0.02)
        if self.staying is not None:
            self.staying.cancel()
            await asyncio.wait({self.staying})


_NOT_TAKEN = (
    "TRIAGEBOT_DISCORD_TOKEN: Discord does not take this token. "
    "Copy it anew: developer portal > the application > Bot > Reset Token."
)
_NO_CONTENT = (
    "The Message Content intent is off (developer portal > the application > Bot), so the bot reads only the titles of "
    "posts, messages that mention it, and what commands hand to it. Switch the intent on to let it read posts."
)
