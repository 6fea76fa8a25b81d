"""The workflow's door: `triagebot action` works on the event of a GitHub Actions run, without a server."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from triagebot.compose import GITHUB
from triagebot.compose.because import because
from triagebot.errors import InputError, KnowledgeError, RemoteError, TriageError
from triagebot.github.desk import SILENCE, Desk
from triagebot.github.events import read_event
from triagebot.pipeline import Triage
from triagebot.records import Commanded, Delivery, Ended, LeftAlone, Report, Touched, Verdict
from triagebot.service import Service
from triagebot.settings import Settings, read_settings
from triagebot.store import Store
from triagebot.wiring import (
    build_service,
    load_knowledge,
    open_account,
    open_github,
    open_rulebooks,
    open_store,
    with_labels,
)

# Who writes with the token of a workflow; the token may not ask for its own account.
_WORKFLOW = "github-actions[bot]"
_TRIES = 4
_LONGEST_WAIT = 60.0
_LONGEST_SUMMARY = 900_000  # GitHub takes 1 MiB a step
_NUMBER = re.compile(r"[1-9][0-9]{0,15}")
_OF_ISSUES = frozenset({"issues", "issue_comment"})
_RED = 1


class _Run(NamedTuple):
    """What a run of a workflow works with."""

    environment: Mapping[str, str]
    repository: str
    desk: Desk
    service: Service
    store: Store


@click.command(epilog="Example: see deploy/action/action.yml")
@click.option("--issue", default="", metavar="NUMBER", help="Work on this issue, whatever the event was.")
def action(issue: str) -> None:
    """Work on the event of a GitHub Actions run (GITHUB_EVENT_PATH); exits red when the work could not be done."""
    try:
        number = _number(issue)
        with _opened(os.environ) as run:
            for delivery in _deliveries(run, number):
                _tell(run, delivery.key, _work(run, delivery))
    except KnowledgeError as error:
        for problem in error.problems:
            place = f"file={_property(problem.file)},line={problem.line}"
            click.echo(f"::error {place}::{_escaped(str(problem))}")
        sys.exit(_RED)
    except TriageError as error:
        click.echo(f"::error::{_escaped(str(error))}")
        sys.exit(_RED)


def _number(issue: str) -> str:
    """Return the number of an issue as people write it, "" where none is named."""
    number = issue.strip().removeprefix("#")
    if number and not _NUMBER.fullmatch(number):
        raise InputError(f"{issue[:20]!a} is no number of an issue.")
    return number


@contextmanager
def _opened(environment: Mapping[str, str]) -> Iterator[_Run]:
    settings = _settings(environment)
    repository = _needed(environment, "GITHUB_REPOSITORY")
    account = open_account(settings, otherwise=_WORKFLOW)
    knowledge, complaint = with_labels(load_knowledge(settings.knowledge), settings.label_model)
    if complaint:
        click.echo(f"::warning::{_escaped(complaint)}")
    triage = Triage(knowledge)
    rules = open_rulebooks(account, triage)
    rules.read(repository)  # a mistake in the policy is no reason to be silent and green
    hands = open_github(account)
    with tempfile.TemporaryDirectory(prefix="triagebot-") as folder:
        store = open_store(f"sqlite:///{folder}/memory.db")
        try:
            service = build_service(triage, hands, store, rules)
            yield _Run(environment, repository, Desk(service, hands), service, store)
        finally:
            store.close()


def _settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings; what GitHub tells every run is used where nothing else is said."""
    given = dict(environment)
    given.setdefault("TRIAGEBOT_GITHUB_API_URL", environment.get("GITHUB_API_URL", ""))
    if not given.get("TRIAGEBOT_GITHUB_APP_ID"):
        given.setdefault("TRIAGEBOT_GITHUB_TOKEN", environment.get("GITHUB_TOKEN", ""))
    settings = read_settings(given)
    if not settings.github_token and not settings.github_app_id:
        raise InputError("There is no token. Pass `token: ${{ github.token }}` to the action.")
    return settings


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise InputError(f"{name} is not set. `triagebot action` runs inside a GitHub Actions workflow.")
    return value


