"""A repository's history as examples: JSON lines, `gh issue list --json` and CSV, whatever is broken in them told."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

_LONGEST = 300_000  # characters of a body; GitHub's own limit is 65,536
_MOST_TOLD = 5
_COLUMNS = ("id", "number", "title", "body", "label", "labels", "repo", "repository", "url", "author", "created_at")
_SEPARATORS = ",;\t"
csv.field_size_limit(1_000_000_000)  # a field beyond csv's own limit would cost the rows behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One issue of the history: its first post, its labels, and those a person took off or put on in answer to us.

    `created` is in seconds since 1970, NaN where the history does not tell.
    """

    id: str
    repo: str
    title: str
    body: str
    labels: frozenset[str]
    created: float = math.nan
    denied: frozenset[str] = frozenset()
    applied: frozenset[str] = frozenset()


@dataclass(slots=True)
class History:
    """The issues of a history, and what was left out: how many by reason, and the first broken lines."""

    issues: list[Past] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def leave_out(self, why: str, place: str = "") -> None:
        """Count one more record that teaches nothing; a `place` is told as broken."""
        self.left_out[why] = self.left_out.get(why, 0) + 1
        if place and len(self.broken) < _MOST_TOLD:
            self.broken.append(f"{place}: {why}")


def read_history(text: str, name: str) -> History:
    """Return the issues in a text; `name` is the file's, whose ending `.csv` tells the format."""
    history = History()
    for place, record in records(text, name):
        if isinstance(record, str):
            history.leave_out(record, place)
            continue
        why = _why_not(record)
        if why:
            history.leave_out(why)
        else:
            history.issues.append(to_past(record, place))
    return history


def records(text: str, name: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Yield each record with its place, or what is wrong with it: rows of CSV, items of an array, lines of JSON."""
    text = text.removeprefix("\ufeff")
    if name.lower().endswith(".csv"):
        yield from _rows(text, name)
    elif text.lstrip().startswith("["):
        yield from _array(text.lstrip(), name)
    else:
        lines = enumerate(text.split("\n"), start=1)
        yield from ((f"{name}:{number}", _object(line)) for number, line in lines if line.strip())


def to_past(record: Mapping[str, Any], place: str) -> Past:
    """Return a record as an issue; what it lacks is empty."""
    number = record.get("number")
    return Past(
        id=str(record.get("id") if number is None else number) if record.keys() & {"id", "number"} else place,
        repo=_repository(record),
        title=_text(record.get("title")),
        body=_text(record.get("body"))[:_LONGEST],
        labels=frozenset(_labels(record)),
        created=_seconds(record.get("created_at", record.get("createdAt"))),
        denied=frozenset(_names(record.get("removed_labels"))),
    )


def with_feedback(issues: Iterable[Past], said: Mapping[str, Mapping[str, bool]]) -> tuple[list[Past], int]:
    """Return the issues with what people said of their labels, and of how many issues they said something.

    `said`: by `owner/repo#number`, which labels a person put on (True) or took off.
    """
    known = {target.casefold(): labels for target, labels in said.items()}
    heard = [(past, known.get(f"{past.repo}#{past.id}".casefold(), {})) for past in issues]
    return [_corrected(past, labels) for past, labels in heard], sum(bool(labels) for _, labels in heard)


def _corrected(past: Past, labels: Mapping[str, bool]) -> Past:
    denied = {name for name, kept in labels.items() if not kept} - past.labels  # put on again since: it stands
    applied = {name for name, kept in labels.items() if kept}
    return replace(past, labels=past.labels | applied, denied=past.denied | denied, applied=past.applied | applied)


def _rows(text: str, name: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = [column.strip() for column in reader.fieldnames or ()]
    reader.fieldnames = names = [column.lower() if column.lower() in _COLUMNS else column for column in names]
    if wrong := _wrong_columns(names):
        yield f"{name}:1", wrong
        return
    try:
        for row in reader:
            yield f"{name}:{reader.line_num}", {key: value for key, value in row.items() if key and value is not None}
    except csv.Error as error:
        yield f"{name}:{reader.line_num}", f"not CSV ({error}); what follows is not read"


def _wrong_columns(names: Sequence[str]) -> str:
    """Return what is wrong with the first line of a CSV file, "" for nothing."""
    if not {"title", "body"} & set(names):
        return "the first line names no column `title` or `body`"
    twice = [name for name in _COLUMNS if names.count(name) > 1]
    return f"the first line names the column `{twice[0]}` twice" if twice else ""


def _array(text: str, name: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Yield the items of an array, or of several one after the other, as `gh api --paginate` prints them."""
    decoder, at, number = json.JSONDecoder(), 0, 0
    while at < len(text):
        try:
            items, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            yield f"{name}:{error.lineno}", f"not valid JSON ({error.msg}, character {error.colno})"
            return
        except (ValueError, RecursionError):
            yield f"{name}:1", "not valid JSON"
            return
        for item in items if isinstance(items, list) else [items]:
            number += 1
            yield f"{name}[{number}]", item if isinstance(item, dict) else "not an object"
        at = len(text) - len(text[at:].lstrip())


def _object(line: str) -> dict[str, Any] | str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return "not valid JSON"
    return value if isinstance(value, dict) else "not an object"


def _why_not(record: Mapping[str, Any]) -> str:
    """Return why a record teaches nothing, "" when it does."""
    author = record.get("author") or record.get("user")
    login = str(author.get("login") or "") if isinstance(author, Mapping) else str(author or "")
    bot = isinstance(author, Mapping) and (author.get("is_bot") is True or author.get("type") == "Bot")
    if bot or login.endswith("[bot]") or login.startswith("app/"):
        return "written by a bot"
    if record.get("pull_request") or record.get("isPullRequest"):
        return "a pull request"
    if not (_text(record.get("title")).strip() or _text(record.get("body")).strip()):
        return "without a text"
    return ""


def _labels(record: Mapping[str, Any]) -> Iterable[str]:
    """Return the names of a record's labels: names or mappings with a `name`; a single text is one label whole."""
    return _names(record.get("labels", record.get("label")))


def _names(given: object) -> Iterator[str]:
    if isinstance(given, str):
        given = json.loads(given) if _is_list(given) else [given]
    items = given if isinstance(given, list) else []
    names = (item.get("name") if isinstance(item, Mapping) else item for item in items)
    return (name.strip() for name in names if isinstance(name, str) and name.strip())


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _repository(record: Mapping[str, Any]) -> str:
    """Return `owner/repo`: told outright, or out of the issue's address."""
    told = record.get("repo") or record.get("repository") or record.get("repository_url")
    if isinstance(told, Mapping):
        told = told.get("nameWithOwner") or told.get("full_name")
    if isinstance(told, str) and told:
        return "/".join(told.rstrip("/").split("/")[-2:])
    parts = str(record.get("url") or record.get("html_url") or "").split("/")
    return "/".join(parts[3:5]) if len(parts) > 4 and parts[0].startswith("http") else ""  # noqa: PLR2004


def _text(value: object) -> str:
    """Return a text that every encoder can take: JSON may hold half of a surrogate pair."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _seconds(value: object) -> float:
    """Return an ISO 8601 time or seconds since 1970 as the latter, NaN for anything else; without a zone it is UTC."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        return math.nan
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
