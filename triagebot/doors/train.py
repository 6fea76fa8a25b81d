"""The training door: learn from a project's own cases; needs the extra `train`."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from triagebot.errors import InputError, RemoteError, TriageError
from triagebot.pipeline import Triage
from triagebot.proof.cases import doubts, read_labelled
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Diagnosis, Report, Verdict
from triagebot.settings import read_settings
from triagebot.wiring import load_knowledge, open_account, open_github, open_store

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_LEAST_PRECISION = 0.5
_MOST_PAUSES = 10
_PAUSE_SECONDS = 5.0

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
        cases = _read(file, [entry.id for entry in core.knowledge.entries])
        examples = _examples(core, cases)
        learned = _fit(examples, file)
        text = _HEAD + _body(learned, len(cases))
        click.echo(text if out is None else _kept(out, text))
        click.echo(f"{len(cases)} cases, {len(examples)} entries thought of, {sum(e.right for e in examples)} right")
        click.echo(_comparison(core, cases, learned))
    except TriageError as error:
        click.echo(f"triagebot: {error}", err=True)
        sys.exit(2)


@train.command(epilog="Example: triagebot train labels open-mmlab/mmdetection --out labels.npz")
@click.argument("history", metavar="HISTORY")
@click.option("--out", required=True, metavar="MODEL", help="The file to write; with --per-repo the folder.")
@click.option("--per-repo", is_flag=True, help="One model for each repository of the history; they learn together.")
@click.option(
    "--precision", default=0.9, show_default=True, help="How many of ten suggestions must be right, as a share."
)
@click.option("--act-precision", default=0.95, show_default=True, help="The same for labels that are put on at once.")
@click.option(
    "--least-proof", default=20, type=click.IntRange(1), show_default=True, help="Issues that a cut-off must rest on."
)
@click.option(
    "--least-issues",
    default=10,
    type=click.IntRange(2),
    show_default=True,
    help="Issues that a label must be on to be learned.",
)
@click.option("--feedback", is_flag=True, help="Learn from labels that people put on or took off, as the bot saw it.")
@click.option("--config", metavar="FILE", help="TOML file of settings: the token that reads OWNER/REPO, the database.")
def labels(history: str, out: str, config: str | None, *, per_repo: bool, feedback: bool, **aims: Any) -> None:
    """Learn labels from HISTORY: JSON lines, `gh issue list --json`, CSV, or OWNER/REPO to read from GitHub."""
    try:
        aim = _aim(aims)
        with _progress() as steps:
            read = _history(history, out, config, steps)
            _tell_left_out(read)
            issues = _with_feedback(read.issues, config) if feedback else read.issues
            _tell_unsorted(issues)
            models = _learned(issues, aim, steps, per_repo=per_repo)
        for name, model in models.items():
            click.echo(_written(name, model, Path(out) / _file_name(name) if per_repo else Path(out)))
        if not any(model.labels for model in models.values()):
            raise InputError("there is no label to learn; give a longer history, or a lower --least-issues")
    except TriageError as error:
        click.echo(f"triagebot: {error}", err=True)
        sys.exit(2)


def _aim(wanted: dict[str, Any]) -> Any:
    _with_torch()
    from triagebot.learned.labels.learn import Aim  # noqa: PLC0415

    for name in ("precision", "act_precision"):
        if not _LEAST_PRECISION <= wanted[name] < 1:
            share = f"a share from {_LEAST_PRECISION} to below 1"
            raise InputError(f"a precision of {wanted[name]} cannot be aimed at; give {share}")
    suggest, act = wanted.pop("precision"), wanted.pop("act_precision")
    return Aim(suggest=suggest, act=max(suggest, act), **wanted)


def _with_torch() -> None:
    try:
        import torch  # noqa: F401, PLC0415
    except ModuleNotFoundError:
        raise InputError("training needs torch; install it with: pip install 'triagebot[train]'") from None


@contextmanager
def _progress() -> Iterator[Any]:
    """Show bars of what goes on, where somebody watches."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:

        def steps(what: str, count: int | None) -> Callable[[int], None]:
            task = shown.add_task(what, total=count)
            return lambda done: shown.advance(task, done)

        yield steps


