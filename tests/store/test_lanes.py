"""Lanes for writes, shared by every process."""

from __future__ import annotations

from tests.fakes.sql import Sql
from triagebot.store import Lanes, Store
from triagebot.store.database import Database


def test_places_lie_behind_each_other(store: Store) -> None:
    """Each turn is a pause behind the one before, in each lane for itself."""
    turns = [store.lanes.turn("token", 100.0) for _ in range(3)]
    assert [round(turn, -1) for turn in turns] == [0, 100, 200]
    assert store.lanes.turn("other", 100.0) == 0


def test_a_free_lane_does_not_wait(store: Store, sql: Sql) -> None:
    """After the pause is over the next write goes out at once."""
    store.lanes.turn("token", 100.0)
    sql.do("UPDATE lane SET free_at = free_at - 100")
    assert store.lanes.turn("token", 100.0) == 0


def test_an_hour_has_an_end(store: Store, url: str, sql: Sql) -> None:
    """When as much was written as an hour allows, the next place is in the next hour."""
    database = Database(url)
    lanes = Lanes(database, most_an_hour=2)
    assert [lanes.turn("token", 0.0), lanes.turn("token", 0.0)] == [0, 0]
    assert 3500 < lanes.turn("token", 0.0) <= 3600
    sql.do("UPDATE lane SET hour_from = hour_from - 3601")
    assert lanes.turn("token", 0.0) == 0
    database.close()


def test_a_lane_that_is_held_tells_for_how_long(store: Store) -> None:
    """The longest hold counts, never longer than an hour; other lanes are free."""
    assert store.lanes.held("token") == 0
    store.lanes.hold("token", 60.0)
    store.lanes.hold("token", 5.0)
    assert 50 < store.lanes.held("token") <= 60
    store.lanes.hold("token", 1e9)
    assert store.lanes.held("token") <= 3600
    assert store.lanes.held("other") == 0


def test_a_clock_that_was_set_back_blocks_no_lane(store: Store, sql: Sql) -> None:
    """Times far ahead were written by a clock that was wrong."""
    store.lanes.turn("token", 1.0)
    sql.do("UPDATE lane SET free_at = free_at + 31536000, hour_from = hour_from + 31536000")
    assert store.lanes.turn("token", 1.0) == 0
