"""Claims of doors: several replicas, one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from triagebot.store import Store

OVER = -1.0


@pytest.fixture
def other(store: Store, url: str) -> Store:
    """Another replica on the same database."""
    replica = Store(url)
    replica.close()  # its connections come back when they are needed
    return replica


def test_one_of_many_has_it(store: Store, other: Store) -> None:
    """However many ask at once, exactly one is told yes, and the answer is the same afterwards."""
    with ThreadPoolExecutor(4) as asking:
        answers = list(asking.map(lambda number: (store, other)[number % 2].claims.claim_once("m:1"), range(12)))
    assert answers.count(True) == 1
    assert not store.claims.claim_once("m:1")
    assert store.claims.claim_once("m:2")
    other.close()


def test_what_is_finished_stays_finished(store: Store, other: Store) -> None:
    """Nobody gets a finished key again, however late."""
    assert store.claims.claim_once("m:1", OVER)
    assert store.claims.finish("m:1")
    assert not other.claims.claim_once("m:1")
    assert not store.claims.release("m:1")
    other.close()


def test_a_claim_whose_holder_died_goes_to_the_next(store: Store, other: Store) -> None:
    """After the lease another may have it, and the first one can no longer finish it."""
    assert store.claims.claim_once("m:1", OVER)
    assert store.claims.abandoned() == ["m:1"]
    assert other.claims.claim_once("m:1")
    assert not store.claims.finish("m:1")
    assert other.claims.finish("m:1")
    other.close()


def test_a_released_claim_is_free(store: Store, other: Store) -> None:
    """Whoever could not answer lets another try at once."""
    assert store.claims.claim_once("m:1")
    assert store.claims.release("m:1")
    assert other.claims.claim_once("m:1")
    other.close()
