"""`make bench`: precision, coverage and time of the core beside literal FAQ strings and rapidfuzz alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rank_bm25 import BM25Okapi
from rapidfuzz import fuzz

from bench.mangled import print_mangled
from bench.sizes import print_sizes
from bench.words import print_words
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Knowledge, Report
from triagebot.wiring import load_knowledge

CASES = Path(__file__).parent.parent / "tests" / "cases" / "mmdetection-dev.jsonl"
ROUNDS = 5
START_UPS = 5
# A cut at which rapidfuzz alone gives about as many false answers as literal strings.
FUZZY_FROM = 90
# BM25 has no scale of its own: the cut that answers half of the positives.
BM25_FROM = 30
WORD = re.compile(r"[a-z0-9_.]+|[\u3400-\u9fff]")

Answer = Callable[[str], str | None]


def main() -> None:
    """Print the figures of one run."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    knowledge = load_knowledge(None)
    print(f"{len(cases)} cases of {file.name}, {len(knowledge.entries)} entries\n")
    print(f"{'':28}{'precision':>10}{'coverage':>10}{'false':>8}{'ms p50':>9}{'ms p99':>9}")
    core = Triage(knowledge)
    reports = [Report(id=str(c["id"]), title=c["title"] or "", body=c["body"] or "") for c in cases]
    _print_core(core, cases, reports)
    _print_peer("literal FAQ strings", _literal(knowledge), cases)
    _print_peer("rapidfuzz alone", _rapidfuzz(knowledge), cases)
    _print_peer("BM25 alone", _bm25(knowledge), cases)
    print_mangled(core, cases, reports)
    print_words(core, cases, reports)
    print_sizes(reports)
    print(f"\nstart-up of `triagebot triage`: {_start_up():.2f} s, {_start_up('-c', 'pass'):.2f} s of it Python's own")


def _print_core(core: Triage, cases: list[dict[str, Any]], reports: list[Report]) -> None:
    figures = summarise([score(c, core.judge(r)) for c, r in zip(cases, reports, strict=True)])
    rates = [figures[key]["rate"] for key in ("precision", "coverage", "false_answers")]
    _print_row("triagebot", rates, _times(core.judge, reports))


def _print_peer(name: str, answer: Answer, cases: list[dict[str, Any]]) -> None:
    texts = [f"{case['title'] or ''}\n{case['body'] or ''}" for case in cases]
    said = [answer(text) for text in texts]
    right = [s in {*c["faq"], *c["also_ok"]} for c, s in zip(cases, said, strict=True)]
    acted = [r for r, s in zip(right, said, strict=True) if s]
    positive = [r for r, c in zip(right, cases, strict=True) if c["kind"] == "positive"]
    negative = [bool(s) for s, c in zip(said, cases, strict=True) if c["kind"] == "negative"]
    _print_row(name, [sum(part) / max(1, len(part)) for part in (acted, positive, negative)], _times(answer, texts))


def _print_row(name: str, rates: list[float], times: tuple[float, float]) -> None:
    print(f"{name:28}{rates[0]:10.3f}{rates[1]:10.3f}{rates[2]:8.3f}{times[0]:9.2f}{times[1]:9.2f}")


def _times(answer: Callable[[Any], Any], given: list[Any]) -> tuple[float, float]:
    """Return the median and the 99th of a hundred in milliseconds, each report at its best of some rounds."""
    best = [min(_once(answer, item) for _ in range(ROUNDS)) for item in given]
    ordered = sorted(best)
    return ordered[len(ordered) // 2] * 1000, ordered[len(ordered) * 99 // 100] * 1000


def _once(answer: Callable[[Any], Any], item: Any) -> float:
    started = time.perf_counter()
    answer(item)
    return time.perf_counter() - started


def _literal(knowledge: Knowledge) -> Answer:
    """The first entry of which a literal signature, or the longest literal part of an example, stands in the text."""
    strings = [(text.lower(), entry.id) for entry in knowledge.entries for text in _strings(entry)]
    return lambda text: next((name for string, name in strings if string in text.lower()), None)


def _rapidfuzz(knowledge: Knowledge) -> Answer:
    strings = [(text.lower(), entry.id) for entry in knowledge.entries for text in _strings(entry)]

    def answer(text: str) -> str | None:
        value, name = max((fuzz.partial_ratio(string, text.lower()), name) for string, name in strings)
        return name if value >= FUZZY_FROM else None

    return answer


def _bm25(knowledge: Knowledge) -> Answer:
    """The entry whose title, questions, fixes and examples share the rarest words with the report."""
    index = BM25Okapi([WORD.findall(_whole(entry).lower()) for entry in knowledge.entries])

    def answer(text: str) -> str | None:
        scores = index.get_scores(sorted(set(WORD.findall(text.lower()))))
        best = int(scores.argmax())
        return knowledge.entries[best].id if scores[best] >= BM25_FROM else None

    return answer


def _whole(entry: Any) -> str:
    asked = [text for texts in entry.questions.values() for text in texts]
    fixes = [text for fix in entry.fix for text in fix.text.values()]
    return " ".join([*entry.title.values(), *asked, *fixes, *entry.examples])


def _strings(entry: Any) -> list[str]:
    """Return the error lines that a FAQ page would print: literal signatures, and one-line examples."""
    literals = [pattern.text for pattern in entry.signatures if pattern.text and not pattern.regex]
    return literals + [example for example in entry.examples if "\n" not in example and example.isascii()]


def _start_up(*command: str) -> float:
    arguments = command or ("-m", "triagebot", "triage", "-")
    return min(_run([sys.executable, *arguments]) for _ in range(START_UPS))


def _run(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, input=b"CUDA out of memory", capture_output=True, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
