"""The worker: takes reports from the inbox, several at a time, and never loses one whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from time import perf_counter
from typing import Any

import structlog

from triagebot.doors.web import figures
from triagebot.errors import RemoteError, StoreError
from triagebot.records import LeftAlone, Verdict
from triagebot.store import Claim, Inbox, Lanes

# Longer than any single call to GitHub; renewed while the work lasts.
_LEASE_SECONDS = 60.0
_POLL_SECONDS = 0.5
# What fails by itself (a bug, a report that kills its process) does not get better by waiting for hours.
_MOST_CRASHES = 5

log = structlog.get_logger()
Work = Callable[[Claim], Verdict | LeftAlone]


class Worker:
    """Takes reports from the inbox, `size` at a time, each in a thread.

    `lane` names the lane that a report's writes go through: where the other side asks to wait, the whole lane waits.
    """

    def __init__(
        self,
        inbox: Inbox,
        work: Work,
        *,
        lease: float = _LEASE_SECONDS,
        size: int = 1,
        lanes: Lanes | None = None,
        lane: Callable[[str], str] = str,
    ) -> None:
        self._inbox = inbox
        self._work = work
        self._lease = lease
        self._size = size
        self._lanes = lanes
        self._lane = lane
        self._awake = asyncio.Event()
        self._stopping = False
        self._claims: dict[str, Claim] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def works(self) -> bool:
        """Whether every part of the worker is alive."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    def start(self) -> None:
        """Begin to work."""
        self._tasks = [asyncio.create_task(self._go_on()) for _ in range(self._size)]

    def wake(self) -> None:
        """Look into the inbox now."""
        self._awake.set()

    async def stop(self, grace: float) -> None:
        """Take nothing new; give the reports at hand `grace` seconds, then release them for whoever comes next."""
        self._stopping = True
        self.wake()
        if not self._tasks:
            return
        await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for claim in list(self._claims.values()):
            log.warning("report released", target=claim.key)
            await self._give_back(claim, "the server was stopped in the middle of it", 0.0, blameless=True)

    async def _go_on(self) -> None:
        while not self._stopping:
            claim = await self._next()
            if claim is not None:
                await self._attend(claim)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), _POLL_SECONDS)
            self._awake.clear()

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
        self._claims[claim.key] = claim
        guids = [delivery.guid for delivery in claim.deliveries]
        with structlog.contextvars.bound_contextvars(guids=guids, target=claim.key, attempt=claim.attempts):
            renewing = asyncio.create_task(self._renew(claim))
            try:
                await self._try(claim)
            except RemoteError as error:
                await self._refused(claim, error)
            except StoreError as error:
                await self._give_back(claim, str(error), 0.0)
            except Exception as error:  # one report must not end the work on all others
                log.exception("report failed")
                after = None if claim.attempts >= _MOST_CRASHES else 0.0
                await self._give_back(claim, f"{type(error).__name__}: {error}", after)
            finally:
                renewing.cancel()
        del self._claims[claim.key]

    async def _try(self, claim: Claim) -> None:
        """Do the work, unless the other side has asked to wait."""
        held = await asyncio.to_thread(self._lanes.held, self._lane(claim.key)) if self._lanes else 0.0
        if held > 0:
            await self._give_back(claim, "the rate limit is used up", held, blameless=True)
            return
        started = perf_counter()
        result = await _in_thread(self._work, claim)
        if not await asyncio.to_thread(self._inbox.done, claim):
            log.warning("lease lost: another worker has taken the report over")
            return
        seconds = perf_counter() - started
        figures.RUNS.observe(seconds)
        figures.count_outcome(result)
        log.info("report done", seconds=round(seconds, 3), **_outcome(result))

    async def _refused(self, claim: Claim, error: RemoteError) -> None:
        """Try again when the other side said so; a time that it named holds for everything in the same lane."""
        after = error.retry_after
        named = after is not None and after > 0
        await self._give_back(claim, str(error), after, blameless=named)
        if after is not None and named and self._lanes is not None:
            with suppress(StoreError):
                await asyncio.to_thread(self._lanes.hold, self._lane(claim.key), after)

    async def _give_back(self, claim: Claim, error: str, after: float | None, *, blameless: bool = False) -> None:
        try:
            again = await asyncio.to_thread(self._inbox.fail, claim, error, after, blameless=blameless)
            figures.FAILURES.labels("again" if again else "given up").inc()
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
