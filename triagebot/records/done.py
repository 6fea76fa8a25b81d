"""What is said and done: born in compose and plan, kept by the service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# --- born in compose and plan -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the place of the reply can show: its length limit in characters, and whether it folds."""

    name: str
    limit: int
    folds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The words for the reporter; an empty `text` means silence, or `withdrawn` where something was said before."""

    language: str
    text: str
    withdrawn: str = ""


class Kind(StrEnum):
    """What can be done outside."""

    COMMENT = "comment"  # create the living comment, or edit it when it exists
    LABEL = "label"
    UNLABEL = "unlabel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do outside the house; `key` makes doing it twice harmless."""

    kind: Kind
    target: str
    value: str
    key: str


# --- read and kept by the service -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An action that was done, and what the other side called the result (a comment's id)."""

    action: Action
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of a report: the reply as it stands, our labels, and those a person removed.

    `comment` is what the other side calls the reply; `uncertain`: a reply may have been written, nobody knows;
    `dismissed`: a person deleted the reply.
    """

    reply: str = ""
    own_labels: frozenset[str] = frozenset()
    removed_labels: frozenset[str] = frozenset()
    comment: str = ""
    uncertain: bool = False
    dismissed: bool = False
