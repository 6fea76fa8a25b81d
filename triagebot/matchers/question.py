"""How people ask when there is no error line: the concepts of a question, covered by one sentence of the report."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from triagebot.concepts import Concepts, importance_of, rarity_of
from triagebot.records import Block, Entry, Evidence, Knowledge
from triagebot.sheet import Sheet

_MOST_SENTENCES = 60
_LONGEST_SENTENCE = 300
_AS_COUNTEREXAMPLE = 0.7
_LEAST_COVER = 0.5  # of a question's weight: less is no resemblance worth telling
_SENTENCE_END = re.compile(r"[.?!](?:\s|$)|[。？！；;\n]")
_NUMBER = re.compile(r"\d[\d.]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    entry: str
    weights: dict[str, float]
    total: float
    never: tuple[frozenset[str], ...]


def build(knowledge: Knowledge) -> Callable[[Sheet], Iterable[Evidence]]:
    """Weigh the concepts of every question by how few entries they occur in."""
    concepts = Concepts(knowledge.terms)
    asked = [(entry.id, concepts.of(text)) for entry in knowledge.entries for text in _asked(entry)]
    never = {entry.id: tuple(map(concepts.of, entry.counterexamples)) for entry in knowledge.entries}
    rarity = rarity_of(asked, importance_of(knowledge.terms))
    questions = [_question(entry, words, rarity, never[entry]) for entry, words in asked if words]
    index: defaultdict[str, list[int]] = defaultdict(list)
    for number, question in enumerate(questions):
        for concept in question.weights:
            index[concept].append(number)

    def look(sheet: Sheet) -> Iterator[Evidence]:
        best: dict[str, Evidence] = {}
        for sentence, line in _sentences(sheet):
            said = concepts.of(sentence)
            for number, covered in _covered(said, questions, index).items():
                question = questions[number]
                score = _resemblance(question, covered, said, rarity)
                if score >= _LEAST_COVER and score > (best[question.entry].score if question.entry in best else 0.0):
                    best[question.entry] = Evidence(
                        entry=question.entry, matcher="question", score=score, quote=sentence, line=line
                    )
        yield from best.values()

    return look


def _asked(entry: Entry) -> Iterator[str]:
    for texts in entry.questions.values():
        yield from texts


def _question(
    entry: str, words: frozenset[str], rarity: dict[str, float], never: tuple[frozenset[str], ...]
) -> _Question:
    weights = {word: rarity[word] for word in sorted(words)}
    return _Question(entry=entry, weights=weights, total=sum(weights.values()), never=never)


def _sentences(sheet: Sheet) -> Iterator[tuple[str, int]]:
    """Yield the title, headings and prose, sentence by sentence, with their lines."""
    count = 0
    for line in sheet.lines:
        if line.block is Block.CODE:
            continue
        for sentence in _SENTENCE_END.split(line.text):
            if sentence.strip():
                yield sentence.strip()[:_LONGEST_SENTENCE], line.number
                count += 1
                if count >= _MOST_SENTENCES:
                    return


def _covered(said: frozenset[str], questions: list[_Question], index: dict[str, list[int]]) -> dict[int, float]:
    covered: Counter[int] = Counter()
    for concept in said:
        for number in index.get(concept, ()):
            covered[number] += questions[number].weights[concept]  # type: ignore[assignment]
    return {n: weight for n, weight in covered.items() if weight >= _LEAST_COVER * questions[n].total}


def _resemblance(question: _Question, covered: float, said: frozenset[str], rarity: dict[str, float]) -> float:
    """Return the part of the question that is said, less a little for all that is said besides."""
    cover = covered / question.total
    besides = sum(rarity.get(w, 1.0) for w in said if w not in question.weights and not _NUMBER.match(w))
    shared = said & question.weights.keys()
    # What a counterexample says as well does not tell this entry from what it must not answer.
    doubt = _AS_COUNTEREXAMPLE if any(shared <= never for never in question.never) else 1.0
    return doubt * cover * (0.75 + 0.25 * covered / (covered + besides))
