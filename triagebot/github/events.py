"""What a webhook event says: a report, a label that a person removed, or why it is left alone (pure, never raises)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from triagebot.records import LabelRemoved, LeftAlone, Report

Heard = Report | LabelRemoved | LeftAlone

# Names as GitHub allows them; anything else never becomes part of an address.
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_TRIAGED = frozenset({"opened", "edited", "reopened"})
_HIGHEST_NUMBER = 2**53


def read_event(event: str, payload: object, own_login: str = "") -> Heard:
    """Return what an event asks of us; `own_login` is the account the bot writes with ("" when not known)."""
    read = _READERS.get(event)
    if read is None:
        return LeftAlone(why=f"events of kind {_shown(event)} are not for triage")
    return read(_mapping(payload), own_login)


def read_issue(issue: object, repository: str) -> Report | LeftAlone:
    """Return the report that an issue (the JSON of REST and webhooks) is, or why it is left alone."""
    whole = _mapping(issue)
    reason = _why_not(whole, repository)
    if reason:
        return LeftAlone(why=reason)
    return Report(
        id=f"{repository}#{whole['number']}",
        title=_text(whole.get("title")),
        body=_text(whole.get("body")),
        origin="github",
        author=_login(whole.get("user")),
        labels=_label_names(whole.get("labels")),
        url=_text(whole.get("html_url")),
    )


def same_login(one: str, other: str) -> bool:
    """Tell whether two logins are one account: GitHub does not tell capitals from small letters."""
    return one.casefold() == other.casefold()


def _read_issues(payload: Mapping[str, Any], own_login: str) -> Heard:
    sender = _login(payload.get("sender"))
    if _is_bot(payload.get("sender")):
        return LeftAlone(why=f"the event was caused by the bot {_shown(sender)}")
    if own_login and same_login(sender, own_login):
        return LeftAlone(why="we caused the event ourselves")
    if _mapping(payload.get("changes")).get("old_issue"):
        return LeftAlone(why="the issue was moved here from another repository")
    report = read_issue(payload.get("issue"), _text(_mapping(payload.get("repository")).get("full_name")))
    return report if isinstance(report, LeftAlone) else _acted_on(payload, report)


def _acted_on(payload: Mapping[str, Any], report: Report) -> Heard:
    action = _text(payload.get("action"))
    if action in _TRIAGED:
        return report
    if action == "unlabeled":
        name = _text(_mapping(payload.get("label")).get("name"))
        return LabelRemoved(target=report.id, label=name) if name else LeftAlone(why="the removed label has no name")
    return LeftAlone(why=f"an issue that is {_shown(action)} needs no triage")


_READERS: dict[str, Callable[[Mapping[str, Any], str], Heard]] = {"issues": _read_issues}


def _why_not(issue: Mapping[str, Any], repository: str) -> str:
    number = issue.get("number")
    if not _REPOSITORY.fullmatch(repository):
        return "the event names no repository"
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _HIGHEST_NUMBER:
        return "the event holds no issue"
    if issue.get("pull_request") is not None:
        return "it is a pull request"
    if _is_bot(issue.get("user")):
        return f"it was written by the bot {_shown(_login(issue.get('user')))}"
    return _why_not_now(issue)


def _why_not_now(issue: Mapping[str, Any]) -> str:
    if issue.get("state") == "closed":
        return "the issue is closed"
    return "the conversation is locked" if issue.get("locked") is True else ""


def _is_bot(user: object) -> bool:
    account = _mapping(user)
    return account.get("type") == "Bot" or _login(account).endswith("[bot]")


def _login(user: object) -> str:
    return _text(_mapping(user).get("login"))


def _label_names(labels: object) -> frozenset[str]:
    """Labels are mappings with a name; very old answers hold plain names."""
    listed = labels if isinstance(labels, list) else []
    names = (_text(label) or _text(_mapping(label).get("name")) for label in listed)
    return frozenset(name for name in names if name)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    """Return a text that every store and encoder can take: JSON may hold half of a surrogate pair."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _shown(text: str) -> str:
    """Return a stranger's word short and on one line, for a reason that is logged and sent back."""
    return ascii(text[:60])
