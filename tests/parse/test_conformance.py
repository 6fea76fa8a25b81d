"""Public fixtures for parsers of issue forms: those of the npm package `@github/issue-parser`.

Where npm is absent the tests are skipped, and say so; `.ci/run` allows no skip.  The contradictions, each with its
reason, are told in docs/decisions/0009-issue-forms.md.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest

from triagebot.knowledge import read_issue_template
from triagebot.parse import parse
from triagebot.records import Asking, Report, Response, State

PACKAGE = "@github/issue-parser@2.0.0"
NPM = shutil.which("npm")
ISSUES = ("parsed-issue.json", "parsed-issue-template.json")
# Where we mean something else than the fixture, on purpose: (folder, key) to what we say.
CONTRADICTIONS = {
    # `## This isn't a good issue` has not the form's level; a reporter who changed it has answered.
    ("invalid", "bad"): (State.ANSWERED, "This is a response\n\n###\n\nThat header is empty???"),
}


def absent(why: str) -> NoReturn:
    """Skip aloud; fail where the fixtures are demanded."""
    told = f"THE CONFORMANCE OF ISSUE FORMS IS NOT TESTED: {why}"
    if os.environ.get("TESTS_NEED_NPM"):
        pytest.fail(told)
    pytest.skip(told)


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch the package into a folder of its own and return its fixtures."""
    if NPM is None:
        absent("npm is missing (apt-get install npm)")
    folder = tmp_path_factory.mktemp("issue-parser")
    fetch = [str(NPM), "pack", "--silent", PACKAGE]
    done = subprocess.run(fetch, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        absent(f"npm could not fetch {PACKAGE}: {done.stderr[-500:]}")
    shutil.unpack_archive(folder / done.stdout.split()[-1], folder, filter="data")
    return folder / "package" / "__fixtures__"


def test_every_fixture_is_read_as_its_authors_expect(fixtures: Path) -> None:
    """Each answer is the text they expect, each box is ticked as they say, and what they leave out is open."""
    told = []
    for folder in sorted(path for path in fixtures.iterdir() if (path / "template.yml").exists()):
        expected = json.loads(next(folder / name for name in ISSUES if (folder / name).exists()).read_text("utf-8"))
        for response in responses(folder):
            key = _key(response, expected)
            if (folder.name, key) in CONTRADICTIONS:
                assert (response.state, response.text) == CONTRADICTIONS[folder.name, key]
            elif _said(response) != _wanted(response, expected.get(key)):
                told.append(f"{folder.name}: {key}: {_said(response)!r} instead of {expected.get(key)!r}")
    assert told == []


def test_every_template_tells_what_its_authors_expect(fixtures: Path) -> None:
    """Labels, kinds, required fields, boxes and options."""
    for path in sorted(fixtures.glob("*/parsed-template.json")):
        expected = json.loads(path.read_text("utf-8"))
        template = read_issue_template("template.yml", (path.parent / "template.yml").read_text("utf-8"))
        assert len(template.prompts) == len(expected)
        for prompt, wanted in zip(template.prompts, expected.values(), strict=True):
            assert (prompt.label, prompt.asking, prompt.required) == (
                wanted["label"],
                wanted["type"],
                wanted["required"],
            )
            options = wanted.get("options", [])
            if prompt.asking is Asking.CHECKBOXES:
                assert [{"label": box.label, "required": box.required} for box in prompt.boxes] == options
            else:
                assert list(prompt.options) == options


def responses(folder: Path) -> tuple[Response, ...]:
    """Return what we read out of an issue with its form."""
    template = read_issue_template("template.yml", (folder / "template.yml").read_text("utf-8"))
    body = (folder / "issue.md").read_text("utf-8")
    filled = parse(Report(id="x", title="", body=body), issue_templates=[template]).filled
    if filled is None:  # nothing of the form is there
        return tuple(Response(prompt=prompt, state=State.GONE) for prompt in template.prompts)
    return filled.responses


def _key(response: Response, expected: dict[str, Any]) -> str:
    """Return their key: the id, or the label in their snake case."""
    snake = re.sub(r"[^a-z0-9]+", "_", response.prompt.label.lower()).strip("_")
    return snake if snake in expected else response.prompt.id


def _said(response: Response) -> object:
    """Return our response in their words: no key for no answer, lists for dropdowns, both lists for boxes."""
    if response.prompt.asking is Asking.CHECKBOXES:
        return {"selected": list(response.ticked), "unselected": list(response.unticked)}
    answered = response.state in {State.ANSWERED, State.NOTHING, State.UNTOUCHED}
    if response.prompt.asking is Asking.DROPDOWN:
        return re.split(r", *", response.text) if answered else []
    return response.text if answered else None


def _wanted(response: Response, expected: object) -> object:
    """Return their expectation; a field that is not in the issue at all has no key, whatever its kind."""
    if expected is not None or response.prompt.asking is Asking.INPUT or response.prompt.asking is Asking.TEXTAREA:
        return expected
    return [] if response.prompt.asking is Asking.DROPDOWN else {"selected": [], "unselected": []}
