"""Which labels a repository has, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from github.Requester import Requester

from triagebot.github.calls import ask

_PAGE = 100


def missing_from(requester: Requester, repository: str, wanted: Iterable[str]) -> list[str]:
    """Return those of some labels that a repository does not have; to be used inside `said`.

    One page of labels is enough for most repositories; what is not on it is asked for by name.
    """
    path = f"/repos/{repository}/labels"
    page = requester.requestJsonAndCheck("GET", path, parameters={"per_page": _PAGE})[1]
    there = {str(label["name"]).casefold() for label in page}
    unseen = [name for name in wanted if name.casefold() not in there]
    if len(page) < _PAGE:
        return unseen
    return [name for name in unseen if not ask(requester, f"{path}/{quote(name, safe='')}").content]
