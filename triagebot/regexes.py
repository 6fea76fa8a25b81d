"""Regexes that come from files: RE2, so that no pattern can hang the bot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import re2


def compile_regex(text: str) -> Any:
    """Compile a pattern case-blind; raises `re2.error` with RE2's reason."""
    return re2.compile(text, _options())


def compile_set(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """Return what tells, in one pass over a text, the indexes of the patterns found in it, ascending."""
    if not texts:
        return lambda _: []
    together = re2.Set.SearchSet(_options())
    for text in texts:
        together.Add(text)
    together.Compile()
    return lambda text: sorted(together.Match(text) or ())


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options
