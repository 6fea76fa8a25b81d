"""Every example payload that GitHub publishes, signed and posted: never a 5xx, an action only where one is due."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.test_web import serving
from tests.fakes import node
from triagebot.github.events import read_event
from triagebot.records import Commanded, Ended, LabelPut, LabelRemoved, LeftAlone, Report, Touched

Example = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    folder = node.installed(node.EXAMPLES)
    listed = json.loads((folder / "api.github.com" / "index.json").read_text("utf-8"))
    return [(event["name"], example) for event in listed for example in event["examples"]]


def of(examples: list[Example], event: str, action: str) -> Iterator[dict[str, Any]]:
    return (json.loads(json.dumps(p)) for name, p in examples if name == event and p.get("action") == action)


def test_no_example_is_ever_a_5xx(examples: list[Example], tmp_path: Path) -> None:
    """All of them through the web door; what is stored is about an issue and nothing else."""
    assert len(examples) > 300

    async def post() -> list[tuple[str, int, str]]:
        async with serving(tmp_path) as server:
            answers = []
            for number, (event, payload) in enumerate(examples):
                body = json.dumps(payload).encode()
                status, text = await server.post(body, event, X_GitHub_Delivery=f"guid-{number}")
                answers.append((event, status, text))
            return answers

    answers = asyncio.run(post())
    assert {status for _, status, _ in answers} <= {200, 202}
    stored = {event for event, _, text in answers if text.startswith("Stored")}
    assert stored == {"issues", "issue_comment"}


def test_what_the_examples_ask_of_us(examples: list[Example]) -> None:
    """Opened, edited and reopened are reports, labels are noted, everything else about issues is left alone."""
    heard: dict[str, set[object]] = {}
    for event, payload in examples:
        if event == "issues":
            heard.setdefault(payload["action"], set()).add(type(read_event(event, payload)))
    assert heard["opened"] <= {Report, LeftAlone}
    assert Report in heard["opened"]
    assert heard["deleted"] <= {Ended, LeftAlone}
    assert heard["transferred"] <= {Ended, LeftAlone}
    noted: tuple[object, object] = (LabelPut, LabelRemoved)
    assert heard["labeled"] <= {noted[0], LeftAlone}
    assert heard["unlabeled"] <= {noted[1], LeftAlone}
    for action in ("assigned", "milestoned", "demilestoned", "pinned", "unpinned", "locked", "unassigned"):
        assert heard[action] == {LeftAlone}, action


def test_pull_requests_among_the_examples_are_left_alone(examples: list[Example]) -> None:
    """An issue with `pull_request` is a pull request."""
    found = [p for e, p in examples if e in {"issues", "issue_comment"} and p["issue"].get("pull_request")]
    assert found
    assert all(isinstance(read_event("issues", payload), LeftAlone) for payload in found)


def test_what_the_examples_lack(examples: list[Example]) -> None:
    """Closed, sent by a bot, edited with changes, an empty body, comments with commands: by changing one thing."""
    opened = next(p for p in of(examples, "issues", "opened") if isinstance(read_event("issues", p), Report))
    closed = opened | {"action": "closed", "issue": opened["issue"] | {"state": "closed"}}
    assert isinstance(read_event("issues", closed), Ended)
    bot = opened | {"sender": opened["sender"] | {"type": "Bot"}}
    assert isinstance(read_event("issues", bot), LeftAlone)
    edited = opened | {"action": "edited", "changes": {"body": {"from": "before"}, "title": {"from": "old"}}}
    assert isinstance(read_event("issues", edited), Report)
    empty = opened | {"issue": opened["issue"] | {"body": None}}
    assert isinstance(read_event("issues", empty), Report)
    moved = opened | {"changes": {"old_issue": {"id": 1}, "old_repository": {"id": 2}}}
    assert isinstance(read_event("issues", moved), LeftAlone)
    comment = next(p for p in of(examples, "issue_comment", "created") if not p["issue"].get("pull_request"))
    assert not isinstance(read_event("issue_comment", comment), Commanded)
    comment["comment"]["body"] = "/triage why"
    assert isinstance(read_event("issue_comment", comment), Commanded)
    comment["sender"]["login"] = "our-app[bot]"
    assert isinstance(read_event("issue_comment", comment), LeftAlone)


def test_comments_among_the_examples(examples: list[Example]) -> None:
    """No example holds a command; the reporter's own are a reason to look again."""
    kinds = {type(read_event(event, payload)) for event, payload in examples if event == "issue_comment"}
    assert kinds <= {Touched, LeftAlone}
