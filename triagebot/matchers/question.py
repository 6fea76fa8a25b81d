"""How people ask when there is no error line: a question's concepts, said in one sentence or in it and the title."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from triagebot.prose import Sentence, sentences
from triagebot.records import Evidence, Knowledge
from triagebot.sheet import Sheet
from triagebot.subjects import Subjects, subjects_of

_AS_COUNTEREXAMPLE = 0.7
_COUNTEREXAMPLE = 0.7  # of a counterexample's concepts, and one that no question has: that is what is said
_ABOUT_ELSE = 0.4
_WITH_TITLE = 0.9
_AS_STEP = 0.7  # what was done is not what is asked
_LEAST_COVER = 0.5  # of a question's weight: less is no resemblance worth telling
_NUMBER = re.compile(r"\d[\d.]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Questions:
    """All titles and questions in a row: each one's entry, concepts, weight, and where its weightiest concepts stand.

    A question stands under no more concepts than are needed: who says none of them does not say half of it.
    """

    entries: array[int]
    concepts: tuple[tuple[str, ...], ...]
    totals: array[float]
    index: dict[str, array[int]]


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Index titles and questions by their weightiest concepts."""
    subjects = subjects_of(knowledge)
    questions = _in_a_row(subjects)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        best: dict[int, Evidence] = {}
        told = [(sentence, subjects.concepts.of(sentence.said)) for sentence in sentences(sheet)]
        thought = frozenset[str]().union(*(said for _, said in told))
        for sentence, said, part in _by_itself_and_with_title(told):
            for entry, score in _resemblances(said, questions, subjects).items():
                score *= part * (_AS_STEP if sentence.step else 1.0)  # noqa: PLW2901
                score *= _ABOUT_ELSE if subjects.lacks(entry, thought, sheet) else 1.0  # noqa: PLW2901
                if score >= _LEAST_COVER and (entry not in best or score > best[entry].score):
                    name = knowledge.entries[entry].id
                    best[entry] = Evidence(
                        entry=name, matcher="question", score=score, quote=sentence.text, line=sentence.line
                    )
        yield from best.values()

    return look


def _by_itself_and_with_title(
    told: Sequence[tuple[Sentence, frozenset[str]]],
) -> Iterator[tuple[Sentence, frozenset[str], float]]:
    """Yield every sentence with its concepts and what they count, questions also with those of the title.

    `32x8d?` says the title, and below it stands `what do these numbers mean?`.
    """
    title = frozenset[str]().union(*(said for sentence, said in told if sentence.in_title))
    for sentence, said in told:
        yield sentence, said, 1.0
        if title and said and sentence.asks and not sentence.in_title:
            yield sentence, said | title, _WITH_TITLE


def _is_said(counterexample: tuple[str, ...], said: frozenset[str], foreign: frozenset[str]) -> bool:
    """Say whether a sentence says a counterexample, with what no question of the entry says."""
    covered = said.intersection(counterexample)
    return not foreign.isdisjoint(covered) and len(covered) >= _COUNTEREXAMPLE * len(counterexample)


def _in_a_row(subjects: Subjects) -> _Questions:
    entries, totals, concepts = array("I"), array("d"), list[tuple[str, ...]]()
    index: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for entry, (titles, asked) in enumerate(zip(subjects.titles, subjects.questions, strict=True)):
        for said in (*titles, *asked):
            for concept in _needed(said, subjects):
                index[concept].append(len(concepts))
            entries.append(entry)
            totals.append(sum(subjects.weights[c] for c in said))
            concepts.append(said)
    return _Questions(entries=entries, concepts=tuple(concepts), totals=totals, index=dict(index))


def _needed(said: Iterable[str], subjects: Subjects) -> list[str]:
    """Return the weightiest concepts of a question, so many that all others together are less than is worth telling."""
    weights = subjects.weights
    heaviest = sorted(said, key=lambda concept: (-weights[concept], concept))
    enough = (1 - _LEAST_COVER) * sum(map(weights.__getitem__, heaviest))
    heavier = accumulate(map(weights.__getitem__, heaviest))
    return heaviest[: 1 + next((at for at, weight in enumerate(heavier) if weight > enough), len(heaviest))]


def _resemblances(said: frozenset[str], questions: _Questions, subjects: Subjects) -> dict[int, float]:
    """Return for each entry how much of its nearest question is said, less a little for all that is said besides."""
    weights = subjects.weights
    words = {c: weights.get(c, 1.0) for c in said if not _NUMBER.match(c)}
    found: dict[int, float] = {}
    for number in {number for concept in said for number in questions.index.get(concept, ())}:
        entry, asked, whole = questions.entries[number], questions.concepts[number], questions.totals[number]
        covered = sum([weights[c] for c in asked if c in said])
        # No resemblance is greater than the part of the question that is said.
        if covered >= max(_LEAST_COVER, found.get(entry, 0.0)) * whole:
            besides = sum(weight for word, weight in words.items() if word not in asked)
            likeness = covered / whole * (0.75 + 0.25 * covered / (covered + besides))
            found[entry] = max(found.get(entry, 0.0), _trust(number, said, questions, subjects) * likeness)
    return found


def _trust(number: int, said: frozenset[str], questions: _Questions, subjects: Subjects) -> float:
    """Return what a question tells (0 to 1): what a counterexample says as well does not tell the entry from others."""
    entry, shared = questions.entries[number], said.intersection(questions.concepts[number])
    never, foreign = subjects.never[entry], subjects.foreign[entry] & said
    rather = any(map(shared.issubset, never)) or (foreign and any(_is_said(o, said, foreign) for o in never))
    return _AS_COUNTEREXAMPLE if rather else 1.0
