"""Discord's REST API as far as the bot uses it: who asks is checked, faults and limits come first, state is kept."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord import answers, shapes
from tests.fakes.discord.contract import contract
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.kept import Request, World
from tests.fakes.discord.limits import broken
from tests.fakes.kept import Fault

Answer = Callable[..., Awaitable[web.Response]]
# Callbacks and webhooks carry their own token in the path.
_OPEN = re.compile(r"/(interactions|webhooks)/")
_SAYING = re.compile(r"POST /(interactions|webhooks|channels/\d+/messages)|PATCH .*/messages/")


class Rest:
    """Answers calls; what was wrong with them, or with our own answers, is collected in `violations`."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.violations: list[str] = []
        self._token = gateway.token
        self._routes = answers.routes(answers.Desk(world, gateway))

    async def serve(self, request: web.Request) -> web.StreamResponse:
        asked = await _read(request)
        self.requests.append(asked)
        response = await self._answer(request, asked)
        asked.status = response.status
        self._check_answer(asked, response)
        return response

    def made(self, call: str) -> list[Request]:
        """Return the calls whose `VERB path` matches, in order."""
        return [one for one in self.requests if re.fullmatch(call, f"{one.verb} {one.path}")]

    async def _answer(self, request: web.Request, asked: Request) -> web.Response:
        fault = self._fault(asked)
        if fault is not None and not fault.after:
            return await _fail(request, fault)
        response = await self._carry_out(request, asked)
        return await _fail(request, fault) if fault is not None else response

    def _fault(self, asked: Request) -> Fault | None:
        for fault in self.faults:
            if fault.times and re.fullmatch(fault.where, f"{asked.verb} {asked.path}"):
                fault.times -= 1
                return fault
        return None

    async def _carry_out(self, request: web.Request, asked: Request) -> web.Response:
        if not _OPEN.match(asked.path) and asked.authorization != f"Bot {self._token}":
            return shapes.refusal(401, 0, "401: Unauthorized")
        self._check_request(asked)
        wrong = broken(asked.body) if asked.verb in {"POST", "PATCH", "PUT"} else {}
        if wrong:
            self.violations.append(f"{asked.verb} {asked.path}: over the limits: {wrong}")
            return shapes.refusal(400, 50035, "Invalid Form Body", wrong)
        for verb, path, answer in self._routes:
            found = re.fullmatch(path, asked.path)
            if verb == asked.verb and found:
                return await answer(asked, *found.groups())
        return shapes.refusal(404, 0, f"404: Not Found ({request.method} {asked.path} is not part of the stand-in)")

    def _check_request(self, asked: Request) -> None:
        self.violations += [f"{asked.verb} {asked.path}: {what}" for what in _pings(asked)]
        document = contract()
        if document is not None and asked.body is not None and not asked.files:
            found = document.request(asked.verb, asked.path, asked.body)
            self.violations += [f"{asked.verb} {asked.path}: {what}" for what in found]

    def _check_answer(self, asked: Request, response: web.StreamResponse) -> None:
        document = contract()
        if document is None or response.status >= 300 or not isinstance(response, web.Response) or not response.body:
            return
        body = json.loads(bytes(response.body))  # type: ignore[arg-type]
        found = document.response(asked.verb, asked.path, response.status, body)
        self.violations += [f"answer to {asked.verb} {asked.path}: {what}" for what in found]


def _pings(asked: Request) -> list[str]:
    """Return what could ping somebody: every body that says something must switch mentions off itself."""
    if not isinstance(asked.body, dict) or not _SAYING.match(f"{asked.verb} {asked.path}"):
        return []
    inner = asked.body.get("data")
    body: dict[str, Any] = inner if isinstance(inner, dict) else asked.body
    if not (body.get("content") or body.get("embeds")):
        return []
    allowed = body.get("allowed_mentions") or {}
    safe = allowed.get("parse") == [] and not any(allowed.get(k) for k in ("users", "roles", "replied_user"))
    return [] if safe else [f"mentions are not off: {allowed}"]


async def _fail(request: web.Request, fault: Fault) -> web.Response:
    await asyncio.sleep(fault.delay)
    if fault.drop and request.transport is not None:
        request.transport.abort()
    body = {"message": fault.message, "code": 0, "retry_after": 0.2, "global": False}
    return shapes.answer(body, fault.status, fault.headers)


async def _read(request: web.Request) -> Request:
    asked = Request(
        verb=request.method,
        path="/" + request.match_info["path"],
        query=dict(request.query),
        authorization=request.headers.get("Authorization"),
    )
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if part.name == "payload_json":  # type: ignore[union-attr]
                asked.body = json.loads(await part.text())  # type: ignore[union-attr]
            else:
                asked.files[part.name] = (part.filename, bytes(await part.read()))  # type: ignore[union-attr, index, assignment]
    elif raw := await request.read():
        asked.body = json.loads(raw)
    return asked
