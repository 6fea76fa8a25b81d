"""The worker: takes reports from the inbox one by one, and never loses one whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

import structlog

from triagebot.errors import RemoteError, StoreError
from triagebot.records import LeftAlone, Verdict
from triagebot.store import Claim, Inbox

# Longer than any single call to GitHub; renewed while the work lasts.
_LEASE_SECONDS = 60.0
_POLL_SECONDS = 1.0

log = structlog.get_logger()
Work = Callable[[Claim], Verdict | LeftAlone]


class Worker:
    """Takes reports from the inbox one by one; one is enough, since writes to GitHub go out one a second."""

    def __init__(self, inbox: Inbox, work: Work, lease: float = _LEASE_SECONDS) -> None:
        self._inbox = inbox
        self._work = work
        self._lease = lease
        self._awake = asyncio.Event()
        self._stopping = False
        self._claim: Claim | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def works(self) -> bool:
        """Whether the worker is alive."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Begin to work."""
        self._task = asyncio.create_task(self._go_on())

    def wake(self) -> None:
        """Look into the inbox now."""
        self._awake.set()

    async def stop(self, grace: float) -> None:
        """Take nothing new; give the report at hand `grace` seconds, then release it for whoever comes next."""
        self._stopping = True
        self.wake()
        if self._task is None:
            return
        await asyncio.wait({self._task}, timeout=grace)
        if not self._task.done():
            self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        if self._claim is not None:
            log.warning("report released", target=self._claim.key)
            await self._give_back(self._claim, "the server was stopped in the middle of it", 0.0, blameless=True)

    async def _go_on(self) -> None:
        while not self._stopping:
            self._awake.clear()
            claim = await self._next()
            if claim is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), _POLL_SECONDS)
            else:
                await self._attend(claim)

    async def _next(self) -> Claim | None:
        """Claim what is due; whatever goes wrong here goes wrong for a moment only."""
        try:
            return await asyncio.to_thread(self._inbox.claim, self._lease)
        except StoreError as error:
            log.warning("database failed", why=str(error))
        except Exception:
            log.exception("inbox failed")
        return None

    async def _attend(self, claim: Claim) -> None:
        """Work on one report; whatever happens, it is closed, tried again, or given up with the reason."""
        self._claim = claim
        guids = [delivery.guid for delivery in claim.deliveries]
        with structlog.contextvars.bound_contextvars(guids=guids, target=claim.key, attempt=claim.attempts):
            renewing = asyncio.create_task(self._renew(claim))
            try:
                result = await _in_thread(self._work, claim)
                await asyncio.to_thread(self._inbox.done, claim)
                log.info("report done", **_outcome(result))
            except RemoteError as error:
                named = error.retry_after is not None and error.retry_after > 0
                await self._give_back(claim, str(error), error.retry_after, blameless=named)
            except Exception as error:  # one report must not end the work on all others
                log.exception("report failed")
                await self._give_back(claim, f"{type(error).__name__}: {error}", 0.0)
            finally:
                renewing.cancel()
        self._claim = None

    async def _give_back(self, claim: Claim, error: str, after: float | None, *, blameless: bool = False) -> None:
        try:
            again = await asyncio.to_thread(self._inbox.fail, claim, error, after, blameless=blameless)
            log.warning("report will be tried again" if again else "report given up", why=error, target=claim.key)
        except StoreError as failure:
            # The lease ends by itself, and the report is due again.
            log.warning("database failed", why=str(failure))

    async def _renew(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            try:
                if not await asyncio.to_thread(self._inbox.renew, claim, self._lease):
                    log.warning("lease lost")
                    return
            except StoreError as error:
                log.warning("database failed", why=str(error))


def _outcome(result: Verdict | LeftAlone) -> dict[str, Any]:
    if isinstance(result, LeftAlone):
        return {"outcome": "left alone", "why": result.why}
    return {"outcome": result.outcome.value, "entries": [answer.diagnosis.entry.id for answer in result.answers]}


async def _in_thread(work: Work, claim: Claim) -> Verdict | LeftAlone:
    """Run the work in a thread that dies with the process: a call that hangs must not keep the server from stopping."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[Verdict | LeftAlone] = loop.create_future()

    def settle(value: Verdict | LeftAlone | None, error: BaseException | None) -> None:
        if result.done():
            return
        if error is not None:
            result.set_exception(error)
        elif value is not None:
            result.set_result(value)

    def go() -> None:
        value, error = None, None
        try:
            value = work(claim)
        except BaseException as raised:  # noqa: BLE001 - it is raised again where it is awaited
            error = raised
        with suppress(RuntimeError):  # the loop is closed: the report was released, nobody waits
            loop.call_soon_threadsafe(settle, value, error)

    Thread(target=go, daemon=True).start()
    return await result
