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
import uvloop
from aiohttp import web

from triagebot import __version__
from triagebot.doors.web import figures
from triagebot.doors.web.chores import Chore, Chores, ask_about_silence
from triagebot.doors.web.desks import Desks
from triagebot.doors.web.reception import WEBHOOK, Routes, make_app
from triagebot.doors.web.worker import Work, Worker
from triagebot.errors import SettingsError
from triagebot.logs import set_up_logs
from triagebot.minds import Minds
from triagebot.pipeline import Triage
from triagebot.settings import Settings, is_loopback, read_settings
from triagebot.store import Store
from triagebot.sweep import Sweep
from triagebot.wiring import load_knowledge_apart, open_store, with_labels

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
    knowledge, complaint = with_labels(load_knowledge_apart(settings.knowledge), settings.label_model)
    if complaint:
        log.warning("label model refused", why=complaint)
    store = open_store(settings.database_url, settings.quiet_seconds, settings.longest_wait_seconds)
    minds = Minds(settings.thinking_processes, settings.thinking_seconds, figures.note_room)
    topic = f"{len(knowledge.entries)} entries for {knowledge.project}"
    triage = minds.triage(knowledge)
    guest = invite(settings, store, triage) if invite else None
    try:
        desks = Desks(settings, store, triage, minds.triage)
        uvloop.run(_serve(settings, store, desks, topic, guest))
    finally:
        minds.close()
        store.close()
    return 0


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


async def _serve(settings: Settings, store: Store, desks: Desks, topic: str, guest: Guest | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as rooms:
        if guest is not None:
            await rooms.enter_async_context(guest)
        routes = guest.routes if guest is not None else {}
        chores = _chores(settings, store, desks)
        url = await rooms.enter_async_context(opened(settings, store, desks, routes, lane=desks.lane, chores=chores))
        print(_welcome(url, settings, store, topic), flush=True)  # noqa: T201 - for whoever started it
        await stop.wait()
        log.info("stopping")


def _chores(settings: Settings, store: Store, desks: Desks) -> tuple[Chore, ...]:
    sweep = Sweep(desks.outlook(WEBHOOK), store.sweeps)
    return (
        Chore(name="catch up with GitHub", every=settings.sweep_minutes * 60, do=sweep.run),
        Chore(name="count reactions", every=3600, do=desks.reactions().run),
        Chore(name="forget finished deliveries", every=3600, do=lambda: store.upkeep.forget(settings.keep_days)),
        Chore(name="look after silent requests", every=3600, do=lambda: ask_about_silence(store)),
        Chore(name="mend times", every=60, do=store.upkeep.mend_times),
    )


@asynccontextmanager
async def opened(
    settings: Settings,
    store: Store,
    work: Work,
    routes: Routes = _NONE,
    *,
    lane: Callable[[str], str] = str,
    chores: tuple[Chore, ...] = (),
) -> AsyncIterator[str]:
    """Serve and work inside the context; gives the address.  On leaving, reports at hand are finished or released."""
    size, lease = settings.reports_at_once, settings.lease_seconds
    worker = Worker(store.inbox, work, lease=lease, size=size, lanes=store.lanes, lane=lane)
    loop, errands = asyncio.get_running_loop(), Chores(chores)
    listener = store.listener(lambda: loop.call_soon_threadsafe(worker.wake))
    runner = web.AppRunner(make_app(_secrets(settings), store, worker, routes), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await _listen(runner, settings)
        worker.start()
        listener.start()
        errands.start()
        host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await asyncio.gather(errands.stop(), worker.stop(_STOP_SECONDS), runner.cleanup())
        await asyncio.to_thread(listener.stop)


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


def _next(settings: Settings) -> list[str]:
    """Return what is to be done now; the webhook of an App was set up when it was made."""
    if settings.github_app_id:
        return ["Next: install the App on a repository; then open an issue there.  Ctrl-C stops."]
    return [
        "Next: in the repository's Settings > Webhooks add this address as GitHub reaches it, content type",
        "application/json, the same secret, events Issues and Issue comments; then open an issue.  Ctrl-C stops.",
    ]


def _welcome(url: str, settings: Settings, store: Store, topic: str) -> str:
    proof = "signed deliveries only" if settings.github_webhook_secret else "UNSIGNED deliveries: loopback only"
    return "\n".join(
        [
            f"triagebot {__version__} is listening on {url}",
            f"  webhook    POST {url}{WEBHOOK}  ({proof})",
            f"  health     {url}/healthz and {url}/readyz, figures {url}/metrics",
            f"  GitHub     {settings.github_api_url}",
            f"  knowledge  {topic}",
            f"  database   {store.place}",
            *_next(settings),
        ]
    )
