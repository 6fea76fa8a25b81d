"""Signed nonsense, and what a database cannot hold, from the webhook to the comment on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.doors.watching import until
from tests.fakes.github import StandIn
from tests.fakes.serving import Serving
from tests.fakes.sql import Sql

HERE = "open-mmlab/mmdetection"


def test_what_a_database_cannot_hold_is_worked_on_all_the_same(url: str, sql: Sql, tmp_path: Path) -> None:
    """NUL, half of a surrogate pair, numbers beyond 64 bits, long names, one GUID for two issues: nothing is stuck."""
    with StandIn(token="ghp_very-secret").running() as github:
        github.add_repository(HERE, ["installation"])
        odd = " \0 \ud800"
        issue = github.open_issue(HERE, f"It fails{odd}", f"ModuleNotFoundError: No module named 'mmcv._ext'{odd}")
        github.open_issue(HERE, "Another", "")
        labelled = github.event("labeled", HERE, 1, label={"name": odd + "l" * 500}, sender="maintainer")
        command = github.comment_event("created", HERE, 1, github.add_comment(issue, f"/triage why{odd}", "reporter"))
        huge = github.event("opened", HERE, 2)
        server = Serving(url, github, tmp_path)
        server.start()
        try:
            assert server.deliver(github.event("opened", HERE, 1), "one") == 202
            assert server.deliver(github.event("opened", HERE, 2), "one") in {200, 202}
            assert server.deliver(labelled, "two") == 202
            assert server.deliver(command, "three", "issue_comment") == 202
            for number in (2**63, 10**400):
                assert server.deliver(huge | {"issue": huge["issue"] | {"number": number}}, "huge") == 202
            asyncio.run(until(lambda: sql.rows("SELECT count(*) FROM delivery WHERE done_at IS NULL") == [(0,)]))
            assert server.terminate() == 0
        finally:
            server.kill()
    assert sql.rows("SELECT guid FROM delivery ORDER BY seq") == [("one",), ("two",), ("three",)]
    assert sql.rows("SELECT count(*) FROM mailbox WHERE state <> 'idle' OR last_error <> ''") == [(0,)]
    assert sum(comment["body"].startswith("<!-- triagebot -->") for comment in issue.comments) == 1
