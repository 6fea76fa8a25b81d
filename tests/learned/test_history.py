"""Histories are read whatever tool wrote them, and what is broken in them is told and does not stop the rest."""

from __future__ import annotations

import json
import math

import pytest

from triagebot.diagnose.labels.written import take_apart
from triagebot.learned.labels.history import read_history, with_feedback

GOOD = {"repo": "o/r", "title": "T", "body": "B", "labels": ["bug"], "created_at": "2024-01-02T03:04:05Z"}


def test_json_lines_with_broken_ones_between() -> None:
    """Broken lines are counted and told with their numbers."""
    lines = [json.dumps(GOOD), "{broken", "[1]", "", '"x"', json.dumps({**GOOD, "title": None, "body": 7})]
    history = read_history("\n".join(lines), "h.jsonl")
    assert [past.title for past in history.issues] == ["T"]
    assert history.left_out == {"not valid JSON": 1, "not an object": 2, "without a text": 1}
    assert history.broken[0] == "h.jsonl:2: not valid JSON"


def test_the_output_of_gh_issue_list() -> None:
    """One array, labels as mappings, names in camel case, the repository in the address."""
    item = {
        "number": 7,
        "title": "T",
        "body": "B",
        "labels": [{"name": "a, b"}, {"name": "🐛"}],
        "createdAt": "2024-01-02T03:04:05Z",
        "url": "https://github.com/o/r/issues/7",
        "author": {"login": "x", "is_bot": False},
    }
    (past,) = read_history(json.dumps([item]), "issues.json").issues
    assert (past.id, past.repo, past.created) == ("7", "o/r", 1704164645.0)
    assert past.labels == frozenset({"a, b", "🐛"})


def test_csv_with_one_label_a_row() -> None:
    """The columns of NLBSE's files; a label may hold a comma, a body a line break."""
    text = 'repo,created_at,label,title,body\no/r,2024-01-02 03:04:05,"a, b",T,"B\nC"\no/r,nonsense,bug,T2,B2\n'
    one, two = read_history(text, "x.CSV").issues
    assert (set(one.labels), one.body, one.created) == ({"a, b"}, "B\nC", 1704164645.0)
    assert math.isnan(two.created)


def test_csv_without_its_columns() -> None:
    """A file of something else is told."""
    assert read_history("a,b\n1,2\n", "x.csv").left_out == {"the first line names no column `title` or `body`": 1}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(separator: str) -> None:
    """Byte order mark, CRLF, another separator, capital letters, NUL and a huge field: every row is read."""
    rows = [["Title", "Body", "Label"], ["T", "B\0", "bug"], ["T2", "x" * 11_000_000, "bug"], ["T3", "B3", "wish"]]
    text = "\ufeff" + "".join(separator.join(row) + "\r\n" for row in rows)
    issues = read_history(text, "x.csv").issues
    assert [(past.title, *past.labels) for past in issues] == [("T", "bug"), ("T2", "bug"), ("T3", "wish")]
    assert len(issues[1].body) == 300_000


def test_pages_of_the_api_one_after_the_other() -> None:
    """`gh api --paginate` prints an array a page; a broken one ends it with the place."""
    page = json.dumps([GOOD, GOOD], indent=1)
    history = read_history(f"{page}\n{page}[{{", "issues.json")
    assert len(history.issues) == 4
    last = 2 * len(page.splitlines())
    assert history.broken[0].startswith(f"issues.json:{last}: not valid JSON (Expecting property name")


def test_bots_and_pull_requests_teach_nothing() -> None:
    """They are left out and counted."""
    others: list[dict[str, object]] = [
        {"author": {"login": "dependabot[bot]"}},
        {"author": {"login": "x", "is_bot": True}},
        {"user": {"login": "y", "type": "Bot"}},
        {"pull_request": {"url": "..."}},
    ]
    history = read_history("\n".join(json.dumps({**GOOD, **other}) for other in others), "h.jsonl")
    assert history.issues == []
    assert history.left_out == {"written by a bot": 3, "a pull request": 1}


def test_half_a_surrogate_pair_is_replaced() -> None:
    """JSON may hold what no encoder takes."""
    (past,) = read_history('{"title": "a\\ud800b", "labels": ["x"]}', "h.jsonl").issues
    assert past.title == "a?b"


def test_what_bots_wrote_into_a_first_post_is_not_the_reporters() -> None:
    """Text between a bot's marks is cut, and code, comments and answers are told apart."""
    body = (
        "It leaks.\n<!-- ROBOT_START -->assigned to area: lid<!-- ROBOT_END -->\n### Kind\nbug\n```\nx = 1\n```\n"
        "<!-- hidden\nstill --> seen\n- [x] read\n- [ ] not"
    )
    written = take_apart("T", body)
    assert "assigned" not in "\n".join((*written.prose, *written.hidden))
    assert written.code == ("x = 1",)
    assert written.hidden == (" hidden", "still ")
    assert written.boxes == (True, False)
    assert written.answers[1][0] == "Kind"
    assert written.answers[1][1].startswith("bug")


def test_what_people_said_of_labels_is_learned() -> None:
    """A label put on at a person's word is borne, one taken off is denied; one that was put on again since stands."""
    lines = [{**GOOD, "number": n, "labels": labels} for n, labels in enumerate([["bug"], [], ["bug"]])]
    lines[0]["removed_labels"] = ["docs"]
    issues = read_history("\n".join(map(json.dumps, lines)), "h.jsonl").issues
    said = {"O/R#0": {"wish": True}, "o/r#1": {"bug": False}, "o/r#2": {"bug": False}, "o/r#9": {"bug": True}}
    heard, count = with_feedback(issues, said)
    assert count == 3
    assert [(set(past.labels), set(past.denied), set(past.applied)) for past in heard] == [
        ({"bug", "wish"}, {"docs"}, {"wish"}),
        (set(), {"bug"}, set()),
        ({"bug"}, set(), set()),
    ]
