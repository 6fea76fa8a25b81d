"""Regexes of our own that few reports need: compiled when they are first used, so that the bot starts sooner."""

from __future__ import annotations

import re
from typing import Any, cast


def late_regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like `re.compile(pattern, flags)`; a wrong pattern raises `re.error` at its first use.

    Compiling the four hundred patterns of all rooms is a third of a start, and one report needs a fifth of them.
    """
    return cast("re.Pattern[str]", Late(pattern, flags))


class Late:
    """A regex that is compiled when anything is asked of it; from then on each method is the compiled one's own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        """Answer what was not asked before."""
        if name == "_compiled":
            self._compiled = re.compile(*self._source)
            return self._compiled
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value
