"""The listener: first posts and cries for help in configured channels get one reply, kept true to what they say."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import discord
import structlog

from triagebot.doors.discord.asking import body_of, presses_for
from triagebot.doors.discord.attachments import Fetcher
from triagebot.doors.discord.attention import Channels, Place, Seen, place_of, without_quotes
from triagebot.doors.discord.cards import Card, card
from triagebot.doors.discord.clerk import ASKED, LISTENING, Clerk, is_worth_saying, post_target
from triagebot.doors.discord.commands import attached
from triagebot.doors.discord.insisting import PASSING, insist
from triagebot.doors.discord.presses import Press
from triagebot.doors.discord.pressing import POST
from triagebot.doors.discord.showing import buttons, shown
from triagebot.errors import StoreError, TriageError
from triagebot.records import History, Outcome, Report, Verdict

_AT_ONCE = 4
_OPENING_SECONDS = 600.0
# The key under which a message is claimed: its channel, its id, and when it was edited.
MESSAGE_KEY = re.compile(r"discord:message:(\d{1,20}):(\d{1,20})(?::\d{1,12}\.\d{1,6})?")

Client = Any
log = structlog.get_logger()


class Listener:
    """Reads messages nobody sent to us, and replies where the bot is sure."""

    def __init__(self, clerk: Clerk, fetcher: Fetcher, channels: Channels) -> None:
        self._clerk = clerk
        self._fetcher = fetcher
        self._channels = channels
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.busy = 0
        # Whether Discord lets us see what messages say.
        self.reads = True

    def listens_in(self, channel: int, parent: int) -> bool:
        """Tell whether messages of a channel, or of a thread of it, can have a reply of ours."""
        return bool({channel, parent} & (self._channels.posts | self._channels.help))

    async def hear(self, message: discord.Message, *, again: bool = False, key: str = "") -> None:
        """Reply to a message if it is for us.

        `again`: it may have been replied to before, by whoever died since; `key` is what they had claimed.
        """
        place, thread = await self._place(message)
        if place is Place.NOTHING or message.guild is None:
            return
        edited = f":{message.edited_at.timestamp():.6f}" if message.edited_at else ""
        key = key or f"discord:message:{message.channel.id}:{message.id}{edited}"
        self.busy += 1
        try:
            async with self._turns:
                if await self._clerk.claim(key):
                    await self._attend(message, place, thread, again=again or bool(edited))
                    await self._clerk.finish(key)
        except (StoreError, *PASSING) as error:
            # The claim's lease ends by itself; then it is taken up again.
            log.warning("message not answered yet", message=message.id, why=f"{type(error).__name__}: {error}")
        except discord.HTTPException as error:
            log.warning("message cannot be answered", message=message.id, status=error.status, code=error.code)
            await self._clerk.finish(key)
        except TriageError as error:  # whatever is wrong with it, it will be wrong with it again
            log.warning("message not read", message=message.id, why=str(error))
            await self._clerk.finish(key)
        finally:
            self.busy -= 1

    async def _place(self, message: discord.Message) -> tuple[Place, discord.Thread | None]:
        """Return what a message is to us and its thread; a thread that is not known yet is asked for."""
        channel: Any = message.channel
        if isinstance(channel, discord.PartialMessageable) and channel.id == message.id:
            channel = await insist("reading a thread", lambda: channel_of(message))
        thread = channel if isinstance(channel, discord.Thread) else None
        return place_of(_seen(message, thread), self._channels), thread

    async def _attend(self, message: discord.Message, place: Place, thread: Any, *, again: bool) -> None:
        verdict = await self._read(message, place, thread)
        target = verdict.assessment.case.document.report.id
        history = await self._clerk.recall(target)
        if again and not history.comment and not history.dismissed:
            history = await self._found(message, target, history)
        speaks = _speaks(place, verdict, reads=self.reads)
        log.info("message read", target=target, place=place.value, outcome=verdict.outcome.value, speaks=speaks)
        if history.dismissed or (not speaks and not history.comment):
            return
        await self._clerk.remember(verdict)
        if history.comment:
            await self._change(message, target, history, verdict if speaks else None)
        else:
            await self._reply(message, target, verdict)

    async def _read(self, message: discord.Message, place: Place, thread: discord.Thread | None) -> Verdict:
        guild = message.guild.id if message.guild else 0
        texts = await self._fetcher.texts(attached(message.attachments))
        body = body_of(without_quotes(message.content), texts)
        report = Report(
            id=post_target(guild, message.channel.id, message.id),
            title=thread.name if thread is not None and place is Place.POST else "",
            body=body,
            origin="discord",
            author=str(message.author.id),
            url=message.jump_url,
        )
        return await self._clerk.judge(report, ASKED if place is Place.MENTION else LISTENING)

    async def _found(self, message: discord.Message, target: str, history: History) -> History:
        """Look for a reply that nobody wrote down: whoever sent it died before they could."""
        channel: Any = message.channel
        async for said in channel.history(after=message, limit=50, oldest_first=True):
            ours = said.author.id == channel._state.self_id  # noqa: SLF001 - a partial channel tells it nowhere else
            if ours and said.reference is not None and said.reference.message_id == message.id:
                await self._clerk.adopt(target, said.id, "")
                return await self._clerk.recall(target)
        return history

    # --- saying it ---

    async def _reply(self, message: discord.Message, target: str, verdict: Verdict) -> None:
        """Send one reply: the nonce is made of the message, so that Discord itself refuses a second one."""
        answer, presses = self._card(verdict), self._presses(verdict, message)
        voice = self._clerk.voice(verdict.assessment.case.document.language)

        async def send() -> discord.Message:
            return await message.channel.send(
                **shown(answer),
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
                nonce=f"tb{message.id}",
                view=buttons(presses, voice),
            )

        sent = await insist("replying", send)
        await self._clerk.adopt(target, sent.id, answer.text)

    async def _change(self, message: discord.Message, target: str, history: History, verdict: Verdict | None) -> None:
        """Bring our reply up to date; None: what it said no longer holds.  A deleted reply is not written again."""
        language = verdict.assessment.case.document.language if verdict else "en"
        answer = self._card(verdict) if verdict else card(self._clerk.voice(language).say("discord-withdrawn"))
        if answer.text == history.reply:
            return
        presses = self._presses(verdict, message) if verdict else []
        channel: Any = message.channel
        reply = channel.get_partial_message(int(history.comment))

        async def change() -> None:
            told = shown(answer)
            files = [told.pop("file")] if "file" in told else []
            view = buttons(presses, self._clerk.voice(language)) if presses else None
            await reply.edit(**told, attachments=files, view=view)

        try:
            await insist("changing a reply", change)
        except discord.NotFound:
            await self._clerk.dismiss(target)
            return
        await self._clerk.adopt(target, reply.id, answer.text)

    def _card(self, verdict: Verdict) -> Card:
        """Return the reply; where messages cannot be read, it says what it was made from."""
        return self._clerk.card(verdict, note="" if self.reads else "discord-title-only")

    def _presses(self, verdict: Verdict, message: discord.Message) -> list[Press]:
        made = presses_for(verdict, message.author.id, message.id, public=True)
        return [Press(act=one.act, asker=one.asker, about=one.about, rest=POST) for one in made]

    # --- taking it away ---

    async def forget(self, channel: Any, guild: int, message: int) -> None:
        """Delete our reply to a message that was deleted."""
        target = post_target(guild, channel.id, message)
        try:
            history = await self._clerk.recall(target)
            if history.comment:
                await self._clerk.dismiss(target)
                await insist("deleting a reply", channel.get_partial_message(int(history.comment)).delete)
        except discord.NotFound:
            log.info("reply was deleted already", target=target)
        except (StoreError, *PASSING) as error:
            log.warning("reply not deleted", target=target, why=str(error))


async def channel_of(message: discord.Message) -> Any:
    """Return a message's channel as Discord knows it; None when it is gone or closed to us."""
    try:
        return await message.guild.fetch_channel(message.channel.id) if message.guild else None
    except (discord.NotFound, discord.Forbidden):
        return None


