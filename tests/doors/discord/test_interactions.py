"""Interactions over HTTP: signed requests in, answers out through the API, no gateway."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from nacl.signing import SigningKey

from tests.doors.discord.scenes import ERROR, PATIENCE, Scene, door_at, settings_for
from tests.fakes.discord import Discord, buttons
from tests.fakes.discord.shapes import Json
from triagebot.doors.discord import refuse
from triagebot.doors.discord.interactions import PATH, SIGNATURE, TIMESTAMP, is_genuine, listening
from triagebot.errors import SettingsError
from triagebot.settings import Settings

KEY = SigningKey(b"k" * 32)
PUBLIC = bytes(KEY.verify_key).hex()


@dataclass(slots=True)
class Endpoint:
    """The endpoint seen from Discord."""

    scene: Scene
    url: str
    session: aiohttp.ClientSession

    async def post(self, payload: object, key: SigningKey = KEY, age: float = 0.0, extra: bytes = b"") -> int:
        body, timestamp = json.dumps(payload).encode(), str(int(time.time() - age))
        headers = {SIGNATURE: key.sign(timestamp.encode() + body).signature.hex(), TIMESTAMP: timestamp}
        async with self.session.post(self.url + PATH, data=body + extra, headers=headers) as answer:
            self.answer = await answer.text()
            return answer.status

    answer: str = ""

    async def deliver(self) -> Json:
        """Post what a person did last."""
        payload: Json = self.scene.people.outbox.pop()
        assert await self.post(payload) == 202
        return payload


def play(folder: Path, act: Callable[[Endpoint], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(PATIENCE), Discord() as discord:
            more: dict[str, Any] = {"discord_connection": "http", "discord_public_key": PUBLIC, "http_port": 0}
            async with door_at(discord, folder, **more) as scene, aiohttp.ClientSession() as session:
                scene.people.outbox = []
                async with listening(settings_for(discord, folder, **more), scene.door.routes) as url:
                    await act(Endpoint(scene, url, session))
            assert discord.gateway.identified == []
            assert discord.rest.violations == []

    asyncio.run(whole())


def test_the_same_commands_answer_without_a_gateway(tmp_path: Path) -> None:
    """Slash command, menu, form, typing and button, each with its answer."""

    async def act(endpoint: Endpoint) -> None:
        people = endpoint.scene.people
        asked = await people.slash("triage", {"text": ERROR})
        await endpoint.deliver()
        shown = await asked.answered()
        assert "mmcv" in await asked.words()
        pressed = await people.click(shown, buttons(shown)["Show why"]["custom_id"])
        await endpoint.deliver()
        assert "mmcv-ops-missing" in await pressed.words()
        menu = await people.menu("Triage this message", {**shown, "content": ERROR, "webhook_id": None})
        await endpoint.deliver()
        assert "mmcv" in await menu.words()
        bare = await people.slash("triage")
        await endpoint.deliver()
        sent = await people.submit(await bare.answered(), ERROR)
        await endpoint.deliver()
        assert "mmcv" in await sent.words()

    play(tmp_path, act)


def test_a_ping_is_answered_and_everything_unsigned_refused(tmp_path: Path) -> None:
    """Discord tries both when the address is set in its portal."""

    async def act(endpoint: Endpoint) -> None:
        assert (await endpoint.post({"type": 1}), json.loads(endpoint.answer)) == (200, {"type": 1})
        assert await endpoint.post({"type": 1}, key=SigningKey.generate()) == 401
        assert await endpoint.post({"type": 1}, extra=b" ") == 401
        assert await endpoint.post({"type": 1}, age=900) == 401
        assert await endpoint.post([1]) == 400
        assert await endpoint.post({"type": 2}) == 400
        async with endpoint.session.post(endpoint.url + PATH, data=b"{}") as answer:
            assert answer.status == 401
        async with endpoint.session.post(endpoint.url + PATH, data=io.BytesIO(b"x" * 2_000_000)) as answer:
            assert answer.status == 413

    play(tmp_path, act)


def test_an_interaction_that_is_delivered_twice_is_answered_once(tmp_path: Path) -> None:
    """Whoever records a signed request and sends it again gets nothing done."""

    async def act(endpoint: Endpoint) -> None:
        asked = await endpoint.scene.people.slash("triage", {"text": ERROR})
        payload = await endpoint.deliver()
        await asked.answered()
        assert await endpoint.post(payload) == 202
        await asyncio.sleep(0.3)
        assert asked.followups == []
        assert len(asked.acks) == 1

    play(tmp_path, act)


@pytest.mark.parametrize(
    ("signature", "timestamp"), [("", "1"), ("zz", "1"), ("00" * 64, "now"), ("00" * 64, "١"), ("00" * 63, "1")]
)
def test_signatures_of_any_other_form_are_refused(signature: str, timestamp: str) -> None:
    """Nothing that strangers send raises."""
    assert not is_genuine(b"{}", signature, timestamp, PUBLIC, 1.0)


def test_without_the_public_key_http_is_refused_at_start() -> None:
    """The message names the setting and where its value is."""
    with pytest.raises(SettingsError, match="TRIAGEBOT_DISCORD_PUBLIC_KEY: not set"):
        refuse(Settings(discord_token="t", discord_connection="http"))
