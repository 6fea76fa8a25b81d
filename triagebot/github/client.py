"""Actions become REST calls through PyGithub: retries off, writes spaced, every failure said as what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import requests
from github import Auth, Github
from github.GithubException import BadAttributeException, GithubException
from github.Issue import Issue

from triagebot.errors import Gone, RemoteError, WriteUncertain
from triagebot.github.events import read_issue, same_login
from triagebot.github.refusals import Call, explain, unanswered
from triagebot.plan import MARKER
from triagebot.ports import Standing
from triagebot.records import Action, Kind, LeftAlone, Receipt, Report

_TIMEOUT_SECONDS = 10
_PER_PAGE = 100
_NOT_FOUND = frozenset({404, 410})
_DELETED = 410


class GitHubHands:
    """The hands on GitHub's REST API (`api_url`), with a token; `pause` is the seconds between two writes.

    One object serves one thread at a time.
    """

    def __init__(self, api_url: str, token: str, pause: float) -> None:
        # PyGithub's own retries would post a comment twice and sleep in our thread: the inbox does both better.
        self._github = Github(
            auth=Auth.Token(token),
            base_url=api_url,
            timeout=_TIMEOUT_SECONDS,
            per_page=_PER_PAGE,
            user_agent="triagebot",
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=pause or None,
            lazy=True,
        )
        self._login = ""
        self._deeds: dict[Kind, Callable[[Action, str], str]] = {
            Kind.COMMENT: self._comment,
            Kind.LABEL: self._label,
            Kind.UNLABEL: self._unlabel,
        }

    def own_login(self) -> str:
        """Return the login of the account the token belongs to; asked once."""
        if not self._login:
            with _said(Call(what="reading the token's account")):
                self._login = self._github.get_user().login
        return self._login

    def look(self, target: str) -> Report | LeftAlone:
        """Return the issue as it is now, or why it is left alone."""
        repository, _, number = target.rpartition("#")
        try:
            with _said(Call(what=f"reading {target}")):
                raw = self._issue(target).raw_data
        except _RefusalError as refused:
            if refused.status == _DELETED:
                return LeftAlone(why="the issue was deleted")
            raise
        home = str(raw.get("repository_url", ""))
        moved = home and not home.casefold().endswith(f"/repos/{repository}".casefold())
        if moved or raw.get("number") != int(number):
            return LeftAlone(why="the issue was moved to another repository")
        return read_issue(raw, repository)

    def find_reply(self, target: str) -> Standing:
        """Return our first comment whose first line is the hidden marker."""
        login = self.own_login()
        with _said(Call(what=f"reading the comments of {target}")):
            for comment in self._issue(target).get_comments():
                text = (comment.body or "").replace("\r\n", "\n")
                author = comment.user.login if comment.user else ""
                if text.startswith(MARKER) and same_login(author, login):
                    return Standing(comment=str(comment.id), text=text)
        return Standing(comment="", text="")

    def label_names(self, target: str) -> frozenset[str]:
        """Return the names of the repository's labels, of every page."""
        with _said(Call(what=f"reading the labels of {target}")):
            repository = self._github.get_repo(target.rpartition("#")[0])
            return frozenset(label.name for label in repository.get_labels())

    def do(self, action: Action, comment: str = "") -> Receipt:
        """Do an action with one write; a known `comment` is edited, else a new one is written."""
        return Receipt(action=action, result=self._deeds[action.kind](action, comment))

    def _issue(self, target: str) -> Issue:
        repository, _, number = target.rpartition("#")
        return self._github.get_repo(repository).get_issue(int(number))

    def _comment(self, action: Action, comment: str) -> str:
        if not comment:
            with _said(Call(what=f"commenting on {action.target}", writes=True)):
                return str(self._issue(action.target).create_comment(action.value).id)
        try:
            with _said(Call(what=f"editing our comment on {action.target}", writes=True)):
                self._issue(action.target).get_comment(int(comment)).edit(action.value)
        except _RefusalError as refused:
            if refused.status in _NOT_FOUND:
                raise Gone(f"Our comment on {action.target} was deleted: it is not written again.") from None
            raise
        return comment

    def _label(self, action: Action, _comment: str) -> str:
        with _said(Call(what=f"labelling {action.target}", writes=True)):
            self._issue(action.target).add_to_labels(action.value)
        return ""

    def _unlabel(self, action: Action, _comment: str) -> str:
        """Take a label off; one that is off already is as it should be."""
        repository, _, number = action.target.rpartition("#")
        # PyGithub leaves a slash in the label as it is; GitHub takes it for a part of the path.
        path = f"/repos/{repository}/issues/{number}/labels/{quote(action.value, safe='')}"
        try:
            with _said(Call(what=f"taking a label off {action.target}", writes=True)):
                self._github.requester.requestJsonAndCheck("DELETE", path)
        except _RefusalError as refused:
            if refused.status not in _NOT_FOUND:
                raise
        return ""


class _RefusalError(RemoteError):
    """A refusal with its HTTP status, for those who can make something of it."""

    def __init__(self, status: int, message: str, retry_after: float | None) -> None:
        super().__init__(message, retry_after)
        self.status = status


@contextmanager
def _said(call: Call) -> Iterator[None]:
    """Turn whatever PyGithub and requests raise into RemoteError, or WriteUncertain where a write may have happened."""
    try:
        yield
    except GithubException as error:
        refusal = explain(call, error.status, error.headers or {}, error.data)
        if refusal.uncertain:
            raise WriteUncertain(refusal.message, refusal.retry_after) from None
        raise _RefusalError(error.status, refusal.message, refusal.retry_after) from None
    except requests.RequestException as error:
        message = unanswered(call, error)
        raise WriteUncertain(message, 0.0) if call.writes else RemoteError(message, 0.0) from None
    except (AssertionError, BadAttributeException, AttributeError, ValueError, TypeError) as error:
        # PyGithub asserts that addresses in answers belong to the API; all of these mean that something else answered.
        message = f"GitHub's answer to {call.what} made no sense ({type(error).__name__}). Check the API address."
        raise WriteUncertain(message, 0.0) if call.writes else RemoteError(message, 0.0) from None
