"""Calls to Discord that are tried again where the client library gives up: 503, cut connections, time-outs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord
import structlog

_T = TypeVar("_T")
# What passes by itself.  A message carries a nonce, so that sending it again cannot double it.
PASSING = (discord.DiscordServerError, aiohttp.ClientConnectionError, ConnectionError, TimeoutError)
_WAITS = (0.3, 1.0, 3.0, 8.0)
_SHORT_WAITS = (0.2, 0.5)

log = structlog.get_logger()


async def insist(what: str, call: Callable[[], Awaitable[_T]], waits: tuple[float, ...] = _WAITS) -> _T:
    """Return what the call gives, tried a few times; raises what it raised last."""
    for wait in waits:
        try:
            return await call()
        except PASSING as error:
            log.warning("Discord failed, trying again", what=what, why=type(error).__name__, seconds=wait)
            await asyncio.sleep(wait)
    return await call()


async def insist_briefly(what: str, call: Callable[[], Awaitable[_T]]) -> _T:
    """As insist, within the three seconds that Discord waits for a first answer."""
    return await insist(what, call, _SHORT_WAITS)
