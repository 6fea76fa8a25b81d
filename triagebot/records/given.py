"""What maintainers wrote down for the bot: the knowledge, given once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Everything maintainers wrote down for the bot; `fusion` is learned, empty where nothing was learned yet.

    Compared by identity: what is prepared from it once can be kept beside it.
    """

    project: str
    entries: tuple[Entry, ...]
    forms: tuple[Form, ...] = ()
    rules: tuple[Rule, ...] = ()
    template: Template = Template()
    terms: tuple[Term, ...] = ()
    replies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fusion: Mapping[str, float] = field(default_factory=dict)
    digest: str = ""
