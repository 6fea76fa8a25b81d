"""The intake: deliveries that arrive together are stored with one commit, and each is answered after it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from triagebot.errors import StoreError
from triagebot.records import Delivery
from triagebot.store import Inbox, Taken

_MOST_TOGETHER = 256
# GitHub hangs up after ten seconds.
_PATIENCE_SECONDS = 8.0
_MOST_WAITING = 64 * 1024 * 1024  # characters

_Waiting = tuple[Delivery, "asyncio.Future[Taken]"]


class Intake:
    """Puts deliveries into the inbox from one thread of its own: whoever waits for the disk waits together."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._waiting: list[_Waiting] = []
        self._size = 0
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="triagebot-intake")

    async def put(self, delivery: Delivery) -> Taken:
        """Return what became of a delivery, once it is durable; raises StoreError when that takes too long.

        It may be stored all the same afterwards: a redelivery does no harm.
        """
        if self._size > _MOST_WAITING:
            raise StoreError("Too many deliveries wait for the database.")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Taken] = loop.create_future()
        self._waiting.append((delivery, future))
        self._size += len(delivery.payload)
        if self._task is None:
            self._task = asyncio.create_task(self._store())
        timer = loop.call_later(_PATIENCE_SECONDS, _give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    async def close(self) -> None:
        """Store what was taken in, and end."""
        if self._task is not None:
            await self._task
        self._thread.shutdown(wait=False)

    async def _store(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
            await self._store_batch(batch)
            self._size -= sum(len(delivery.payload) for delivery, _ in batch)
        self._task = None

    async def _gather(self) -> None:
        """Let in what has arrived already: a commit costs the same for many, and takes the processor from reading."""
        found = 0
        while found < len(self._waiting) < _MOST_TOGETHER:
            found = len(self._waiting)
            await asyncio.sleep(0)

    async def _store_batch(self, batch: list[_Waiting]) -> None:
        deliveries = [delivery for delivery, _ in batch]
        try:
            loop = asyncio.get_running_loop()
            answers = await loop.run_in_executor(self._thread, self._inbox.put_all, deliveries)
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), taken in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(taken)


def _give_up(future: asyncio.Future[Taken]) -> None:
    if not future.done():
        future.set_exception(StoreError("The database took too long."))
