"""An explanation shows what every room saw, and gives every entry a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import knowledge, report
from triagebot.__main__ import main
from triagebot.pipeline import Triage
from triagebot.proof.explain import explain, show
from triagebot.store import Store

CORE = Triage(knowledge())
BODY = """\
> It does not boil.

[rank0]: Traceback (most recent call last):
[rank0]:   File "boil.py", line 3, in boil
[rank0]: ModuleNotFoundError: No module named 'kettle._lid'

Kettle: 2.1
"""


def test_every_room_is_shown() -> None:
    """Blocks, marks, signatures with lines, facts, evidence and the choice stand in the text."""
    text = show(explain(CORE, report(BODY)))
    for seen in (
        "3 code     rank0    Traceback",
        "1. python ModuleNotFoundError, line 5",
        "frames       boil.py:boil",
        "fact kettle = 2.1 (line 7)",
        "lid-missing: exact 1.00, line 5: ModuleNotFoundError",
        "act      lid-missing: is the answer",
        "nothing in the report speaks for boils-dry, keep-warm",
        "outcome: answer",
    ):
        assert seen in text, seen


def test_every_entry_has_a_reason() -> None:
    """Also those that were ruled out, and those that nothing speaks for."""
    told = explain(CORE, report(BODY + "\nI use kettle-lite."))
    assert {entry["entry"]: bool(entry["why"]) for entry in told["entries"]} == {
        "lid-missing": True,
        "boils-dry": True,
        "keep-warm": True,
    }
    lid = next(entry for entry in told["entries"] if entry["entry"] == "lid-missing")
    assert (lid["level"], lid["why"]) == ("no", "is ruled out: what its `unless` names stands in the report")


def test_the_command_explains_a_file(tmp_path: Path) -> None:
    """As text, as JSON, from a file; what cannot be read is said in one line."""
    file = tmp_path / "report.md"
    file.write_text(BODY, "utf-8")
    run = CliRunner().invoke
    assert "lid-missing" not in run(main, ["explain", str(file)]).output
    assert json.loads(run(main, ["explain", str(file), "--json"]).output)["signatures"][0]["line"] == 5
    gone = run(main, ["explain", str(tmp_path / "gone.md")])
    assert gone.exit_code == 2
    assert "gone.md: cannot be read" in gone.output


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_can_be_explained(body: str) -> None:
    """Half characters and NULs as well."""
    assert "outcome" in show(explain(CORE, report(body)))


@pytest.mark.parametrize("body", ["", "ValueError: x", BODY])
def test_lines_point_into_the_report(body: str) -> None:
    """Numbers are those of the original text."""
    told = explain(CORE, report(body))
    assert all(0 <= line["line"] <= body.count("\n") + 1 for line in told["lines"])


def test_a_kept_verdict_is_explained_by_its_id(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server saw then, with its reasons; of a report nobody judged a clear word is said."""
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", url)
    store = Store(url)
    store.memory.keep_verdict(CORE.judge(report(BODY)))
    store.close()
    run = CliRunner().invoke
    text = run(main, ["explain", "example/kettle#7"]).output
    for seen in (
        "no text: a verdict is kept without it",
        "1. python ModuleNotFoundError, line 5",
        "fact kettle = 2.1 (line 7)",
        "lid-missing: exact 1.00, line 5: ModuleNotFoundError",
        "act      lid-missing: is the answer",
        "outcome: answer",
    ):
        assert seen in text, seen
    whole = json.loads(run(main, ["explain", "example/kettle#7", "--json"]).output)
    now = explain(CORE, report(BODY))
    assert [whole[key] for key in ("signatures", "environment", "outcome", "id")] == [
        json.loads(json.dumps(now[key])) for key in ("signatures", "environment", "outcome", "id")
    ]
    gone = run(main, ["explain", "example/kettle#8"])
    assert (gone.exit_code, "no verdict was kept" in gone.output) == (2, True)


def test_without_a_database_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for a verdict creates no database; the word names the remedy."""
    file = tmp_path / "none.db"
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", f"sqlite:///{file}")
    done = CliRunner().invoke(main, ["explain", "example/kettle#7"])
    assert done.exit_code == 2
    assert "There is no database at" in done.output
    assert not file.exists()
