"""`make bench`: precision, coverage and time of the core beside literal FAQ strings and rapidfuzz alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.labels import print_labels, print_many
from bench.mangled import print_mangled
from bench.others import print_others
from bench.peers import PEERS, Answer, rates_of
from bench.serving import print_serving
from bench.signatures import print_signatures
from bench.sizes import print_sizes
from bench.words import print_words
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Report
from triagebot.wiring import load_knowledge

CASES = Path(__file__).parent.parent / "tests" / "cases" / "mmdetection-dev.jsonl"
ROUNDS = 5
START_UPS = 5


def main() -> None:
    """Print the figures of one run; `labels TRAIN.csv [TEST.csv | --many COUNT]`: those of labels alone."""
    if sys.argv[1:2] == ["labels"] and sys.argv[3:4] == ["--many"]:
        print_many(Path(sys.argv[2]), int(sys.argv[4]))
        return
    if sys.argv[1:2] == ["labels"] and len(sys.argv) > 2:
        print_labels(Path(sys.argv[2]), Path(sys.argv[-1]))
        return
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    knowledge = load_knowledge(None)
    print(f"{len(cases)} cases of {file.name}, {len(knowledge.entries)} entries\n")
    print(f"{'':28}{'precision':>10}{'coverage':>10}{'false':>8}{'ms p50':>9}{'ms p99':>9}")
    core = Triage(knowledge)
    reports = [Report(id=str(c["id"]), title=c["title"] or "", body=c["body"] or "") for c in cases]
    _print_core(core, cases, reports)
    for name, build in PEERS.items():
        _print_peer(name, build(knowledge), cases)
    print_others()
    print_mangled(core, cases, reports)
    print_words(core, cases, reports)
    print_sizes(reports)
    print_signatures(core)
    print(f"\nstart-up of `triagebot triage`: {_start_up():.2f} s, {_start_up('-c', 'pass'):.2f} s of it Python's own")
    print_serving()


def _print_core(core: Triage, cases: list[dict[str, Any]], reports: list[Report]) -> None:
    figures = summarise([score(c, core.judge(r)) for c, r in zip(cases, reports, strict=True)])
    rates = [figures[key]["rate"] for key in ("precision", "coverage", "false_answers")]
    _print_row("triagebot", rates, _times(core.judge, reports))


def _print_peer(name: str, answer: Answer, cases: list[dict[str, Any]]) -> None:
    texts = [f"{case['title'] or ''}\n{case['body'] or ''}" for case in cases]
    _print_row(name, rates_of(answer, cases), _times(answer, texts))


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


def _start_up(*command: str) -> float:
    """Return the seconds of the quickest start, as after an installation: bytecode and the read knowledge are kept."""
    arguments = command or ("-m", "triagebot", "triage", "-")
    return min(_run([sys.executable, *arguments]) for _ in range(START_UPS))


def _run(command: list[str]) -> float:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    subprocess.run(command, input=b"CUDA out of memory", capture_output=True, check=True, env=kept)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
