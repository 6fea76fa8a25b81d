"""The ledger: what was done, whose labels are whose, and what a crash leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.fakes.sql import Sql
from tests.making import report, verdict
from triagebot.ports import Standing
from triagebot.records import Action, History, Kind, Receipt
from triagebot.store import Store

HERE = report()


def action(kind: Kind, value: str) -> Action:
    return Action(kind=kind, target=HERE.id, value=value, key=f"{kind}:{HERE.id}:{value}")


def do(store: Store, kind: Kind, value: str, result: str = "") -> None:
    store.memory.intend(action(kind, value))
    store.memory.keep(Receipt(action=action(kind, value), result=result))


def recall(store: Store, *labels: str) -> History:
    return store.memory.recall(replace(HERE, labels=frozenset(labels)))


def test_nothing_is_remembered_of_a_new_report(store: Store) -> None:
    """A report that was never touched has an empty history, whatever was done to others."""
    other = replace(action(Kind.COMMENT, "hello"), target="o/r#8")
    store.memory.keep(Receipt(action=other, result="1"))
    assert recall(store, "bug") == History()


def test_the_latest_reply_is_remembered(store: Store) -> None:
    """The reply is the one that was written last, even when it was written before as well."""
    for text in ("first", "second", "first"):
        do(store, Kind.COMMENT, text, "17")
    assert recall(store) == History(reply="first", comment="17")


def test_a_reply_that_was_only_intended_is_uncertain(store: Store) -> None:
    """A crash between intent and receipt is seen afterwards."""
    do(store, Kind.COMMENT, "first", "17")
    store.memory.intend(action(Kind.COMMENT, "second"))
    assert recall(store) == History(reply="first", comment="17", uncertain=True)


def test_an_adopted_reply_is_certain_again(store: Store) -> None:
    """A comment that was found on the other side takes the place of the intent."""
    store.memory.intend(action(Kind.COMMENT, "second"))
    store.memory.adopt(HERE.id, Standing(comment="18", text="second"))
    assert recall(store) == History(reply="second", comment="18")


def test_a_deleted_reply_stays_deleted(store: Store) -> None:
    """A comment that a person deleted is remembered as dismissed."""
    do(store, Kind.COMMENT, "first", "17")
    store.memory.intend(action(Kind.COMMENT, "second"))
    store.memory.dismiss(action(Kind.COMMENT, "second"))
    assert recall(store).dismissed


def test_a_label_that_we_added_is_ours(store: Store) -> None:
    """Labels are ours when we added them, and only those."""
    do(store, Kind.LABEL, "bug")
    assert recall(store, "bug", "theirs") == History(own_labels=frozenset({"bug"}))


def test_a_label_of_ours_that_is_gone_was_removed_by_a_person(store: Store) -> None:
    """It stays removed for good, even if somebody puts it back later."""
    do(store, Kind.LABEL, "bug")
    assert recall(store) == History(removed_labels=frozenset({"bug"}))
    assert recall(store, "bug") == History(removed_labels=frozenset({"bug"}))


def test_a_removal_that_was_reported_is_remembered(store: Store) -> None:
    """A label that we never added, and a person took off, counts as removed."""
    store.memory.note_removed(HERE.id, "bug")
    assert recall(store) == History(removed_labels=frozenset({"bug"}))


def test_a_label_that_we_took_off_ourselves_may_come_back(store: Store) -> None:
    """Our own removal is not a person's."""
    do(store, Kind.LABEL, "bug")
    do(store, Kind.UNLABEL, "bug")
    assert recall(store) == History()


def test_a_label_that_was_only_intended_is_not_held_against_anybody(store: Store) -> None:
    """After a crash the label that is not there is just not there; the one that is there is ours."""
    store.memory.intend(action(Kind.LABEL, "bug"))
    assert recall(store) == History()
    assert recall(store, "bug") == History(own_labels=frozenset({"bug"}))


def test_a_crash_while_taking_a_label_off_changes_no_owner(store: Store) -> None:
    """The label is still ours where it stands, and no person removed it where it does not."""
    do(store, Kind.LABEL, "bug")
    store.memory.intend(action(Kind.UNLABEL, "bug"))
    assert recall(store, "bug") == History(own_labels=frozenset({"bug"}))
    assert recall(store) == History()


