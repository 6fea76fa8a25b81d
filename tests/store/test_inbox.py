"""The inbox: nothing is lost, one report is worked on by one worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.sql import Sql
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
    assert Taken.NEW in taken
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


def test_the_last_attempt_is_the_last(store: Store, url: str) -> None:
    """A report that fails as often as allowed is given up with its error, and listed as a dead letter."""
    database = Database(url)
    inbox = Inbox(database, most_attempts=1)
    inbox.put(delivery("a"))
    claim = inbox.claim(LONG)
    assert claim is not None
    assert not inbox.fail(claim, "it broke", 0.0)
    letters = [(letter.key, letter.deliveries, letter.attempts, letter.error) for letter in store.upkeep.dead()]
    assert letters == [("o/r#1", 1, 1, "it broke")]
    database.close()


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
    """A commit waits for the disk: SQLite in WAL mode with FULL, PostgreSQL with synchronous commits."""
    database = Database(url)
    ask = ("PRAGMA journal_mode", "PRAGMA synchronous") if database.is_sqlite else ("SHOW synchronous_commit",)
    with database.read() as connection:
        answers = [connection.exec_driver_sql(question).scalar() for question in ask]
    assert answers == (["wal", 2] if database.is_sqlite else ["on"])
    database.close()


# --- quiet time ---


@pytest.fixture
def patient(store: Store, url: str) -> Iterator[Callable[[float, float], Inbox]]:
    """Make an inbox that waits for quiet, on a database whose tables are there."""
    database = Database(url)
    yield lambda quiet, longest: Inbox(database, quiet, longest)
    database.close()


def age(sql: Sql, seconds: float) -> None:
    """Let time go by: everything that was written was written longer ago."""
    for column in ("first_at", "run_at", "not_before", "lease_until"):
        sql.do(f"UPDATE mailbox SET {column} = {column} - {seconds}")  # noqa: S608


def test_five_quick_edits_give_one_run(patient: Callable[[float, float], Inbox], sql: Sql) -> None:
    """The report is due when it is quiet, with all that came."""
    inbox = patient(10, 100)
    for guid in "abcde":
        inbox.put(delivery(guid))
        assert inbox.claim(LONG) is None
        age(sql, 6)
    assert inbox.claim(LONG) is None
    age(sql, 5)
    claim = inbox.claim(LONG)
    assert claim is not None
    assert [item.guid for item in claim.deliveries] == list("abcde")
    assert inbox.done(claim)
    assert inbox.claim(LONG) is None


def test_a_report_that_is_never_quiet_is_worked_on_all_the_same(
    patient: Callable[[float, float], Inbox], sql: Sql
) -> None:
    """The longest wait counts from the first delivery."""
    inbox = patient(10, 25)
    for number in range(4):
        inbox.put(delivery(str(number)))
        assert inbox.claim(LONG) is None
        age(sql, 7)
    claim = inbox.claim(LONG)
    assert claim is not None
    assert len(claim.deliveries) == 4


def test_a_new_delivery_does_not_end_a_wait(store: Store) -> None:
    """A report that waits for a named time, or for another try, keeps waiting whatever comes in."""
    for number, blameless in ((1, True), (2, False)):
        store.inbox.put(delivery(f"a{number}", f"o/r#{number}"))
        store.inbox.fail(claimed(store), "later", 60.0, blameless=blameless)
        assert store.inbox.put(delivery(f"b{number}", f"o/r#{number}")) is Taken.NEW
        assert store.inbox.put(delivery(f"a{number}", f"o/r#{number}")) is Taken.UNFINISHED
    assert store.inbox.claim(LONG) is None


def test_a_batch_is_stored_with_one_commit_and_each_hears_its_own(store: Store) -> None:
    """New, twin in the same batch, unfinished and finished are told apart."""
    store.inbox.put(delivery("old"))
    assert store.inbox.done(claimed(store))
    store.inbox.put(delivery("open", "o/r#2"))
    batch = [delivery("new"), delivery("new"), delivery("old"), delivery("open", "o/r#2")]
    assert store.inbox.put_all(batch) == [Taken.NEW, Taken.UNFINISHED, Taken.FINISHED, Taken.UNFINISHED]
    assert [item.guid for item in claimed(store).deliveries] == ["open"]
    assert [item.guid for item in claimed(store).deliveries] == ["new"]


def test_a_flood_is_worked_on_in_parts(store: Store) -> None:
    """A report with thousands of deliveries is claimed a hundred at a time, in order, and none is closed unseen."""
    store.inbox.put_all([delivery(f"{number:04}") for number in range(250)])
    seen: list[str] = []
    while (claim := store.inbox.claim(LONG)) is not None:
        assert len(claim.deliveries) <= 100
        seen += [item.guid for item in claim.deliveries]
        assert store.inbox.done(claim)
    assert seen == [f"{number:04}" for number in range(250)]


def test_what_is_done_leaves_no_payload(store: Store, sql: Sql) -> None:
    """What people wrote is not kept longer than it is needed."""
    store.inbox.put(delivery("a"))
    assert store.inbox.done(claimed(store))
    assert sql.rows("SELECT guid, payload FROM delivery") == [("a", "")]


def test_a_payload_that_no_database_can_keep_is_kept_as_near_as_possible(store: Store) -> None:
    """Half a surrogate pair and NUL become the replacement sign; the rest of the batch is not disturbed."""
    odd = Delivery(guid="odd", event="issues", key="o/r#1", payload='{"a": "\ud800\0\U0001f600\u6c49"}')
    store.inbox.put_all([odd, delivery("fine", "o/r#1")])
    claim = store.inbox.claim(60.0)
    assert claim is not None
    assert [found.guid for found in claim.deliveries] == ["odd", "fine"]
    assert claim.deliveries[0].payload == '{"a": "\ufffd\ufffd\U0001f600\u6c49"}'
