"""Calls to GitHub, and every way in which they fail said as what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import requests
from github.GithubException import BadAttributeException, GithubException
from github.Requester import Requester

from triagebot.errors import RemoteError, WriteUncertain
from triagebot.github.refusals import Call, explain, unanswered

__all__ = ["MISSING", "UNCHANGED", "Answer", "Call", "RefusalError", "ask", "pages", "request", "said"]

_NONSENSE = (
    AssertionError,
    BadAttributeException,
    AttributeError,
    ValueError,
    TypeError,
    KeyError,
    RuntimeError,
)
OK, UNCHANGED, MISSING = 200, 304, 404
_PER_PAGE = 100
# GitHub's own limit of comments on one issue is 2,500; what stands beyond is not read.
_MOST_PAGES = 30


class RefusalError(RemoteError):
    """A refusal with its HTTP status, for those who can make something of it."""

    def __init__(self, status: int, message: str, retry_after: float | None) -> None:
        super().__init__(message, retry_after)
        self.status = status


class Answer(NamedTuple):
    """What stands at an address; nothing where it is UNCHANGED since the ETag that was given, or MISSING."""

    status: int
    etag: str
    content: Any


def ask(requester: Requester, path: str, etag: str = "") -> Answer:
    """Return what stands at a path, or that nothing changed since `etag`; to be used inside `said`.

    Source: GitHub's documentation, "Best practices for using the REST API": a 304 does not count against the limit.
    """
    headers = {"If-None-Match": etag} if etag else {}
    status, answered, body = requester.requestJson("GET", path, headers=headers, follow_302_redirect=True)
    if status in {UNCHANGED, MISSING}:
        return Answer(status, etag if status == UNCHANGED else "", None)
    content = json.loads(body or "null")
    if status != OK:
        raise GithubException(status, content, answered)
    return Answer(status, answered.get("etag", ""), content)


def pages(requester: Requester, path: str, **asked: str) -> Iterator[dict[str, Any]]:
    """Yield the items of a list, of every page, with one request a page; to be used inside `said`."""
    parameters: dict[str, Any] | None = {**asked, "per_page": _PER_PAGE}
    for _ in range(_MOST_PAGES):
        headers, items = requester.requestJsonAndCheck("GET", path, parameters=parameters)
        if not isinstance(items, list):  # a redirect, or a proxy's page: no empty list, or what stands there seems gone
            raise TypeError(path)
        yield from items
        path, parameters = _next(headers.get("link", "")), None
        if not path:
            return


def request(requester: Requester, verb: str, path: str, given: dict[str, Any] | None = None) -> Any:
    """Read or write one thing (an object with an id, or a list) and return it; to be used inside `said`.

    PyGithub takes an answer that only says where to go (307) for a success: nothing was read or written then.
    """
    answer = requester.requestJsonAndCheck(verb, path, input=given)[1]
    if isinstance(answer, dict) and "id" not in answer:
        raise TypeError(path)
    return answer


def _next(link: str) -> str:
    """Return the address of the next page that a Link header names, or nothing."""
    parts = (part.partition(";") for part in link.split(","))
    return next((url.strip(" <>") for url, _, rel in parts if 'rel="next"' in rel), "")


@contextmanager
def said(call: Call) -> Iterator[None]:
    """Turn whatever PyGithub and requests raise into RemoteError, or WriteUncertain where a write may have happened."""
    try:
        yield
    except GithubException as error:
        refusal = explain(call, error.status, error.headers or {}, error.data)
        if refusal.uncertain:
            raise WriteUncertain(refusal.message, refusal.retry_after) from None
        raise RefusalError(error.status, refusal.message, refusal.retry_after) from None
    except requests.RequestException as error:
        message = unanswered(call, error)
        raise WriteUncertain(message, 0.0) if call.writes else RemoteError(message, 0.0) from None
    except _NONSENSE as error:
        # PyGithub asserts that addresses in answers belong to the API, and raises RuntimeError for redirects elsewhere;
        # all of these mean that something else answered.
        message = f"GitHub's answer to {call.what} made no sense ({type(error).__name__}). Check the API address."
        raise WriteUncertain(message, 0.0) if call.writes else RemoteError(message, 0.0) from None
