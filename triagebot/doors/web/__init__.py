"""The web door: GitHub's webhook, health, and the worker that brings each issue up to date."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Protocol, Self

import structlog
from aiohttp import web

from triagebot import __version__
from triagebot.doors.web.reception import WEBHOOK, Routes, make_app
from triagebot.doors.web.worker import Work, Worker
from triagebot.errors import SettingsError
from triagebot.github.accounts import Account
from triagebot.github.desk import Desk
from triagebot.logs import set_up_logs
from triagebot.pipeline import Triage
from triagebot.settings import Settings, is_loopback, read_settings
from triagebot.store import Store
from triagebot.wiring import (
    build_service,
    load_knowledge,
    open_account,
    open_github,
    open_rulebooks,
    open_store,
    with_labels,
)

_STOP_SECONDS = 7.0
_NONE: Routes = {}

log = structlog.get_logger()


class Guest(Protocol):
    """Another door that is open as long as this one; its `routes` are served beside ours."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def routes(self) -> Routes:
        """What is posted to it, by path."""
        ...


def run(config: str | None, invite: Callable[[Settings, Store, Triage], Guest] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; returns the exit status.  `config` names a TOML file of settings.

    `invite` opens another door in the same process.

    Raises SettingsError, InputError, KnowledgeError or StoreError before anything is served.
    """
    settings = read_settings(os.environ, config)
    _refuse(settings)
    set_up_logs(settings.log_level)
    knowledge, complaint = with_labels(load_knowledge(settings.knowledge), settings.label_model)
    if complaint:
        log.warning("label model refused", why=complaint)
    store = open_store(settings.database_url)
    account = _account(settings)
    hands, triage = open_github(account), Triage(knowledge)
    desk = Desk(build_service(triage, hands, store, open_rulebooks(account, triage)), hands)
    topic = f"{len(knowledge.entries)} entries for {knowledge.project}"
    guest = invite(settings, store, triage) if invite else None
    try:
        asyncio.run(_serve(settings, store, lambda claim: desk.work_through(claim.deliveries), topic, guest))
    finally:
        store.close()
    return 0


def _account(settings: Settings) -> Account:
    return open_account(
        settings.github_api_url,
        settings.github_seconds_between_writes,
        token=settings.github_token,
        app_id=settings.github_app_id,
        pem=settings.github_app_private_key,
    )


def _refuse(settings: Settings) -> None:
    """Raise SettingsError when serving would be useless or unsafe."""
    problems = []
    if not settings.github_token and not settings.github_app_id:
        problems.append(
            "TRIAGEBOT_GITHUB_TOKEN: not set, nor an App. Make a token that may read and write issues and set it, "
            "or make an App with `triagebot app create`."
        )
    if not settings.github_webhook_secret and not is_loopback(settings.http_host):
        problems.append(
            f"TRIAGEBOT_GITHUB_WEBHOOK_SECRET: not set, and {settings.http_host} can be reached by others. "
            "Set the secret of the webhook, or listen on 127.0.0.1."
        )
    if problems:
        raise SettingsError("\n".join(problems))


async def _serve(settings: Settings, store: Store, work: Work, topic: str, guest: Guest | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as rooms:
        if guest is not None:
            await rooms.enter_async_context(guest)
        routes = guest.routes if guest is not None else {}
        url = await rooms.enter_async_context(opened(settings, store, work, routes))
        print(_welcome(url, settings, store, topic), flush=True)  # noqa: T201 - for whoever started it
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def opened(settings: Settings, store: Store, work: Work, routes: Routes = _NONE) -> AsyncIterator[str]:
    """Serve and work inside the context; gives the address.  On leaving, the report at hand is finished or released."""
    worker = Worker(store.inbox, work)
    runner = web.AppRunner(make_app(_secrets(settings), store, worker, routes), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await _listen(runner, settings)
        worker.start()
        host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await asyncio.gather(worker.stop(_STOP_SECONDS), runner.cleanup())


def _secrets(settings: Settings) -> tuple[str, ...]:
    """Return the secrets that sign deliveries: while one is exchanged for another, both do."""
    return tuple(filter(None, (settings.github_webhook_secret, settings.github_webhook_secret_old)))


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
    except OSError as error:
        place = f"{settings.http_host} port {settings.http_port}"
        reason = os.strerror(error.errno) if error.errno else "the address is not known"
        remedy = "Choose others with TRIAGEBOT_HTTP_HOST and TRIAGEBOT_HTTP_PORT."
        raise SettingsError(f"Cannot listen on {place}: {reason}. {remedy}") from None


def _welcome(url: str, settings: Settings, store: Store, topic: str) -> str:
    proof = "signed deliveries only" if settings.github_webhook_secret else "UNSIGNED deliveries: loopback only"
    return "\n".join(
        [
            f"triagebot {__version__} is listening on {url}",
            f"  webhook    POST {url}{WEBHOOK}  ({proof})",
            f"  health     {url}/healthz and {url}/readyz",
            f"  GitHub     {settings.github_api_url}",
            f"  knowledge  {topic}",
            f"  database   {store.place}",
            "Next: in the repository's Settings > Webhooks add this address as GitHub reaches it, content type",
            "application/json, the same secret, event Issues; then open an issue.  Ctrl-C stops.",
        ]
    )
