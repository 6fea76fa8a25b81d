"""Which facts that the template requires are nowhere in the report."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.records import Fact, Field, Template


def missing_fields(topic: str, environment: Sequence[Fact], template: Template) -> tuple[Field, ...]:
    """Return the fields required for a topic that no fact meets: neither their own nor one that does as well."""
    known = {fact.name for fact in environment}
    return tuple(
        field for field in template.fields if topic in field.required_for and not known & {field.id, *field.met_by}
    )
