"""What reports are best compared by where no error line tells: words, pieces of words, BM25 or the cosine of TF-IDF."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from triagebot.pipeline import Triage
from triagebot.records import Block, Entry, Report
from triagebot.sheet import fold

_WORD = re.compile(r"[a-z][a-z0-9_]{2,30}|[\u3400-\u9fff]{1,40}")
_SEEN_ALREADY = frozenset({"exact", "pattern", "signature", "symptom"})
_AMONG = 3
_LINES = 30

Tokens = Callable[[str], list[str]]
Scores = Callable[[list[str]], list[float]]


def print_words(core: Triage, cases: list[dict[str, Any]], reports: list[Report]) -> None:
    """Print how often the right entry is the first, and among three, for reports that no signature catches."""
    asked = [(fair, text) for fair, text in _asked(core, cases, reports) if fair]
    print(f"\n{f'{len(asked)} reports without signature':28}{'first':>10}{'of three':>10}")
    for name, tokens in _TOKENS.items():
        for way, index in (("BM25", _bm25), ("TF-IDF", _tfidf)):
            scores = index([tokens(_text(entry)) for entry in core.knowledge.entries])
            ranked = [(fair, _ranking(scores(tokens(text)), core.knowledge.entries)) for fair, text in asked]
            first = sum(names[0] in fair for fair, names in ranked) / len(asked)
            three = sum(bool(fair & set(names[:_AMONG])) for fair, names in ranked) / len(asked)
            print(f"{f'{way}, {name}':28}{first:10.3f}{three:10.3f}")


def _asked(core: Triage, cases: list[dict[str, Any]], reports: list[Report]) -> Iterator[tuple[set[str], str]]:
    for case, report in zip(cases, reports, strict=True):
        verdict = core.judge(report)
        seen = {e.entry for d in verdict.assessment.diagnoses for e in d.evidence if e.matcher in _SEEN_ALREADY}
        if case["faq"] and not seen & set(case["faq"]):
            lines = [line.text for line in verdict.assessment.case.document.lines if line.block is not Block.CODE]
            yield {*case["faq"], *case["also_ok"]}, "\n".join(lines[:_LINES])


def _ranking(scores: Sequence[float], entries: Sequence[Entry]) -> list[str]:
    return [entries[n].id for n in sorted(range(len(entries)), key=lambda n: -scores[n])]


def _text(entry: Entry) -> str:
    asked = [text for texts in entry.questions.values() for text in texts]
    loud = " ".join([*entry.title.values(), *asked])
    return " ".join([loud, loud, *(text for fix in entry.fix for text in fix.text.values())])


def _cut(text: str, pieces: Sequence[int], characters: Sequence[int], *, words: bool) -> list[str]:
    tokens: list[str] = []
    for word in _WORD.findall(fold(text)):
        sizes, mark = (pieces, f" {word} ") if word.isascii() else (characters, word)
        tokens += [word] if words and word.isascii() else []
        tokens += ["~" + mark[at : at + size] for size in sizes for at in range(len(mark) - size + 1)]
    return tokens


_TOKENS: dict[str, Tokens] = {
    "words": lambda text: _cut(text, (), (2, 3), words=True),
    "words and fours": lambda text: _cut(text, (4,), (2, 3), words=True),
    "words and 3-5 letters": lambda text: _cut(text, (3, 4, 5), (1, 2, 3), words=True),
    "3-5 letters": lambda text: _cut(text, (3, 4, 5), (1, 2, 3), words=False),
}


def _bm25(texts: list[list[str]]) -> Scores:
    counts = [Counter(text) for text in texts]
    rarity = {t: math.log(1 + len(texts) / n) for t, n in Counter(t for c in counts for t in c).items()}
    mean = sum(map(len, texts)) / len(texts)

    def scores(asked: list[str]) -> list[float]:
        return [
            sum(rarity[t] * c[t] / (c[t] + 1.2 * (0.4 + 0.6 * c.total() / mean)) for t in sorted(set(asked)) if c[t])
            for c in counts
        ]

    return scores


def _tfidf(texts: list[list[str]]) -> Scores:
    spread = Counter(t for text in texts for t in set(text))

    def vector(text: list[str]) -> dict[str, float]:
        weights = {t: (1 + math.log(n)) * math.log(1 + len(texts) / (spread[t] or 1)) for t, n in Counter(text).items()}
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {t: w / length for t, w in weights.items()}

    vectors = [vector(text) for text in texts]
    return lambda asked: [sum(w * v.get(t, 0.0) for t, w in vector(asked).items()) for v in vectors]
