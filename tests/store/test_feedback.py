"""What people said of answers."""

from __future__ import annotations

from dataclasses import replace

from triagebot.store import Said, Store

WRONG = Said(report="o/r#1", entry="lid-missing", kind="wrong", who="ada", source="github")


def test_one_person_says_one_thing_once(store: Store) -> None:
    """The second time changes nothing, another person or thing counts."""
    assert store.feedback.say(WRONG)
    assert not store.feedback.say(WRONG)
    assert store.feedback.say(replace(WRONG, who="grace"))
    assert store.feedback.say(replace(WRONG, kind="solved", source="discord"))
    assert store.feedback.counts() == {("lid-missing", "wrong"): 2, ("lid-missing", "solved"): 1}


def test_what_was_said_is_found_by_report(store: Store) -> None:
    """In the order it was said, with the time on the database's clock; what was taken back is gone."""
    for who in ("ada", "grace"):
        store.feedback.say(replace(WRONG, who=who))
    store.feedback.say(replace(WRONG, report="o/r#2"))
    assert [said.who for said in store.feedback.about("o/r#1")] == ["ada", "grace"]
    assert store.feedback.about("o/r#1")[0].at > 1_600_000_000
    assert store.feedback.take_back(WRONG)
    assert not store.feedback.take_back(WRONG)
    assert [said.who for said in store.feedback.about("o/r#1")] == ["grace"]
