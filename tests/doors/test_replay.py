"""`triagebot replay`: what was given up, and trying it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triagebot.__main__ import main
from triagebot.records import Delivery
from triagebot.store import Store


@pytest.fixture
def dead(url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with two reports that were given up and one that is fine."""
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", url)
    store = Store(url)
    for number in (1, 2, 3):
        store.inbox.put(Delivery(guid=f"g{number}", event="issues", key=f"o/r#{number}", payload="{}"))
    for _ in range(2):
        claim = store.inbox.claim(60)
        assert claim is not None
        store.inbox.fail(claim, "GitHub answered 404", None)
    store.close()
    return store


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments])


def test_what_was_given_up_is_listed_with_its_reason(dead: Store) -> None:
    """Without arguments nothing is changed."""
    for _ in range(2):
        done = replay()
        assert done.exit_code == 0
        lines = done.output.splitlines()
        assert len(lines) == 4
        assert {line.split()[0] for line in lines[::2]} == {"o/r#1", "o/r#2"}
        assert "after 1 try, 1 delivery waiting" in lines[0]
        assert lines[1] == "    GitHub answered 404"


def test_the_list_can_be_read_by_programs(dead: Store) -> None:
    """--json prints one object a line."""
    letters = [json.loads(line) for line in replay("--json").output.splitlines()]
    assert {letter["key"] for letter in letters} == {"o/r#1", "o/r#2"}
    assert {letter["error"] for letter in letters} == {"GitHub answered 404"}


def test_one_is_tried_again(dead: Store) -> None:
    """The named report is due at once, the other stays given up."""
    assert replay("o/r#2").output == "1 report will be tried again.\n"
    assert [letter.key for letter in dead.upkeep.dead()] == ["o/r#1"]
    assert {claim.key for claim in (dead.inbox.claim(60), dead.inbox.claim(60)) if claim} == {"o/r#2", "o/r#3"}
    dead.close()


def test_all_are_tried_again(dead: Store) -> None:
    """--all wakes every one of them; then there is nothing left to list."""
    assert replay("--all").output == "2 reports will be tried again.\n"
    assert replay().output == "No report was given up.\n"


def test_a_report_that_was_not_given_up_is_told(dead: Store) -> None:
    """A slip of the pen is told, with status 1; both ways at once are refused."""
    wrong = replay("o/r#3")
    assert (wrong.exit_code, wrong.output) == (
        1,
        "o/r#3 was not given up. `triagebot replay` lists those that were.\n",
    )
    assert replay("o/r#1", "--all").exit_code == 2


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names the wrong file hears of it, instead of that nothing was given up."""
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", f"sqlite:///{tmp_path}/absent/wrong.db")
    done = replay()
    assert done.exit_code == 2
    assert f"There is no database at sqlite:///{tmp_path}/absent/wrong.db yet." in done.output
    assert list(tmp_path.iterdir()) == []
