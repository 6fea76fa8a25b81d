"""What the stand-in for GitHub keeps: repositories, issues, and what is to go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next `times` requests whose `METHOD path` matches `where`."""

    where: str
    status: int = 502
    message: str = "Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False  # the request is carried out before it fails
    delay: float = 0.0  # seconds before the answer
    drop: bool = False  # no answer at all: the connection is closed
    times: int = 1


@dataclass(slots=True, kw_only=True)
class Issue:
    """An issue as it is kept."""

    number: int
    title: str
    body: str | None
    user: dict[str, Any]
    labels: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    state: str = "open"
    closed_by: str = ""
    locked: bool = False
    deleted: bool = False
    pull_request: bool = False
    association: str = "NONE"  # of the author to the project
    events: list[dict[str, Any]] = field(default_factory=list)  # who put which label on or off
    created_at: str = "2026-01-05T08:00:00Z"
    updated_at: str = "2026-01-05T08:00:00Z"
    moved_to: str = ""  # path of the issue it is now: requests are sent on to it


@dataclass(slots=True)
class Repository:
    """A repository as it is kept."""

    labels: list[str] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # text by path
    private: bool = False  # only an App that is installed here sees it
