"""Every frozen record that walks the house, in order of birth.  Imports nothing of ours.

Lines are numbered as a reader of the report counts them: 1 is the first line of the body, 0 is the title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Words = Mapping[str, str]
"""A text by language code; the key "" holds a text that has only one language."""

# --- born at a door ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a person wrote, whichever door it came through.  `id` is `owner/repo#number` on GitHub."""

    id: str
    title: str
    body: str
    origin: str = "terminal"
    author: str = ""
    labels: frozenset[str] = frozenset()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A report, or an event about one, that the bot does not touch, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRemoved:
    """A person took a label off a report."""

    target: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event as it was delivered: `payload` is the JSON text as received, `key` the report it is about."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the clean view, and where it stands in the original (`start`, `end`: character offsets)."""

    text: str
    number: int
    start: int
    end: int
    block: Block
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed part of the report: the lines below a heading up to the next one."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The report as a reader sees it: clean lines, each with its place in the original."""

    report: Report
    language: str
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]


# --- born in extract --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One error as the machine said it; `partial` when its end was cut off."""

    family: str
    type: str
    message: str
    masked: str
    fingerprint: str
    line: int
    partial: bool = False
    frames: tuple[str, ...] = ()


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


# --- the knowledge, given once ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A claim about one fact: `sign` is known, ==, !=, <, <=, >, >= or in; a value may name another fact."""

    fact: str
    sign: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition over the environment: one comparison, or parts joined by all, any or not."""

    text: str
    comparison: Comparison | None = None
    join: str = ""
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What an entry's cause prints: a literal fragment or a linear-time regex, perhaps of one family or type."""

    text: str
    regex: bool = False
    family: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One fix, for the environments in which `when` holds (None: every environment)."""

    text: Words
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer of the FAQ."""

    id: str
    title: Words
    fix: tuple[Variant, ...]
    topic: str = ""
    signatures: tuple[Pattern, ...] = ()
    unless: tuple[Pattern, ...] = ()
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one kind of error line looks.  The named groups `type` and `message` of `pattern` fill the signature."""

    id: str
    family: str
    pattern: str
    type: str = ""
    envelope: bool = False
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An environment that cannot work: when it holds, what it says, and which entries it speaks for."""

    id: str
    when: Condition
    says: Words
    entries: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact a maintainer needs: the names it goes by, how a reporter gets it, and which facts do as well."""

    id: str
    title: Words
    how: Words
    names: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    met_by: tuple[str, ...] = ()
    required_for: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a report must hold, and the words of the issue template that nobody wrote."""

    fields: tuple[Field, ...] = ()
    boilerplate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Ways to say one thing, in any language, for matching questions; `asking` words say little of the subject."""

    id: str
    words: tuple[str, ...]
    asking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything maintainers wrote down for the bot."""

    project: str
    entries: tuple[Entry, ...]
    forms: tuple[Form, ...] = ()
    rules: tuple[Rule, ...] = ()
    template: Template = Template()
    terms: tuple[Term, ...] = ()
    replies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    digest: str = ""


# --- born in match and diagnose ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One matcher's claim that a line of the report speaks for an entry; `score` is 0 to 1."""

    entry: str
    matcher: str
    score: float
    quote: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that holds over the reporter's environment, and the facts it rests on."""

    rule: Rule
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """How likely an entry is the answer (`probability` 0 to 1), and all that speaks for it, strongest first."""

    entry: Entry
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A case with its ranked diagnoses and what its environment shows."""

    case: Case
    diagnoses: tuple[Diagnosis, ...]
    findings: tuple[Finding, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A repository's taste: the probability from which the bot acts or suggests, and what it may say."""

    act_from: float = 0.8
    suggest_from: float = 0.4
    most_suggestions: int = 3
    needs_info_label: str = "needs-info"
    languages: tuple[str, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A diagnosis that is said, and the fixes whose condition holds or may hold."""

    diagnosis: Diagnosis
    level: Level
    fixes: tuple[Variant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A fact that is asked for: `why` is a key of the replies, `entry` whose answer needs it."""

    field: Field
    why: str
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label to put on the issue, and who says so: an entry, a rule, or a learned model."""

    name: str
    source: str
    probability: float
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided, with the whole chain that led to it; `reasons` are plain English for maintainers."""

    assessment: Assessment
    outcome: Outcome
    answers: tuple[Answer, ...]
    missing: tuple[Missing, ...]
    labels: tuple[Label, ...]
    reasons: tuple[str, ...]


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
