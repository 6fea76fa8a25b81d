"""What webhook events say."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.github import StandIn
from triagebot.github.events import read_event
from triagebot.github.reading import read_issue
from triagebot.records import LabelRemoved, LeftAlone, Report, Touched

HERE = "open-mmlab/mmdetection"
GITHUB = StandIn()
GITHUB.url = "https://api.github.com"
GITHUB.add_repository(HERE)
GITHUB.open_issue(HERE, "It fails", "Traceback ...\r\n").labels.append("bug")


def payload(action: str = "opened", **more: Any) -> dict[str, Any]:
    return copy.deepcopy(GITHUB.event(action, HERE, 1, **more))


def changed(path: str, value: object, action: str = "opened") -> dict[str, Any]:
    """Return a payload in which one thing is different; `path` is dotted."""
    whole = payload(action)
    *way, last = path.split(".")
    place = whole
    for step in way:
        place = place[step]
    place[last] = value
    return whole


def why(heard: object) -> str:
    assert isinstance(heard, LeftAlone), heard
    return heard.why


@pytest.mark.parametrize("action", ["opened", "edited", "reopened"])
def test_an_issue_is_a_report(action: str) -> None:
    """A person's issue becomes a report with everything the core needs."""
    assert read_event("issues", payload(action)) == Report(
        id=f"{HERE}#1",
        title="It fails",
        body="Traceback ...\r\n",
        origin="github",
        author="reporter",
        labels=frozenset({"bug"}),
        url=f"https://api.github.com/{HERE}/issues/1",
        association="NONE",
    )


def test_an_empty_body_is_an_empty_text() -> None:
    """GitHub sends null for an issue without text."""
    heard = read_event("issues", changed("issue.body", None))
    assert isinstance(heard, Report)
    assert heard.body == ""


def test_half_a_surrogate_pair_becomes_harmless() -> None:
    """JSON may hold what no encoder takes; the report does not."""
    heard = read_event("issues", json.loads(json.dumps(changed("issue.title", "broken \ud83d emoji"))))
    assert isinstance(heard, Report)
    assert heard.title.encode() == b"broken ? emoji"


def test_a_removed_label_is_told() -> None:
    """A person's removal of a label is neither a report nor ignored."""
    heard = read_event("issues", payload("unlabeled", label={"name": "needs-info"}))
    assert heard == LabelRemoved(target=f"{HERE}#1", label="needs-info", who="reporter")


@pytest.mark.parametrize(("path", "value"), [("issue.state", "closed"), ("issue.locked", True)])
def test_a_label_counts_whatever_the_state_of_the_issue(path: str, value: object) -> None:
    """What a person takes off a closed or locked issue is told as well."""
    whole = changed(path, value, "unlabeled") | {"label": {"name": "bug"}}
    assert isinstance(read_event("issues", whole), LabelRemoved)


def test_only_its_reporters_edit_of_a_closed_issue_asks_for_a_look() -> None:
    """It may answer what was closed after silence; anybody else's edit answers nothing."""
    closed = changed("issue.state", "closed", "edited")
    assert isinstance(read_event("issues", closed), Touched)
    closed["sender"]["login"] = "maintainer"
    assert "closed" in why(read_event("issues", closed))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("issue.pull_request", {"url": "https://..."}, "pull request"),
        ("issue.state", "closed", "closed"),
        ("issue.locked", True, "locked"),
        ("issue.user", {"login": "renovate", "type": "Bot"}, "written by the bot 'renovate'"),
        ("sender", {"login": "renovate", "type": "Bot"}, "caused by the bot 'renovate'"),
        ("sender", {"login": "dependabot[bot]", "type": "User"}, "caused by the bot"),
        ("changes", {"old_issue": {"number": 3}, "old_repository": {}}, "moved here"),
        ("action", "labeled", "a label has no name"),
        ("action", None, "needs no triage"),
        ("repository.full_name", "../../etc", "names no repository"),
        ("repository.full_name", "a/b#1/../c", "names no repository"),
        ("repository", None, "names no repository"),
        ("issue", None, "holds no issue"),
        ("issue.number", "1", "holds no issue"),
        ("issue.number", True, "holds no issue"),
        ("issue.number", -1, "holds no issue"),
        ("issue.number", 10**30, "holds no issue"),
    ],
)
def test_what_is_left_alone_and_why(path: str, value: object, reason: str) -> None:
    """Everything that is not a person's open issue is left alone, with a reason."""
    assert reason in why(read_event("issues", changed(path, value)))


def test_our_own_events_are_left_alone() -> None:
    """What we caused ourselves does not make us act again, however the login is spelled."""
    own = payload("unlabeled", sender="Triage-Robot", label={"name": "bug"})
    assert "ourselves" in why(read_event("issues", own, "triage-robot"))


def test_other_events_are_left_alone() -> None:
    """Events of other kinds are named in the reason, short and harmless."""
    assert why(read_event("star", {})) == "events of kind 'star' are not for triage"
    assert len(why(read_event("x\n" * 5000, payload()))) < 300


@pytest.mark.parametrize("odd", [None, [], "text", 3, {}, {"issue": []}, {"issue": {"labels": "x", "user": 4}}])
def test_odd_shapes_are_left_alone(odd: object) -> None:
    """A payload of any shape gives a reason, never an exception."""
    assert why(read_event("issues", odd))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_PLACES = ["action", "sender", "changes", "repository", "issue", "issue.user", "issue.labels", "issue.number"]


@given(
    place=st.sampled_from([*_PLACES, "issue.title", "issue.body", "issue.state", "repository.full_name"]), value=_JSON
)
def test_any_value_anywhere_is_read(place: str, value: object) -> None:
    """Whatever stands in one place of a payload, reading it gives one of the three answers."""
    assert isinstance(read_event("issues", changed(place, value)), Report | LabelRemoved | LeftAlone)


def test_labels_of_every_shape_are_read() -> None:
    """Labels come as mappings, in very old answers as names, and what is neither is skipped."""
    issue = {**GITHUB.show(HERE, 1), "labels": ["old", {"name": "new"}, None, {"name": None}, 4]}
    report = read_issue(issue, HERE)
    assert isinstance(report, Report)
    assert report.labels == {"old", "new"}
