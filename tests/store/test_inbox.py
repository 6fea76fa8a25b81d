"""The inbox: nothing is lost, one report is worked on by one worker."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from triagebot.errors import StoreError
from triagebot.records import Delivery
from triagebot.store import Claim, Store, Taken
from triagebot.store.database import Database
from triagebot.store.inbox import MOST_ATTEMPTS, Inbox, backoff

LONG = 600.0
OVER = -1.0


def delivery(guid: str, key: str = "o/r#1") -> Delivery:
    return Delivery(guid=guid, event="issues", key=key, payload='{"action": "opened", "title": "\\ud800"}')


def claimed(store: Store, lease: float = LONG) -> Claim:
    claim = store.inbox.claim(lease)
    assert claim is not None
    return claim


def test_a_delivery_comes_out_as_it_went_in(store: Store) -> None:
    """What is claimed is what was put in, payload unchanged."""
    assert store.inbox.put(delivery("a")) is Taken.NEW
    claim = claimed(store)
    assert (claim.key, claim.attempts, claim.deliveries) == ("o/r#1", 1, (delivery("a"),))


def test_a_delivery_outlives_the_process(store: Store, url: str) -> None:
    """What was put in is found by the next process, without the first one closing anything."""
    store.inbox.put(delivery("a"))
    later = Store(url)
    assert claimed(later).deliveries == (delivery("a"),)
    later.close()


def test_a_finished_delivery_is_not_taken_again(store: Store) -> None:
    """A redelivery of a finished delivery is recognised and wakes nobody."""
    store.inbox.put(delivery("a"))
    assert store.inbox.done(claimed(store))
    assert store.inbox.put(delivery("a")) is Taken.FINISHED
    assert store.inbox.claim(LONG) is None


def test_a_redelivery_heals_what_was_given_up(store: Store) -> None:
    """A redelivery of an unfinished delivery wakes its report, even a dead one, and is stored once."""
    store.inbox.put(delivery("a"))
    store.inbox.fail(claimed(store), "no such repository", None)
    assert store.inbox.claim(LONG) is None
    assert store.inbox.put(delivery("a")) is Taken.UNFINISHED
    claim = claimed(store)
    assert (claim.attempts, len(claim.deliveries)) == (1, 1)


def test_one_report_has_one_worker(store: Store) -> None:
    """A report that is worked on is not given to a second worker, another report is."""
    store.inbox.put(delivery("a"))
    claimed(store)
    store.inbox.put(delivery("b"))
    assert store.inbox.claim(LONG) is None
    store.inbox.put(delivery("c", "o/r#2"))
    assert claimed(store).key == "o/r#2"


def test_many_workers_share_without_overlap(store: Store) -> None:
    """Concurrent workers claim every report exactly once."""
    for number in range(20):
        store.inbox.put(delivery(str(number), f"o/r#{number}"))
    with ThreadPoolExecutor(4) as workers:
        claims = list(workers.map(lambda _: store.inbox.claim(LONG), range(24)))
    assert sorted(claim.key for claim in claims if claim) == sorted(f"o/r#{number}" for number in range(20))


def test_concurrent_puts_of_one_delivery_store_it_once(store: Store) -> None:
    """The same delivery put in by several threads at once is new for exactly one."""
    with ThreadPoolExecutor(4) as senders:
        taken = list(senders.map(lambda _: store.inbox.put(delivery("a")), range(12)))
    assert taken.count(Taken.NEW) == 1
    assert len(claimed(store).deliveries) == 1


def test_deliveries_of_one_report_come_together(store: Store) -> None:
    """Several events of one issue are one claim, in the order they came."""
    for guid in "abc":
        store.inbox.put(delivery(guid))
    assert [item.guid for item in claimed(store).deliveries] == ["a", "b", "c"]


def test_what_comes_during_the_work_is_worked_on_afterwards(store: Store) -> None:
    """A delivery that arrives while its report is worked on is not closed with it."""
    store.inbox.put(delivery("a"))
    claim = claimed(store)
    store.inbox.put(delivery("b"))
    assert store.inbox.done(claim)
    assert [item.guid for item in claimed(store).deliveries] == ["b"]


def test_a_lease_that_ended_gives_the_report_to_another(store: Store) -> None:
    """After the lease another worker takes over, and the first can neither renew nor finish."""
    store.inbox.put(delivery("a"))
    zombie = claimed(store, OVER)
    heir = claimed(store)
    assert heir.attempts == 2
    assert not store.inbox.renew(zombie, LONG)
    assert not store.inbox.done(zombie)
    store.inbox.fail(zombie, "late", None)
    assert store.inbox.done(heir)


def test_a_renewed_lease_holds(store: Store) -> None:
    """Renewing keeps a report whose first lease is over."""
    store.inbox.put(delivery("a"))
    claim = claimed(store, OVER)
    assert store.inbox.renew(claim, LONG)
    assert store.inbox.claim(LONG) is None


def test_a_report_that_kills_its_workers_is_given_up(store: Store) -> None:
    """Attempts count from the claim: a crash loop ends, and the others go on."""
    store.inbox.put(delivery("poison"))
    for attempt in range(MOST_ATTEMPTS):
        assert claimed(store, OVER).attempts == attempt + 1
    store.inbox.put(delivery("good", "o/r#2"))
    assert claimed(store).key == "o/r#2"
    assert store.inbox.claim(LONG) is None


def test_a_failed_report_waits(store: Store) -> None:
    """After a failure the report is tried again, but not at once."""
    store.inbox.put(delivery("a"))
    assert store.inbox.fail(claimed(store), "502", 0.0)
    assert store.inbox.claim(LONG) is None


def test_a_time_named_by_the_other_side_counts_no_attempt(store: Store) -> None:
    """A rate limit postpones without bringing the report nearer to being given up."""
    store.inbox.put(delivery("a"))
    for _ in range(MOST_ATTEMPTS + 2):
        claim = claimed(store)
        assert claim.attempts == 1
        assert store.inbox.fail(claim, "rate limit", 0.0, blameless=True)


def test_the_last_attempt_is_the_last(tmp_path: Path) -> None:
    """A report that fails as often as allowed is given up with its error."""
    Store(f"sqlite:///{tmp_path}/t.db").close()
    inbox = Inbox(Database(f"sqlite:///{tmp_path}/t.db"), most_attempts=1)
    inbox.put(delivery("a"))
    claim = inbox.claim(LONG)
    assert claim is not None
    assert not inbox.fail(claim, "it broke", 0.0)
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("SELECT state, last_error FROM mailbox").fetchall() == [("dead", "it broke")]
    connection.close()


def test_replay_wakes_what_was_given_up(store: Store) -> None:
    """Replay wakes one report or all, with fresh attempts, and nothing that is not dead."""
    for number in (1, 2, 3):
        store.inbox.put(delivery(str(number), f"o/r#{number}"))
        store.inbox.fail(claimed(store), "404", None)
    assert store.inbox.replay("o/r#2") == 1
    claim = claimed(store)
    assert (claim.key, claim.attempts) == ("o/r#2", 1)
    assert store.inbox.replay() == 2
    assert store.inbox.replay("o/r#2") == 0


@pytest.mark.parametrize("attempts", [1, 2, 5, 11, 10_000])
def test_waits_grow_and_stay_bounded(attempts: int) -> None:
    """The wait doubles with each attempt, up to an hour and a half."""
    assert min(5 * 2 ** (attempts - 1), 3600) <= backoff(attempts) <= 5400


def test_commits_are_durable(url: str) -> None:
    """The file is in WAL mode, and a commit waits for the disk."""
    database = Database(url)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.close()


def test_a_database_of_a_newer_version_is_refused(store: Store, url: str) -> None:
    """An older program does not touch the tables of a newer one."""
    store.close()
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE schema_version SET number = 99")
    connection.close()
    with pytest.raises(StoreError, match="is of version 99, this program knows 1"):
        Store(url)


def test_opening_twice_keeps_everything(store: Store, url: str) -> None:
    """Migrations run once: what is there stays."""
    store.inbox.put(delivery("a"))
    again = Store(url)
    assert again.inbox.put(delivery("a")) is Taken.UNFINISHED
    again.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A file of something else gives one message with its place."""
    (tmp_path / "x.db").write_text("not a database, but long enough to have a header of its own" * 20)
    with pytest.raises(StoreError, match=r"x\.db failed: file is not a database"):
        Store(f"sqlite:///{tmp_path}/x.db")


@pytest.mark.parametrize("url", ["postgresql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_other_databases_are_refused_without_their_password(url: str) -> None:
    """Only files are taken for now, and the message holds no password."""
    with pytest.raises(StoreError, match="sqlite:///path/to") as refused:
        Store(url)
    assert "secret" not in str(refused.value)


def test_a_database_that_goes_away_is_told(store: Store, url: str) -> None:
    """When the tables are gone, every verb says so as StoreError."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("DROP TABLE mailbox")
    connection.close()
    with pytest.raises(StoreError, match="no such table"):
        store.inbox.put(delivery("a"))
    with pytest.raises(StoreError, match="no such table"):
        store.check()
