"""`triagebot action` as a process, with a real event file and environment, against the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import Fault, Issue, StandIn
from tests.learned.histories import SIGNALS, history
from triagebot.learned.labels.file import write_model
from triagebot.learned.labels.learn import Aim, learn

HERE = "open-mmlab/mmdetection"
ERROR = "ModuleNotFoundError: No module named 'mmcv._ext'"
TOKEN = "ghs_very-secret"


class Workflow:
    """A repository whose workflow runs the bot."""

    def __init__(self, github: StandIn, folder: Path) -> None:
        self.github = github
        self.folder = folder
        self.summary, self.output = folder / "summary.md", folder / "output"

    @property
    def issue(self) -> Issue:
        return self.github.repositories[HERE].issues[1]

    def run(self, event: str, payload: dict[str, Any], *options: str, **more: str) -> subprocess.CompletedProcess[str]:
        for path in (self.summary, self.output):
            path.write_text("")
        (self.folder / "event.json").write_text(json.dumps(payload))
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("TRIAGEBOT", "GITHUB"))
        }
        environment |= {
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_EVENT_NAME": event,
            "GITHUB_REPOSITORY": HERE,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(self.output),
            "TRIAGEBOT_GITHUB_TOKEN": TOKEN,
            "TRIAGEBOT_GITHUB_SECONDS_BETWEEN_WRITES": "0",
            "PYTHONUTF8": "1",
        } | more
        command = [sys.executable, "-m", "triagebot", "action", *options]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    def opened(self, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run("issues", self.github.event("opened", HERE, 1), **more)

    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines()
        return {lines[at].partition("<<")[0]: lines[at + 1] for at in range(0, len(lines), 3)}


@pytest.fixture
def workflow(tmp_path: Path) -> Iterator[Workflow]:
    with StandIn(login="github-actions[bot]", token=TOKEN).running() as github:
        github.add_repository(HERE, ["installation", "needs-info"])
        github.open_issue(HERE, "It fails; $(touch /tmp/x) `id`", ERROR)
        yield Workflow(github, tmp_path)


def test_an_opened_issue_is_answered(workflow: Workflow) -> None:
    """Comment and label as from the server; the summary explains, the outputs name; the token is printed nowhere."""
    done = workflow.opened()
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(workflow.issue.comments) == 1
    assert workflow.issue.labels == ["installation"]
    assert workflow.outputs() == {"outcome": "answer", "entries": "mmcv-ops-missing", "labels": "installation"}
    assert f"## {HERE}#1: answer" in workflow.summary.read_text()
    assert "`installation` (sure, 0.9" in workflow.summary.read_text()
    assert TOKEN not in done.stdout + done.stderr + workflow.summary.read_text()


def test_a_second_run_knows_the_first_without_a_database(workflow: Workflow) -> None:
    """Labels of the first run are ours, what a person took off or called wrong stays away, one comment stays one."""
    workflow.opened()
    workflow.opened()
    assert len(workflow.issue.comments) == 1
    workflow.issue.body = "Thank you for this detector, it is a joy to use."
    workflow.issue.title = "Thanks"
    workflow.opened()
    assert workflow.issue.labels == []
    workflow.issue.body = ERROR
    workflow.opened()
    workflow.issue.labels.clear()
    workflow.github.note(workflow.issue, "unlabeled", "installation", "maintainer")
    workflow.opened()
    assert (len(workflow.issue.comments), workflow.issue.labels) == (1, [])


def test_learned_labels_are_put_on_and_the_summary_says_why(workflow: Workflow, tmp_path: Path) -> None:
    """A model in the workspace labels an issue that no entry answers; the words that spoke stand in the summary."""
    workflow.github.repositories[HERE].labels.append("bug")
    workflow.issue.title, workflow.issue.body = "crash when it fails", "broken: a regression, the traceback fails"
    (model,) = learn(history(240, repo=HERE), Aim(act=0.9)).values()
    write_model(model, tmp_path / "labels.npz")
    done = workflow.opened(TRIAGEBOT_LABEL_MODEL=str(tmp_path / "labels.npz"))
    assert (done.returncode, done.stdout.count("::")) == (0, 0)
    assert workflow.outputs()["labels"].split(",")[0] == "bug"
    assert "bug" in workflow.issue.labels
    told = workflow.summary.read_text()
    workflow.issue.title, workflow.issue.body = "Thanks", "Thank you for this detector, it is a joy to use."
    workflow.opened(TRIAGEBOT_LABEL_MODEL=str(tmp_path / "labels.npz"))
    assert workflow.issue.labels == []
    assert "Labels that fit" in told
    assert "`bug` (sure, " in told
    assert "learned from the project's labelled issues" in told
    assert any(f"`{word}" in told for word in SIGNALS["bug"])


def test_a_broken_label_model_is_a_warning(workflow: Workflow, tmp_path: Path) -> None:
    """The run answers without it, and the annotation names the file."""
    (tmp_path / "labels.npz").write_bytes(b"PK nothing")
    done = workflow.opened(TRIAGEBOT_LABEL_MODEL=str(tmp_path / "labels.npz"))
    assert done.returncode == 0
    assert done.stdout.startswith(f"::warning::{tmp_path}/labels.npz: not a label model")
    assert workflow.outputs()["outcome"] == "answer"


def test_labels_of_another_workflow_are_not_ours(workflow: Workflow) -> None:
    """It writes with the same token; what is no label of ours stays on, also where our own answer goes."""
    workflow.opened()
    workflow.issue.labels.append("stale")
    workflow.github.note(workflow.issue, "labeled", "stale", "github-actions[bot]")
    workflow.issue.title, workflow.issue.body = "Thanks", "Thank you for this detector, it is a joy to use."
    workflow.opened()
    assert workflow.issue.labels == ["stale"]


def test_an_issue_that_opens_again_by_an_answer_keeps_what_people_decided(workflow: Workflow) -> None:
    """Closed after silence, then answered: a label that a maintainer took off stays off without a database, too."""
    workflow.github.repositories[HERE].files[".github/triagebot.yml"] = "remind-after-days: 1\nclose-after-days: 1\n"
    workflow.issue.title, workflow.issue.body = "It fails", "It fails, please help."
    workflow.issue.labels.append("installation")
    workflow.github.note(workflow.issue, "labeled", "installation", "github-actions[bot]")
    start = time.time()
    for day in (-9, -6, -3):
        workflow.github.clock = partial(float, start + day * 86_400)
        workflow.run("workflow_dispatch", {}, "--issue", "1")
    assert workflow.issue.state == "closed"
    workflow.github.note(workflow.issue, "unlabeled", "installation", "maintainer")
    workflow.github.clock = time.time
    kept = workflow.github.add_comment(workflow.issue, f"Here:\n\n```\n{ERROR}\n```", "reporter")
    workflow.run("issue_comment", workflow.github.comment_event("created", HERE, 1, kept))
    assert (workflow.issue.state, workflow.issue.labels) == ("open", [])


def test_commands_work_and_last(workflow: Workflow) -> None:
    """`/triage wrong` withdraws, and the next run remembers it by the comment's hidden memo; quiet is read again."""
    workflow.opened()
    kept = workflow.github.add_comment(workflow.issue, "/triage wrong", "reporter")
    assert workflow.run("issue_comment", workflow.github.comment_event("created", HERE, 1, kept)).returncode == 0
    assert "withdrawn" in workflow.issue.comments[0]["body"]
    assert kept["reactions"] == {"+1": ["github-actions[bot]"]}
    workflow.issue.body = ERROR + "\nagain"
    workflow.opened()
    assert "What to do" not in workflow.issue.comments[0]["body"]
    workflow.github.add_comment(workflow.issue, "/triage quiet", "reporter")
    workflow.github.requests.clear()
    workflow.issue.body = "RuntimeError: CUDA error: no kernel image is available for execution on the device"
    workflow.opened()
    assert [call for call in workflow.github.requests if not call.startswith("GET")] == []


