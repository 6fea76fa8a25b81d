"""How the core holds when the same reports come mangled: typing mistakes, wraps, quotation, one line, a cut head."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Report

_SEED = 5
_WIDTH = 80
_LONG_WORD = 5
_MISTAKES = 0.12  # part of the longer words in which two letters change places


def print_mangled(core: Triage, cases: list[dict[str, Any]], reports: list[Report]) -> None:
    """Print precision, coverage and false answers for each way of mangling the bodies."""
    print(f"\n{'bodies mangled':28}{'precision':>10}{'coverage':>10}{'false':>8}")
    for name, mangle in _WAYS.items():
        changed = [replace(report, body=mangle(report.body)) for report in reports]
        figures = summarise([score(c, core.judge(r)) for c, r in zip(cases, changed, strict=True)])
        rates = [figures[key]["rate"] for key in ("precision", "coverage", "false_answers")]
        print(f"{name:28}{rates[0]:10.3f}{rates[1]:10.3f}{rates[2]:8.3f}")


def _typing(text: str) -> str:
    chance = random.Random(_SEED)
    return " ".join(_swap(word, chance) for word in text.split(" "))


def _swap(word: str, chance: random.Random) -> str:
    if len(word) <= _LONG_WORD or not word.isalpha() or chance.random() > _MISTAKES:
        return word
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _wrapped(text: str) -> str:
    pieces = (line[at : at + _WIDTH] for line in text.split("\n") for at in range(0, max(1, len(line)), _WIDTH))
    return "\n".join(pieces)


_WAYS: dict[str, Callable[[str], str]] = {
    "as they are": lambda text: text,
    "typing mistakes": _typing,
    "wrapped at 80": _wrapped,
    "quoted": lambda text: "\n".join("> " + line for line in text.split("\n")),
    "in one line": lambda text: " ".join(text.split()),
    "without fences": lambda text: text.replace("```", ""),
    "the first third cut off": lambda text: text[len(text) // 3 :],
}
