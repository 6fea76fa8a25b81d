"""The terminal's door: triage a report, evaluate cases, lint a knowledge folder."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from triagebot.errors import InputError, KnowledgeError, Problem, TriageError
from triagebot.pipeline import Triage
from triagebot.proof.cases import doubts, read_case, read_labelled
from triagebot.proof.result import VERSION, to_result
from triagebot.records import Outcome, Report
from triagebot.wiring import SHIPPED, load_knowledge, open_store, with_labels

_LARGEST = 10_000_000  # bytes; GitHub's own limit for an issue is 65,536 characters
_BAD_INPUT = 2
# A text has next to no control characters; a picture or an archive is full of them.
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}
_MOST_CONTROL = 0.05

# How the store names a report: an issue of GitHub, a post of Discord.
_STORED = re.compile(r"[^\s#]+#\d+|discord:\S+")

_knowledge = click.option(
    "--knowledge", metavar="DIR_OR_FILE", help="Knowledge folder, or one FAQ file.  Default: the MMDetection FAQ."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command(epilog='Example: triagebot triage report.md --title "No module named mmcv._ext"')
@click.argument("file", required=False)
@click.option("--title", default="", help="The report's title.")
@_knowledge
@click.option(
    "--lang",
    type=click.Choice(["auto", "en", "zh"]),
    default="auto",
    help="Language of the reply (auto: the reporter's).",
)
@click.option(
    "--label-model",
    metavar="MODEL_OR_DIR",
    envvar="TRIAGEBOT_LABEL_MODEL",
    help="Suggest labels with what `triagebot train labels` wrote.",
)
@_json
@click.option(
    "--batch", metavar="CASES.jsonl", help="One JSON object a line in (id, title, body), one result a line out."
)
def triage(
    file: str | None,
    title: str,
    knowledge: str | None,
    lang: str,
    label_model: str | None,
    *,
    as_json: bool,
    batch: str | None,
) -> None:
    """Read one report from FILE (- for standard input) and print the reply as GitHub would show it."""
    language = "" if lang == "auto" else lang
    with _told():
        if (file is None) == (batch is None):
            raise InputError("name a FILE, - for standard input, or --batch CASES.jsonl (see --help)")
        known, complaint = with_labels(load_knowledge(knowledge), label_model)
        if complaint:
            click.echo(f"triagebot: {complaint}", err=True)
        core = Triage(known)
        if batch is not None:
            _triage_batch(core, _read(batch), language)
            return
        body = _read(file or "-")
        if not (body.strip() or title.strip()):
            raise InputError(f"{_name(file)}: there is no text; paste the report, or give a --title")
        result = _result(core, Report(id=_name(file), title=title, body=body), language)
        _show(result, as_json=as_json)


@click.command("eval", epilog="Example: triagebot eval tests/cases/mmdetection-dev.jsonl")
@click.argument("file", metavar="CASES.jsonl")
@_knowledge
@click.option("--by-threshold", is_flag=True, help="Show what other thresholds for acting would give.")
@click.option("--html", metavar="FILE", help="Also write a page with plots and every case that went wrong.")
@_json
def evaluate(file: str, knowledge: str | None, html: str | None, *, by_threshold: bool, as_json: bool) -> None:
    """Score the bot on cases whose answer is known: precision, coverage, false answers, time."""
    from triagebot.proof.tables import table, thresholds  # noqa: PLC0415

    with _told():
        figures = _figures(Triage(load_knowledge(knowledge)), file)
        click.echo(json.dumps(figures, ensure_ascii=False) if as_json else table(figures))
        if by_threshold and not as_json:
            click.echo(thresholds(figures["by_threshold"]))
        if html is not None:
            from triagebot.proof.page import page  # noqa: PLC0415

            _write(Path(html), page(figures, Path(file).name))
            click.echo(f"written to {html}", err=True)
        if figures["broken_lines"]:
            sys.exit(_BAD_INPUT)


def _figures(core: Triage, file: str) -> dict[str, Any]:
    """Score every case of a file and say which lines are none; raises InputError when no line is a case."""
    from triagebot.proof.evaluate import score, summarise  # noqa: PLC0415

    scored, seconds, broken = [], list[float](), list[str]()
    entries = [entry.id for entry in core.knowledge.entries]
    for number, case in _cases(_read(file), read_labelled):
        if isinstance(case, str):
            broken.append(f"{file}:{number}: {case}")
            continue
        for doubt in doubts(case, entries):
            click.echo(f"{file}:{number}: {doubt}", err=True)
        started = time.perf_counter()
        verdict = core.judge(_report(case, number))
        seconds.append(time.perf_counter() - started)
        scored.append(score(case, verdict))
    for line in broken:
        click.echo(line, err=True)
    if not scored:
        raise InputError(f"{file}: there is no case to score; each line is an object with id, title, body and faq")
    return summarise(scored) | {"milliseconds": _percentiles(seconds), "broken_lines": len(broken)}


@click.command(epilog="Example: triagebot lint knowledge")
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--write-schema", metavar="DIR", help="Write the JSON Schemas for editors into DIR, and do nothing else.")
def lint(folder: str | None, write_schema: str | None) -> None:
    """Check a knowledge folder: its shape, and that every example and counterexample does what it says."""
    from triagebot.knowledge import schemas  # noqa: PLC0415
    from triagebot.proof.lint import advise  # noqa: PLC0415
    from triagebot.proof.lint import lint as check  # noqa: PLC0415

    with _told():
        if write_schema is not None:
            for kind, schema in schemas().items():
                text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True)
                _write(Path(write_schema) / f"{kind}.schema.json", text + "\n")
            return
        try:
            knowledge = load_knowledge(folder)
            problems = tuple(_in_place(problem, folder) for problem in check(knowledge, Triage(knowledge).judge))
        except KnowledgeError as error:
            problems = error.problems
        for problem in problems:
            click.echo(str(problem))
        if problems:
            click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", err=True)
            sys.exit(1)
        for hint in advise(knowledge):
            click.echo(f"advice: {_in_place(hint, folder)}")
        click.echo(f"{len(knowledge.entries)} entries, {len(knowledge.rules)} rules: everything holds")


def _in_place(problem: Problem, given: str | None) -> Problem:
    """Return a problem of the knowledge with the path of its file, as the person who named the knowledge knows it."""
    place = Path(given) if given else SHIPPED
    return replace(problem, file=str(place / problem.file if place.is_dir() else place))


@click.command(epilog="Example: triagebot explain report.md   or   triagebot explain owner/repo#12")
@click.argument("file_or_id")
@click.option("--title", default="", help="The report's title.")
@_knowledge
@click.option("--config", metavar="FILE", help="TOML file of settings, where an ID is looked up in the database.")
@_json
def explain(file_or_id: str, title: str, knowledge: str | None, config: str | None, *, as_json: bool) -> None:
    """Show what each room saw of a report, and why each entry was chosen or not.

    FILE (- for standard input) is read now.  Of an ID (owner/repo#12) the latest verdict is shown that the server
    kept: what it saw then, without the text.
    """
    from triagebot.proof.explain import explain as seen  # noqa: PLC0415
    from triagebot.proof.explain import show  # noqa: PLC0415

    with _told():
        if _STORED.fullmatch(file_or_id) and not Path(file_or_id).exists():
            explanation = _kept(file_or_id, config)
        else:
            report = Report(id=_name(file_or_id), title=title, body=_read(file_or_id))
            explanation = seen(Triage(load_knowledge(knowledge)), report)
        click.echo(json.dumps(explanation, ensure_ascii=False) if as_json else show(explanation))


def _kept(name: str, config: str | None) -> dict[str, Any]:
    """Return what was kept of a report's latest verdict; raises InputError where there is none."""
    from triagebot.proof.stored import told_again  # noqa: PLC0415
    from triagebot.settings import read_settings  # noqa: PLC0415

    store = open_store(read_settings(os.environ, config).database_url, create=False)
    try:
        chain = store.memory.chain(name)
    finally:
        store.close()
    if not chain:
        raise InputError(f"{name}: no verdict was kept; put the report into a file and explain that")
    return told_again(chain)


@contextmanager
def _told() -> Iterator[None]:
    """Say what went wrong in plain words; a person's or a maintainer's mistake gets no traceback."""
    try:
        yield
    except TriageError as error:
        click.echo(f"triagebot: {error}", err=True)
        sys.exit(_BAD_INPUT)
    except BrokenPipeError:  # `| head` has read enough
        sys.stderr.close()
        sys.exit(0)


def _name(file: str | None) -> str:
    return "standard input" if file in {None, "-"} else str(file)


def _read(file: str) -> str:
    """Return the text of a file or of standard input; raises InputError with the place and the remedy."""
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(_LARGEST + 1)
    except IsADirectoryError:
        raise InputError(f"{file}: that is a folder; name a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{file}: cannot be read ({reason}); check the name and the rights") from None
    if len(raw) > _LARGEST:
        raise InputError(f"{_name(file)}: over {_LARGEST // 1_000_000} MB; give only the report itself")
    if sum(raw.count(byte) for byte in _CONTROL) > _MOST_CONTROL * len(raw):
        raise InputError(f"{_name(file)}: this does not look like text; give the report as UTF-8 text")
    return raw.decode("utf-8-sig", errors="replace")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); name another place") from None


