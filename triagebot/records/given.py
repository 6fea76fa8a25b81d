"""What maintainers wrote down for the bot: the knowledge, given once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Words = Mapping[str, str]
"""A text by language code; the key "" holds a text that has only one language."""


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
    recognise: Words = field(default_factory=dict)
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
    """How one kind of error line looks.  The named groups `type`, `message` and `file` of `pattern` fill it."""

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
    """An environment that cannot work: when it holds, what it says, which entries it speaks for and `against`.

    Where `says` is empty, the bot's own words say it.
    """

    id: str
    when: Condition
    says: Words
    entries: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
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
    """What a report must hold, one way to get most of it, and the words of issue templates that nobody wrote."""

    collect: Words = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    boilerplate: tuple[str, ...] = ()


class Asking(StrEnum):
    """How an issue template asks: the elements of GitHub's issue forms, and the headings of Markdown templates."""

    INPUT = "input"
    TEXTAREA = "textarea"
    DROPDOWN = "dropdown"
    CHECKBOXES = "checkboxes"
    SECTION = "section"


class Subject(StrEnum):
    """What a prompt is about, as far as the bot can look for it elsewhere in a report."""

    ENVIRONMENT = "environment"
    ERROR = "error"
    DESCRIPTION = "description"
    STEPS = "steps"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box of a list of checkboxes."""

    label: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One thing an issue template asks the reporter for.

    `written` are the lines that stand there before anybody wrote a word: placeholders, examples, questions.
    """

    label: str
    asking: Asking
    id: str
    subject: Subject = Subject.OTHER
    required: bool = False
    description: str = ""
    boxes: tuple[Box, ...] = ()
    options: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTemplate:
    """One of a repository's issue templates; `prefix` begins the titles that it gives, `words` nobody wrote."""

    name: str
    prompts: tuple[Prompt, ...]
    prefix: str = ""
    labels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    for_problems: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Ways to say one thing, in any language, for matching questions; `asking` words say little of the subject."""

    id: str
    words: tuple[str, ...]
    asking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRule:
    """When a report gets a label: everything given must hold, and of several texts one.

    `when` is over the environment, `title` how the title begins, `path` a piece of a path, `frame` a piece of a
    traceback's frame, `answers` the answers to the `question` of a form.
    """

    id: str
    label: str
    level: str = "act"
    when: Condition | None = None
    title: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    question: str = ""
    answers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTaste:
    """What maintainers want: rules, the only labels allowed (None: any), those never put, and their own names."""

    rules: tuple[LabelRule, ...] = ()
    allow: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """What a learned model thinks of a label: `level` is act, suggest or silent, `reasons` what spoke for it."""

    name: str
    probability: float
    level: str
    reasons: tuple[str, ...] = ()


Labeller = Callable[[str, str, str], tuple[LabelScore, ...]]
"""Scores the labels of a report: by its repository ("" when not known), its title and its body.  Pure."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Everything maintainers wrote down for the bot; `fusion` is learned, empty where nothing was learned yet.

    Compared by identity: what is prepared from it once can be kept beside it.
    `labeller` is a learned label model, None where there is none.
    """

    project: str
    entries: tuple[Entry, ...]
    forms: tuple[Form, ...] = ()
    rules: tuple[Rule, ...] = ()
    template: Template = Template()
    issue_templates: tuple[IssueTemplate, ...] = ()
    terms: tuple[Term, ...] = ()
    replies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fusion: Mapping[str, float] = field(default_factory=dict)
    labels: LabelTaste = LabelTaste()
    digest: str = ""
    labeller: Labeller | None = None
