"""Regexes that come from files: RE2, so that no pattern can hang the bot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import re2

# The automaton of a filter grows with its literals; beyond its memory it would miss silently, so filters are small.
_SET_SIZE = 100
_SET_MEMORY = 64 * 1024 * 1024  # bytes, an upper bound that small sets do not come near


def compile_regex(text: str) -> Any:
    """Compile a pattern case-blind; raises `re2.error` with RE2's reason."""
    return re2.compile(text, _options())


def can_be_read(text: str) -> bool:
    """Say whether RE2 understands a pattern, in a small part of the time that compiling it takes."""
    try:
        re2.Set.SearchSet(_options()).Add(text)
    except re2.error:
        return False
    return True


def compile_set(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """Return what tells the indexes, ascending, of the patterns found in a text: a pass over it for 100 patterns.

    The pass looks for the literal parts of all of them; only patterns whose parts are there are then searched.
    """
    filters = [(start, _filter(texts[start : start + _SET_SIZE])) for start in range(0, len(texts), _SET_SIZE)]
    return lambda text: [start + index for start, one in filters for index in sorted(one.Match(text) or ())]


def _filter(texts: Sequence[str]) -> Any:
    together = re2.Filter()
    for text in texts:
        together.Add(text, _options())
    together.Compile()
    return together


@lru_cache(maxsize=1)
def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _SET_MEMORY
    return options
