"""The shape of every file of the knowledge folder; the JSON Schemas for editors are made from these."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag
from pydantic_core import PydanticCustomError

from triagebot.conditions import parse_condition
from triagebot.regexes import can_be_read, compile_regex

ID = "^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGE = "^[a-z]{2,3}(-([A-Z]{2}|[A-Z][a-z]{3}))?$"
LINK = r"^https?://[^\s<>/][^\s<>]*$"
ONE_LINE = r"^[^\r\n]*$"

TOLD = "told"
"""The type of a validation error that brings its own words, as `what` and `remedy` of its context."""

# Any of these may stand in a report; what matches them all says nothing about it.
_SINGLES = ("a", "0", "-", "中")
_GROUPS = frozenset({"type", "message", "file"})
# Two letters that must stand, whatever follows: such a regex matches no single character, and it is no large one.  A
# large FAQ has many of them, which need not be compiled to be judged.
_BEGINS_WITH_LETTERS = re.compile(r"[A-Za-z]{2}(?![*?{])(?:[^|\\]|\\[^pP]){0,300}\Z")


def _told(what: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(TOLD, "{what}. {remedy}", {"what": what, "remedy": remedy})


def _readable(text: str) -> str:
    """Refuse a condition that cannot be read."""
    try:
        parse_condition(text)
    except ValueError as error:
        reason = str(error)
        raise _told(f"the condition `{text}` cannot be read", f"{reason[:1].upper()}{reason[1:]}.") from None
    return text


def _telling(text: str) -> str:
    """Refuse a regex that RE2 does, and one that matches whatever a report says."""
    if _BEGINS_WITH_LETTERS.match(text) and can_be_read(text):
        return text
    regex = _compiled(text)
    if any(found is not None and not found.group(0) for found in map(regex.search, ("", *_SINGLES))):
        raise _told("the regex matches everything, even nothing", "Make some part of it required.")
    if all(map(regex.search, _SINGLES)):
        raise _told("the regex matches every text", "Write what only this error says.")
    return text


def _telling_form(text: str) -> str:
    """Refuse the pattern of a form like any regex, and groups that nobody reads."""
    _telling(text)
    for name in _compiled(text).groupindex:
        if name not in _GROUPS:
            raise _told(f"nobody reads the group `{name}`", "The groups of a form are `type`, `message` and `file`.")
    return text


def _compiled(text: str) -> Any:
    try:
        return compile_regex(text)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        remedy = "Regexes are linear-time (RE2): no look-around, no back-references, repetitions up to 1000."
        raise _told(f"the regex does not compile ({reason})", remedy) from None


def _form_of(value: Any) -> str:
    """Return which alternative of a union a value is meant to be; the marks can be no keys of a file."""
    return "<mapping>" if isinstance(value, dict) else "<list>" if isinstance(value, list) else "<text>"


def _plain_or_mapping(value: Any) -> str:
    return "<mapping>" if isinstance(value, dict) else "<text>"


def _list_or_mapping(value: Any) -> str:
    return "<mapping>" if isinstance(value, dict) else "<list>"


Id = Annotated[str, StringConstraints(pattern=ID, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=ONE_LINE)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=ONE_LINE)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
Link = Annotated[str, StringConstraints(pattern=LINK, max_length=2_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=ONE_LINE)]
When = Annotated[Text, AfterValidator(_readable)]
_Pattern = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Regex = Annotated[_Pattern, AfterValidator(_telling)]
FormRegex = Annotated[_Pattern, AfterValidator(_telling_form)]
_ByLanguage = Annotated[dict[Language, Text], Field(min_length=1), Tag("<mapping>")]
_LineByLanguage = Annotated[dict[Language, Line], Field(min_length=1), Tag("<mapping>")]
_ListByLanguage = Annotated[dict[Language, list[Line]], Field(min_length=1), Tag("<mapping>")]
Words = Annotated[Annotated[Text, Tag("<text>")] | _ByLanguage, Discriminator(_plain_or_mapping)]
Title = Annotated[Annotated[Line, Tag("<text>")] | _LineByLanguage, Discriminator(_plain_or_mapping)]
Questions = Annotated[Annotated[list[Line], Tag("<list>")] | _ListByLanguage, Discriminator(_list_or_mapping)]


class Shape(BaseModel):
    """Unknown keys are errors: a typo must not silently switch something off."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Neither words nor a regex: a type of error says enough by itself.
_ANY: dict[str, Any] = {"required": ["type"], "not": {"anyOf": [{"required": ["text"]}, {"required": ["regex"]}]}}


