"""What is kept of events: enough to hear the same again, and no more."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.github import StandIn
from triagebot.github.events import read_event
from triagebot.github.gist import gist_of
from triagebot.records import Commanded, LeftAlone, Report

HERE = "open-mmlab/mmdetection"
TOKEN = "ghp_" + "a1B2" * 9
GITHUB = StandIn()
GITHUB.url = "https://api.github.com"
ISSUE = GITHUB.open_issue(HERE, f"It fails with {TOKEN}", f"export TOKEN={TOKEN}")
ISSUE.labels.append("bug")


def issue(action: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "issues", GITHUB.event(action, HERE, 1, **more)


def comment(body: str, action: str = "created", **more: Any) -> tuple[str, dict[str, Any]]:
    return "issue_comment", GITHUB.comment_event(action, HERE, 1, GITHUB.add_comment(ISSUE, body, "reporter"), **more)


def closed() -> tuple[str, dict[str, Any]]:
    event, payload = issue("edited", changes={"body": {"from": TOKEN}})
    return event, {**payload, "issue": {**payload["issue"], "state": "closed", "locked": False}}


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        closed(),
        issue("opened"),
        issue("edited", changes={"body": {"from": TOKEN}}),
        issue("labeled", label={"name": "bug"}, sender="maintainer"),
        issue("unlabeled", label={"name": "bug"}, sender="maintainer"),
        issue("closed"),
        issue("deleted"),
        comment("mmcv is 1.3"),
        comment("/triage wrong"),
        comment("/triage faq lid-missing", "edited", changes={"body": {"from": "/triage faq lid"}}),
        comment("/triage again", "edited", changes={"body": {"from": "nothing"}}),
    ],
)
@pytest.mark.parametrize("own_login", ["", "reporter", "maintainer"])
def test_the_gist_says_what_the_whole_says(event: str, payload: dict[str, Any], own_login: str) -> None:
    """What was heard at the door is heard again from what was kept, through JSON; the issue's text is not needed."""
    kept = json.loads(json.dumps(gist_of(event, payload)))
    heard, again = read_event(event, payload, own_login), read_event(event, kept, own_login)
    if isinstance(heard, Report):
        heard = replace(heard, title="", body="", url="", labels=frozenset())
    assert again == heard
    assert len(json.dumps(kept)) < 600


def test_no_secret_is_kept() -> None:
    """Neither the issue's, of which no text is kept, nor one in a comment; its commands stay."""
    kept = [gist_of(*issue("edited", changes={"body": {"from": TOKEN}}))]
    said = comment(f"/triage again\n\nmy token is {TOKEN}", "edited", changes={"body": {"from": TOKEN}})
    kept.append(gist_of(*said))
    assert TOKEN not in json.dumps(kept)
    heard = read_event("issue_comment", kept[1])
    assert isinstance(heard, Commanded)
    assert heard.comment.body == "/triage again\n\nmy token is [redacted]"


_ODD: list[object] = [None, True, 0, 2**70, -1, 1.5, "", "\ud800", "\0", "x" * 100_000, [], [{}], {}, {"login": 1}]
_PLACES = ["action", "sender", "repository", "issue", "comment", "changes"]


@pytest.mark.parametrize("value", _ODD, ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize(
    "place", [*_PLACES, "issue.number", "issue.user", "comment.id", "comment.body", "comment.user"]
)
def test_any_value_anywhere_is_kept_or_left_out(place: str, value: object) -> None:
    """Whatever stands in one place, the gist is JSON in UTF-8, of no more than twice a comment's length."""
    event, payload = comment("/triage again")
    *way, last = place.split(".")
    (payload[way[0]] if way else payload)[last] = value
    kept = json.dumps(gist_of(event, payload), ensure_ascii=False).encode()
    assert len(kept) < 140_000
    read_event(event, json.loads(kept))


def test_half_a_surrogate_pair_and_very_large_numbers_are_no_trouble() -> None:
    """What UTF-8 or a database cannot hold is replaced."""
    event, payload = comment("/triage again \ud800\0")
    payload["comment"]["id"] = 2**70
    heard = read_event(event, gist_of(event, payload))
    assert isinstance(heard, Commanded)
    assert (heard.comment.body, heard.comment.id) == ("/triage again ?\0", "0")


def test_of_other_events_nothing_is_kept() -> None:
    """They are left alone at the door."""
    assert gist_of("star", {"action": "created"}) == {}
    assert isinstance(read_event("issues", gist_of("issues", [])), LeftAlone)
