"""The shape of every file of the knowledge folder; the JSON Schemas for editors are made from these."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Words = Text | dict[Code, Text]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>]+$", max_length=2_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class Shape(BaseModel):
    """Unknown keys are errors: a typo must not silently switch something off."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pattern(Shape):
    """A literal (`text`) or a linear-time `regex`, perhaps only for one family and type of error."""

    text: Text | None = None
    regex: Text | None = None
    family: Text | None = None
    type: Text | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Pattern:
        if (self.text is None) == (self.regex is None):
            message = "give either `text` or `regex`"
            raise ValueError(message)
        return self


class Variant(Shape):
    """A fix for the environments in which `when` holds: `text`, or one key a language."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Text]
    when: Text | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _some_text(self) -> Variant:
        if self.text is None and not self.__pydantic_extra__:
            message = "give the fix as `text`, or by language (`en`, `zh`)"
            raise ValueError(message)
        return self


class Entry(Shape):
    """One answer of the FAQ."""

    id: Id
    topic: Id | None = None
    title: Words
    signatures: list[Text | Pattern] = Field(default_factory=list)
    unless: list[Text | Pattern] = Field(default_factory=list)
    questions: list[Text] | dict[Code, list[Text]] = Field(default_factory=list)
    fix: Text | list[Text | Variant] | dict[Code, Text]
    labels: list[Label] = Field(default_factory=list)
    needs: list[Id] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)

    @model_validator(mode="after")
    def _findable(self) -> Entry:
        if not self.signatures and not self.questions:
            message = "give `signatures` or `questions`, or the entry can never be found"
            raise ValueError(message)
        if not self.fix:
            message = "give at least one fix"
            raise ValueError(message)
        return self


class Faq(Shape):
    """The shape of faq.yaml."""

    project: Text | None = None
    entries: list[Entry] = Field(min_length=1)


class Rule(Shape):
    """An environment that cannot work."""

    id: Id
    when: Text
    says: Words
    entries: list[Id] = Field(default_factory=list)
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)


class Rules(Shape):
    """The shape of rules.yaml."""

    rules: list[Rule]


class TemplateField(Shape):
    """A fact that maintainers ask for."""

    id: Id
    title: Words
    how: Words
    names: list[Text] = Field(default_factory=list)
    packages: list[Text] = Field(default_factory=list)
    met_by: list[Id] = Field(default_factory=list)
    required_for: list[Id] = Field(default_factory=list)


class Template(Shape):
    """The shape of template.yaml."""

    fields: list[TemplateField] = Field(default_factory=list)
    boilerplate: list[Text] = Field(default_factory=list)


class Form(Shape):
    """How one kind of error line looks."""

    id: Id
    family: Text
    type: Text | None = None
    pattern: Text
    envelope: bool = False
    examples: list[Text] = Field(default_factory=list)
    counterexamples: list[Text] = Field(default_factory=list)


class Forms(Shape):
    """The shape of forms.yaml."""

    forms: list[Form]


class Term(Shape):
    """Ways to say one thing, in any language."""

    id: Id
    words: list[Text] = Field(min_length=1)
    asking: bool = False


class Terms(Shape):
    """The shape of terms.yaml."""

    terms: list[Term]


SHAPES: dict[str, type[Shape]] = {"faq": Faq, "rules": Rules, "template": Template, "forms": Forms, "terms": Terms}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each kind of file, by kind; replies are a plain mapping."""
    made = {kind: shape.model_json_schema() for kind, shape in SHAPES.items()}
    phrase = {"type": "object", "additionalProperties": {"type": "string"}}
    made["replies"] = {"title": "Replies", "type": "object", "additionalProperties": phrase}
    return made
