"""What is read out of a report, before anything is judged: born at a door, in parse and in extract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from triagebot.records.given import IssueTemplate, Prompt

# --- born at a door ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a person wrote, whichever door it came through.  `id` is `owner/repo#number` on GitHub.

    `association` is what the author is to the project.  What the person added later may follow in the body; `seams` are
    the lines where each addition starts.
    """

    id: str
    title: str
    body: str
    origin: str = "terminal"
    author: str = ""
    labels: frozenset[str] = frozenset()
    url: str = ""
    association: str = ""
    seams: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What was written below a report: by whom, in which `association` to the project, and how it was liked."""

    id: str
    author: str
    body: str
    association: str = ""
    bot: bool = False
    ours: bool = False
    written_at: float = 0.0
    likes: int = 0
    dislikes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody asked the bot for: a word, and perhaps more."""

    word: str
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A comment with commands, who wrote it, and whether that is the reporter."""

    target: str
    comment: Comment
    commands: tuple[Command, ...]
    by_reporter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Something happened to a report that may change what is to be said of it; `edited`: by its reporter's edit."""

    target: str
    why: str
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A report is over: closed, deleted or moved away."""

    target: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A report, or an event about one, that the bot does not touch, and why.

    `report`: how it reads, where only its state forbids to touch it; `by` is who closed it; `mute`: not even an answer
    to a command can be written there.
    """

    why: str
    report: Report | None = None
    by: str = ""
    mute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRemoved:
    """A person took a label off a report."""

    target: str
    label: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPut:
    """A person put a label on a report."""

    target: str
    label: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event as it was delivered: `key` is the report it is about, `payload` the JSON that is needed to hear it."""

    guid: str
    event: str
    key: str
    payload: str


# --- born in parse ----------------------------------------------------------------------------------------------


class Block(StrEnum):
    """What part of a report a line belongs to."""

    TITLE = "title"
    HEADING = "heading"
    PROSE = "prose"
    CODE = "code"
    TEMPLATE = "template"  # words of the issue template that the reporter did not write
    COMMENT = "comment"  # inside an HTML comment: invisible to readers


class Line(NamedTuple):
    """One line of the clean view, and where it stands in the original (`start`, `end`: character offsets).

    `marks` name the prefixes that were taken off: `rank0`, `web-1`, `#12`, `E` of pytest, `|` of a tree.  A tuple,
    because a long log has tens of thousands of lines, and a tuple is made in a fourth of the time.
    """

    text: str
    number: int
    start: int
    end: int
    block: Block
    quoted: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed part of the report: the lines below a heading up to the next one."""

    heading: str
    lines: tuple[Line, ...]


class State(StrEnum):
    """What became of a prompt in a report, the best first: of a template that stands twice the better one counts."""

    ANSWERED = "answered"
    HIDDEN = "hidden"  # the answer stands inside the template's HTML comment
    NOTHING = "nothing"  # `N/A` and the like
    UNTICKED = "unticked"  # a required box has no tick
    UNTOUCHED = "untouched"  # the template's own words, unchanged
    EMPTY = "empty"  # nothing, an empty fence, `_No response_`, the `None` of a dropdown
    GONE = "gone"  # the reporter took the heading away


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a report says to one prompt: `text` as it was written, `line` of its heading (0: there is none).

    Of checkboxes, `ticked` and `unticked` are the words behind the boxes.
    """

    prompt: Prompt
    state: State
    text: str = ""
    line: int = 0
    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The issue template that fits a report best, and the response to each prompt, in order.

    `followed`: its headings stand in the report; otherwise it is only the one that a report like this should follow.
    """

    template: IssueTemplate
    responses: tuple[Response, ...]
    followed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The report as a reader sees it: clean lines, each with its place in the original."""

    report: Report
    language: str
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    filled: Filled | None = None


# --- born in extract --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One error as the machine said it; `partial` when its end was cut off.

    `details` is what the message tells beside its words: symbol, demangled, owner, library, symbol-version, versions.
    """

    family: str
    type: str
    message: str
    masked: str
    fingerprint: str
    line: int
    partial: bool = False
    frames: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing the report says of the reporter's environment; `version` is "" where the value has none."""

    name: str
    value: str
    version: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that was read out of a report, signatures ranked; nothing is judged yet."""

    document: Document
    signatures: tuple[Signature, ...]
    environment: tuple[Fact, ...]
