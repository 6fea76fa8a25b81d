"""Interactions over HTTP: Discord posts them, signed with Ed25519, and the same commands answer without a gateway."""

from __future__ import annotations

import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiohttp import web
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from triagebot.errors import SettingsError
from triagebot.settings import Settings

PATH = "/discord/interactions"
SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"
_LARGEST_BODY = 1024 * 1024
# An old request that somebody kept and sends again is refused.
_OLDEST_SECONDS = 300.0
_PING = 1

log = structlog.get_logger()


def is_genuine(body: bytes, signature: str, timestamp: str, public_key: str, now: float) -> bool:
    """Tell whether Discord signed these very bytes, and not long ago.

    Ed25519 (RFC 8032) over the timestamp followed by the body, as Discord's documentation of interactions says.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("20000000000")):
        return False
    if abs(now - int(timestamp)) > _OLDEST_SECONDS:
        return False
    try:
        VerifyKey(bytes.fromhex(public_key)).verify(timestamp.encode() + body, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True


Routes = Mapping[str, Callable[[web.Request], Awaitable[web.Response]]]


class Interactions:
    """Takes what Discord posts; the answer itself goes out through the API, as with the gateway."""

    def __init__(self, public_key: str, take: Callable[[Any], bool]) -> None:
        self._public_key = public_key
        self._take = take

    async def receive(self, request: web.Request) -> web.Response:
        """Answer a ping, and hand on everything else: 202 says that the answer comes through the API."""
        if (request.content_length or 0) > _LARGEST_BODY:
            return _said(413, "The body is larger than 1 MB.")
        body = await request.content.read(_LARGEST_BODY + 1)
        signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
        if not is_genuine(body, signature, timestamp, self._public_key, time.time()):
            log.warning("interaction rejected", why="not signed with the application's key, or too old")
            return _said(401, "The signature does not fit the application's public key, or the request is too old.")
        try:
            payload = json.loads(body)
            if payload["type"] == _PING:
                return web.json_response({"type": _PING})
            taken = self._take(payload)
        except (ValueError, KeyError, TypeError, RecursionError):
            return _said(400, "The body is not an interaction.")
        return _said(202, "") if taken else _said(503, "Not connected to Discord yet. Please try again.")


@asynccontextmanager
async def listening(settings: Settings, routes: Routes) -> AsyncIterator[str]:
    """Serve routes and GET /healthz inside the context, where the web door does not; gives the address.

    Without routes nothing is served.  Raises SettingsError when the port is taken.
    """
    if not routes:
        yield ""
        return
    app = web.Application(client_max_size=_LARGEST_BODY)
    app.router.add_get("/healthz", _healthy)
    for path, answer in routes.items():
        app.router.add_post(path, answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
        yield f"http://{settings.http_host}:{runner.addresses[0][1]}"
    except OSError as error:
        place = f"{settings.http_host} port {settings.http_port}"
        remedy = "Choose others with TRIAGEBOT_HTTP_HOST and TRIAGEBOT_HTTP_PORT."
        raise SettingsError(f"Cannot listen on {place}: {os.strerror(error.errno or 0)}. {remedy}") from None
    finally:
        await runner.cleanup()


async def _healthy(_request: web.Request) -> web.Response:
    return _said(200, "ok")


def _said(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text + "\n" if text else None)
