"""The part of the stand-in that delivers to a webhook: it remembers what failed, and delivers again when asked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from aiohttp import web

from triagebot.github.signing import HEADER, sign

if TYPE_CHECKING:
    from tests.fakes.github import StandIn

NUMBER = 77
_REPO_HOOKS = "/repos/{owner}/{name}/hooks"


@dataclass(slots=True)
class Hook:
    """A webhook: where it delivers to, and every attempt, the latest last."""

    url: str
    secret: str
    attempts: list[dict[str, Any]] = field(default_factory=list)
    visible: bool = True  # whether the token may see it

    def deliver(self, payload: object, guid: str, event: str = "issues", *, again: bool = False) -> int:
        """Deliver once and remember how it went; returns the status, 0 when nobody answered."""
        body = json.dumps(payload).encode()
        headers = {"Content-Type": "application/json", "X-GitHub-Event": event, "X-GitHub-Delivery": guid}
        try:
            answer = requests.post(self.url, body, headers=headers | {HEADER: sign(body, self.secret)}, timeout=10)
            status = answer.status_code
        except requests.RequestException:
            status = 0
        entry = {"id": 500 + len(self.attempts), "guid": guid, "event": event, "redelivery": again}
        entry |= {"status": "OK" if status in {200, 202} else "failed to connect to host", "status_code": status}
        self.attempts.append(entry | {"payload": payload})
        return status

    def listed(self) -> list[dict[str, Any]]:
        """Return the attempts as GitHub lists them: the latest first, without what was in them."""
        return [{k: v for k, v in entry.items() if k != "payload"} for entry in reversed(self.attempts)]

    def again(self, number: int) -> None:
        """Deliver what was delivered in an attempt; as at GitHub it keeps its GUID."""
        entry = next(entry for entry in self.attempts if entry["id"] == number)
        self.deliver(entry["payload"], entry["guid"], entry["event"], again=True)


def hook_routes(github: StandIn) -> list[web.RouteDef]:
    """Return what the API has for webhooks, of a repository and of an App."""

    async def get_hooks(_: web.Request) -> web.Response:
        hook = _hook(github)
        config = {"url": hook.url, "content_type": "json", "insecure_ssl": "0", "secret": "********"}
        return web.json_response([{"id": NUMBER, "type": "Repository", "active": True, "config": config}])

    async def get_deliveries(_: web.Request) -> web.Response:
        return web.json_response(_hook(github).listed())

    async def post_attempt(request: web.Request) -> web.Response:
        await asyncio.to_thread(_hook(github).again, int(request.match_info["id"]))
        return web.json_response({}, status=202)

    return [
        web.get(_REPO_HOOKS, get_hooks),
        web.get(_REPO_HOOKS + f"/{NUMBER}/deliveries", get_deliveries),
        web.post(_REPO_HOOKS + f"/{NUMBER}/deliveries/" + r"{id:\d+}/attempts", post_attempt),
        web.get("/app/hook/deliveries", get_deliveries),
        web.post(r"/app/hook/deliveries/{id:\d+}/attempts", post_attempt),
    ]


def _hook(github: StandIn) -> Hook:
    if github.hook is None or not github.hook.visible:
        raise web.HTTPNotFound
    return github.hook
