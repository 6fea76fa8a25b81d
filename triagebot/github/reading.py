"""GitHub's JSON of issues, comments and accounts becomes records (pure, never raises)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from triagebot.records import Comment, LeftAlone, Report

# Names as GitHub allows them; anything else never becomes part of an address.
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_HIGHEST_NUMBER = 2**53
_NOTED = frozenset({"labeled", "unlabeled", "comment_deleted"})


def read_issue(issue: object, repository: str) -> Report | LeftAlone:
    """Return the report that an issue (the JSON of REST and webhooks) is, or why it is left alone."""
    whole = mapping(issue)
    if reason := why_no_issue(whole, repository):
        return LeftAlone(why=reason)
    report = _report(whole, repository)
    if whole.get("locked") is True:
        return LeftAlone(why="the conversation is locked", report=report, mute=True)
    if whole.get("state") == "closed":
        return LeftAlone(why="the issue is closed", report=report, by=login_of(whole.get("closed_by")))
    return report


def _report(whole: Mapping[str, Any], repository: str) -> Report:
    return Report(
        id=f"{repository}#{whole['number']}",
        title=plain(whole.get("title")),
        body=plain(whole.get("body")),
        origin="github",
        author=login_of(whole.get("user")),
        labels=_label_names(whole.get("labels")),
        url=plain(whole.get("html_url")),
        association=plain(whole.get("author_association")),
    )


def read_comment(comment: object, own_login: str = "") -> Comment:
    """Return a comment from its JSON; whatever is missing is empty; `own_login` is the account the bot writes with."""
    whole = mapping(comment)
    reactions = mapping(whole.get("reactions"))
    return Comment(
        id=str(count(whole.get("id"))),
        author=login_of(whole.get("user")),
        body=plain(whole.get("body")).replace("\r\n", "\n"),
        association=plain(whole.get("author_association")),
        bot=is_bot(whole.get("user")),
        ours=bool(own_login) and same_login(login_of(whole.get("user")), own_login),
        written_at=_seconds(plain(whole.get("created_at"))),
        likes=count(reactions.get("+1")),
        dislikes=count(reactions.get("-1")),
    )


class LabelEvent(NamedTuple):
    """Who put which label on or off; `what` is labeled, unlabeled or comment_deleted."""

    what: str
    label: str
    who: str
    bot: bool


def read_label_event(event: object) -> LabelEvent | None:
    """Return an event of an issue from its JSON; None where it is none about labels or deleted comments."""
    whole = mapping(event)
    what, actor = plain(whole.get("event")), whole.get("actor")
    label = plain(mapping(whole.get("label")).get("name"))
    return LabelEvent(what, label, login_of(actor), is_bot(actor)) if what in _NOTED else None


def why_no_issue(issue: Mapping[str, Any], repository: str) -> str:
    """Return why this is no issue of a person, whatever its state; "" when it is one."""
    number = issue.get("number")
    if not _REPOSITORY.fullmatch(repository) or {".", ".."} & set(repository.split("/")):
        return "the event names no repository"
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _HIGHEST_NUMBER:
        return "the event holds no issue"
    if issue.get("pull_request") is not None:
        return "it is a pull request"
    return f"it was written by the bot {shown(login_of(issue.get('user')))}" if is_bot(issue.get("user")) else ""


def same_login(one: str, other: str) -> bool:
    """Tell whether two logins are one account: GitHub does not tell capitals from small letters."""
    return one.casefold() == other.casefold()


def is_bot(user: object) -> bool:
    """Tell whether an account belongs to a program."""
    return mapping(user).get("type") == "Bot" or login_of(user).endswith("[bot]")


def login_of(user: object) -> str:
    """Return an account's login; "" where there is no account."""
    return plain(mapping(user).get("login"))


def mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def plain(value: object) -> str:
    """Return a text that every store and encoder can take: JSON may hold half of a surrogate pair."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def count(value: object) -> int:
    """Return a number that counts or names something; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _HIGHEST_NUMBER else 0


def shown(text: str) -> str:
    """Return a stranger's word short and on one line, for a reason that is logged and sent back."""
    return ascii(text[:60])


def _label_names(labels: object) -> frozenset[str]:
    """Labels are mappings with a name; very old answers hold plain names."""
    listed = labels if isinstance(labels, list) else []
    names = (plain(label) or plain(mapping(label).get("name")) for label in listed)
    return frozenset(name for name in names if name)


def _seconds(moment: str) -> float:
    """Return a moment (ISO 8601) as seconds since 1970; 0 where it is none."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