def test_a_comment_that_a_person_deleted_is_not_written_again(workflow: Workflow) -> None:
    """The issue's events tell of the deletion."""
    workflow.opened()
    workflow.issue.comments.clear()
    workflow.github.note(workflow.issue, "comment_deleted", "", "maintainer")
    workflow.opened()
    assert workflow.issue.comments == []


def test_a_wrong_policy_turns_the_run_red(workflow: Workflow) -> None:
    """File, line and remedy are told where GitHub shows them beside the file."""
    workflow.github.repositories[HERE].files[".github/triagebot.yml"] = "\nanswerz: off\n"
    done = workflow.opened()
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=.github/triagebot.yml,line=2::")
    assert workflow.issue.comments == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"TRIAGEBOT_GITHUB_TOKEN": ""}, "There is no token"),
        ({"GITHUB_REPOSITORY": ""}, "GITHUB_REPOSITORY is not set"),
        ({"GITHUB_EVENT_PATH": "/nowhere"}, "cannot be read as JSON"),
        ({"GITHUB_EVENT_NAME": "workflow_dispatch"}, "No issue is named"),
        ({"GITHUB_STEP_SUMMARY": "/nowhere/summary"}, "/nowhere/summary cannot be written"),
        ({"TRIAGEBOT_KNOWLEDGE": "/nowhere"}, "/nowhere"),
        ({"TRIAGEBOT_GITHUB_TOKEN": "ghs_other"}, "The token is not accepted"),
    ],
)
def test_work_that_could_not_be_done_is_red(workflow: Workflow, more: dict[str, str], message: str) -> None:
    """Never green without the work: one line says what is wrong, without a traceback."""
    if more.get("TRIAGEBOT_GITHUB_TOKEN") == "ghs_other":
        workflow.github.faults.append(Fault(where="", status=403, message="Resource not accessible", times=99))
        message = "Resource not accessible"
    done = workflow.opened(**more)
    assert done.returncode == 1
    assert message in done.stdout
    assert done.stdout.splitlines()[-1].startswith("::error::")
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"[]", b'{"issue": 3}', b"\xff\xfe{", b"[" * 5000])
def test_an_event_without_an_issue_is_red(workflow: Workflow, content: bytes) -> None:
    """A file that is empty, broken or about something else: nothing was done, and the run says so."""
    (workflow.folder / "odd.json").write_bytes(content)
    done = workflow.opened(GITHUB_EVENT_PATH=str(workflow.folder / "odd.json"))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error::GITHUB_EVENT_PATH: ")


