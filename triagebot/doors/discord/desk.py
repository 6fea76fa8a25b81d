"""The desk: reads reports beside the event loop, a few at a time, and says when too many wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from triagebot.errors import TellPerson
from triagebot.records import Policy, Report, Verdict

Judge = Callable[[Report, Policy], Verdict]


class BusyError(TellPerson):
    """Too many reports wait already."""


class Desk:
    """Judges reports in an executor; at most `most` wait, and of one guild at most `most_of_one`."""

    def __init__(self, judge: Judge, executor: Executor, most: int = 100, most_of_one: int = 60) -> None:
        self._judge = judge
        self._executor = executor
        self._most = most
        self._most_of_one = most_of_one
        self._waiting: Counter[int] = Counter()

    @property
    def waiting(self) -> int:
        """How many reports are at the desk."""
        return self._waiting.total()

    @contextmanager
    def place(self, guild: int) -> Iterator[None]:
        """Hold a place in the queue; raises BusyError when there is none."""
        if self.waiting >= self._most or self._waiting[guild] >= self._most_of_one:
            raise BusyError("too many reports wait")
        self._waiting[guild] += 1
        try:
            yield
        finally:
            self._waiting[guild] -= 1
            self._waiting += Counter()  # forget guilds that nobody asks from

    async def judge(self, report: Report, policy: Policy) -> Verdict:
        """Return the verdict; the loop goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._judge, report, policy)
