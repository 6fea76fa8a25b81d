"""The sweep: what was missed while nobody listened is caught up with."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.fakes.app import NUMBER, PEM, App
from tests.fakes.github import Fault, Issue, StandIn
from tests.fakes.hooks import Hook
from tests.making import verdict
from triagebot.errors import RemoteError
from triagebot.github.accounts import Account, Address, AppAccount, Key, TokenAccount
from triagebot.github.outlook import GitHubOutlook
from triagebot.records import Action, Delivery, Kind, Receipt
from triagebot.store import Store
from triagebot.sweep import Sweep

HERE = "example/kettle"
PATH = "/github/webhook"


@pytest.fixture
def github() -> Iterator[StandIn]:
    with StandIn().running() as github:
        github.add_repository(HERE)
        github.hook = Hook(f"http://127.0.0.1:1{PATH}", "secret")
        yield github


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()


def sweep(github: StandIn, store: Store, path: str = PATH) -> Sweep:
    address = Address(api_url=github.url, pause=0.0)
    app = github.app is not None
    account: Account = AppAccount(address, Key(app_id=str(NUMBER), pem=PEM)) if app else TokenAccount(address, "t")
    return Sweep(GitHubOutlook(account, path), store.sweeps)


def issue(github: StandIn, *, hours_old: float = 0.0) -> Issue:
    """Open an issue some hours ago."""
    made = github.open_issue(HERE, "It does not start", "ModuleNotFoundError: No module named 'kettle._lid'")
    made.created_at = made.updated_at = stamp(-3600 * hours_old)
    return made


def stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def hear(store: Store, github: StandIn, number: int, guid: str = "heard") -> None:
    payload = json.dumps(github.event("opened", HERE, number))
    store.inbox.put(Delivery(guid=guid, event="issues", key=f"{HERE}#{number}", payload=payload))


def work_off(store: Store) -> list[str]:
    """Finish everything that is due; returns the reports."""
    keys = []
    while (claim := store.inbox.claim(60)) is not None:
        keys.append(claim.key)
        store.inbox.done(claim)
    return sorted(keys)


def test_places_that_were_never_heard_of_are_left_alone(github: StandIn, store: Store) -> None:
    """A bot that was just installed answers nothing of the past, and asks for nothing."""
    issue(github)
    assert sweep(github, store).run() == 0
    assert github.requests == []


def test_what_changed_meanwhile_is_caught_up_with_once(github: StandIn, store: Store) -> None:
    """A known issue that changed and a new one are looked at; old ones that we never knew are not, nor any twice."""
    issue(github, hours_old=50)
    hear(store, github, 1)
    assert sweep(github, store).run() == 0
    assert work_off(store) == [f"{HERE}#1"]
    issue(github, hours_old=500).updated_at = stamp(5)
    issue(github)
    github.repositories[HERE].issues[1].updated_at = stamp(10)
    assert sweep(github, store).run() == 2
    assert work_off(store) == [f"{HERE}#1", f"{HERE}#3"]
    assert sweep(github, store).run() == 0
    github.repositories[HERE].issues[1].updated_at = stamp(20)
    assert sweep(github, store).run() == 1


def test_more_than_a_page_is_caught_up_with(github: StandIn, store: Store) -> None:
    """Every page of the list is read."""
    issue(github)
    hear(store, github, 1)
    for _ in range(130):
        issue(github)
    assert sweep(github, store).run() == 131


@pytest.mark.parametrize("app", [False, True])
def test_deliveries_that_failed_are_asked_for_again(github: StandIn, store: Store, *, app: bool) -> None:
    """Those that never arrived, once each; neither those that arrived later nor those that we have."""
    if app:
        github.app = App({HERE})
    assert github.hook is not None
    issue(github)
    hear(store, github, 1, "stored")
    for guid in ("lost", "lost", "stored"):
        github.hook.deliver(github.event("edited", HERE, 1), guid)
    github.hook.attempts.append({"id": 900, "guid": "late", "status_code": 0, "payload": {}, "event": "issues"})
    github.hook.attempts.append({"id": 901, "guid": "late", "status_code": 202, "payload": {}, "event": "issues"})
    sweep(github, store).run()
    assert [entry["guid"] for entry in github.hook.attempts if entry.get("redelivery")] == ["lost"]


def test_hooks_of_others_are_not_touched(github: StandIn, store: Store) -> None:
    """A hook is ours by its path; a token that may not see hooks finds changed issues all the same."""
    assert github.hook is not None
    issue(github)
    hear(store, github, 1)
    github.hook.deliver(github.event("edited", HERE, 1), "lost")
    sweep(github, store, "/another/path").run()
    github.hook.visible = False
    issue(github)
    assert sweep(github, store).run() == 1
    assert len(github.hook.attempts) == 1


def test_a_place_that_fails_does_not_keep_others_from_being_swept(github: StandIn, store: Store) -> None:
    """The failure is told after all others were looked at, and the next sweep finds what this one missed."""
    for name in ("a/a", "b/b"):
        github.open_issue(name, "It fails", "")
        payload = json.dumps(github.event("opened", name, 1))
        store.inbox.put(Delivery(guid=name, event="issues", key=f"{name}#1", payload=payload))
        made = github.open_issue(name, "It fails again", "")
        made.created_at = made.updated_at = stamp(0)
    github.faults.append(Fault(where="GET /repos/a/a/issues"))
    with pytest.raises(RemoteError, match="502"):
        sweep(github, store).run()
    assert work_off(store) == ["a/a#1", "b/b#1", "b/b#2"]
    assert sweep(github, store).run() == 1
    assert work_off(store) == ["a/a#2"]


@pytest.mark.parametrize(
    ("body", "waits"),
    [
        ("```\nValueError: the spout is on fire\n```", True),
        ("How can I keep the water warm after boiling?\nIt fails.", True),  # a hint, and a request
        ("```\nheater 3 is dry\n```", False),
        ("Thank you for this kettle, it is a joy to use every morning.", False),
    ],
)
def test_what_waits_for_its_reporter_is_found(store: Store, body: str, *, waits: bool) -> None:
    """Whatever bears our request's label is looked at once a day, also where a hint stands beside the request."""
    judged = verdict(body)
    store.memory.keep_verdict(judged)
    said = Action(kind=Kind.COMMENT, target="example/kettle#7", value="?", key="said")
    store.memory.keep(Receipt(action=said, result="1"))
    assert ("needs-info" in {label.name for label in judged.labels}) is waits
    assert store.sweeps.asking(1) == ["example/kettle#7"] * waits
