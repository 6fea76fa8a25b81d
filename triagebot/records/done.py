"""What is said and done: born in compose and plan, kept by the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# --- born in compose and plan -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the place of the reply can show: its length limit in characters, whether it folds, and takes commands.

    `bare`: the place shows the reasons and how to object by itself (buttons, a footer), so the text leaves them out.
    """

    name: str
    limit: int
    folds: bool
    commands: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What our comment said so far, by ids of entries and fields; it stands hidden in the comment itself.

    `met` was asked for and has been supplied, `gone` was an answer and is none any more, `wrong` was withdrawn at a
    person's word.  `text`: the digest of the report as it read when that was asked which is asked for now.
    """

    answers: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The words for the reporter; an empty `text` means silence, or `withdrawn` where something was said before.

    `request` asks for what was never asked before, in a comment of its own: an edited comment notifies nobody.
    `settled` takes its place when nothing of it is missing any more.
    """

    language: str
    text: str
    withdrawn: str = ""
    request: str = ""
    settled: str = ""


class Kind(StrEnum):
    """What can be done outside."""

    COMMENT = "comment"  # create the living comment, or edit it when it exists
    NOTE = "note"  # write a comment of its own, once
    EDIT = "edit"  # write another text into one of our notes
    LABEL = "label"
    UNLABEL = "unlabel"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do outside the house; `key` makes doing it twice harmless; `comment` is the note that is edited."""

    kind: Kind
    target: str
    value: str
    key: str
    comment: str = ""


# --- read and kept by the service -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An action that was done, and what the other side called the result (a comment's id)."""

    action: Action
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A comment of ours beside the living one, as it stands: what it is called there, its text, and since when."""

    comment: str
    text: str
    written_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of a report: the reply as it stands, our labels, and those a person removed.

    `comment` is what the other side calls the reply; `uncertain`: a reply may have been written, nobody knows;
    `dismissed`: a person deleted the reply.  `notes` are comments of ours beside it, by their keys.
    """

    reply: str = ""
    own_labels: frozenset[str] = frozenset()
    removed_labels: frozenset[str] = frozenset()
    comment: str = ""
    uncertain: bool = False
    dismissed: bool = False
    notes: Mapping[str, Note] = field(default_factory=dict)
