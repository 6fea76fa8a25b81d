"""Figures, retention, and clocks that jump."""

from __future__ import annotations

import pytest

from tests.fakes.sql import Sql
from triagebot.records import Delivery
from triagebot.store import Figures, Store


def put(store: Store, number: int) -> None:
    store.inbox.put(Delivery(guid=f"g{number}", event="issues", key=f"o/r#{number}", payload="{}"))


def test_figures_tell_what_waits(store: Store) -> None:
    """Due, worked on, dead and open are counted, and the oldest due report has an age."""
    assert store.upkeep.figures() == Figures(open=0, due=0, working=0, dead=0, oldest=0.0)
    for number in range(3):
        put(store, number)
    for verb in ("work", "die"):
        claim = store.inbox.claim(60)
        assert claim is not None
        if verb == "die":
            store.inbox.fail(claim, "broken", None)
    figures = store.upkeep.figures()
    assert (figures.open, figures.due, figures.working, figures.dead) == (3, 1, 1, 1)
    assert 0 < figures.oldest < 60


def test_dead_letters_name_their_reason(store: Store) -> None:
    """The list is for an operator: which report, how many deliveries, how often, when and why."""
    put(store, 1)
    claim = store.inbox.claim(60)
    assert claim is not None
    store.inbox.fail(claim, "no access \ud800", None)
    (letter,) = store.upkeep.dead()
    assert (letter.key, letter.deliveries, letter.attempts, letter.error) == ("o/r#1", 1, 1, "no access \ufffd")
    assert letter.at > 1_600_000_000


def test_only_what_was_finished_long_ago_is_forgotten(store: Store, sql: Sql) -> None:
    """Open deliveries and fresh ones stay, however old the former are; claims go the same way."""
    for number in range(3):
        put(store, number)
    for _ in range(2):
        claim = store.inbox.claim(60)
        assert claim is not None
        store.inbox.done(claim)
    store.claims.claim_once("old")
    store.claims.finish("old")
    store.claims.claim_once("fresh")
    sql.do(
        "UPDATE delivery SET done_at = done_at - 31 * 86400 WHERE guid = 'g0'",
        "UPDATE delivery SET received_at = 0 WHERE guid = 'g2'",
        "UPDATE claim SET finished_at = finished_at - 31 * 86400 WHERE key = 'old'",
    )
    assert store.upkeep.forget(30) == 1
    assert sql.rows("SELECT guid FROM delivery ORDER BY guid") == [("g1",), ("g2",)]
    assert sql.rows("SELECT key FROM claim") == [("fresh",)]


def test_what_was_given_up_can_be_replayed_until_it_is_forgotten(store: Store, sql: Sql) -> None:
    """A dead letter waits as long as anything else is kept; then what was delivered goes, and a new event is news."""
    for number in (1, 2):
        put(store, number)
        claim = store.inbox.claim(60)
        assert claim is not None
        store.inbox.fail(claim, "no access", None)
    sql.do("UPDATE mailbox SET changed_at = changed_at - 31 * 86400 WHERE key = 'o/r#1'")
    assert store.upkeep.forget(32) == 0
    assert store.upkeep.forget(30) == 1
    assert [letter.key for letter in store.upkeep.dead()] == ["o/r#2"]
    assert sql.rows("SELECT guid FROM delivery") == [("g2",)]
    assert store.inbox.replay() == 1
    store.inbox.put(Delivery(guid="news", event="issues", key="o/r#1", payload="{}"))
    claims = [store.inbox.claim(60), store.inbox.claim(60)]
    assert {claim.key: claim.attempts for claim in claims if claim} == {"o/r#1": 1, "o/r#2": 1}


@pytest.mark.parametrize("column", ["run_at", "not_before", "lease_until"])
def test_a_clock_that_was_set_back_strands_nothing(store: Store, sql: Sql, column: str) -> None:
    """What seems due in a year was written by a clock that was wrong: it is due now, and nothing else is touched."""
    put(store, 1)
    put(store, 2)
    sql.do(f"UPDATE mailbox SET {column} = {column} + run_at + 31536000 WHERE key = 'o/r#1'")  # noqa: S608
    assert store.upkeep.mend_times() == 1
    keys = {claim.key for claim in (store.inbox.claim(60), store.inbox.claim(60)) if claim}
    assert keys == {"o/r#1", "o/r#2"}
    assert store.upkeep.mend_times() == 0


def test_a_clock_that_was_set_forward_ends_leases_and_loses_nothing(store: Store, sql: Sql) -> None:
    """The report goes to another worker; the first one notices and closes nothing."""
    put(store, 1)
    first = store.inbox.claim(60)
    assert first is not None
    sql.do("UPDATE mailbox SET run_at = run_at - 3600, lease_until = lease_until - 3600")
    second = store.inbox.claim(60)
    assert second is not None
    assert not store.inbox.done(first)
    assert store.inbox.done(second)
