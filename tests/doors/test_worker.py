"""The worker and the intake, inside one process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from threading import Event

import pytest

from tests.doors.watching import until
from tests.fakes.sql import Sql
from triagebot.doors.web import intake
from triagebot.doors.web.intake import Intake
from triagebot.doors.web.worker import Work, Worker
from triagebot.errors import RemoteError, StoreError, TooHard
from triagebot.records import Delivery, LeftAlone
from triagebot.store import Claim, Inbox, Store, Taken

FINE = LeftAlone(why="fine")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()


def put(store: Store, number: int, guid: str = "") -> None:
    store.inbox.put(Delivery(guid=guid or f"g{number}", event="issues", key=f"o/r#{number}", payload="{}"))


def working(store: Store, work: Work, play: Callable[[Worker], Awaitable[None]], **more: object) -> None:
    """Play while a worker works."""

    async def whole() -> None:
        worker = Worker(store.inbox, work, **more)  # type: ignore[arg-type]
        worker.start()
        try:
            await play(worker)
        finally:
            await worker.stop(5)

    asyncio.run(whole())


def test_a_report_that_crashes_again_and_again_is_given_up_and_the_rest_goes_on(store: Store, sql: Sql) -> None:
    """After some tries it is a dead letter with its reason; others are done meanwhile; replay tries it again."""
    healed = Event()

    def work(claim: Claim) -> LeftAlone:
        if claim.key == "o/r#1" and not healed.is_set():
            raise TooHard("The process that read the report died (signal 11).")
        return FINE

    async def play(worker: Worker) -> None:
        def dead() -> bool:
            sql.do("UPDATE mailbox SET not_before = 0")
            worker.wake()
            return bool(store.upkeep.dead())

        await until(dead)
        (letter,) = store.upkeep.dead()
        assert (letter.key, letter.attempts) == ("o/r#1", 5)
        assert letter.error == "TooHard: The process that read the report died (signal 11)."
        await until(lambda: store.upkeep.figures().open == 1)
        healed.set()
        assert store.inbox.replay("o/r#1") == 1
        await until(lambda: store.upkeep.figures().open == 0)

    for number in range(1, 6):
        put(store, number)
    working(store, work, play)
    assert store.upkeep.dead() == []


def test_a_rate_limit_holds_everything_in_its_lane(store: Store) -> None:
    """Where GitHub asks to wait, nobody goes on asking; another lane is not concerned, and nobody is blamed."""
    tried: list[str] = []

    def work(claim: Claim) -> LeftAlone:
        tried.append(claim.key)
        if claim.key.startswith("o/"):
            raise RemoteError("slow down", 600.0)
        return FINE

    async def play(worker: Worker) -> None:
        await until(lambda: store.lanes.held("o") > 0)
        put(store, 2)
        store.inbox.put(Delivery(guid="other", event="issues", key="p/q#1", payload="{}"))
        worker.wake()
        await until(lambda: "p/q#1" in tried)
        await until(lambda: store.upkeep.figures().due == 0)

    put(store, 1)
    working(store, work, play, lanes=store.lanes, lane=lambda key: key.partition("/")[0])
    assert tried == ["o/r#1", "p/q#1"]
    assert store.upkeep.figures().open == 2
    assert store.upkeep.dead() == []


def test_several_reports_are_worked_on_at_once(store: Store) -> None:
    """One that takes its time does not keep the others waiting."""
    release = Event()

    def work(claim: Claim) -> LeftAlone:
        if claim.key == "o/r#1":
            release.wait(30)
        return FINE

    async def play(_: Worker) -> None:
        await until(lambda: store.upkeep.figures().open == 1)
        release.set()
        await until(lambda: store.upkeep.figures().open == 0)

    for number in range(1, 9):
        put(store, number)
    working(store, work, play, size=2)


def test_quick_edits_are_one_run(url: str) -> None:
    """Five deliveries within the quiet time are worked on once, together."""
    store, claims = Store(url, quiet=0.5, longest=5.0), list[Claim]()

    def work(claim: Claim) -> LeftAlone:
        claims.append(claim)
        return FINE

    async def play(worker: Worker) -> None:
        for number in range(5):
            put(store, 1, f"edit-{number}")
            worker.wake()
        await until(lambda: store.upkeep.figures().open == 0)

    working(store, work, play)
    assert [len(claim.deliveries) for claim in claims] == [5]
    store.close()


def test_another_process_is_heard_at_once(cluster: object, store: Store, url: str) -> None:
    """On PostgreSQL a delivery that another server took in wakes this one."""
    heard = Event()
    listener = store.listener(heard.set)
    listener.start()
    other = Store(url)
    for number in range(100):  # the listener needs a moment to begin
        put(other, number)
        if url.startswith("sqlite") or heard.wait(0.1):
            break
    assert heard.is_set() or url.startswith("sqlite")
    other.close()
    listener.stop()


# --- the intake ---


class _Slow(Inbox):
    """An inbox whose disk takes its time."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.free = Event()

    def put_all(self, batch: Sequence[Delivery]) -> list[Taken]:
        self.batches.append(len(batch))
        self.free.wait(30)
        return [Taken.NEW] * len(batch)


def delivery(number: int) -> Delivery:
    return Delivery(guid=str(number), event="issues", key="o/r#1", payload="{}")


def test_deliveries_that_wait_for_the_disk_share_a_commit() -> None:
    """The first goes alone, all that came meanwhile go together, and each gets its own answer."""

    async def play() -> None:
        inbox = _Slow()
        desk = Intake(inbox)
        answers = [asyncio.create_task(desk.put(delivery(0)))]
        await until(lambda: inbox.batches)
        answers += [asyncio.create_task(desk.put(delivery(number))) for number in range(1, 30)]
        await asyncio.sleep(0.05)
        inbox.free.set()
        assert await asyncio.gather(*answers) == [Taken.NEW] * 30
        assert inbox.batches == [1, 29]
        await desk.close()

    asyncio.run(play())


def test_a_disk_that_hangs_is_told_before_github_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited for too long hears that it failed; what comes later is taken again."""
    monkeypatch.setattr(intake, "_PATIENCE_SECONDS", 0.1)

    async def play() -> None:
        inbox = _Slow()
        desk = Intake(inbox)
        with pytest.raises(StoreError, match="took too long"):
            await desk.put(delivery(1))
        inbox.free.set()
        assert await desk.put(delivery(2)) is Taken.NEW
        await desk.close()

    asyncio.run(play())


def test_what_waits_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is slow, deliveries do not fill the memory."""
    monkeypatch.setattr(intake, "_MOST_WAITING", 5)

    async def play() -> None:
        inbox = _Slow()
        desk = Intake(inbox)
        answers = [asyncio.create_task(desk.put(delivery(number))) for number in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(StoreError, match="Too many"):
            await desk.put(delivery(4))
        inbox.free.set()
        await asyncio.gather(*answers)
        await desk.close()

    asyncio.run(play())