def _deliveries(run: _Run, issue: str) -> list[Delivery]:
    """Return what is to be worked on: one issue, or on a schedule all that wait for an answer."""
    event = _needed(run.environment, "GITHUB_EVENT_NAME")
    if issue:
        return [_look_at(f"{run.repository}#{issue}")]
    if event == "schedule":
        return [_look_at(target) for target in run.desk.waiting(run.repository)]
    if event == "workflow_dispatch":
        raise InputError("No issue is named. Pass `issue: ${{ inputs.issue }}` to the action, and give its number.")
    payload = _payload(event, _needed(run.environment, "GITHUB_EVENT_PATH"))
    target = _target(event, payload)
    return [Delivery(guid="action", event=event, key=target, payload=json.dumps(payload))]


def _look_at(target: str) -> Delivery:
    return Delivery(guid="action", event=SILENCE, key=target, payload="{}")


def _payload(event: str, path: str) -> Any:
    """Return the JSON of the event; one that ought to be about an issue and is not is no work well done."""
    try:
        payload = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"GITHUB_EVENT_PATH: {path} cannot be read as JSON ({type(error).__name__}).") from None
    if event in _OF_ISSUES and not (isinstance(payload, dict) and isinstance(payload.get("issue"), dict)):
        raise InputError(f"GITHUB_EVENT_PATH: {path} holds no issue, though the event is {event}.")
    return payload


def _target(event: str, payload: Any) -> str:
    heard = read_event(event, payload)
    if isinstance(heard, Report):
        return heard.id
    return heard.target if isinstance(heard, Touched | Commanded | Ended) else ""


def _work(run: _Run, delivery: Delivery) -> Verdict | LeftAlone:
    """Bring the issue up to date; what may succeed later is tried again a few times."""
    for attempt in range(1, _TRIES + 1):
        try:
            if delivery.key:
                run.desk.remember(delivery, run.store.memory)
            return run.desk.work_through([delivery])
        except RemoteError as error:
            if error.retry_after is None or attempt == _TRIES:
                raise
            wait = min(max(error.retry_after, float(2**attempt)), _LONGEST_WAIT)
            click.echo(f"{error} Trying again in {wait:.0f} s.", err=True)
            time.sleep(wait)
    raise AssertionError("unreachable")  # pragma: no cover


def _tell(run: _Run, target: str, done: Verdict | LeftAlone) -> None:
    """Write the job summary and the outputs; texts of strangers go into neither but as code."""
    if isinstance(done, LeftAlone):
        click.echo(f"{target or run.repository}: left alone: {done.why}")
        _append(run, "GITHUB_STEP_SUMMARY", f"**{target or run.repository}**: left alone, {done.why}\n")
        _outputs(run, {"outcome": "left-alone", "entries": "", "labels": ""})
        return
    core = run.service.core(target)
    language = done.assessment.case.document.language
    explained = because(done, core.knowledge, language, GITHUB) if core else ""
    click.echo(f"{target}: {done.outcome}: {'; '.join(done.reasons)}")
    _append(run, "GITHUB_STEP_SUMMARY", f"## {target}: {done.outcome}\n\n{explained}\n")
    entries = ",".join(answer.diagnosis.entry.id for answer in done.answers)
    _outputs(
        run, {"outcome": done.outcome, "entries": entries, "labels": ",".join(label.name for label in done.labels)}
    )


def _outputs(run: _Run, values: Mapping[str, str]) -> None:
    """Write outputs behind a delimiter that nobody can guess, so that no value can write another."""
    end = f"end-{secrets.token_hex(16)}"
    for name, value in values.items():
        _append(run, "GITHUB_OUTPUT", f"{name}<<{end}\n{value}\n{end}\n")


def _append(run: _Run, name: str, text: str) -> None:
    path = run.environment.get(name, "")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text[:_LONGEST_SUMMARY])
    except OSError as error:
        raise InputError(f"{name}: {path} cannot be written ({error.strerror}).") from None


def _escaped(text: str) -> str:
    """Return a text as the value of a workflow command: it cannot start another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
