"""Catching up: what was written while nobody listened, and what was begun by a replica that died."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

import discord
import structlog

from triagebot.doors.discord.clerk import Clerk
from triagebot.doors.discord.insisting import PASSING, insist
from triagebot.doors.discord.listener import MESSAGE_KEY, Listener
from triagebot.errors import StoreError

# Clocks differ, and events overtake each other.
_MARGIN = 120.0
# What is older than this when we come back is left to people.
_LONGEST_ABSENCE = 3 * 86_400.0
_MOST_MESSAGES = 200
_EVERY_SECONDS = 60.0
_GIVE_UP_AFTER = 3600.0

log = structlog.get_logger()


class CatchingUp:
    """Finds what the gateway will not tell again; the claims in the store keep everything from being done twice."""

    def __init__(self, clerk: Clerk, listener: Listener) -> None:
        self._clerk = clerk
        self._listener = listener
        self._absent_since = 0.0

    async def begin(self) -> None:
        """Remember, before connecting, until when messages were heard; 0 where the bot never listened before."""
        try:
            self._absent_since = await self._clerk.last_heard()
        except StoreError as error:
            log.warning("database failed", why=str(error))

    def away(self) -> None:
        """Note that from now on nothing is heard."""
        self._absent_since = self._absent_since or time.time()

    def back(self) -> None:
        """Note that the session was resumed: Discord tells again what was missed."""
        self._absent_since = 0.0

    async def catch_up(self, guilds: Iterable[discord.Guild]) -> None:
        """Read what was written since we were away; a new session does not tell it again."""
        since, self._absent_since = self._absent_since, 0.0
        if not since:
            return
        after = _snowflake(max(since - _MARGIN, time.time() - _LONGEST_ABSENCE))
        for guild in guilds:
            try:
                await self._read(guild, after)
            except (discord.DiscordException, *PASSING) as error:
                log.warning("not caught up", guild=guild.id, why=type(error).__name__)

    async def _read(self, guild: discord.Guild, after: discord.Object) -> None:
        count = 0
        async for message in self._missed(guild, after):
            count += 1
            await self._listener.hear(message, again=True)
        log.info("caught up", guild=guild.id, messages=count)

    async def _missed(self, guild: discord.Guild, after: discord.Object) -> AsyncIterator[discord.Message]:
        for thread in await insist("listing threads", guild.active_threads):
            if thread.id > after.id and self._listener.listens_in(0, thread.parent_id):
                first = await first_message(thread)
                if first is not None:
                    yield first
        for channel in guild.text_channels:
            if self._listener.listens_in(channel.id, 0):
                async for message in channel.history(after=after, limit=_MOST_MESSAGES, oldest_first=True):
                    yield message

    # --- what others began ---

    async def keep_looking(self, client: discord.Client) -> None:
        """Take up, for as long as the client is connected, what was claimed and never finished."""
        while not client.is_closed():
            try:
                for key in await self._clerk.abandoned():
                    await self._take_up(client, key)
            except StoreError as error:
                log.warning("database failed", why=str(error))
            await asyncio.sleep(_EVERY_SECONDS)

    async def _take_up(self, client: discord.Client, key: str) -> None:
        found = MESSAGE_KEY.fullmatch(key)
        if found is None:
            return
        channel, number = int(found[1]), int(found[2])
        old = time.time() - discord.utils.snowflake_time(number).timestamp() > _GIVE_UP_AFTER
        message = None if old else await _fetched(client, channel, number)
        if message is not None:
            await self._listener.hear(message, again=True, key=key)
        elif await self._clerk.claim(key):
            log.warning("message given up", key=key)
            await self._clerk.finish(key)


async def first_message(thread: discord.Thread) -> discord.Message | None:
    """Return the message that opened a thread; None where there is none."""
    try:
        return await insist("reading a post", lambda: thread.fetch_message(thread.id))
    except (discord.NotFound, discord.Forbidden):
        return None


async def _fetched(client: discord.Client, channel: int, message: int) -> discord.Message | None:
    place: Any = client.get_partial_messageable(channel)
    try:
        place = client.get_channel(channel) or await client.fetch_channel(channel)
        found: discord.Message = await place.fetch_message(message)
    except (discord.DiscordException, *PASSING):
        return None
    return found


def _snowflake(when: float) -> discord.Object:
    return discord.Object(discord.utils.time_snowflake(discord.utils.utcnow().fromtimestamp(when).astimezone()))
