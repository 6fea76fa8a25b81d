"""The webhook alone, in a process of its own: `python -m bench.endpoint URL`; without one nothing is stored."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence

import uvloop
from aiohttp import web

from tests.fakes.serving import SECRET
from triagebot.doors.web.reception import make_app
from triagebot.doors.web.worker import Worker
from triagebot.logs import set_up_logs
from triagebot.records import Delivery, LeftAlone
from triagebot.store import Claim, Inbox, Store, Taken


class _Nowhere(Inbox):
    """Forgets everything at once: what an endpoint costs that stores nothing."""

    def __init__(self) -> None:
        pass

    def put_all(self, batch: Sequence[Delivery]) -> list[Taken]:
        return [Taken.NEW] * len(batch)


def _nothing(_: Claim) -> LeftAlone:
    return LeftAlone(why="this is a measurement")


async def _main(url: str) -> None:
    set_up_logs("info")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(url or f"sqlite:///{folder}/t.db")
        if not url:
            store.inbox = _Nowhere()
        runner = web.AppRunner(make_app((SECRET,), store, Worker(store.inbox, _nothing), {}), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1] if len(sys.argv) > 1 else ""))
