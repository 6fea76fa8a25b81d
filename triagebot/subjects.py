"""What entries are about: titles and questions as concepts, weighed by how few entries ask with them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from triagebot.concepts import Concepts
from triagebot.records import Knowledge

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

Weights = Mapping[str, float]
Texts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """`titles`, `questions`, `never` (its counterexamples): for each entry its texts as sorted concepts.

    `asking` are the concepts that frame questions; `weights` holds what each concept tells; `fresh` is the weight of
    one that no entry asks with.
    """

    concepts: Concepts
    titles: tuple[Texts, ...]
    questions: tuple[Texts, ...]
    never: tuple[Texts, ...]
    asking: frozenset[str]
    weights: Weights
    fresh: float

    def weight(self, concept: str) -> float:
        """Return what a concept tells, whether entries ask with it or not."""
        return self.weights.get(concept) or self.fresh * _importance(concept, self.asking, frozenset())

    def weigh(self, said: Iterable[str]) -> dict[str, float]:
        """Return concepts with their weights, in their order."""
        return {concept: self.weight(concept) for concept in said}


@lru_cache(maxsize=2)
def subjects_of(knowledge: Knowledge) -> Subjects:
    """Return the subjects of all entries; several matchers ask for the same ones."""
    concepts = Concepts(knowledge.terms)

    def read(texts: Iterable[str]) -> Texts:
        return tuple(tuple(sorted(said)) for said in map(concepts.of, texts) if said)

    titles = tuple(read(entry.title.values()) for entry in knowledge.entries)
    questions = tuple(read(t for texts in entry.questions.values() for t in texts) for entry in knowledge.entries)
    asking = _ASKING | {term.id for term in knowledge.terms if term.asking}
    names = frozenset(term.id for term in knowledge.terms if _NAME.search(term.words[0]))
    return Subjects(
        concepts=concepts,
        titles=titles,
        questions=questions,
        never=tuple(read(entry.counterexamples) for entry in knowledge.entries),
        asking=asking,
        weights=_weights(titles, questions, asking, names),
        fresh=math.log(1 + len(titles)),
    )


def cover(said: AbstractSet[str], weights: Weights) -> float:
    """Return the part of a text, by weight, that is said (0 to 1)."""
    told = 0.0
    whole = 0.0
    for concept, weight in weights.items():
        whole += weight
        if concept in said:
            told += weight
    return told / whole if told else 0.0


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
