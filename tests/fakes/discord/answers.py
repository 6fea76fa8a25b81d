"""What Discord does on each call: messages are kept and echoed, interactions are acknowledged once and in time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord import shapes
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.kept import WINDOW_SECONDS, Interaction, Request, World
from tests.fakes.discord.shapes import APPLICATION, BOT, GUILD, Json, answer, refusal

Answer = Callable[..., Awaitable[web.Response]]
# Kinds of callbacks: a message, a message later, a change of the clicked message (later), choices, a form.
_SAYS, _LATER, _LATER_CHANGES, _CHANGES, _CHOICES, _FORM = 4, 5, 6, 7, 8, 9
_KEPT = ("content", "embeds", "components", "flags")
_UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")


class Desk:
    """Does what is asked, on the world."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self._nonces: dict[tuple[str, str], str] = {}

    async def own_account(self, _: Request) -> web.Response:
        return answer(shapes.own_account())

    async def application(self, _: Request) -> web.Response:
        return answer(shapes.application())

    async def gateway_bot(self, _: Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
        return answer({"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limit})

    async def commands(self, asked: Request) -> web.Response:
        whole = asked.query.get("with_localizations") == "true"
        return answer(self.world.commands if whole else [_in_one_language(one) for one in self.world.commands])

    async def put_commands(self, asked: Request) -> web.Response:
        assert isinstance(asked.body, list)
        own = {"application_id": str(APPLICATION), "version": shapes.snowflake()}
        defaults = {"description": "", "nsfw": False, "contexts": None, "default_member_permissions": None}
        self.world.commands = [
            {**defaults, **command, "id": shapes.snowflake(), **own, **_spelled(command)} for command in asked.body
        ]
        return answer(self.world.commands)

    # --- interactions ---

    async def callback(self, asked: Request, number: str, token: str) -> web.Response:
        at = self.world.interactions.get(token)
        body: Any = asked.body
        if at is None or at.id != number or at.late:
            return refusal(404, 10062, "Unknown interaction")
        if at.acks:
            return refusal(400, 40060, "Interaction has already been acknowledged.")
        at.acks.append(body)
        at.waited = time.monotonic() - at.born
        at.acked.set()
        told = await self._first_answer(at, body)
        return answer(told) if asked.query.get("with_response") in {"1", "true"} else web.Response(status=204)

    async def _first_answer(self, at: Interaction, body: Json) -> Json:
        shown = body.get("data") or {}
        at.hidden = hidden = bool(shown.get("flags", 0) & shapes.EPHEMERAL)
        about: Json = {"id": at.id, "type": 2, "response_message_loading": body["type"] == _LATER}
        about["response_message_ephemeral"] = hidden
        told: Json = {"interaction": about}
        if body["type"] == _SAYS:
            at.original = self._message(at.place, shown)
        if body["type"] in {_LATER_CHANGES, _CHANGES}:
            at.original = at.clicked
        if body["type"] in {_SAYS, _CHANGES}:
            assert at.original is not None
            await self._change(at.original, shown)
            about["response_message_id"] = at.original["id"]
            told["resource"] = {"type": body["type"], "message": at.original}
        elif body["type"] == _LATER:
            about["response_message_id"] = shapes.snowflake()
        if body["type"] not in {_LATER, _LATER_CHANGES}:
            at.done.set()
        return told

    async def say_more(self, asked: Request, token: str) -> web.Response:
        """A followup: the first one fills the message that was promised."""
        at = self.world.interactions.get(token)
        if at is None or not at.acks or time.monotonic() - at.born > 15 * 60:
            return refusal(404, 10015, "Unknown Webhook")
        own = {"application_id": str(APPLICATION), "webhook_id": str(APPLICATION)}
        said = self._message(at.place, asked.body, **own)
        said["attachments"] = self._files(asked)
        if at.original is None:
            at.original = said
        else:
            at.followups.append(said)
        at.done.set()
        return answer(said)

    async def original(self, _: Request, token: str) -> web.Response:
        at = self.world.interactions.get(token)
        return answer(at.original) if at and at.original else refusal(*_UNKNOWN_MESSAGE)

    async def change_original(self, asked: Request, token: str) -> web.Response:
        at = self.world.interactions.get(token)
        if at is None or not at.acks:
            return refusal(404, 10015, "Unknown Webhook")
        if at.original is None:
            at.original = self._message(at.place, {"flags": shapes.EPHEMERAL if at.hidden else 0})
        await self._change(at.original, asked.body)
        at.original["attachments"] = self._files(asked) or at.original["attachments"]
        at.done.set()
        return answer(at.original)

    async def drop_original(self, _: Request, token: str) -> web.Response:
        at = self.world.interactions.get(token)
        if at is None or at.original is None:
            return refusal(*_UNKNOWN_MESSAGE)
        await self._drop(at.original)
        at.original = None
        at.done.set()
        return web.Response(status=204)

    # --- messages ---

    async def say(self, asked: Request, place: str) -> web.Response:
        body: Any = asked.body
        if place in self.world.threads and not self.world.said_in(place):
            return refusal(403, 40058, "Cannot message this thread until after the post author has sent a message.")
        nonce = str(body.get("nonce") or "")
        seen = self._nonces.get((place, nonce)) if body.get("enforce_nonce") else None
        if seen in self.world.messages:
            return answer(self.world.messages[seen])
        said = self._message(place, body)
        said["attachments"] = self._files(asked)
        if body.get("message_reference"):
            self._refer(said, body["message_reference"])
        self.world.messages[said["id"]] = said
        self._nonces[place, nonce] = said["id"]
        member = shapes.member(None)
        await self.gateway.dispatch("MESSAGE_CREATE", {**said, "guild_id": str(GUILD), "member": member})
        return answer(said)

    def _refer(self, said: Json, reference: Json) -> None:
        number = str(reference["message_id"])
        said["type"] = 19
        said["message_reference"] = {
            "channel_id": said["channel_id"],
            "message_id": number,
            "guild_id": str(GUILD),
            "type": 0,
        }

    async def messages(self, asked: Request, place: str) -> web.Response:
        after, before = int(asked.query.get("after", 0)), int(asked.query.get("before", 1 << 63))
        found = [one for one in self.world.said_in(place) if after < int(one["id"]) < before]
        limit = int(asked.query.get("limit", 50))
        return answer(found[:limit][::-1] if after else found[::-1][:limit])

    async def message(self, _: Request, place: str, number: str) -> web.Response:
        said = self.world.messages.get(number)
        return answer(said) if said and said["channel_id"] == place else refusal(*_UNKNOWN_MESSAGE)

    async def change(self, asked: Request, _place: str, number: str) -> web.Response:
        said = self.world.messages.get(number)
        if said is None:
            return refusal(*_UNKNOWN_MESSAGE)
        if said["author"]["id"] != str(BOT):
            return refusal(403, 50005, "Cannot edit a message authored by another user")
        await self._change(said, asked.body)
        return answer(said)

    async def drop(self, _: Request, _place: str, number: str) -> web.Response:
        said = self.world.messages.get(number)
        if said is None:
            return refusal(*_UNKNOWN_MESSAGE)
        await self._drop(said)
        return web.Response(status=204)

    async def channel(self, _: Request, number: str) -> web.Response:
        if number in self.world.threads:
            return answer(self.world.threads[number])
        known = int(number) in {shapes.HELP, shapes.FORUM, shapes.CHAT}
        return answer(shapes.channel(int(number))) if known else refusal(404, 10003, "Unknown Channel")

    async def active_threads(self, _: Request) -> web.Response:
        active = [t for t in self.world.threads.values() if not t["thread_metadata"]["archived"]]
        return answer({"threads": active, "members": [], "has_more": False})

    # --- how it is kept ---

    def _message(self, place: str, body: Any, **more: Any) -> Json:
        said = shapes.message("", place, shapes.user(BOT, bot=True), **more)
        said.update({key: body[key] for key in _KEPT if body.get(key) is not None})
        said["components"] = shapes.numbered(body.get("components"))
        return said

    async def _change(self, said: Json, body: Any) -> None:
        said.update({key: body[key] or type(said[key])() for key in ("content", "embeds") if key in body})
        if "components" in body:
            said["components"] = shapes.numbered(body["components"])
        if said["id"] in self.world.messages:
            await self.gateway.dispatch("MESSAGE_UPDATE", {**said, "guild_id": str(GUILD)})

    async def _drop(self, said: Json) -> None:
        if self.world.messages.pop(said["id"], None) is not None:
            gone = {"id": said["id"], "channel_id": said["channel_id"], "guild_id": str(GUILD)}
            await self.gateway.dispatch("MESSAGE_DELETE", gone)

    def _files(self, asked: Request) -> list[Json]:
        files = [(name, content) for name, content in asked.files.values()]
        url = "https://cdn.discordapp.com/attachments/1/1"
        return [
            {"id": shapes.snowflake(), "filename": name, "size": len(content), "url": url, "proxy_url": url}
            for name, content in files
        ]


def _in_one_language(part: Any) -> Any:
    """Return a command as Discord shows it to whoever does not ask for its names in other languages."""
    if isinstance(part, list):
        return [_in_one_language(one) for one in part]
    if isinstance(part, dict):
        return {key: _in_one_language(value) for key, value in part.items() if not key.endswith("_localizations")}
    return part


def _spelled(command: Json) -> Json:
    """Permissions go in as a number and come out as a text; a command without places is for guilds."""
    told: Json = {"integration_types": command.get("integration_types") or [0]}
    if command.get("default_member_permissions") is not None:
        told["default_member_permissions"] = str(command["default_member_permissions"])
    return told


def routes(desk: Desk) -> list[tuple[str, str, Answer]]:
    """Return every call with the method that answers it; the parts of the path in brackets are handed over."""
    number, token = r"(\d+)", r"([^/]+)"
    webhook, messages = rf"/webhooks/{APPLICATION}/{token}", rf"/channels/{number}/messages"
    commands = f"/applications/{APPLICATION}/commands"
    return [
        ("GET", "/users/@me", desk.own_account),
        ("GET", "/(?:oauth2/)?applications/@me", desk.application),
        ("GET", "/gateway/bot", desk.gateway_bot),
        ("GET", commands, desk.commands),
        ("PUT", commands, desk.put_commands),
        ("POST", rf"/interactions/{number}/{token}/callback", desk.callback),
        ("POST", webhook, desk.say_more),
        ("GET", f"{webhook}/messages/@original", desk.original),
        ("PATCH", f"{webhook}/messages/@original", desk.change_original),
        ("DELETE", f"{webhook}/messages/@original", desk.drop_original),
        ("POST", messages, desk.say),
        ("GET", messages, desk.messages),
        ("GET", f"{messages}/{number}", desk.message),
        ("PATCH", f"{messages}/{number}", desk.change),
        ("DELETE", f"{messages}/{number}", desk.drop),
        ("GET", f"/channels/{number}", desk.channel),
        ("GET", rf"/guilds/{GUILD}/threads/active", desk.active_threads),
    ]


__all__ = ["WINDOW_SECONDS", "Desk", "routes"]