class Pattern(Shape):
    """A literal (`text`) or a linear-time `regex`, perhaps only for one family and type; or any error of that type."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["regex"]}, _ANY]})
    text: Text = ""
    regex: Regex = ""
    family: Name = ""
    type: Name = ""


Signature = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[Pattern, Tag("<mapping>")], Discriminator(_plain_or_mapping)
]


def _close_variant(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {LANGUAGE: schema["additionalProperties"]}
    schema["additionalProperties"] = False
    schema["minProperties"] = 1


class Variant(BaseModel):
    """A fix for the environments in which `when` holds: `text`, or one key a language."""

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra=_close_variant)
    __pydantic_extra__: dict[str, Text]
    when: When = ""
    text: Text = ""


_Variants = list[
    Annotated[Annotated[Text, Tag("<text>")] | Annotated[Variant, Tag("<mapping>")], Discriminator(_plain_or_mapping)]
]
Fix = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[_Variants, Field(min_length=1), Tag("<list>")] | _ByLanguage,
    Discriminator(_form_of),
]


class Entry(Shape):
    """One answer of the FAQ."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["signatures"]}, {"required": ["questions"]}]})
    id: Id
    topic: Id = ""
    title: Title
    recognise: Words = Field(default_factory=dict)
    signatures: list[Signature] = Field(default_factory=list)
    unless: list[Signature] = Field(default_factory=list)
    questions: Questions = Field(default_factory=list)
    fix: Fix
    labels: list[Label] = Field(default_factory=list)
    needs: list[Id] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)


class Faq(Shape):
    """The shape of faq.yaml."""

    project: Name = ""
    entries: list[Entry] = Field(min_length=1)


class Rule(Shape):
    """An environment that cannot work."""

    id: Id
    when: When
    says: Words
    entries: list[Id] = Field(default_factory=list)
    against: list[Id] = Field(default_factory=list)
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)


class Rules(Shape):
    """The shape of rules.yaml."""

    rules: list[Rule]


class TemplateField(Shape):
    """A fact that maintainers ask for."""

    id: Id
    title: Title
    how: Words
    names: list[Name] = Field(default_factory=list)
    packages: list[Name] = Field(default_factory=list)
    met_by: list[Id] = Field(default_factory=list)
    required_for: list[Id] = Field(default_factory=list)


class Template(Shape):
    """The shape of template.yaml."""

    collect: Words = Field(default_factory=dict)
    fields: list[TemplateField] = Field(default_factory=list)
    boilerplate: list[Text] = Field(default_factory=list)


class Form(Shape):
    """How one kind of error line looks."""

    id: Id
    family: Name
    type: Name = ""
    pattern: FormRegex
    envelope: bool = False
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)


class Forms(Shape):
    """The shape of forms.yaml."""

    forms: list[Form]


class Term(Shape):
    """Ways to say one thing, in any language."""

    id: Id
    words: list[Name] = Field(min_length=1)
    asking: bool = False


class Terms(Shape):
    """The shape of terms.yaml."""

    terms: list[Term]


class Fusion(Shape):
    """The shape of fusion.yaml, which `triagebot train fusion` writes."""

    cases: int = Field(ge=0)
    calibration_error: float = Field(ge=0, le=1)
    weights: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]+$")], float]


class LabelRule(Shape):
    """When a report gets a label: everything that is given must hold."""

    id: Id
    label: Label
    level: Literal["act", "suggest"] = "act"
    when: When = ""
    title: list[Name] = Field(default_factory=list)
    path: list[Name] = Field(default_factory=list)
    frame: list[Name] = Field(default_factory=list)
    field: Line = ""
    answers: list[Line] = Field(default_factory=list)
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)


class Labels(Shape):
    """The shape of labels.yaml."""

    allow: list[Label] | None = None
    never: list[Label] = Field(default_factory=list)
    names: dict[Label, Label] = Field(default_factory=dict)
    rules: list[LabelRule] = Field(default_factory=list)


SHAPES: dict[str, type[BaseModel]] = {
    "faq": Faq,
    "rules": Rules,
    "template": Template,
    "forms": Forms,
    "terms": Terms,
    "fusion": Fusion,
    "labels": Labels,
}
LISTS: dict[str, type[BaseModel]] = {
    "entries": Entry,
    "rules": Rule,
    "fields": TemplateField,
    "forms": Form,
    "terms": Term,
    "signatures": Pattern,
    "unless": Pattern,
}
"""The shape of the records in each list, by the list's key."""


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema (draft 2020-12) of each kind of file, by kind; replies are a plain mapping."""
    made = {kind: shape.model_json_schema() for kind, shape in SHAPES.items()}
    phrases = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
    made["replies"] = {"title": "Replies", "type": "object", "patternProperties": {LANGUAGE: phrases}}
    for schema in made.values():
        _close(schema)
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return made


def _close(schema: Any) -> None:
    """Let mappings by language hold nothing but languages."""
    if isinstance(schema, list):
        for part in schema:
            _close(part)
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema["additionalProperties"] = False
        for part in schema.values():
            _close(part)


def is_language(key: str) -> bool:
    """Say whether a key reads as a language's code."""
    return re.match(LANGUAGE, key) is not None
