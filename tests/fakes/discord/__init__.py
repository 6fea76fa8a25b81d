"""A stand-in for Discord on loopback: REST, gateway and CDN of one guild, with limits, the 3 s window and faults.

`async with Discord() as discord`: its addresses are `discord.api_url` and `discord.gateway_url`.
"""

from __future__ import annotations

from typing import Self

from aiohttp import web

from tests.fakes.discord import shapes
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.kept import Interaction, Request, World, buttons, words
from tests.fakes.discord.people import People
from tests.fakes.discord.rest import Rest

__all__ = ["Discord", "Interaction", "Request", "buttons", "shapes", "words"]

_CHUNK = 64 * 1024


class Discord:
    """The server: what it keeps is in `world`, what people do in `people`, what the bot asked in `rest`."""

    def __init__(self, token: str = "bot.token-of.a-stand-in", port: int = 0) -> None:  # noqa: S107 - opens nothing
        self.token = token
        self.world = World()
        self.gateway = Gateway(token, self.world.threads)
        self.rest = Rest(self.world, self.gateway)
        self.people = People(self.world, self.gateway)
        self.served: list[tuple[str, str | None, int]] = []
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    async def start(self) -> None:
        """Begin to serve; after a stop, on the same port as before."""
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/cdn/{path:.*}", self._file)
        app.router.add_route("*", "/api/v10/{path:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.people.address = self.url
        self.gateway.url = self.gateway_url

    async def stop(self) -> None:
        """Be gone, as in an outage."""
        assert self._runner is not None
        await self.gateway.cut(1001)
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Serve a file in pieces, so that whoever stops reading is noticed."""
        path = request.match_info["path"]
        content, headers = self.world.files[path]
        if "Location" in headers:
            return web.Response(status=302, headers=headers)
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        sent = 0
        try:
            for start in range(0, len(content), _CHUNK):
                await response.write(content[start : start + _CHUNK])
                sent += _CHUNK
        except ConnectionError:
            pass
        finally:
            self.served.append((path, request.headers.get("Authorization"), min(sent, len(content))))
        return response
