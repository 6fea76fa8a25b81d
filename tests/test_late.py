"""Regexes that are compiled when they are first used."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import pytest

from triagebot.late import Late, late_regex

_MANY = 200


def test_it_is_the_regex() -> None:
    """Whatever is asked of it, the compiled regex answers, the second time as the first."""
    late, known = late_regex(r"(?P<word>b+)", re.IGNORECASE), re.compile(r"(?P<word>b+)", re.IGNORECASE)
    assert (late.pattern, late.flags, late.groupindex) == (known.pattern, known.flags, known.groupindex)
    for _ in range(2):
        found = late.search("aBBa")
        assert found is not None
        assert found["word"] == "BB"
        assert late.sub("-", "aBBa") == "a-a"


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    """Nothing is compiled before; then the reason is that of `re`."""
    late = late_regex("(")
    with pytest.raises(re.error):
        late.search("")


def test_every_late_regex_of_the_core_compiles() -> None:
    """An import does not tell of a wrong pattern: this does."""
    import_module("triagebot.pipeline")
    rooms = [module for name, module in list(sys.modules.items()) if name.startswith("triagebot.")]
    late = [one for room in rooms for one in _late_in(vars(room).values())]
    assert len(late) > _MANY
    assert all(one.pattern for one in late)


def _late_in(values: Iterable[Any]) -> Iterator[Late]:
    for value in values:
        if isinstance(value, Late):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _late_in(value)
        elif isinstance(value, dict):
            yield from _late_in(value.values())
