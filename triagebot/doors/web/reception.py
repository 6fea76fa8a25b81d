"""The reception: answers requests, and lets in only deliveries that are genuine and about an issue."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
import structlog
from aiohttp import web

from triagebot.doors.web import figures
from triagebot.doors.web.intake import Intake
from triagebot.doors.web.worker import Worker
from triagebot.errors import DeliveryRejected, StoreError
from triagebot.github import signing
from triagebot.github.events import Heard, read_event
from triagebot.github.gist import gist_of
from triagebot.records import Delivery, LeftAlone, Report
from triagebot.store import Store, Taken

WEBHOOK = "/github/webhook"
# GitHub does not deliver more than 25 MB.
LARGEST_BODY = 25 * 1024 * 1024
_LONGEST_HEADER = 100
_EVENT = "X-GitHub-Event"
_GUID = "X-GitHub-Delivery"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

log = structlog.get_logger()
_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Routes = Mapping[str, Callable[[web.Request], Awaitable[web.Response]]]


def make_app(secrets: Sequence[str], store: Store, worker: Worker, routes: Routes) -> web.Application:
    """Return the web application.  Without `secrets` no signature is asked for; a stored delivery wakes the worker.

    `routes` are what is posted to another door of the same process.
    """
    desk = _Reception(secrets, store, worker)
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_plain_answers])
    app.router.add_post(WEBHOOK, desk.receive)
    app.router.add_get("/healthz", desk.healthy)
    app.router.add_get("/readyz", desk.ready)
    for path, answer in routes.items():
        app.router.add_post(path, answer)
    app.router.add_get("/metrics", desk.measure)
    app.on_startup.append(_settle)
    app.on_cleanup.append(desk.close)
    return app


async def _settle(_app: web.Application) -> None:
    """Take what is there from the start out of every collection of garbage: going through it holds all answers up."""
    gc.collect()
    gc.freeze()


@web.middleware
async def _plain_answers(request: web.Request, handler: _Answer) -> web.StreamResponse:
    """Turn what went wrong into one plain sentence and the status that makes GitHub do the right thing."""
    try:
        return await handler(request)
    except DeliveryRejected as rejected:
        figures.DELIVERIES.labels("", "rejected").inc()
        log.warning("delivery rejected", status=rejected.status, why=str(rejected), guid=_header(request, _GUID))
        return _said(rejected.status, str(rejected))
    except StoreError as error:
        figures.DELIVERIES.labels("", "not stored").inc()
        log.warning("database failed", why=str(error), guid=_header(request, _GUID))
        return _said(503, "The delivery could not be stored. Please redeliver it later.")


class _Reception:
    """Answers requests."""

    def __init__(self, secrets: Sequence[str], store: Store, worker: Worker) -> None:
        self._secrets = secrets
        self._store = store
        self._worker = worker
        self._intake = Intake(store.inbox)

    async def receive(self, request: web.Request) -> web.Response:
        """Store a genuine delivery about an issue: 202 means that it is durable."""
        body = await _body(request)
        if self._secrets and not signing.is_genuine(body, _header(request, signing.HEADER), self._secrets):
            raise DeliveryRejected(401, f"{signing.HEADER} does not sign this body with our secret.")
        event, guid = _named(request, _EVENT), _named(request, _GUID)
        payload = _read_payload(request, body)
        if event == "ping":
            log.info("ping", guid=guid)
            return _said(200, "pong")
        heard = read_event(event, payload)
        if isinstance(heard, LeftAlone):
            figures.DELIVERIES.labels(figures.known(event), "left alone").inc()
            log.info("delivery left alone", guid=guid, gh_event=event, why=heard.why)
            return _said(202, f"Left alone: {heard.why}.")
        kept = orjson.dumps(gist_of(event, payload)).decode()
        return await self._keep(Delivery(guid=guid, event=event, key=_key(heard), payload=kept))

    async def _keep(self, delivery: Delivery) -> web.Response:
        taken = await self._intake.put(delivery)
        figures.DELIVERIES.labels(figures.known(delivery.event), taken.value).inc()
        log.info("delivery stored", guid=delivery.guid, target=delivery.key, taken=taken.value)
        if taken is Taken.FINISHED:
            return _said(200, "This delivery was worked on already.")
        self._worker.wake()
        return _said(202, f"Stored: {delivery.key} will be looked at.")

    async def measure(self, _request: web.Request) -> web.Response:
        """Tell the figures, in Prometheus' text format."""
        body = figures.show(await asyncio.to_thread(self._store.upkeep.figures))
        return web.Response(body=body, headers={"Content-Type": figures.CONTENT_TYPE})

    async def close(self, _app: web.Application) -> None:
        """Store what was taken in, and end."""
        await self._intake.close()

    async def healthy(self, _request: web.Request) -> web.Response:
        """Tell that the process answers."""
        return _said(200, "ok")

    async def ready(self, _request: web.Request) -> web.Response:
        """Tell whether deliveries can be stored and are worked on."""
        await asyncio.to_thread(self._store.check)
        return _said(200, "ok") if self._worker.works else _said(503, "The worker has stopped. Restart the server.")


def _said(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text + "\n")


async def _body(request: web.Request) -> bytes:
    too_large = f"The body is larger than {LARGEST_BODY // 1024 // 1024} MB."
    if (request.content_length or 0) > LARGEST_BODY:
        raise DeliveryRejected(413, too_large)
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise DeliveryRejected(413, too_large) from None


def _header(request: web.Request, name: str) -> str:
    return request.headers.get(name, "")


def _named(request: web.Request, name: str) -> str:
    value = _header(request, name)
    if not value or len(value) > _LONGEST_HEADER or not value.isascii() or not value.isprintable():
        raise DeliveryRejected(400, f"The header {name} is missing or is not what GitHub sends.")
    return value


def _read_payload(request: web.Request, body: bytes) -> dict[str, Any]:
    if request.content_type in _FORMS:
        raise DeliveryRejected(415, "Set the webhook's content type to application/json.")
    payload = _parsed(body)
    if not isinstance(payload, dict):
        raise DeliveryRejected(400, "The body is not a JSON object.")
    return payload


def _parsed(body: bytes) -> Any:
    """Read quickly, and where that is too strict (half a surrogate pair, NaN) once more patiently."""
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(body)
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise DeliveryRejected(400, "The body is not JSON in UTF-8.") from None


def _key(heard: Heard) -> str:
    return heard.id if isinstance(heard, Report) else getattr(heard, "target", "")