def test_the_verdict_is_kept_with_its_chain(store: Store) -> None:
    """The latest verdict of a report can be read as JSON, down to the quoted line."""
    assert store.memory.chain(HERE.id) == ""
    store.memory.keep_verdict(verdict("nothing"))
    store.memory.keep_verdict(verdict("ModuleNotFoundError: No module named 'kettle._lid'"))
    chain = json.loads(store.memory.chain(HERE.id))
    assert chain["version"] == 1
    answer = chain["verdict"]["answers"][0]
    assert answer["diagnosis"]["entry"] == "lid-missing"
    assert "kettle._lid" in answer["diagnosis"]["evidence"][0]["quote"]
    assert chain["verdict"]["reasons"]


def test_no_secret_is_kept_with_a_verdict(store: Store) -> None:
    """A token that somebody pasted is taken out of the chain before it is stored."""
    token = "ghp_" + "a1B2" * 9
    store.memory.keep_verdict(verdict(f"ModuleNotFoundError: No module named 'kettle._lid' {token}"))
    assert "kettle._lid" in store.memory.chain(HERE.id)
    assert token not in store.memory.chain(HERE.id)


def test_reports_with_the_same_error_are_found_by_its_fingerprint(store: Store) -> None:
    """What a report holds no more is forgotten."""
    seen = verdict("ModuleNotFoundError: No module named 'kettle._lid'")
    fingerprint = seen.assessment.case.signatures[0].fingerprint
    store.memory.keep_verdict(seen)
    assert store.memory.with_error(fingerprint) == [HERE.id]
    store.memory.keep_verdict(verdict("nothing"))
    assert store.memory.with_error(fingerprint) == []


def test_labels_remember_who_put_them_and_who_took_them_off(store: Store) -> None:
    """Provenance is kept for each label, ours and theirs."""
    do(store, Kind.LABEL, "bug")
    store.memory.note_removed(HERE.id, "bug", "ada")
    store.memory.note_put(HERE.id, "wontfix", "grace")
    notes = [(note.name, note.state, note.put_by, note.removed_by) for note in store.memory.labels(HERE.id)]
    assert notes == [("bug", "removed", "triagebot", "ada"), ("wontfix", "theirs", "grace", "")]


def test_texts_that_no_database_takes_are_kept_as_well_as_can_be(store: Store) -> None:
    """Lone surrogates and NUL become the replacement sign."""
    odd = replace(action(Kind.COMMENT, "odd"), value="a\ud800b\x00c 好😀")
    store.memory.keep(Receipt(action=odd, result="17"))
    assert recall(store).reply == "a\ufffdb\ufffdc 好😀"


def test_what_people_said_of_labels_is_told_for_learning(store: Store) -> None:
    """Labels that a person put on or took off, by report; what only we did is no opinion."""
    do(store, Kind.LABEL, "bug")
    do(store, Kind.LABEL, "docs")
    store.memory.note_removed(HERE.id, "docs", "grace")
    store.memory.note_put(HERE.id, "wontfix", "grace")
    assert store.memory.said_of_labels() == {HERE.id: {"docs": False, "wontfix": True}}


def test_names_of_any_length_are_kept_apart(store: Store, sql: Sql) -> None:
    """A request of forty fields, a label or a login longer than their columns: both databases keep them alike."""
    asked = Action(kind=Kind.NOTE, target=HERE.id, value="?", key="note:request:" + "x--0123456789ab," * 40)
    other = replace(asked, key=asked.key + "one-more")
    for one in (asked, asked, other):
        store.memory.intend(one)
        store.memory.keep(Receipt(action=one, result="1"))
    assert sql.rows("SELECT count(*), max(length(key)) FROM receipt") == [(2, 400)]
    for label in ("名" * 300, "名" * 300 + "!", "half \ud800 a pair and \0"):
        store.memory.note_put(HERE.id, label, "who" * 100)
        store.memory.note_removed(HERE.id, label)
    assert [len(note.name) for note in store.memory.labels(HERE.id)] == [19, 200, 200]
