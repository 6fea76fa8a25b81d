"""What is thought of a case: born in match, diagnose and decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from triagebot.records.given import Entry, Field, Rule, Variant
from triagebot.records.read import Case, Fact

# --- born in match and diagnose ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One matcher's claim that a line of the report speaks for an entry; `score` is 0 to 1.

    `hit` is the part of the quote that the matcher found, "" where it weighs the whole.
    """

    entry: str
    matcher: str
    score: float
    quote: str
    line: int
    hit: str = ""

    @property
    def from_prose(self) -> bool:
        """Whether a matcher found it that reads sentences, and not what a program prints."""
        return self.matcher in {"question", "lexical"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that holds over the reporter's environment, and the facts it rests on."""

    rule: Rule
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """How likely an entry is the answer (`probability` 0 to 1), and all that speaks for it, strongest first.

    `features` are what the probability was made of; a project's own cases can teach what each is worth.
    """

    entry: Entry
    probability: float
    evidence: tuple[Evidence, ...]
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A case with its ranked diagnoses, what its environment shows, and labels that rules or a learned model see."""

    case: Case
    diagnoses: tuple[Diagnosis, ...]
    findings: tuple[Finding, ...]
    labels: tuple[Label, ...] = ()


# --- born in decide ---------------------------------------------------------------------------------------------


class Level(StrEnum):
    """How sure the bot is: `act` is said as the answer, `suggest` is listed as "may help"."""

    ACT = "act"
    SUGGEST = "suggest"


class Outcome(StrEnum):
    """What a report deserves."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    NEEDS_INFO = "needs-info"
    SILENT = "silent"


class Rung(StrEnum):
    """How far the bot may go: nothing, think and tell nobody, say it as a hint, or do it."""

    OFF = "off"
    OBSERVE = "observe"
    SUGGEST = "suggest"
    ACT = "act"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """Whose issues are left alone: authors by login, maintainers, and issues with one of some labels."""

    authors: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    maintainers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A repository's taste: how far the bot goes, how sure it has to be, and what it may say.

    `label_names` holds the repository's own names for labels; `knowledge` is a folder of the repository ("": the bot's
    own).  `remind_after` and `close_after` are days of silence after a request, 0 for never.  `demoted` entries are
    suggested at most, `withdrawn` ones are not said at all, a `pinned` one is the answer by a maintainer's word.
    """

    answers: Rung = Rung.ACT
    needs_info: Rung = Rung.ACT
    labels: Rung = Rung.ACT
    act_from: float = 0.8
    suggest_from: float = 0.2
    most_suggestions: int = 3
    needs_info_label: str = "needs-info"
    label_names: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "zh")
    exempt: Exempt = Exempt()
    knowledge: str = ""
    remind_after: float = 0.0
    close_after: float = 0.0
    demoted: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    pinned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A diagnosis that is said, and the fixes whose condition holds or may hold.

    `contested`: another entry claims the same line with the same right; `sign` is a line that only this one prints.
    """

    diagnosis: Diagnosis
    level: Level
    fixes: tuple[Variant, ...]
    contested: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A fact or an answer that is asked for: `why` is a key of the replies, `entry` whose answer needs it.

    `part_of` is the id of another field that brings this one along: one command tells a whole environment.  `detail`
    are words of the report or its form that the request quotes.
    """

    field: Field
    why: str
    entry: str = ""
    part_of: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label to put on the issue, who says so (entry, rule, learned), and why in the report's own words."""

    name: str
    source: str
    probability: float
    level: Level
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided, with the whole chain that led to it; `reasons` are plain English for maintainers."""

    assessment: Assessment
    outcome: Outcome
    answers: tuple[Answer, ...]
    missing: tuple[Missing, ...]
    labels: tuple[Label, ...]
    reasons: tuple[str, ...]