def _seen(message: discord.Message, thread: discord.Thread | None) -> Seen:
    # A thread of a text channel has no first message of its own: its owner's first words count, soon after it opened.
    opened = discord.utils.snowflake_time(message.channel.id)
    young = (message.created_at - opened).total_seconds() < _OPENING_SECONDS
    opens = thread is not None and thread.owner_id == message.author.id and young
    me = message.guild.me if message.guild else None
    return Seen(
        message=message.id,
        channel=message.channel.id,
        parent=(thread.parent_id or 0) if thread else 0,
        from_machine=message.author.bot or message.webhook_id is not None or message.is_system(),
        refers=message.reference is not None,
        first_of_owner=opens and thread is not None and thread.message_count <= 1 and not _is_forum(thread),
        mentions_us=me is not None and me.id in message.raw_mentions,
    )


def _is_forum(thread: discord.Thread) -> bool:
    return isinstance(thread.parent, discord.ForumChannel)


def _speaks(place: Place, verdict: Verdict, *, reads: bool) -> bool:
    """Tell whether a verdict is said: among other messages only where an error was read; when addressed, always."""
    if place is Place.MENTION:
        return True
    if not reads:  # what seems to be missing may stand where we cannot look
        return verdict.outcome is Outcome.ANSWER
    return is_worth_saying(verdict) and (place is Place.POST or bool(verdict.assessment.case.signatures))
