"""The client: one connection to Discord that hands on what it hears, in small shards if need be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from triagebot.doors.discord.asking import Asking, Interaction, Question
from triagebot.doors.discord.catching_up import CatchingUp
from triagebot.doors.discord.commands import Translator, add_commands, sync
from triagebot.doors.discord.forms import sent_text
from triagebot.doors.discord.labelling import Labelling
from triagebot.doors.discord.listener import Listener
from triagebot.doors.discord.presses import Act, Press
from triagebot.doors.discord.pressing import Pressing
from triagebot.doors.discord.showing import SILENT, Button
from triagebot.doors.discord.staffroom import add_staff_commands
from triagebot.errors import StoreError
from triagebot.logs import without_tokens

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who does the work behind the client."""

    asking: Asking
    pressing: Pressing
    labelling: Labelling
    listener: Listener
    catching_up: CatchingUp


def point_at(api_url: str, gateway_url: str) -> None:
    """Tell discord.py where Discord is: its addresses are attributes of classes."""
    Route.BASE = api_url
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Client(discord.AutoShardedClient):
    """Connects, keeps the commands known, and hands on events; `reads`: with the message-content intent.

    `eager`: a stand-in is on the other side, which needs none of the pauses that the real Discord asks for.
    """

    def __init__(self, staff: Staff, connected: asyncio.Event, *, reads: bool, eager: bool = False) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, message_content=reads),
            allowed_mentions=SILENT,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.05 if eager else 2.0,
        )
        self.staff = staff
        self.reads = staff.listener.reads = reads
        self.stopping = False
        self._connected = connected
        self._eager = eager
        self.tree = Tree(self)
        self._translator = Translator(staff.asking.clerk)
        add_commands(self.tree, staff.asking)
        add_staff_commands(self.tree, staff.asking, staff.labelling)

    async def setup_hook(self) -> None:
        """Before connecting: what buttons mean, how commands are called in other languages, how many shards."""
        self.add_dynamic_items(Button)
        await self.tree.set_translator(self._translator)
        await self._count_shards()

    async def tell_commands(self, *, force: bool = False) -> bool:
        """Tell Discord the commands if they changed; returns whether they had."""
        return await sync(self.tree, self._translator, force=force)

    async def keep_commands_known(self) -> None:
        """Tell Discord the commands if they changed; the bot answers those it knows in any case."""
        try:
            if await self.tell_commands():
                log.info("commands told to Discord")
        except discord.HTTPException as error:
            log.warning("commands not compared", status=error.status)

    async def _count_shards(self) -> None:
        try:
            self.shard_count, _url, _limit = await self.http.get_bot_gateway()
        except discord.GatewayNotFound:
            self.shard_count = 1

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait as Discord asks between two identifications."""
        if not self._eager:
            await super().before_identify_hook(shard_id, initial=initial)

    # --- what is heard ---

    async def on_ready(self) -> None:
        """A new session: whatever was written before it began was not heard."""
        self._connected.set()
        await self.staff.catching_up.catch_up(self.guilds)
        log.info("connected", guilds=len(self.guilds), shards=self.shard_count, reads=self.reads)

    async def on_disconnect(self) -> None:
        """The line is cut: until it stands again nothing is heard."""
        self.staff.catching_up.away()

    async def on_resumed(self) -> None:
        """The session goes on: what was missed is told again."""
        self.staff.catching_up.back()

    async def on_message(self, message: discord.Message) -> None:
        """Hand on a message."""
        if not self.stopping:
            await self.staff.listener.hear(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Hand on an edited message; a preview that Discord adds to a link is no edit."""
        if payload.message.edited_at is not None and not self.stopping:
            await self.staff.listener.hear(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Hand on that a message is gone, where we may have replied to it."""
        channel: Any = self.get_channel(payload.channel_id)
        parent = getattr(channel, "parent_id", 0) or 0
        if channel is not None and self.staff.listener.listens_in(payload.channel_id, parent):
            await self.staff.listener.forget(channel, payload.guild_id or 0, payload.message_id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Take a form that was sent back; everything else finds its way by itself."""
        if interaction.type is not discord.InteractionType.modal_submit or interaction.data is None:
            return
        sent = sent_text(interaction.data)
        if sent is not None:
            await self.guarded(
                interaction, self.staff.asking.answer(interaction, Question(text=sent[0], public=sent[1]))
            )

    def take(self, payload: Any) -> None:
        """Take an interaction that came over HTTP; from here on it goes the way of all others.

        Raises KeyError, TypeError or ValueError when it is none.
        """
        # The library offers no public way in: its version is pinned, and a test stands here.
        self._connection.parse_interaction_create(payload)

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Hand on a press of a button."""
        about_labels = press.act in {Act.APPLY, Act.DISMISS}
        deed = self.staff.labelling.press if about_labels else self.staff.pressing.pressed
        await self.guarded(interaction, deed(interaction, press))

    async def guarded(self, interaction: Interaction, work: Awaitable[None]) -> None:
        """Do what an interaction asks for; whatever goes wrong is told once, in plain words."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - one question must not end all others
            await fail(self.staff.asking, interaction, error)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what went wrong with an event, without what people wrote."""
        error = sys.exc_info()[1]
        log.error("event failed", event_method=event_method, why=without_tokens(f"{type(error).__name__}: {error}"))


class Tree(app_commands.CommandTree[Client]):
    """The commands, and what is said when one fails."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tell whoever asked that it failed, unless somebody else has answered."""
        await fail(self.client.staff.asking, interaction, getattr(error, "original", error))


async def fail(asking: Asking, interaction: Interaction, error: BaseException) -> None:
    """Log what went wrong, and tell whoever asked."""
    what = without_tokens(f"{type(error).__name__}: {error}")
    if isinstance(error, StoreError | discord.DiscordException | OSError | app_commands.AppCommandError):
        log.warning("question failed", why=what)
    else:
        log.error("question failed", why=what, exc_info=error)
    if interaction.type is not discord.InteractionType.autocomplete:
        try:
            await asking.tell(interaction, "discord-failed")
        except (discord.DiscordException, OSError) as again:
            log.warning("failure not told", why=type(again).__name__)
