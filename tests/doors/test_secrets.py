"""The webhook's secret is exchanged while deliveries go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import ClientSession

from tests.doors.test_web import OPENED, Server, nothing
from triagebot.doors.web import opened
from triagebot.github.signing import sign
from triagebot.settings import Settings
from triagebot.store import Store


def test_both_secrets_are_good_while_one_is_exchanged(tmp_path: Path) -> None:
    """Deliveries signed with the new or the old secret are taken, with any other they are 401."""
    store = Store(f"sqlite:///{tmp_path}/t.db")

    async def post() -> list[int]:
        settings = Settings(http_port=0, github_webhook_secret="new", github_webhook_secret_old="old")
        async with opened(settings, store, nothing) as url, ClientSession() as session:
            server = Server(url, session, store)
            signed = [(word, sign(OPENED, word)) for word in ("new", "old", "other")]
            return [
                (await server.post(X_Hub_Signature_256=by, X_GitHub_Delivery=f"guid-{word}"))[0] for word, by in signed
            ]

    try:
        assert asyncio.run(post()) == [202, 202, 401]
    finally:
        store.close()
