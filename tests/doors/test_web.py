"""The web door inside one process: the webhook's answers, and the worker."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.doors.watching import rows, until
from tests.fakes.github import StandIn
from triagebot.doors.web import opened
from triagebot.doors.web.reception import LARGEST_BODY
from triagebot.doors.web.worker import Work, Worker
from triagebot.errors import RemoteError
from triagebot.github.events import read_event
from triagebot.github.signing import sign
from triagebot.records import Delivery, LeftAlone, Report
from triagebot.settings import Settings
from triagebot.store import Claim, Store

SECRET = "hush-hush-秘密"
HERE = "open-mmlab/mmdetection"
GITHUB = StandIn()
GITHUB.url = "https://api.github.com"
GITHUB.open_issue(HERE, "It fails", "Traceback ...")
OPENED = json.dumps(GITHUB.event("opened", HERE, 1)).encode()


def nothing(_: Claim) -> LeftAlone:
    return LeftAlone(why="nothing to do")


class Server:
    """A running server, seen from outside."""

    def __init__(self, url: str, session: ClientSession, store: Store) -> None:
        self.url = url
        self.session = session
        self.store = store

    async def get(self, path: str) -> int:
        async with self.session.get(self.url + path) as answer:
            return answer.status

    async def post(self, body: bytes = OPENED, event: str | None = "issues", **headers: str | None) -> tuple[int, str]:
        """Deliver a body as GitHub does; a header that is None is left out."""
        named = {"Content-Type": "application/json", "X-GitHub-Event": event, "X-GitHub-Delivery": "guid-1"}
        named |= {"X-Hub-Signature-256": sign(body, SECRET)}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in named.items() if value is not None}
        async with self.session.post(f"{self.url}/github/webhook", data=io.BytesIO(body), headers=sent) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def serving(folder: Path, work: Work = nothing, secret: str = SECRET) -> AsyncIterator[Server]:
    settings = Settings(http_port=0, github_webhook_secret=secret)
    store = Store(f"sqlite:///{folder}/t.db")
    try:
        async with opened(settings, store, work) as url, ClientSession() as session:
            yield Server(url, session, store)
    finally:
        store.close()


def scene(folder: Path, play: Callable[[Server], Awaitable[None]], **more: Any) -> None:
    """Play against a fresh server."""

    async def whole() -> None:
        async with serving(folder, **more) as server:
            await play(server)

    asyncio.run(whole())


# --- the webhook's answers ---


def test_a_genuine_delivery_is_stored_before_it_is_acknowledged(tmp_path: Path) -> None:
    """202 means that what reading it again needs is in the database; what the issue says is not."""

    async def play(server: Server) -> None:
        status, text = await server.post()
        assert (status, text) == (202, f"Stored: {HERE}#1 will be looked at.\n")
        ((guid, event, key, payload),) = rows(tmp_path, "SELECT guid, event, key, payload FROM delivery")
        assert (guid, event, key) == ("guid-1", "issues", f"{HERE}#1")
        assert read_event(event, json.loads(payload)) == Report(
            id=key, title="", body="", author="reporter", origin="github", association="NONE"
        )
        assert "Traceback" not in payload

    scene(tmp_path, play)


def test_a_redelivery_of_finished_work_is_200(tmp_path: Path) -> None:
    """What was worked on is not worked on again."""
    worked: list[Claim] = []

    def work(claim: Claim) -> LeftAlone:
        worked.append(claim)
        return LeftAlone(why="done")

    async def play(server: Server) -> None:
        assert (await server.post())[0] == 202
        await until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL"))
        assert (await server.post())[0] == 200
        assert len(worked) == 1

    scene(tmp_path, play, work=work)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X_Hub_Signature_256": None}, 401),
        ({"X_Hub_Signature_256": "sha256=" + "0" * 64}, 401),
        ({"X_Hub_Signature_256": sign(OPENED + b" ", SECRET)}, 401),
        ({"X_Hub_Signature_256": sign(OPENED, "another")}, 401),
        ({"X_Hub_Signature_256": "sha256=ünïcödé"}, 401),
        ({"X_Hub_Signature_256": None, "X_Hub_Signature": "sha1=" + "0" * 40}, 401),
        ({"event": None}, 400),
        ({"X_GitHub_Delivery": None}, 400),
        ({"X_GitHub_Delivery": "x" * 101}, 400),
        ({"X_GitHub_Delivery": "ünïcödé"}, 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_what_is_not_githubs_is_refused_and_not_stored(tmp_path: Path, headers: dict[str, Any], status: int) -> None:
    """A wrong or missing proof or header gives the right refusal, never a failure of ours."""

    async def play(server: Server) -> None:
        assert (await server.post(**headers))[0] == status
        assert rows(tmp_path, "SELECT * FROM delivery") == []

    scene(tmp_path, play)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": "\xff"}',
        b"payload=%7B%7D",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b'{"number": ' + b"9" * 10_000 + b"}",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_a_genuine_body_that_is_no_object_is_400(tmp_path: Path, body: bytes) -> None:
    """Signed nonsense is told as such."""

    async def play(server: Server) -> None:
        assert (await server.post(body))[0] == 400

    scene(tmp_path, play)


def test_large_bodies(tmp_path: Path) -> None:
    """What GitHub may send is taken, what is larger is 413, told from its length alone."""
    large = json.dumps(GITHUB.event("opened", HERE, 1) | {"more": "x" * 3_000_000}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1_000_000 + 2):
            yield b"x" * 1_000_000

    async def play(server: Server) -> None:
        assert (await server.post(large))[0] == 202
        async with server.session.post(f"{server.url}/github/webhook", data=chunks()) as answer:
            assert answer.status == 413
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        writer.write(f"POST /github/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n".encode())
        assert b" 413 " in await reader.readline()
        writer.close()

    scene(tmp_path, play)


@pytest.mark.parametrize(
    ("event", "body", "status", "text"),
    [
        ("ping", b'{"zen": "Keep it logically awesome."}', 200, "pong"),
        ("star", b"{}", 202, "Left alone: events of kind 'star' are not for triage."),
        ("issues", b"{}", 202, "Left alone: the event names no repository."),
        (
            "issues",
            json.dumps(GITHUB.event("pinned", HERE, 1)).encode(),
            202,
            "Left alone: an issue that is 'pinned'",
        ),
    ],
)
def test_what_needs_no_work_is_taken_and_not_stored(
    tmp_path: Path, event: str, body: bytes, status: int, text: str
) -> None:
    """GitHub is content, the reason can be read in its list of deliveries, and nobody works."""

    async def play(server: Server) -> None:
        answered, said = await server.post(body, event)
        assert answered == status
        assert said.startswith(text)
        assert rows(tmp_path, "SELECT * FROM delivery") == []

    scene(tmp_path, play)


def test_without_a_secret_no_signature_is_asked_for(tmp_path: Path) -> None:
    """On loopback deliveries can be tried out by hand."""

    async def play(server: Server) -> None:
        assert (await server.post(X_Hub_Signature_256=None))[0] == 202

    scene(tmp_path, play, secret="")


def test_only_the_documented_paths_answer(tmp_path: Path) -> None:
    """The webhook takes POST alone; everything else is not there."""

    async def play(server: Server) -> None:
        assert await server.get("/github/webhook") == 405
        assert await server.get("/") == 404
        assert await server.get("/healthz") == 200
        assert await server.get("/readyz") == 200

    scene(tmp_path, play)


def test_a_database_that_is_down_is_503_and_heals(tmp_path: Path) -> None:
    """What could not be stored is refused so that it can be redelivered, and the redelivery is stored."""

    async def play(server: Server) -> None:
        connection = sqlite3.connect(tmp_path / "t.db")
        connection.execute("ALTER TABLE mailbox RENAME TO elsewhere")
        assert (await server.post())[0] == 503
        assert await server.get("/readyz") == 503
        assert await server.get("/healthz") == 200
        connection.execute("ALTER TABLE elsewhere RENAME TO mailbox")
        connection.close()
        assert await server.get("/readyz") == 200
        assert (await server.post())[0] == 202
        await until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL"))

    scene(tmp_path, play)


# --- the worker ---


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RemoteError("no such repository", None), ("dead", 1, "no such repository")),
        (RemoteError("slow down", 600.0), ("ready", 0, "slow down")),
        (RemoteError("502", 0.0), ("ready", 1, "502")),
        (RuntimeError("a bug"), ("ready", 1, "RuntimeError: a bug")),
    ],
)
def test_what_becomes_of_a_report_that_fails(tmp_path: Path, error: Exception, expected: tuple[str, int, str]) -> None:
    """Pointless: given up; a named time: waits without blame; anything else: again, counted.  Others go on."""

    def work(claim: Claim) -> LeftAlone:
        if claim.key == f"{HERE}#1":
            raise error
        return LeftAlone(why="fine")

    async def play(server: Server) -> None:
        await server.post()
        other = OPENED.replace(b'"number": 1', b'"number": 2')
        assert (await server.post(other, X_GitHub_Delivery="guid-2"))[0] == 202
        await until(lambda: rows(tmp_path, "SELECT 1 FROM mailbox WHERE state = 'idle'"))
        await until(lambda: rows(tmp_path, "SELECT 1 FROM mailbox WHERE last_error != ''"))
        failed = rows(tmp_path, f"SELECT state, attempts, last_error FROM mailbox WHERE key = '{HERE}#1'")  # noqa: S608
        assert failed == [expected]
        assert await server.get("/readyz") == 200

    scene(tmp_path, play, work=work)


def test_a_report_that_hangs_is_released_on_stopping(tmp_path: Path) -> None:
    """After the grace the report is due again at once, and its attempt is not held against it."""
    begun, release = Event(), Event()

    def work(_: Claim) -> LeftAlone:
        begun.set()
        release.wait(20)
        return LeftAlone(why="too late")

    async def play(store: Store) -> None:
        worker = Worker(store.inbox, work)
        worker.start()
        worker.wake()
        await until(begun.is_set)
        await worker.stop(0.05)
        assert not worker.works

    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.inbox.put(Delivery(guid="a", event="issues", key="o/r#1", payload="{}"))
    asyncio.run(play(store))
    release.set()
    claim = store.inbox.claim(60)
    assert claim is not None
    assert claim.attempts == 1
    store.close()


def test_a_long_report_keeps_its_lease(tmp_path: Path) -> None:
    """While the work lasts longer than the lease, nobody else gets the report."""
    begun, release = Event(), Event()

    def work(_: Claim) -> LeftAlone:
        begun.set()
        release.wait(20)
        return LeftAlone(why="at last")

    def lease_end() -> float:
        return float(rows(tmp_path, "SELECT lease_until FROM mailbox")[0][0])

    async def play(store: Store) -> None:
        worker = Worker(store.inbox, work, lease=0.3)
        worker.start()
        await until(begun.is_set)
        first = lease_end()
        await until(lambda: lease_end() > first)
        release.set()
        await until(lambda: rows(tmp_path, "SELECT 1 FROM mailbox WHERE state = 'idle'"))
        await worker.stop(5)

    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.inbox.put(Delivery(guid="a", event="issues", key="o/r#1", payload="{}"))
    asyncio.run(play(store))
    store.close()