def _history(history: str, out: str, config: str | None, steps: Any) -> Any:
    from triagebot.learned.labels.history import read_history  # noqa: PLC0415
    from triagebot.learned.labels.reading import decode  # noqa: PLC0415

    file = Path(history)
    if not file.exists() and _REPOSITORY.fullmatch(history):
        file = _fetched(history, Path(f"{out}.history.jsonl"), config, steps)
    try:
        text, complaint = decode(file.read_bytes(), str(file))
    except (OSError, ValueError) as error:
        raise InputError(f"{history}: cannot be read ({getattr(error, 'strerror', error)}); check the name") from None
    if complaint:
        click.echo(f"triagebot: {complaint}", err=True)
    return read_history(text, str(file))


def _fetched(repository: str, into: Path, config: str | None, steps: Any) -> Path:
    """Read all issues from GitHub; where it asks for a pause, pause and go on."""
    from triagebot.github.history import fetch_history  # noqa: PLC0415

    settings = read_settings(os.environ, config)
    if not (settings.github_token or settings.github_app_id):
        raise InputError(f"{repository} is read from GitHub, and TRIAGEBOT_GITHUB_TOKEN is not set; set it")
    hands = open_github(open_account(settings))
    for patience in range(_MOST_PAUSES, -1, -1):
        try:
            return fetch_history(hands, repository, into, steps(f"reading the issues of {repository}", None))
        except RemoteError as error:
            if error.retry_after is None or not patience:
                raise InputError(f"{error} What was read is kept: run it again to go on.") from None
            click.echo(f"triagebot: {error} Going on in {error.retry_after:.0f} s.", err=True)
            time.sleep(error.retry_after or _PAUSE_SECONDS)
        except OSError as error:
            raise InputError(f"{into}: cannot be written ({error.strerror}); name another --out") from None
    return into


def _with_feedback(issues: Any, config: str | None) -> Any:
    from triagebot.learned.labels.history import with_feedback  # noqa: PLC0415

    store = open_store(read_settings(os.environ, config).database_url, create=False)
    try:
        heard, count = with_feedback(issues, store.memory.said_of_labels())
    finally:
        store.close()
    click.echo(f"people decided on labels of {count} of these issues", err=True)
    return heard


def _tell_left_out(read: Any) -> None:
    for why, count in sorted(read.left_out.items()):
        click.echo(_left_out(count, why), err=True)
    for line in read.broken:
        click.echo(f"  {line}", err=True)


def _tell_unsorted(issues: Any) -> None:
    unsorted = sum(not (issue.labels or issue.denied) for issue in issues)
    if unsorted:
        click.echo(_left_out(unsorted, "without any label; nobody has sorted it"), err=True)


def _left_out(count: int, why: str) -> str:
    return f"left out: {count} {'records' if count > 1 else 'record'}: {why}"


def _learned(issues: Any, aim: Any, steps: Any, *, per_repo: bool) -> Any:
    from triagebot.learned.labels.learn import learn  # noqa: PLC0415

    if not issues:
        raise InputError("there is no issue to learn from; each record has a title, a body and labels")
    return learn(issues, aim, steps, per_repo=per_repo)


def _written(name: str, model: Any, path: Path) -> str:
    from triagebot.learned.labels.file import write_model  # noqa: PLC0415
    from triagebot.learned.labels.tables import table  # noqa: PLC0415

    if not model.labels:
        return f"{table(name, model)}\n  nothing to learn: no file is written"
    try:
        size = write_model(model, path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); name another --out") from None
    return f"{table(name, model)}\n  written to {path} ({size / 1000:.0f} kB)"


def _file_name(repository: str) -> str:
    return (re.sub(r"[^\w.-]", "_", repository.replace("/", "__")) or "labels") + ".npz"


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


def _read(file: str, entries: Collection[str]) -> list[dict[str, Any]]:
    try:
        lines = Path(file).read_text("utf-8", errors="replace").split("\n")
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', error)}); check the name") from None
    cases = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            cases.append(_case(line, f"{file}:{number}"))
            for doubt in doubts(cases[-1], entries):
                click.echo(f"{file}:{number}: {doubt}", err=True)
    return cases


def _case(line: str, place: str) -> dict[str, Any]:
    case = read_labelled(line)
    if isinstance(case, str):
        raise InputError(f"{place}: {case}")
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
