"""What entries are about: titles and questions as concepts, weighed by how few entries ask with them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from triagebot.concepts import Concepts
from triagebot.prose import HAS_NOT, IS_NOT
from triagebot.records import Knowledge
from triagebot.sheet import Sheet, fold, places

# Words that frame a question tell less of its subject than any other; terms of the knowledge are marked `asking`.
_ASKING_WEIGHT = 0.35
# A name of the code (`find_unused_parameters`, `64x4d`) is hardly ever said by chance.
_NAME_WEIGHT = 1.6
_NAME = re.compile(r"[a-z]_[a-z]|[a-z]\d|\d[a-z]")
_ASKING = frozenset(
    """
    how why what where which when who is reason mean meaning question problem issue error use using way
    """.split()
)

# Of an entry with so many titles and questions, a concept that stands in every one is what it is about, and a report
# about it says one of them in a sentence.
MANY_ASKED = 6
_FEW = 2  # entries that ask with it at most
# `no nan`, `is not a nan`, `没有 nan`: what stands right before a word that is denied.
_DENIES = re.compile(rf"(?:\b(?:no|not|never|without)|n['’]t|{HAS_NOT}|没|{IS_NOT}|非|无) ?(?:an? |any |the )?$")
_DENIAL = 16  # characters
_LONG_WORD = 4  # letters: of a shorter one (`key`) too little is left without its last

Texts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A text as its concepts, what each tells, and what all of them tell."""

    concepts: frozenset[str]
    weights: Mapping[str, float]
    whole: float

    def cover(self, said: frozenset[str]) -> float:
        """Return the part of the text, by weight, that is said (0 to 1)."""
        shared = self.concepts & said
        # Exact sums: a set has no order, and the same report must get the same figures.
        return math.fsum(map(self.weights.__getitem__, shared)) / self.whole if shared else 0.0

    def weightiest_missing(self, said: frozenset[str]) -> float:
        """Return the part of the text that the weightiest concept makes up that is not said (0 to 1)."""
        return max((self.weights[concept] for concept in self.concepts - said), default=0.0) / self.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """`titles`, `questions`, `never` (its counterexamples): for each entry its texts as sorted concepts.

    `core`: for each entry the concepts without which nothing is about it, with their spellings; `foreign`: those that
    only its counterexamples say.  `asking` are the concepts that frame questions; `weights` holds what each concept
    tells; `fresh` is the weight of one that no entry asks with.
    """

    concepts: Concepts
    titles: tuple[Texts, ...]
    questions: tuple[Texts, ...]
    never: tuple[Texts, ...]
    core: tuple[Mapping[str, tuple[str, ...]], ...]
    foreign: tuple[frozenset[str], ...]
    asking: frozenset[str]
    weights: Mapping[str, float]
    fresh: float

    def weight(self, concept: str) -> float:
        """Return what a concept tells, whether entries ask with it or not."""
        return self.weights.get(concept) or self.fresh * _importance(concept, self.asking, frozenset())

    def lacks(self, entry: int, said: frozenset[str], sheet: Sheet) -> bool:
        """Say whether a report, by the concepts of its sentences and all else in it, never names an entry's core.

        What it names only to deny it (`no nan`) it does not name.
        """
        return any(_is_lacking(concept, words, said, sheet.folded) for concept, words in self.core[entry].items())

    def weigh(self, said: Iterable[str]) -> Weighed:
        """Return the concepts of a text with their weights."""
        weights = {concept: self.weight(concept) for concept in said}
        return Weighed(concepts=frozenset(weights), weights=weights, whole=math.fsum(weights.values()) or 1.0)


@lru_cache(maxsize=2)
def subjects_of(knowledge: Knowledge) -> Subjects:
    """Return the subjects of all entries; several matchers ask for the same ones."""
    concepts = Concepts(knowledge.terms)

    def read(texts: Iterable[str]) -> Texts:
        return tuple(tuple(sorted(said)) for said in map(concepts.of, texts) if said)

    titles = tuple(read(entry.title.values()) for entry in knowledge.entries)
    questions = tuple(read(t for texts in entry.questions.values() for t in texts) for entry in knowledge.entries)
    asking = _ASKING | {term.id for term in knowledge.terms if term.asking}
    spellings = {term.id: tuple(map(fold, term.words)) for term in knowledge.terms}
    names = frozenset(term.id for term in knowledge.terms if _NAME.search(term.words[0]))
    never = tuple(read(entry.counterexamples) for entry in knowledge.entries)
    asked = [(*ours, *theirs) for ours, theirs in zip(titles, questions, strict=True)]
    weights = _weights(titles, questions, asking, names)
    rare = math.log(1 + len(titles) / _FEW)
    return Subjects(
        concepts=concepts,
        titles=titles,
        questions=questions,
        never=never,
        core=tuple({c: spellings.get(c, ()) for c in sorted(_core(texts)) if weights[c] >= rare} for texts in asked),
        foreign=tuple(_all(others).difference(_all(texts), asking) for others, texts in zip(never, asked, strict=True)),
        asking=asking,
        weights=weights,
        fresh=math.log(1 + len(titles)),
    )


def _is_lacking(concept: str, words: tuple[str, ...], said: frozenset[str], text: str) -> bool:
    """Say whether a text lacks a concept in all its spellings, or names it only to deny it."""
    spelt = [_DENIES.search(text, max(0, at - _DENIAL), at) for at in _places(concept, words, text)]
    return all(spelt) if spelt else concept not in said


def _places(concept: str, words: tuple[str, ...], text: str) -> Iterator[int]:
    """Yield where a concept is spelt; one without spellings is a stem: any ending may follow (`query`, `queries`)."""
    for word in words:
        yield from places(text, word)
    root = concept[:-1] if concept.endswith("y") and len(concept) > _LONG_WORD else concept
    at = -1 if words else text.find(root)
    while at >= 0:
        if not text[max(0, at - 1) : at].isalnum():
            yield at
        at = text.find(root, at + 1)


def _core(texts: Texts) -> frozenset[str]:
    return frozenset(texts[0]).intersection(*texts) if len(texts) >= MANY_ASKED else frozenset()


def _all(texts: Texts) -> frozenset[str]:
    return frozenset().union(*texts)


def _weights(
    titles: Iterable[Texts],
    questions: Iterable[Texts],
    asking: frozenset[str],
    names: frozenset[str],
) -> dict[str, float]:
    """Return the weight of each concept: the fewer entries ask with it, the more it tells."""
    spread: Counter[str] = Counter()
    count = 0
    for titled, asked in zip(titles, questions, strict=True):
        spread.update(frozenset().union(*titled, *asked))
        count += 1
    return {c: _importance(c, asking, names) * math.log(1 + count / entries) for c, entries in spread.items()}


def _importance(concept: str, asking: frozenset[str], names: frozenset[str]) -> float:
    """Return what weighs a concept by its kind: framing words little, names of the code much."""
    if concept in asking:
        return _ASKING_WEIGHT
    return _NAME_WEIGHT if concept in names or _NAME.search(concept) else 1.0
