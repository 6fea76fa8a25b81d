"""The door of label suggestions: what a learned model thinks of one report, or of a file of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triagebot.errors import InputError, TriageError
from triagebot.records import LabelScore
from triagebot.wiring import load_labels

if TYPE_CHECKING:
    from triagebot.diagnose.labels.model import LabelModels

_LARGEST = 200_000_000  # bytes
VERSION = 1


@click.command(epilog="Example: triagebot labels --batch new-issues.jsonl --model labels.npz --json")
@click.argument("file", required=False)
@click.option("--batch", metavar="FILE", help="Many reports: JSON lines, `gh issue list --json` or .csv.")
@click.option("--model", required=True, metavar="MODEL_OR_DIR", help="What `triagebot train labels` wrote.")
@click.option("--title", default="", help="The title of the one report.")
@click.option("--repo", default="", metavar="OWNER/REPO", help="Whose labels, where the model knows several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a report, with every label.")
def labels(file: str | None, batch: str | None, model: str, title: str, repo: str, *, as_json: bool) -> None:
    """Suggest labels for the report in FILE (- for standard input), each with the words that spoke for it."""
    try:
        if (file is None) == (batch is None):
            raise InputError("name a FILE, - for standard input, or --batch FILE (see --help)")
        models = load_labels(model)
        results = _one(models, file or "-", title, repo) if batch is None else _many(models, batch, repo)
        for result in results:
            click.echo(json.dumps(result, ensure_ascii=False) if as_json else _line(result))
    except TriageError as error:
        click.echo(f"triagebot: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # `| head` has read enough
        with suppress(OSError):
            sys.stderr.close()
        sys.exit(0)


def _one(models: LabelModels, file: str, title: str, repo: str) -> Iterator[dict[str, Any]]:
    body = _read(file)
    if not (body.strip() or title.strip()):
        raise InputError("there is no text; give the report, or a --title")
    yield _result(models, file, repo, title, body)


def _many(models: LabelModels, file: str, repo: str) -> Iterator[dict[str, Any]]:
    """Yield a result for each record, in order; a broken one gives `error`, the rest goes on."""
    from triagebot.learned.labels.history import records, to_past  # noqa: PLC0415 - only here

    for number, (place, record) in enumerate(records(_read(file), file), start=1):
        if isinstance(record, str):
            yield {"version": VERSION, "id": None, "record": number, "error": f"{place}: {record}"}
        else:
            past = to_past(record, str(number))
            yield _result(models, past.id, past.repo or repo, past.title, past.body)


def _result(models: LabelModels, name: str, repo: str, title: str, body: str) -> dict[str, Any]:
    if models.pick(repo) is None:
        known = sorted({name for model in models.models for name in model.repositories})
        why = f"no model for {repo or 'a report of an unknown repository'}; there are models for {', '.join(known)}"
        return {"version": VERSION, "id": name, "repo": repo, "labels": [], "error": why}
    return {"version": VERSION, "id": name, "repo": repo, "labels": [_label(s) for s in models(repo, title, body)]}


def _label(score: LabelScore) -> dict[str, Any]:
    return {
        "name": score.name,
        "probability": score.probability,
        "level": score.level,
        "reasons": list(score.reasons),
    }


def _line(result: dict[str, Any]) -> str:
    """Return a result for people: the labels that are said, and what spoke for them."""
    if "error" in result:
        return f"{result['id'] or result.get('record')}: {result['error']}"
    said = [label for label in result["labels"] if label["level"] != "silent"]
    best = result["labels"][:1]
    shown = "; ".join(map(_shown, said)) or "nothing" + "".join(f" (likeliest: {_shown(label)})" for label in best)
    return f"{result['id']}: {shown}"


def _shown(label: dict[str, Any]) -> str:
    words = ", ".join(f'"{word}"' for word in label["reasons"])
    level = f", {label['level']}" if label["level"] != "silent" else ""
    return f"{label['name']} {label['probability']:.2f}{level}" + (f", for {words}" if words else "")


def _read(file: str) -> str:
    from triagebot.learned.labels.reading import decode  # noqa: PLC0415

    try:
        raw = sys.stdin.buffer.read(_LARGEST + 1) if file == "-" else _first(Path(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{file}: cannot be read ({reason}); check the name and the rights") from None
    if len(raw) > _LARGEST:
        raise InputError(f"{file}: over {_LARGEST // 1_000_000} MB; split it")
    text, complaint = decode(raw, file)
    if complaint:
        click.echo(f"triagebot: {complaint}", err=True)
    return text


def _first(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(_LARGEST + 1)
