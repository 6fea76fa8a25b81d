"""How the core does on what nobody wrote the FAQ for: invented and real reports, and bare FAQs of other projects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.peers import PEERS, rates_of_all
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Report
from triagebot.wiring import load_knowledge

_CASES = Path(__file__).parent.parent / "tests" / "cases"
FaqAndCases = tuple[Path | None, Path]
"""A FAQ (the shipped one where none is named) and a file of cases."""


def print_others() -> None:
    """Print a line for each set of cases, and the peers' figures below it."""
    head = f"{'precision':>10}{'coverage':>10}{'false':>8}{'of three':>10}{'calibr.':>9}{'chance':>8}"
    print(f"\n{'other cases':28}{head}")
    for name, sets in _named_sets():
        _print_sets(name, sets)


def _named_sets() -> Iterator[tuple[str, list[FaqAndCases]]]:
    for file in sorted(_CASES.glob("mmdetection-invented*.jsonl")):
        yield file.stem, [(None, file)]
    for file in sorted((_CASES / "real").glob("mmdetection*.jsonl")):
        yield f"{file.stem}, real", [(None, file)]
    for faq in sorted(_CASES.glob("*/*/faq.yaml")):
        yield f"{faq.parent.name}, {faq.parent.parent.name}", [(faq, faq.with_name("cases.jsonl"))]
    unseen = sorted(_CASES.glob("real/*/unseen.jsonl"))
    for name in ("faq", "upkept"):
        yield f"unseen halves, {name}.yaml", [(file.with_name(f"{name}.yaml"), file) for file in unseen]
    fresh = sorted(_CASES.glob("real/*/fresh.jsonl"))
    for name in ("faq.yaml", "upkept.yaml", "kept"):
        yield f"fresh, {name}", [(file.with_name(name), file) for file in fresh]


def _print_sets(name: str, sets: Sequence[FaqAndCases]) -> None:
    scored, answered = [], dict[str, list[Any]]()
    for faq, file in sets:
        cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        core = Triage(load_knowledge(str(faq) if faq else None))
        scored += [score(c, core.judge(Report(id=c["id"], title=c["title"], body=c["body"]))) for c in cases]
        for peer, build in PEERS.items():
            answered.setdefault(peer, []).append((build(core.knowledge), cases))
    figures = summarise(scored)
    rates = [figures[key]["rate"] for key in ("precision", "coverage", "false_answers", "among_three")]
    calibration = f"{figures['calibration_error']:9.3f}{figures['calibration_by_chance']:8.3f}"
    print(f"{name:28}{rates[0]:10.3f}{rates[1]:10.3f}{rates[2]:8.3f}{rates[3]:10.3f}{calibration}")
    for peer, pairs in answered.items():
        rates = rates_of_all(pairs)
        print(f"{'  ' + peer:28}{rates[0]:10.3f}{rates[1]:10.3f}{rates[2]:8.3f}")
