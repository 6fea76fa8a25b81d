"""Other ways to find an answer: literal FAQ strings, rapidfuzz alone, BM25 alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from rank_bm25 import BM25Okapi
from rapidfuzz import fuzz

from triagebot.proof.cases import kind_of
from triagebot.records import Knowledge

# A cut at which rapidfuzz alone gives about as many false answers as literal strings.
_FUZZY_FROM = 90
# BM25 has no scale of its own: the cut that answers half of the positives.
_BM25_FROM = 30
_WORD = re.compile(r"[a-z0-9_.]+|[\u3400-\u9fff]")

Answer = Callable[[str], str | None]
Cases = list[dict[str, Any]]


def rates_of(answer: Answer, cases: Cases) -> list[float]:
    """Return precision, coverage of the positives, and the part of the negatives that is answered."""
    return rates_of_all([(answer, cases)])


def rates_of_all(sets: Iterable[tuple[Answer, Cases]]) -> list[float]:
    """Return these rates over several sets of cases, each with what answers it."""
    said = [(c, answer(f"{c['title'] or ''}\n{c['body'] or ''}")) for answer, cases in sets for c in cases]
    acted = [name in {*case["faq"], *case["also_ok"]} for case, name in said if name]
    positive = [name in {*case["faq"], *case["also_ok"]} for case, name in said if kind_of(case) == "positive"]
    negative = [bool(name) for case, name in said if kind_of(case) == "negative"]
    return [sum(part) / max(1, len(part)) for part in (acted, positive, negative)]


def literal(knowledge: Knowledge) -> Answer:
    """The first entry of which a literal signature, or the longest literal part of an example, stands in the text."""
    strings = [(text.lower(), entry.id) for entry in knowledge.entries for text in _strings(entry)]
    return lambda text: next((name for string, name in strings if string in text.lower()), None)


def rapidfuzz_alone(knowledge: Knowledge) -> Answer:
    """The entry whose nearest string is near enough, anywhere in the text."""
    strings = [(text.lower(), entry.id) for entry in knowledge.entries for text in _strings(entry)]

    def answer(text: str) -> str | None:
        value, name = max((fuzz.partial_ratio(string, text.lower()), name) for string, name in strings)
        return name if value >= _FUZZY_FROM else None

    return answer


def bm25_alone(knowledge: Knowledge) -> Answer:
    """The entry whose title, questions, fixes and examples share the rarest words with the report."""
    index = BM25Okapi([_WORD.findall(_whole(entry).lower()) for entry in knowledge.entries])

    def answer(text: str) -> str | None:
        scores = index.get_scores(sorted(set(_WORD.findall(text.lower()))))
        best = int(scores.argmax())
        return knowledge.entries[best].id if scores[best] >= _BM25_FROM else None

    return answer


def _whole(entry: Any) -> str:
    asked = [text for texts in entry.questions.values() for text in texts]
    fixes = [text for fix in entry.fix for text in fix.text.values()]
    return " ".join([*entry.title.values(), *asked, *fixes, *entry.examples])


def _strings(entry: Any) -> list[str]:
    """Return the error lines that a FAQ page would print: literal signatures, and one-line examples."""
    literals = [pattern.text for pattern in entry.signatures if pattern.text and not pattern.regex]
    return literals + [example for example in entry.examples if "\n" not in example and example.isascii()]


PEERS: dict[str, Callable[[Knowledge], Answer]] = {
    "literal FAQ strings": literal,
    "rapidfuzz alone": rapidfuzz_alone,
    "BM25 alone": bm25_alone,
}
