"""The training door: learn from a project's own cases; needs the extra `train`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from triagebot.errors import InputError, TriageError
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Diagnosis, Report, Verdict
from triagebot.wiring import load_knowledge

_HEAD = """\
# yaml-language-server: $schema=schema/fusion.schema.json
# Learned by `triagebot train fusion`: what each kind of evidence is worth, from labelled cases of this project.
# `calibration_error` is that on cases held back in five folds.  Take the file away to go back to the built-in beliefs.
"""


@click.group()
def train() -> None:
    """Learn from a project's own cases."""


@train.command(epilog="Example: triagebot train fusion cases.jsonl --knowledge my-faq --out my-faq/fusion.yaml")
@click.argument("file", metavar="CASES.jsonl")
@click.option("--knowledge", metavar="DIR", help="Knowledge folder.  Default: the MMDetection FAQ.")
@click.option("--out", metavar="FILE", help="Where to write the weights; without it they are only printed.")
def fusion(file: str, knowledge: str | None, out: str | None) -> None:
    """Learn what each kind of evidence is worth, and say how well that holds on cases held back."""
    try:
        core = Triage(load_knowledge(knowledge))
        cases = _read(file)
        examples = _examples(core, cases)
        learned = _fit(examples, file)
        text = _HEAD + _body(learned, len(cases))
        click.echo(text if out is None else _kept(out, text))
        click.echo(f"{len(cases)} cases, {len(examples)} entries thought of, {sum(e.right for e in examples)} right")
        click.echo(_comparison(core, cases, learned))
    except TriageError as error:
        click.echo(f"triagebot: {error}", err=True)
        sys.exit(2)


def _comparison(core: Triage, cases: list[dict[str, Any]], learned: Any) -> str:
    """Set the beliefs beside what was learned, plain and with every case judged by weights that never saw it."""
    from triagebot.learned.fusion import fold_of  # noqa: PLC0415

    folds = {fold: _weighted(core, weights) for fold, weights in learned.by_fold.items()}
    plain = _weighted(core, learned.weights)
    ways: dict[str, Callable[[str], Triage]] = {
        "beliefs": lambda _: core,
        "learned, plain": lambda _: plain,
        "learned, held back": lambda name: folds.get(fold_of(name), core),
    }
    rows = [f"{'':20}{'precision':>10}{'coverage':>10}{'of three':>10}{'false':>8}{'calibration error':>19}"]
    return "\n".join([*rows, *(_row(name, cases, pick) for name, pick in ways.items())])


def _weighted(core: Triage, weights: dict[str, float]) -> Triage:
    return Triage(replace(core.knowledge, fusion=weights))


def _row(name: str, cases: list[dict[str, Any]], pick: Callable[[str], Triage]) -> str:
    scored = [score(case, _judged(pick(_name(case, n)), case, n)) for n, case in enumerate(cases)]
    figures = summarise(scored)
    keys = ("precision", "coverage", "among_three", "false_answers")
    shown = ["-" if figures[key]["rate"] is None else f"{figures[key]['rate']:.3f}" for key in keys]
    precision, coverage, three, false = shown
    return f"{name:20}{precision:>10}{coverage:>10}{three:>10}{false:>8}{figures['calibration_error']:>19.3f}"


def _name(case: dict[str, Any], number: int) -> str:
    return str(case.get("id", number))


def _fit(examples: list[Any], file: str) -> Any:
    from triagebot.learned.fusion import fit  # noqa: PLC0415

    try:
        return fit(examples)
    except ValueError as error:
        raise InputError(f"{file}: {error}") from None


def _examples(core: Triage, cases: list[dict[str, Any]]) -> list[Any]:
    try:
        from triagebot.learned.fusion import Example  # noqa: PLC0415
    except ModuleNotFoundError:
        raise InputError("training needs torch; install it with: pip install 'triagebot[train]'") from None
    examples = []
    for number, case in enumerate(cases):
        verdict = _judged(core, case, number)
        fair = {*(case.get("faq") or ()), *(case.get("also_ok") or ())}
        name = _name(case, number)
        examples += [Example(case=name, features=d.features, right=d.entry.id in fair) for d in _thought_of(verdict)]
    return examples


def _thought_of(verdict: Verdict) -> tuple[Diagnosis, ...]:
    return verdict.assessment.diagnoses


def _judged(core: Triage, case: dict[str, Any], number: int) -> Verdict:
    return core.judge(Report(id=str(number), title=str(case.get("title") or ""), body=str(case.get("body") or "")))


def _read(file: str) -> list[dict[str, Any]]:
    try:
        lines = Path(file).read_text("utf-8", errors="replace").split("\n")
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', error)}); check the name") from None
    cases = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            cases.append(_case(line, f"{file}:{number}"))
    return cases


def _case(line: str, place: str) -> dict[str, Any]:
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{place}: not valid JSON; each line is an object with id, title, body and faq") from None
    if not isinstance(case, dict):
        raise InputError(f"{place}: not an object; each line is an object with id, title, body and faq")
    return case


def _body(learned: Any, cases: int) -> str:
    weights = "".join(f"  {name}: {value}\n" for name, value in sorted(learned.weights.items()))
    return f"cases: {cases}\ncalibration_error: {learned.calibration_error}\nweights:\n{weights}"


def _kept(out: str, text: str) -> str:
    try:
        Path(out).write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); name another file") from None
    return f"written to {out}"
