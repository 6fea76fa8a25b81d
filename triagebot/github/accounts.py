"""Whom the bot is at GitHub: an account's token, or an App with a token for every installation."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github, GithubIntegration
from github.Requester import Requester

from triagebot.github.calls import Call, RefusalError, said

_TIMEOUT_SECONDS = 10
_PER_PAGE = 100
_FORBIDDEN = 403
# The least that the bot can do its work with; an App that was given more does not get more into its tokens.
PERMISSIONS = {"issues": "write", "contents": "read", "metadata": "read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the API is, and how many seconds lie between two writes."""

    api_url: str
    pause: float

    def options(self) -> dict[str, Any]:
        """Return how PyGithub is to call: its own retries would post twice and sleep in our thread."""
        return {
            "base_url": self.api_url,
            "timeout": _TIMEOUT_SECONDS,
            "per_page": _PER_PAGE,
            "user_agent": "triagebot",
            "retry": None,
            "seconds_between_requests": None,
            "seconds_between_writes": self.pause or None,
            "lazy": True,
        }


class Account(Protocol):
    """Whoever may call the API; every method raises RemoteError."""

    def of(self, repository: str) -> Github:
        """Return the way to a repository (`owner/name`)."""
        ...

    def login(self) -> str:
        """Return the login that what we write stands under; asked once."""
        ...

    def renew(self) -> None:
        """Forget what was given to us: it is not accepted any more."""
        ...


class TokenAccount:
    """An account of GitHub by a personal token, or a workflow's token."""

    def __init__(self, address: Address, token: str, otherwise: str = "") -> None:
        self._github = Github(auth=Auth.Token(token), **address.options())
        self._otherwise = otherwise
        self._login = ""

    def of(self, repository: str) -> Github:
        """Return the way to any repository: the token decides what it may see."""
        del repository
        return self._github

    def login(self) -> str:
        """Return the account's login; a workflow's token may not ask for it, then it is the one named `otherwise`."""
        if not self._login:
            try:
                with said(Call(what="reading the token's account")):
                    self._login = self._github.get_user().login
            except RefusalError as refused:
                if refused.status != _FORBIDDEN or not self._otherwise:
                    raise
                self._login = self._otherwise
        return self._login

    def renew(self) -> None:
        """Do nothing: a token is what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An App's id and its private key (PEM)."""

    app_id: str
    pem: str = field(repr=False)


class AppAccount:
    """A GitHub App: where it is installed is asked once a repository, tokens last an hour and renew themselves.

    Raises ValueError when the key is none.
    """

    def __init__(self, address: Address, key: Key) -> None:
        load_pem_private_key(key.pem.encode(), None)
        self._app = GithubIntegration(auth=Auth.AppAuth(key.app_id, key.pem), **address.options())
        self._installations: dict[str, int] = {}
        self._githubs: dict[int, Github] = {}
        self._login = ""
        self._lock = Lock()

    def of(self, repository: str) -> Github:
        """Return the way to a repository through the App's installation there."""
        with self._lock:
            number = self._installations.get(repository) or self._find(repository)
            if number not in self._githubs:
                self._githubs[number] = self._app.get_github_for_installation(number, PERMISSIONS)
            return self._githubs[number]

    def login(self) -> str:
        """Return the login of the App's bot: its name in addresses, and `[bot]`."""
        if not self._login:
            self._login = f"{self.describe()['slug']}[bot]"
        return self._login

    def renew(self) -> None:
        """Forget installations and their tokens: the App may have been installed anew."""
        with self._lock:
            self._installations.clear()
            self._githubs.clear()

    def requester(self) -> Requester:
        """Return the way to what belongs to the App itself."""
        return self._app.requester

    def describe(self) -> dict[str, Any]:
        """Return what GitHub knows of the App: slug, permissions, events."""
        with said(Call(what="reading the App")):
            answer = self._app.requester.requestJsonAndCheck("GET", "/app")[1]
            return dict(answer) | {"slug": str(answer["slug"])}

    def _find(self, repository: str) -> int:
        with said(Call(what=f"finding the App's installation at {repository}")):
            answer = self._app.requester.requestJsonAndCheck("GET", f"/repos/{repository}/installation")[1]
            self._installations[repository] = number = int(answer["id"])
            return number
