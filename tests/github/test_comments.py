"""What events about comments say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.github import StandIn
from triagebot.github.events import Heard, read_event
from triagebot.plan import MARKER
from triagebot.records import Command, Commanded, Ended, LeftAlone, Touched

HERE = "open-mmlab/mmdetection"
TARGET = f"{HERE}#1"
GITHUB = StandIn()
GITHUB.url = "https://api.github.com"
ISSUE = GITHUB.open_issue(HERE, "It fails", "Traceback ...")


def heard(
    body: str, author: str = "reporter", action: str = "created", sender: str = "", own: str = "", **more: Any
) -> Heard:
    kept = GITHUB.add_comment(ISSUE, body, author, "MEMBER")
    payload = GITHUB.comment_event(action, HERE, 1, kept, sender or author, **more)
    return read_event("issue_comment", payload, own)


@pytest.mark.parametrize("action", ["created", "edited", "deleted"])
def test_the_reporters_comment_is_a_reason_to_look_again(action: str) -> None:
    """It may supply what is missing, or take it away."""
    assert isinstance(heard("mmcv is 1.3", action=action), Touched)


def test_a_strangers_comment_is_left_alone() -> None:
    """Helpers talk among themselves without us."""
    assert isinstance(heard("Have you tried mmcv 2?", "helper"), LeftAlone)


def test_a_command_comes_with_who_wrote_it() -> None:
    """Author and association are read, since not everybody may command everything."""
    said = heard("/triage wrong", "helper")
    assert isinstance(said, Commanded)
    assert (said.target, said.comment.author, said.comment.association) == (TARGET, "helper", "MEMBER")
    assert said.commands == (Command(word="wrong"),)


def test_an_edited_comment_gives_only_new_commands() -> None:
    """The text before the edit comes with the event."""
    changes = {"body": {"from": "/triage wrong"}}
    assert isinstance(heard("/triage wrong, sorry", "helper", "edited", changes=changes), Commanded)
    assert isinstance(heard("/triage wrong\n\nsorry", "helper", "edited", changes=changes), LeftAlone)


def test_a_deleted_comment_commands_nothing() -> None:
    """Who takes a command away does not give it."""
    assert isinstance(heard("/triage wrong", "helper", "deleted"), LeftAlone)


@pytest.mark.parametrize("author", ["dependabot[bot]", "triage-robot"])
def test_programs_do_not_command_us(author: str) -> None:
    """Neither other bots nor we ourselves start anything: no loops."""
    assert isinstance(heard("/triage", author, own="triage-robot"), LeftAlone)
    assert isinstance(heard(f"{MARKER}\n/triage", "somebody"), LeftAlone)


def test_our_comment_deleted_by_a_person_is_noticed() -> None:
    """A person's deletion is an answer that has to be remembered."""
    assert isinstance(heard("hello", "triage-robot", "deleted", "maintainer", own="triage-robot"), Touched)
    assert isinstance(heard("hello", "triage-robot", "edited", "maintainer", own="triage-robot"), LeftAlone)


def test_comments_on_pull_requests_are_left_alone() -> None:
    """GitHub sends comments on pull requests as comments on issues."""
    payload = GITHUB.comment_event("created", HERE, 1, GITHUB.add_comment(ISSUE, "/triage", "reporter"))
    payload["issue"]["pull_request"] = {"url": "x"}
    assert isinstance(read_event("issue_comment", payload), LeftAlone)


@pytest.mark.parametrize("action", ["closed", "deleted", "transferred"])
def test_an_issue_that_is_over(action: str) -> None:
    """What was said of it is counted once more; a closed issue is no reason to speak."""
    payload = GITHUB.event(action, HERE, 1, changes={"new_issue": {}, "new_repository": {}})
    payload["issue"]["state"] = "closed"
    assert read_event("issues", payload) == Ended(target=TARGET, why=action)


@pytest.mark.parametrize("event", ["installation", "installation_repositories", "ping"])
def test_events_without_an_issue_are_left_alone(event: str) -> None:
    """They are told in the log and ask for nothing."""
    payload = {"action": "created", "installation": {"id": 1, "account": {"login": "acme"}}, "sender": {"login": "x"}}
    assert isinstance(read_event(event, payload), LeftAlone)


@pytest.mark.parametrize("odd", [None, {}, {"comment": 3}, {"issue": {"number": 1}, "comment": {"body": 4}}])
def test_odd_comments_are_left_alone(odd: object) -> None:
    """A payload of any shape gives a reason, never an exception."""
    assert isinstance(read_event("issue_comment", odd), LeftAlone)
