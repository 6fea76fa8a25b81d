"""Actions become REST calls through PyGithub: retries off, writes spaced, every failure said as what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from urllib.parse import quote

from github.Requester import Requester

from triagebot.errors import Gone, RemoteError
from triagebot.github.accounts import Account
from triagebot.github.calls import Call, RefusalError, pages, request, said
from triagebot.github.labels import missing_from
from triagebot.github.reading import LabelEvent, read_comment, read_issue, read_label_event
from triagebot.records import Action, Comment, Kind, LeftAlone, Receipt, Report

_NOT_FOUND = frozenset({404, 410})
_DELETED = 410
_NOT_ACCEPTED = 401

Pace = Callable[[], AbstractContextManager[object]]


class GitHubHands:
    """The hands on GitHub's REST API, as one account.  One object serves one thread at a time.

    `pace` is entered around each write: it waits until the write may go out, or raises RemoteError.
    """

    def __init__(self, account: Account, pace: Pace = nullcontext) -> None:
        self._account = account
        self._pace = pace
        self._deeds: dict[Kind, Callable[[Action, str], str]] = {
            Kind.COMMENT: self._comment,
            Kind.NOTE: lambda action, _comment: self._comment(action, ""),
            Kind.EDIT: lambda action, _comment: self._comment(action, action.comment),
            Kind.CLOSE: lambda action, _comment: self._set_state(action, "closed"),
            Kind.REOPEN: lambda action, _comment: self._set_state(action, "open"),
            Kind.LABEL: self._label,
            Kind.UNLABEL: self._unlabel,
        }

    def own_login(self) -> str:
        """Return the login of the account that the bot writes with; asked once."""
        return self._account.login()

    def rate_left(self, target: str) -> int:
        """Return how many requests are left in GitHub's current hour, as the last answer told; -1 before the first."""
        return int(self._requester(target.rpartition("#")[0]).rate_limiting[0])

    def erase(self, target: str, comment: str) -> None:
        """Delete a comment of ours; one that is gone already is as it should be."""
        try:
            with self._said(f"deleting our second comment on {target}", writes=True):
                self._send_to_comment("DELETE", target, comment)
        except RefusalError as refused:
            if refused.status not in _NOT_FOUND:
                raise

    def look(self, target: str) -> Report | LeftAlone:
        """Return the issue as it is now, or why it is left alone."""
        repository, _, number = target.rpartition("#")
        try:
            with self._said(f"reading {target}"):
                raw = self._send("GET", target)
        except RefusalError as refused:
            if refused.status == _DELETED:
                return LeftAlone(why="the issue was deleted", mute=True)
            raise
        home = str(raw.get("repository_url", ""))
        moved = home and not home.casefold().endswith(f"/repos/{repository}".casefold())
        if moved or raw.get("number") != int(number):
            return LeftAlone(why="the issue was moved to another repository", mute=True)
        return read_issue(raw, repository)

    def comments(self, target: str) -> tuple[Comment, ...]:
        """Return everything that stands below an issue, in order, of every page."""
        login = self.own_login()
        with self._said(f"reading the comments of {target}"):
            return tuple(read_comment(comment, login) for comment in self._pages(target, "comments"))

    def missing_labels(self, target: str, labels: Iterable[str]) -> frozenset[str]:
        """Return those of some labels that the repository does not have."""
        repository = target.rpartition("#")[0]
        with self._said(f"reading the labels of {target}"):
            return frozenset(missing_from(self._requester(repository), repository, labels))

    def label_events(self, target: str) -> tuple[LabelEvent, ...]:
        """Return who put which label on or off an issue, in order; deletions of comments are told with no label."""
        with self._said(f"reading what happened to {target}"):
            return tuple(event for raw in self._pages(target, "events") if (event := read_label_event(raw)))

    def waiting(self, repository: str, label: str) -> tuple[str, ...]:
        """Return the open issues of a repository that have a label."""
        with self._said(f"reading the issues of {repository}"):
            issues = pages(self._requester(repository), f"/repos/{repository}/issues", state="open", labels=label)
            return tuple(f"{repository}#{issue['number']}" for issue in issues if not issue.get("pull_request"))

    def do(self, action: Action, comment: str = "") -> Receipt:
        """Do an action with one write; a known `comment` is edited, else a new one is written."""
        return Receipt(action=action, result=self._deeds[action.kind](action, comment))

    def react(self, target: str, comment: str, reaction: str) -> None:
        """Answer a comment with a reaction (`+1`, `confused`); one that stands already stays one."""
        try:
            with self._said(f"reacting on {target}", writes=True):
                self._send_to_comment("POST", target, f"{int(comment)}/reactions", content=reaction)
        except RefusalError as refused:
            if refused.status in _NOT_FOUND:
                raise Gone(f"The comment on {target} was deleted: it needs no answer.") from None
            raise

    def page(self, repository: str, address: str, what: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
        """Return the headers and the items of one page of a repository's list; `what` says in words what is asked."""
        with self._said(what):
            headers, items = self._requester(repository).requestJsonAndCheck("GET", address)
        if not isinstance(items, list):
            raise RemoteError(f"GitHub's answer to {what} made no sense. Check the API address.")
        return {name.lower(): str(value) for name, value in headers.items()}, items

    def _pages(self, target: str, what: str) -> Iterator[dict[str, Any]]:
        repository, _, number = target.rpartition("#")
        return pages(self._requester(repository), f"/repos/{repository}/issues/{number}/{what}")

    def _requester(self, repository: str) -> Requester:
        return self._account.of(repository).requester

    def _comment(self, action: Action, comment: str) -> str:
        if not comment:
            with self._said(f"commenting on {action.target}", writes=True):
                return str(self._send("POST", action.target, "/comments", body=action.value)["id"])
        try:
            with self._said(f"editing our comment on {action.target}", writes=True):
                self._send_to_comment("PATCH", action.target, comment, body=action.value)
        except RefusalError as refused:
            if refused.status in _NOT_FOUND:
                raise Gone(f"Our comment on {action.target} was deleted: it is not written again.") from None
            raise
        return comment

    def _set_state(self, action: Action, state: str) -> str:
        with self._said(f"setting {action.target} to {state}", writes=True):
            reason = "not_planned" if state == "closed" else "reopened"
            self._send("PATCH", action.target, state=state, state_reason=reason)
        return ""

    def _label(self, action: Action, _comment: str) -> str:
        with self._said(f"labelling {action.target}", writes=True):
            self._send("POST", action.target, "/labels", labels=[action.value])
        return ""

    def _unlabel(self, action: Action, _comment: str) -> str:
        """Take a label off; one that is off already is as it should be."""
        try:
            with self._said(f"taking a label off {action.target}", writes=True):
                self._send("DELETE", action.target, f"/labels/{quote(action.value, safe='')}")
        except RefusalError as refused:
            if refused.status not in _NOT_FOUND:
                raise
        return ""

    def _send(self, verb: str, target: str, what: str = "", **given: Any) -> Any:
        repository, _, number = target.rpartition("#")
        return request(self._requester(repository), verb, f"/repos/{repository}/issues/{number}{what}", given or None)

    def _send_to_comment(self, verb: str, target: str, which: str, **given: Any) -> Any:
        repository = target.rpartition("#")[0]
        return request(self._requester(repository), verb, f"/repos/{repository}/issues/comments/{which}", given or None)

    @contextmanager
    def _said(self, what: str, *, writes: bool = False) -> Iterator[None]:
        """Say what fails; a refused token is not used again."""
        try:
            with self._pace() if writes else nullcontext(), said(Call(what=what, writes=writes)):
                yield
        except RefusalError as refused:
            if refused.status == _NOT_ACCEPTED:
                self._account.renew()
            raise
