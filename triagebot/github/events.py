"""What a webhook event says: a report, a change to one, commands, or why it is left alone (pure, never raises)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from triagebot.github.commands import read_commands
from triagebot.github.reading import (
    is_bot,
    login_of,
    mapping,
    plain,
    read_comment,
    read_issue,
    same_login,
    shown,
    why_no_issue,
)
from triagebot.plan import MARKER
from triagebot.records import Commanded, Ended, LabelPut, LabelRemoved, LeftAlone, Report, Touched

Heard = Report | Touched | Commanded | LabelRemoved | LabelPut | Ended | LeftAlone

_TRIAGED = frozenset({"opened", "edited", "reopened", "unlocked"})
_OVER = frozenset({"closed", "deleted", "transferred"})
_LABELLED: Mapping[str, type[LabelPut | LabelRemoved]] = {"labeled": LabelPut, "unlabeled": LabelRemoved}
_INSTALLED = "installation"


def read_event(event: str, payload: object, own_login: str = "") -> Heard:
    """Return what an event asks of us; `own_login` is the account the bot writes with ("" when not known)."""
    read = _READERS.get(event)
    if read is None:
        return LeftAlone(why=f"events of kind {shown(event)} are not for triage")
    return read(mapping(payload), own_login)


def _read_issues(payload: Mapping[str, Any], own_login: str) -> Heard:
    whole, repository = mapping(payload.get("issue")), _repository(payload)
    reason = _not_a_persons(payload, own_login) or why_no_issue(whole, repository)
    if reason:
        return LeftAlone(why=reason)
    action, target = plain(payload.get("action")), f"{repository}#{whole['number']}"
    if action in _OVER:
        return Ended(target=target, why=action)
    if action in _LABELLED:  # whatever the state of the issue: what a person decided is final
        return _labelled(payload, action, target)
    if mapping(payload.get("changes")).get("old_issue"):
        return LeftAlone(why="the issue was moved here from another repository")
    if action not in _TRIAGED:
        return LeftAlone(why=f"an issue that is {shown(action)} needs no triage")
    return _changed(payload, action, target)


def _changed(payload: Mapping[str, Any], action: str, target: str) -> Heard:
    """Return the report as it is now; one that was closed after silence may be answered by an edit."""
    report = read_issue(mapping(payload.get("issue")), _repository(payload))
    if isinstance(report, LeftAlone) and action == "edited" and report.report and not report.mute:
        by_reporter = same_login(login_of(payload.get("sender")), report.report.author)
        why = "its reporter edited it after it was closed"
        return Touched(target=target, why=why, edited=True) if by_reporter else report
    return report


def _labelled(payload: Mapping[str, Any], action: str, target: str) -> Heard:
    name, who = plain(mapping(payload.get("label")).get("name")), login_of(payload.get("sender"))
    return _LABELLED[action](target=target, label=name, who=who) if name else LeftAlone(why="a label has no name")


def _read_comments(payload: Mapping[str, Any], own_login: str) -> Heard:
    reason = _not_a_persons(payload, own_login)
    whole, repository = mapping(payload.get("issue")), _repository(payload)
    reason = reason or why_no_issue(whole, repository)
    if reason:
        return LeftAlone(why=reason)
    target = f"{repository}#{whole['number']}"
    comment = read_comment(mapping(payload.get("comment")))
    action = plain(payload.get("action"))
    if comment.body.startswith(MARKER) or same_login(comment.author, own_login):
        return _on_ours(action, target)
    before = plain(mapping(mapping(mapping(payload.get("changes")).get("body"))).get("from"))
    commands = () if action == "deleted" or comment.bot else read_commands(comment.body, before)
    by_reporter = same_login(comment.author, login_of(whole.get("user")))
    if commands:
        return Commanded(target=target, comment=comment, commands=commands, by_reporter=by_reporter)
    if by_reporter:
        return Touched(target=target, why=f"a comment by the reporter was {shown(action)}")
    return LeftAlone(why="a comment that is not the reporter's and holds no command")


def _on_ours(action: str, target: str) -> Heard:
    """A person edited or deleted our comment: a deletion is final, an edit is written over by the next reply."""
    if action == "deleted":
        return Touched(target=target, why="our comment was deleted")
    return LeftAlone(why="it is our own comment")


def _read_installation(payload: Mapping[str, Any], _own_login: str) -> Heard:
    """Nothing is kept of installations: the API tells at every call where we are."""
    account = login_of(mapping(payload.get("installation")).get("account"))
    return LeftAlone(why=f"the installation at {shown(account)} is {shown(plain(payload.get('action')))}")


def _read_ping(_payload: Mapping[str, Any], _own_login: str) -> Heard:
    return LeftAlone(why="it is a ping")


_READERS: dict[str, Callable[[Mapping[str, Any], str], Heard]] = {
    "issues": _read_issues,
    "issue_comment": _read_comments,
    _INSTALLED: _read_installation,
    f"{_INSTALLED}_repositories": _read_installation,
    "ping": _read_ping,
}


def _not_a_persons(payload: Mapping[str, Any], own_login: str) -> str:
    """Return why an event is nobody's doing but a program's, "" when a person caused it."""
    sender = login_of(payload.get("sender"))
    if is_bot(payload.get("sender")):
        return f"the event was caused by the bot {shown(sender)}"
    return "we caused the event ourselves" if own_login and same_login(sender, own_login) else ""


def _repository(payload: Mapping[str, Any]) -> str:
    return plain(mapping(payload.get("repository")).get("full_name"))
