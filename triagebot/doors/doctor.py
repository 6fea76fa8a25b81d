"""The doctor's door: `triagebot doctor` checks everything that a running bot needs, and says what to do about each."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import click

from triagebot.decide.labels import possible_labels
from triagebot.errors import KnowledgeError, TriageError
from triagebot.github import examine
from triagebot.github.accounts import Account
from triagebot.pipeline import Triage
from triagebot.records import Knowledge, Policy
from triagebot.settings import Settings, read_settings
from triagebot.wiring import load_knowledge, load_labels, open_account, open_rulebooks, open_store

_WEBHOOK = "/github/webhook"
_PATIENCE_SECONDS = 10
_MOST_SKEW_SECONDS = 60
_FEW_LEFT = 200


class Line(NamedTuple):
    """One thing that was checked: whether it is well, what was found, and what to do where it is not."""

    what: str
    well: bool
    found: str
    remedy: str = ""


class _Patient(NamedTuple):
    settings: Settings
    config: str | None
    account: Account | None  # none without credentials
    repository: str
    webhook: str
    fix: bool


Check = Callable[[_Patient], Iterator[Line]]


@click.command(epilog="Example: triagebot doctor OWNER/REPO --webhook https://bot.example.org/github/webhook")
@click.argument("repository", metavar="OWNER/REPO", default="")
@click.option("--config", metavar="FILE", help="TOML file of settings; the environment overrides it.")
@click.option("--webhook", default="", metavar="URL", help="The webhook's address as GitHub reaches it.")
@click.option("--fix", is_flag=True, help="Create labels that are missing in the repository.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def doctor(repository: str, config: str | None, webhook: str, *, fix: bool, as_json: bool) -> None:
    """Check credentials, permissions, policy, labels, webhook, knowledge, database, clock, rate: ok, or what to do."""
    try:
        settings = read_settings(os.environ, config)
        account = open_account(settings) if settings.github_token or settings.github_app_id else None
    except TriageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    patient = _Patient(settings, config, account, repository, webhook, fix)
    lines = list(_examine(patient))
    for line in lines:
        click.echo(json.dumps(line._asdict(), ensure_ascii=False) if as_json else _shown(line))
    sys.exit(0 if all(line.well for line in lines) else 1)


def _shown(line: Line) -> str:
    head = f"{'ok  ' if line.well else 'FAIL'}  {line.what}: {line.found}"
    return head if line.well or not line.remedy else f"{head}\n      -> {line.remedy}"


def _examine(patient: _Patient) -> Iterator[Line]:
    """Yield every line; a check that cannot even be made is a line that is not well."""
    checks: tuple[tuple[str, Check], ...] = (
        ("settings", _settings),
        ("knowledge", _knowledge),
        ("label model", _label_model),
        ("database", _database),
        ("credentials", _credentials),
        ("repository", _repository),
        ("policy", _policy),
        ("webhook", _reachable),
    )
    for what, check in checks:
        try:
            yield from check(patient)
        except TriageError as error:
            yield Line(what, well=False, found=str(error))


def _settings(patient: _Patient) -> Iterator[Line]:
    if patient.config and (mode := stat.S_IMODE(Path(patient.config).stat().st_mode)) & 0o077:
        remedy = f"chmod 600 {patient.config}"
        yield Line("settings", well=False, found=f"{patient.config} can be read by others ({mode:o})", remedy=remedy)
    else:
        yield Line("settings", well=True, found=patient.config or "from the environment")


def _knowledge(patient: _Patient) -> Iterator[Line]:
    from triagebot.proof.lint import lint  # noqa: PLC0415 - heavy

    try:
        knowledge = load_knowledge(patient.settings.knowledge)
    except KnowledgeError as error:
        yield _mistakes("knowledge", error, "Mend it; `triagebot lint` tells the same.")
        return
    problems = lint(knowledge, Triage(knowledge).judge)
    found = f"{len(knowledge.entries)} entries for {knowledge.project}"
    if problems:
        found = f"{len(problems)} problems, the first: {problems[0]}"
    yield Line("knowledge", well=not problems, found=found, remedy="`triagebot lint` tells all of them.")


def _label_model(patient: _Patient) -> Iterator[Line]:
    if patient.settings.label_model is not None:
        known = load_labels(patient.settings.label_model).models
        of_whom = ", ".join(sorted({name for model in known for name in model.repositories})) or "any repository"
        yield Line("label model", well=True, found=f"{sum(len(model.labels) for model in known)} labels of {of_whom}")


def _database(patient: _Patient) -> Iterator[Line]:
    store = open_store(patient.settings.database_url)
    try:
        store.check()
        yield Line("database", well=True, found=store.place)
    finally:
        store.close()


def _credentials(patient: _Patient) -> Iterator[Line]:
    if patient.account is None:
        remedy = "Set TRIAGEBOT_GITHUB_TOKEN, or make an App with `triagebot app create`."
        yield Line("credentials", well=False, found="there are none", remedy=remedy)
        return
    yield Line("credentials", well=True, found=f"we write as {patient.account.login()}")
    for name, lacking in examine.lacking(patient.account).items():
        remedy = f"App settings > Permissions: give {name} {lacking}, then accept it where it is installed."
        yield Line("permissions", well=False, found=f"the App has no {name}: {lacking}", remedy=remedy)


def _repository(patient: _Patient) -> Iterator[Line]:
    unseen = "its access, labels, policy, rate and clock are not checked"
    if not patient.repository:
        yield Line("repository", well=True, found=f"none was named: {unseen}")
        return
    if patient.account is None:
        yield Line("repository", well=False, found=f"without credentials {unseen}")
        return
    seen = examine.look(patient.account, patient.repository)
    yield Line("repository", well=seen.issues, found=f"{patient.repository} can be read", remedy="Switch issues on.")
    if not seen.writes:
        remedy = "Give the token Issues: read and write on this repository."
        yield Line("permissions", well=False, found="the token cannot write issues here", remedy=remedy)
    remedy = "Wait for the next hour; if that happens often, use an App: its limit is its own."
    yield Line("rate", well=seen.left > _FEW_LEFT, found=f"{seen.left} requests left in this hour", remedy=remedy)
    skew = abs(seen.skew)
    yield Line("clock", well=skew < _MOST_SKEW_SECONDS, found=f"{skew:.0f} s from GitHub's", remedy="Switch NTP on.")


def _policy(patient: _Patient) -> Iterator[Line]:
    if not patient.repository or patient.account is None:
        return
    try:
        knowledge = load_knowledge(patient.settings.knowledge)
    except KnowledgeError:
        yield Line("policy", well=False, found="not checked, since the knowledge is wrong")
        return
    try:
        rules = open_rulebooks(patient.account, Triage(knowledge)).read(patient.repository)
    except KnowledgeError as error:
        yield _mistakes("policy", error, "Until it is mended nothing is done in this repository.")
        return
    levels = f"answers {rules.policy.answers}, needs-info {rules.policy.needs_info}, labels {rules.policy.labels}"
    yield Line("policy", well=True, found=levels)
    yield from _labels(patient, patient.account, rules.triage.knowledge, rules.policy)


def _labels(patient: _Patient, account: Account, knowledge: Knowledge, policy: Policy) -> Iterator[Line]:
    names = possible_labels(knowledge, patient.repository)
    wanted = {policy.label_names.get(name, name) for name in names} | {policy.needs_info_label}
    missing = examine.missing_labels(account, patient.repository, wanted)
    if missing and patient.fix:
        examine.create_labels(account, patient.repository, missing)
        yield Line("labels", well=True, found=f"created: {', '.join(missing)}")
        return
    found = f"missing: {', '.join(missing)}" if missing else f"all {len(wanted)} exist"
    remedy = "They are left out until they exist: `triagebot doctor OWNER/REPO --fix` creates them; or rename with "
    yield Line("labels", well=not missing, found=found, remedy=f"{remedy}label-names in the policy.")


def _reachable(patient: _Patient) -> Iterator[Line]:
    """Knock without a signature: our server answers 401, which nobody else on that address would say in our words."""
    address = patient.webhook
    if not address:
        return
    remedy = "Start `triagebot serve` with its secret, and let the proxy pass POST requests on to it."
    if not address.startswith(("https://", "http://")) or not address.endswith(_WEBHOOK):
        remedy = f"Name the whole address, as in https://bot.example.org{_WEBHOOK}"
        yield Line("webhook", well=False, found=f"{address} is no address of ours", remedy=remedy)
        return
    try:
        request = Request(address, b"{}", {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - see above
        with urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - http or https, see above
            status, said = answer.status, answer.read(500)
    except HTTPError as error:
        status, said = error.code, error.read(500)
    except (URLError, OSError, ValueError) as error:
        yield Line("webhook", well=False, found=f"{address} does not answer ({error})", remedy=remedy)
        return
    well = status == 401 and b"X-Hub-Signature-256" in said  # noqa: PLR2004
    found = f"{address} answers and asks for signatures" if well else f"{address} answers {status}, which is not ours"
    yield Line("webhook", well=well, found=found, remedy=remedy)


def _mistakes(what: str, error: KnowledgeError, remedy: str) -> Line:
    return Line(what, well=False, found="; ".join(str(problem) for problem in error.problems), remedy=remedy)