def test_a_lost_answer_is_looked_up_before_it_is_tried_again(workflow: Workflow) -> None:
    """502 after the comment was written: the run waits, finds it, and is green with one comment."""
    workflow.github.faults.append(Fault(where="POST .*comments", after=True))
    done = workflow.opened()
    assert done.returncode == 0
    assert "Trying again" in done.stderr
    assert len(workflow.issue.comments) == 1


def test_an_issue_by_number_and_on_a_schedule(workflow: Workflow) -> None:
    """workflow_dispatch names an issue; a schedule looks at what waits only where reminders are switched on."""
    done = workflow.run("workflow_dispatch", {}, "--issue", " #1 ")
    assert (done.returncode, len(workflow.issue.comments)) == (0, 1)
    workflow.github.requests.clear()
    wrong = workflow.run("workflow_dispatch", {}, "--issue", "1; id", TRIAGEBOT_KNOWLEDGE="/nowhere")
    assert (wrong.returncode, workflow.github.requests) == (1, [])
    assert wrong.stdout == "::error::'1; id' is no number of an issue.\n"
    assert workflow.run("schedule", {}).returncode == 0
    assert not [call for call in workflow.github.requests if "/issues" in call]


def test_what_is_not_for_us_is_green_and_says_so(workflow: Workflow) -> None:
    """A pull request is left alone, with the reason in the summary."""
    workflow.issue.pull_request = True
    done = workflow.opened()
    assert done.returncode == 0
    assert "pull request" in workflow.summary.read_text()
    assert workflow.outputs()["outcome"] == "left-alone"
