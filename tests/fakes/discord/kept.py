"""What the stand-in for Discord keeps: requests, interactions, messages, threads, files."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from tests.fakes.discord.shapes import Json

# How long Discord waits for the first answer to an interaction.
WINDOW_SECONDS = 3.0


@dataclass(slots=True, kw_only=True)
class Request:
    """One REST call as it came in, and the status it was answered with."""

    verb: str
    path: str
    query: dict[str, str]
    body: object = None
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    authorization: str | None = None
    status: int = 0


@dataclass(slots=True, kw_only=True)
class Interaction:
    """A command, click or form as a person sent it, and what they see of the answer."""

    id: str
    token: str
    place: str
    window: float = WINDOW_SECONDS
    born: float = field(default_factory=time.monotonic)
    acks: list[Json] = field(default_factory=list)
    clicked: Json | None = None  # the message whose button was pressed
    original: Json | None = None
    followups: list[Json] = field(default_factory=list)
    hidden: bool = False  # only the person sees the answer
    waited: float = 0.0  # seconds until the first answer
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def late(self) -> bool:
        return time.monotonic() - self.born > self.window

    async def answered(self) -> Json:
        """Wait for the answer and return it: the message, or the data of choices and forms."""
        async with asyncio.timeout(40):  # a machine may be busy with other tests
            await self.done.wait()
        return self.original or self.acks[0].get("data") or {}

    async def words(self) -> str:
        """Wait for the answer and return all the text in it."""
        return words(await self.answered())


@dataclass(slots=True)
class World:
    """The state of the one guild; `window` is how long first answers are waited for."""

    window: float = WINDOW_SECONDS

    messages: dict[str, Json] = field(default_factory=dict)
    threads: dict[str, Json] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    files: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    def said_in(self, place: str) -> list[Json]:
        """Return the messages of a channel, oldest first."""
        return sorted((m for m in self.messages.values() if m["channel_id"] == place), key=lambda m: int(m["id"]))


def words(message: Json) -> str:
    """Return all the text of a message that a person reads."""
    embeds = message.get("embeds") or []
    parts = [message.get("content") or ""]
    parts += [part for embed in embeds for part in (embed.get("title") or "", embed.get("description") or "")]
    parts += [f"{f['name']}\n{f['value']}" for embed in embeds for f in embed.get("fields") or []]
    parts += [(embed.get("footer") or {}).get("text") or "" for embed in embeds]
    return "\n".join(part for part in parts if part)


def buttons(message: Json) -> dict[str, Json]:
    """Return the buttons of a message by their label."""
    return {
        part.get("label") or (part.get("emoji") or {}).get("name", ""): part
        for row in message.get("components") or []
        for part in row.get("components") or []
    }
