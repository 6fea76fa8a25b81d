"""What is missing: facts that the template requires, and prompts of the issue template that are open."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.blanks import key_of
from triagebot.decide.prompts import Open
from triagebot.late import late_regex
from triagebot.records import Asking, Fact, Field, Missing, State, Subject, Template, Words

ENVIRONMENT = "environment"
_WHYS = {
    State.NOTHING: "why-form-nothing",
    State.UNTICKED: "why-form-unticked",
    State.UNTOUCHED: "why-form-untouched",
    State.EMPTY: "why-form-empty",
    State.GONE: "why-form-gone",
}
_SENTENCE = late_regex(r"(?<=[a-z0-9`)][.!?])\s+(?=[A-Z])|(?<=[。！？])|\n")
_MARKUP = late_regex(r"!\[[^\]]{0,200}\]\([^)\s]{0,500}\)|<[^<>]{0,200}>")
_LINK = late_regex(r"\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_ITEM = late_regex(r"^[\s>#]*(?:[-*+•]\s+|\d{1,2}[.)、]\s*)*")
_LONGEST = 300
_SHORTEST = 12
_MANY = 3


def missing_fields(topic: str, environment: Sequence[Fact], template: Template) -> tuple[Field, ...]:
    """Return the fields required for a topic that no fact meets: neither their own nor one that does as well."""
    known = {fact.name for fact in environment}
    return tuple(
        field for field in template.fields if topic in field.required_for and not known & {field.id, *field.met_by}
    )


def missing_answer(open_: Open, template: Template) -> Missing:
    """Return what an open prompt asks for: in the form's words, with the commands of the facts it names."""
    prompt = open_.response.prompt
    field = Field(id=prompt.id, title={"": prompt.label}, how=_how(open_, template))
    return Missing(field=field, why=_WHYS[open_.response.state], detail=_boxes(open_))


def _boxes(open_: Open) -> str:
    """Return the words of the required boxes that have no tick."""
    ticked = set(map(key_of, open_.response.ticked))
    wanted = [box.label for box in open_.response.prompt.boxes if box.required and key_of(box.label) not in ticked]
    return " / ".join(" ".join(_MARKUP.sub(" ", _LINK.sub(r"\1", label)).split()) for label in wanted)[:_LONGEST]


def _how(open_: Open, template: Template) -> Words:
    """Return how to answer: commands where they are known, else the form's own description, else {}."""
    prompt = open_.response.prompt
    if len(open_.fields) == 1:
        return open_.fields[0].how
    if prompt.subject is Subject.ENVIRONMENT and template.collect:
        return template.collect
    description = _first_sentence(prompt.description)
    # What stands in a Markdown template is as often an example of an answer as a word on how to give one.
    helps = prompt.asking is not Asking.SECTION or "`" in description or description.endswith(("?", "？"))
    return {"": description} if helps and len(description) >= _SHORTEST else {}


def _first_sentence(description: str) -> str:
    plain = _ITEM.sub("", _MARKUP.sub(" ", description).strip())
    first = next((part for part in _SENTENCE.split(plain) if part.strip()), "")
    return " ".join(first.split())[:_LONGEST].rstrip(" .。:：")


def gather(asked: Sequence[Missing], template: Template) -> tuple[Missing, ...]:
    """Return what is asked for, with facts of the environment under the one command that tells them all."""
    facts = {field.id for field in template.fields}
    parts = [item for item in asked if item.field.id in facts and item.why == "why-template"]
    whole = next((item for item in asked if template.collect and item.field.how == template.collect), None)
    if whole is None and template.collect and len(parts) >= _MANY:
        whole = Missing(field=Field(id=ENVIRONMENT, title={}, how=template.collect), why="why-template")
        asked = [*(item for item in asked if item not in parts), whole, *parts]
    if whole is None:
        return tuple(asked)
    return tuple(_under(item, whole.field.id) if item in parts else item for item in asked)


def _under(item: Missing, whole: str) -> Missing:
    return Missing(field=item.field, why=item.why, entry=item.entry, part_of=whole)
