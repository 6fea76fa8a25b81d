"""What is asked for: required, and met by no fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.decide.missing import missing_fields
from triagebot.records import Fact, Field, Template


def field(name: str, *topics: str, met_by: tuple[str, ...] = ()) -> Field:
    """Return a field that is required for some topics."""
    return Field(id=name, title={"en": name}, how={"en": f"run {name}"}, required_for=topics, met_by=met_by)


TEMPLATE = Template(
    fields=(
        field("kettle", "installation", "boiling"),
        field("power", "boiling", met_by=("socket", "battery")),
        field("colour"),
    )
)


def facts(*names: str) -> tuple[Fact, ...]:
    """Return a fact for each name."""
    return tuple(Fact(name=name, value="1.0", version="1.0", line=1) for name in names)


@pytest.mark.parametrize(
    ("topic", "known", "missing"),
    [
        ("boiling", (), ["kettle", "power"]),
        ("boiling", ("kettle",), ["power"]),
        ("boiling", ("kettle", "battery"), []),
        ("boiling", ("socket", "colour"), ["kettle"]),
        ("installation", ("power",), ["kettle"]),
        ("", (), []),
        ("tea", (), []),
    ],
)
def test_a_required_field_is_missing_until_a_fact_meets_it(
    topic: str, known: tuple[str, ...], missing: list[str]
) -> None:
    """Only the topic's own fields are asked for, in the order of the template; an equivalent fact does as well."""
    assert [each.id for each in missing_fields(topic, facts(*known), TEMPLATE)] == missing


def test_a_fact_without_a_version_meets_its_field() -> None:
    """`mmdet: latest` is an answer."""
    told = (Fact(name="kettle", value="latest", version="", line=2),)
    assert missing_fields("installation", told, TEMPLATE) == ()


def test_a_template_without_fields_asks_for_nothing() -> None:
    """A project that requires nothing is asked nothing for."""
    assert missing_fields("boiling", (), Template()) == ()


@given(
    st.lists(st.sampled_from(["kettle", "power", "socket", "battery", "colour"])), st.sampled_from(["boiling", "tea"])
)
def test_what_was_told_is_never_asked_for(names: list[str], topic: str) -> None:
    """A field that has a fact of its own is not missing, whatever else is told."""
    assert not {each.id for each in missing_fields(topic, facts(*names), TEMPLATE)} & set(names)
