"""What a label model sees of a report: hashed words, character n-grams, structure and answers, by family."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.hashing import Buckets, Coder, characters, runs, to_buckets
from triagebot.diagnose.labels.signs import LINK, NUMBER, PICTURE, answers, structure, turns
from triagebot.diagnose.labels.titles import untagged
from triagebot.diagnose.labels.written import Written, take_apart

FAMILIES = (
    "words",
    "title",
    "opening",
    "everything",
    "code",
    "characters",
    "title-characters",
    "structure",
    "turns",
    "answers",
)
_SPELLED = ("words", "title", "opening")
_ONCE = frozenset({"structure", "turns", "answers"})  # how often they stand in a report tells nothing

_CHARACTERS = 4_000  # of the text, for character n-grams: where a report opens tells most
_OPENING = 80  # words
_CODE_LINES = 200
_MOST_COUNTED = 60_000
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d\u3400-\u9fff][^\W\u3400-\u9fff]*(?:'[a-z]+)?|[?!]")
_IDENTIFIER = re.compile(r"[^\W\d]\w{2,}")
_HEX = re.compile(r"\b(?:0x[0-9a-f]+|[0-9a-f]{12,})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bag:
    """The features of a report counted: the buckets family by family, how often each, and how many a family has."""

    buckets: Buckets
    counts: npt.NDArray[np.uint16]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A report as a model looks at it: its features by family, and what some of them are called.

    `features` of a family of words are the buckets of its `words`, then of each two that follow one another; of code
    and answers they are those of the `identifiers` and `answers`.
    """

    features: dict[str, Buckets]
    words: dict[str, list[str]]
    identifiers: list[str]
    answers: list[str]


def look_at(title: str, body: str, known: frozenset[str] = frozenset()) -> Seen:
    """Return a report as a model sees it: labels' names that tag its title (`known`, see `untagged`) do not count."""
    written = take_apart(untagged(title, known), body)
    shown = _shown(written)
    opening = " ".join(written.text.split(None, _OPENING)[:_OPENING])
    words = {"words": _words(shown), "title": _words(written.title), "opening": _words(opening)}
    identifiers = _IDENTIFIER.findall("\n".join(written.code[:_CODE_LINES]))
    coder, answered = Coder(), list(dict.fromkeys(answers(written)))
    codes = {family: runs(coder.codes(words[family]), 1, 2) for family in _SPELLED} | {
        "everything": coder.codes(_words(f"{written.title}\n{written.body}")),
        "code": coder.codes(identifiers),
        "characters": _within_words(shown, 3),
        "title-characters": _within_words(written.title.lower(), 2),
        "structure": coder.codes(structure(written)),
        "turns": turns(f"{written.title}\n{written.text}"),
        "answers": coder.codes(answered),
    }
    features = {family: to_buckets(family, found) for family, found in codes.items()}
    return Seen(features=features, words=words, identifiers=identifiers, answers=answered)


def bag(seen: Seen) -> Bag:
    """Return the features of a report counted, in the order of `FAMILIES`."""
    found = [np.unique(seen.features[family], return_counts=True) for family in FAMILIES]
    most = [1 if family in _ONCE else _MOST_COUNTED for family in FAMILIES]
    counts = [np.minimum(counts, limit) for (_, counts), limit in zip(found, most, strict=True)]
    sizes = tuple(len(part) for part in counts)
    return Bag(np.concatenate([part for part, _ in found]), np.concatenate(counts).astype(np.uint16), sizes)


def spell(seen: Seen) -> dict[int, str]:
    """Return by bucket those features of a report that a reader can find in it: words, and answers in a form."""
    named = {"answers": [_spelled(answer) for answer in seen.answers], "code": seen.identifiers} | {
        family: [*words, *(f"{one} {two}" for one, two in pairwise(words))] for family, words in seen.words.items()
    }
    spelled: dict[int, str] = {}
    for family, names in named.items():
        spelled.update(zip(seen.features[family].tolist(), names, strict=True))
    return spelled


def _spelled(answer: str) -> str:
    return answer.replace("_", " ").replace("=", ": ") if "=" in answer else ""


def _shown(written: Written) -> str:
    """Return title and prose in small letters with a word for each picture, address, hexadecimal and number."""
    text = LINK.sub(" urltok ", PICTURE.sub(" imgtok ", f"{written.title}\n{written.text}"))
    return NUMBER.sub(" 0 ", _HEX.sub(" hextok ", text)).lower() + " codefence" * bool(written.code)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _within_words(text: str, shortest: int) -> Buckets:
    """Return the codes of n-grams of up to five characters within words, a word's edges being characters too."""
    plain = f" {' '.join(text.split())[:_CHARACTERS]} "
    return runs(characters(plain), shortest, 5, edge=ord(" "))
