"""Chores: what is done at start and again every so often, beside the daily work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from triagebot.errors import TriageError
from triagebot.github.desk import SILENCE
from triagebot.records import Delivery
from triagebot.store import Store

_LONGEST_SILENCE_DAYS = 120
_DAY = 86_400

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something that is done every `every` seconds, in a thread; it returns how much there was to do."""

    name: str
    every: float
    do: Callable[[], int]


class Chores:
    """Does chores until told to stop; one that fails is done again when its time comes."""

    def __init__(self, chores: tuple[Chore, ...]) -> None:
        self._chores = chores
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin: each chore is done once at the start."""
        self._tasks = [asyncio.create_task(self._repeat(chore)) for chore in self._chores]

    async def stop(self) -> None:
        """End; a chore in the middle of something is not waited for."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _repeat(self, chore: Chore) -> None:
        while True:
            try:
                count = await asyncio.to_thread(chore.do)
                (log.info if count else log.debug)("chore done", chore=chore.name, count=count)
            except TriageError as error:
                log.warning("chore failed", chore=chore.name, why=str(error))
            except Exception:
                log.exception("chore failed", chore=chore.name)
            await asyncio.sleep(chore.every)


def ask_about_silence(store: Store) -> int:
    """Look once a day at every report that waits for its reporter: the repository may want to remind or to close.

    Returns how many there were to look at; raises StoreError.
    """
    day = int(time.time() // _DAY)
    asking = store.sweeps.asking(_LONGEST_SILENCE_DAYS)
    return store.sweeps.take([Delivery(guid=f"silence:{k}:{day}", event=SILENCE, key=k, payload="{}") for k in asking])
