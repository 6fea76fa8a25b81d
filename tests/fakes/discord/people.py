"""What people do on Discord: they type, open posts, run commands, press buttons, edit and delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.kept import Interaction, World
from tests.fakes.discord.shapes import ALICE, ALL_PERMISSIONS, GUILD, HELP, NO_PERMISSIONS, Json

_COMMAND, _CLICK, _TYPING, _SENT_FORM = 2, 3, 4, 5
_OPTION_TYPES: dict[type, int] = {str: 3, int: 4, bool: 5}


class People:
    """Everybody in the guild but the bot."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self._gateway = gateway
        self.address = ""
        # A test of the HTTP endpoint takes interactions here instead.
        self.outbox: list[Json] | None = None

    def attach(self, name: str, content: bytes, size: int | None = None, **headers: str) -> Json:
        """Upload a file; `size` is what the message will claim it to be."""
        number = shapes.snowflake()
        path = f"attachments/1/{number}/{name}"
        kind = headers.pop("content_type", "text/plain; charset=utf-8")
        self.world.files[path] = (
            content,
            {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}},
        )
        url = f"{self.address}/cdn/{path}?ex=1&is=1&hm=signed"
        told = {"id": number, "filename": name, "size": len(content) if size is None else size}
        return {**told, "url": url, "proxy_url": url, "content_type": kind}

    # --- messages ---

    async def say(self, text: str, place: int | str = HELP, who: int = ALICE, **more: Any) -> Json:
        """Write a message."""
        said = shapes.message(text, str(place), more.pop("author", None) or shapes.user(who), **more)
        self.world.messages[said["id"]] = said
        await self._gateway.dispatch("MESSAGE_CREATE", self._seen(said))
        return said

    def prepare_post(self, title: str, text: str, who: int = ALICE, age: float = 0.0, **more: Any) -> tuple[Json, Json]:
        """Make a forum post `age` seconds old without telling anybody; returns the thread and its first message."""
        thread = shapes.thread(title, owner=who, number=shapes.snowflake(age))
        said = shapes.message(text, thread["id"], shapes.user(who), **more) | {"id": thread["id"]}
        self.world.threads[thread["id"]] = thread
        self.world.messages[said["id"]] = said
        return thread, said

    async def post(self, title: str, text: str, who: int = ALICE, **more: Any) -> Json:
        """Open a forum post: the thread is announced, then its first message, whose id is the thread's."""
        thread, said = self.prepare_post(title, text, who, **more)
        await self.announce(thread)
        await self._gateway.dispatch("MESSAGE_CREATE", self._seen(said))
        return said

    async def announce(self, thread: Json) -> None:
        await self._gateway.dispatch("THREAD_CREATE", {**thread, "newly_created": True})

    async def repeat(self, said: Json) -> None:
        """Deliver a message that is kept already."""
        await self._gateway.dispatch("MESSAGE_CREATE", self._seen(said))

    async def edit(self, said: Json, text: str) -> None:
        said |= {"content": text, "edited_timestamp": shapes.now()}
        await self._gateway.dispatch("MESSAGE_UPDATE", self._seen(said))

    async def delete(self, said: Json) -> None:
        del self.world.messages[said["id"]]
        gone = {"id": said["id"], "channel_id": said["channel_id"], "guild_id": str(GUILD)}
        await self._gateway.dispatch("MESSAGE_DELETE", gone)

    def _seen(self, said: Json) -> Json:
        return {**said, "guild_id": str(GUILD), "member": shapes.member(None)}

    def replies(self, said: Json) -> list[Json]:
        """Return what the bot wrote in answer to a message."""
        number = said["id"]
        return [
            one
            for one in self.world.said_in(said["channel_id"])
            if one["author"]["id"] == str(shapes.BOT)
            and (one.get("message_reference") or {}).get("message_id") == number
        ]

    # --- interactions ---

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        attached: Mapping[str, Json] | None = None,
        **more: Any,
    ) -> Interaction:
        """Run a slash command."""
        given = [{"name": k, "type": _OPTION_TYPES[type(v)], "value": v} for k, v in (options or {}).items()]
        files = attached or {}
        given += [{"name": option, "type": 11, "value": file["id"]} for option, file in files.items()]
        told: Json = {"id": self._command(name)["id"], "name": name, "type": 1, "options": given}
        if files:
            told["resolved"] = {"attachments": {file["id"]: file for file in files.values()}}
        return await self.interact(_COMMAND, told, **more)

    async def type_into(self, name: str, option: str, text: str, **more: Any) -> list[Json]:
        """Type into an option and return the choices that are offered."""
        focused = [{"name": option, "type": 3, "value": text, "focused": True}]
        told = {"id": self._command(name)["id"], "name": name, "type": 1, "options": focused}
        sent = await self.interact(_TYPING, told, **more)
        choices: list[Json] = (await sent.answered())["choices"]
        return choices

    async def menu(self, name: str, said: Json, **more: Any) -> Interaction:
        """Choose a command of a message's context menu."""
        told = {"id": self._command(name, 3)["id"], "name": name, "type": 3, "target_id": said["id"]}
        told["resolved"] = {"messages": {said["id"]: said}}
        return await self.interact(_COMMAND, told, place=said["channel_id"], **more)

    async def click(self, said: Json, custom_id: str, **more: Any) -> Interaction:
        """Press a button."""
        told = {"custom_id": custom_id, "component_type": 2}
        return await self.interact(_CLICK, told, place=said["channel_id"], message=said, **more)

    async def submit(self, form: Json, text: str, **more: Any) -> Interaction:
        """Fill the one field of a form and send it."""
        label = form["components"][0]
        field = {"type": 4, "id": 2, "custom_id": label["component"]["custom_id"], "value": text}
        told = {"custom_id": form["custom_id"], "components": [{"type": 18, "id": 1, "component": field}]}
        return await self.interact(_SENT_FORM, told, **more)

    async def interact(
        self,
        kind: int,
        told: Json,
        *,
        who: int = ALICE,
        roles: Sequence[int] = (),
        permissions: int = NO_PERMISSIONS,
        place: int | str = HELP,
        locale: str = "en-US",
        message: Json | None = None,
        hold: bool = False,
    ) -> Interaction:
        """Send an interaction of any kind; with `hold` nobody is told of it."""
        token = f"interaction-token-{shapes.snowflake()}"
        at = Interaction(id=shapes.snowflake(), token=token, place=str(place), window=self.world.window)
        self.world.interactions[at.token] = at
        payload: Json = {
            "id": at.id,
            "application_id": str(shapes.APPLICATION),
            "type": kind,
            "token": at.token,
            "version": 1,
            "data": told,
            "guild_id": str(GUILD),
            "channel_id": str(place),
            "channel": self._place(str(place)),
            "member": shapes.member(who, roles, permissions),
            "locale": locale,
            "guild_locale": "en-US",
            "app_permissions": str(ALL_PERMISSIONS),
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(GUILD)},
            "context": 0,
            "attachment_size_limit": 10_485_760,
        }
        if message is not None:
            payload["message"] = at.clicked = message
        if self.outbox is not None:
            self.outbox.append(payload)
        elif not hold:
            await self._gateway.dispatch("INTERACTION_CREATE", payload)
        return at

    def _place(self, number: str) -> Json:
        known = self.world.threads.get(number) or shapes.channel(int(number))
        return {"guild_id": str(GUILD), **known}

    def _command(self, name: str, kind: int = 1) -> Json:
        return next(one for one in self.world.commands if one["name"] == name and one.get("type", 1) == kind)