def _result(core: Triage, report: Report, language: str) -> dict[str, Any]:
    verdict = core.judge(report)
    reply, _ = core.answer(verdict, language=language)
    return to_result(verdict, reply, core.knowledge)


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    elif result["outcome"] == Outcome.SILENT:
        click.echo("nothing to say: " + "; ".join(result["reasons"]), err=True)
    elif sys.stdout.isatty():
        _show_coloured(result["reply"])
    else:
        click.echo(result["reply"])


def _show_coloured(markdown: str) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(markdown))


def _triage_batch(core: Triage, text: str, language: str) -> None:
    """Print one result a line, in order; a bad line gives a result with `error`, the rest goes on."""
    for number, case in _cases(text, read_case):
        if isinstance(case, str):
            result: dict[str, Any] = {"version": VERSION, "id": None, "line": number, "error": case}
        else:
            result = _result(core, _report(case, number), language) | {"id": case.get("id")}
        click.echo(json.dumps(result, ensure_ascii=False))


def _cases(text: str, read: Callable[[str], dict[str, Any] | str]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Yield each line's number with its object, or with what is wrong with it."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, read(line)


def _report(case: dict[str, Any], number: int) -> Report:
    return Report(id=str(case.get("id", number)), title=case.get("title") or "", body=case.get("body") or "")


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {f"p{share}": round(ordered[(len(ordered) - 1) * share // 100] * 1000, 2) for share in (50, 99)}
