"""The terminal's door: results as the contract has them, and one clear message for every wrong input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.making import FAQ

TRACE = "ModuleNotFoundError: No module named 'mmcv._ext'"
RESULT_KEYS = {
    "version", "id", "language", "outcome", "answers", "signatures", "environment", "findings", "missing", "labels",
    "reply",
}  # fmt: skip


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command as a user does, in a process of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TRIAGEBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "triagebot", *arguments],
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
        env=clean,
    )


def result(*arguments: str, given: bytes) -> dict[str, Any]:
    done = run("triage", *arguments, "--json", given=given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def refused(*arguments: str, given: bytes = b"") -> str:
    """Return the one message of a run that ended with 2 and printed no result."""
    done = run(*arguments, given=given)
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert "Traceback (most recent call last)" not in told
    assert done.stdout == b""
    return told


def test_a_report_from_standard_input_is_answered() -> None:
    """`-` reads standard input and prints the reply as GitHub would show it."""
    done = run("triage", "-", given=TRACE.encode())
    assert done.returncode == 0
    assert b"**Likely cause: MMCV is installed without its compiled operators**" in done.stdout


def test_the_result_has_the_shape_of_the_contract() -> None:
    """--json prints version 1 with all its keys."""
    made = result("-", "--title", "help", given=f"PyTorch: 1.9.0+cu111\n{TRACE}\n".encode())
    assert set(made) >= RESULT_KEYS
    assert (made["version"], made["outcome"], made["language"]) == (1, "answer", "en")
    answer = made["answers"][0]
    assert (answer["entry"], answer["level"]) == ("mmcv-ops-missing", "act")
    assert answer["evidence"][0] == {"matcher": "pattern", "quote": TRACE, "line": 2, "score": 1.0}
    signature = made["signatures"][0]
    assert (signature["family"], signature["type"], signature["line"]) == ("python", "ModuleNotFoundError", 2)
    assert set(signature) >= {"message", "masked", "fingerprint", "partial", "frames"}
    fact = next(fact for fact in made["environment"] if fact["name"] == "pytorch")
    assert {"name": "pytorch", "value": "1.9.0+cu111", "version": "1.9.0", "line": 1}.items() <= fact.items()
    assert set(made["missing"][0]) >= {"field", "why", "how"}
    assert set(made["labels"][0]) >= {"name", "source", "probability", "level", "reasons"}


def test_the_title_alone_is_enough() -> None:
    """An empty body with a title is a report."""
    assert result("-", "--title", TRACE, given=b"")["answers"][0]["evidence"][0]["line"] == 0


def test_the_language_can_be_chosen() -> None:
    """--lang overrides the reporter's language."""
    assert "编译" in result("-", "--lang", "zh", given=TRACE.encode())["reply"]
    assert "choose" in refused("triage", "-", "--lang", "fr").lower() or "fr" in refused("triage", "-", "--lang", "fr")


def test_silence_says_why() -> None:
    """Nothing on standard output, one line on standard error, exit 0."""
    done = run("triage", "-", given=b"I like your paper very much.")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"nothing to say: ")


def test_a_batch_keeps_order_and_goes_on_after_a_bad_line(tmp_path: Path) -> None:
    """One result a line, ids kept; a bad line gives an error and the rest goes on."""
    cases = tmp_path / "cases.jsonl"
    lines = [
        json.dumps({"id": 1, "title": TRACE, "body": None}),
        "{not json",
        "[]",
        json.dumps({"id": "x", "title": "a", "body": 3}),
        json.dumps({"id": "last", "title": "thanks", "body": "nice \ud800 work"}),
    ]
    cases.write_text("\n".join(lines), "utf-8")
    done = run("triage", "--batch", str(cases))
    made = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert [item["id"] for item in made] == [1, None, None, None, "last"]
    assert ["error" in item for item in made] == [False, True, True, True, False]
    assert made[1]["line"] == 2
    assert made[0]["answers"][0]["entry"] == "mmcv-ops-missing"


def test_another_projects_faq_alone_is_enough(tmp_path: Path) -> None:
    """A single file of any name serves as the whole knowledge; no rule or template of MMDetection leaks in."""
    faq = tmp_path / "kettle-answers.yaml"
    faq.write_text(FAQ, "utf-8")
    made = result("-", "--knowledge", str(faq), given=b"MMCV: 1.7\nMMDetection: 3.0\nNo module named 'kettle._lid'")
    assert made["answers"][0]["entry"] == "lid-missing"
    assert made["findings"] == []


@pytest.mark.parametrize(
    ("given", "arguments", "said"),
    [
        (b"", ["triage", "-"], "there is no text"),
        (b"\x00\x01\x02\x89PNG\x00\x00\x00" * 100, ["triage", "-"], "does not look like text"),
        (b"x", ["triage", "no-such-file.md"], "cannot be read"),
        (b"x", ["triage", "."], "that is a folder"),
        (b"x", ["triage"], "name a FILE"),
        (b"x", ["triage", "-", "--knowledge", "no-such-folder"], "no-such-folder"),
        (b"x" * 10_000_001, ["triage", "-"], "over 10 MB"),
        (b"", ["eval", "-"], "there is no case"),
    ],
    ids=["empty", "binary", "missing", "folder", "nothing", "knowledge", "huge", "no cases"],
)
def test_bad_input_gets_one_clear_message(given: bytes, arguments: list[str], said: str) -> None:
    """Every wrong input is named with its remedy, without a traceback, and the status is 2."""
    told = refused(*arguments, given=given)
    assert said in told
    assert told.count("\n") == 1


def test_a_megabyte_is_read() -> None:
    """A long text is no mistake: the error in it is found."""
    made = result("-", given=b"filler line of a long log\n" * 40_000 + TRACE.encode())
    assert made["answers"][0]["evidence"][0]["line"] == 40_001


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("    title:", "    titel:"),
            "faq.yaml:5: entries[0].titel: `titel` is not a key here. Did you mean `title`?",
        ),
        (('regex: "heater', 'regex: "(?=heater'), "faq.yaml:24: entries[1].signatures[0]: the regex does not compile"),
        (("id: boils-dry", "id: lid-missing"), "the id `lid-missing` stands already on line 3"),
        (('"kettle >= 2"', '"kettle => 2"'), "the condition `kettle => 2` cannot be read"),
        (("project:", "project: ["), "not valid YAML"),
    ],
    ids=["key", "regex", "id", "condition", "yaml"],
)
def test_a_mistake_in_the_knowledge_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """File, line, key, what is wrong and what to do."""
    faq = tmp_path / "faq.yaml"
    faq.write_text(FAQ.replace(*change, 1), "utf-8")
    assert said in refused("triage", "-", "--knowledge", str(tmp_path), given=b"x")


def test_lint_lists_what_does_not_hold(tmp_path: Path) -> None:
    """A counterexample that is answered is a problem with its line; the status is 1."""
    faq = tmp_path / "faq.yaml"
    faq.write_text(FAQ + '    counterexamples: ["how to keep the water warm after boiling"]\n', "utf-8")
    done = run("lint", str(tmp_path))
    assert done.returncode == 0, done.stdout  # it needs the version, so it is only suggested
    faq.write_text(FAQ.replace("heater 3 is dry", "the heater is fine"), "utf-8")
    done = run("lint", str(tmp_path))
    assert done.returncode == 1
    assert b"boils-dry.examples[0]: the example `the heater is fine` gets no answer" in done.stdout


def test_lint_names_the_file_that_was_given(tmp_path: Path) -> None:
    """In a folder and alone, under whatever name: what does not hold, and advice, say where it stands."""
    broken, untested = (
        FAQ.replace("heater 3 is dry", "it is fine"),
        FAQ.replace('    examples: ["heater 3 is dry"]\n', ""),
    )
    for file, given in ((tmp_path / "faq.yaml", tmp_path), (tmp_path / "mine.yaml", tmp_path / "mine.yaml")):
        for text, what in ((broken, "boils-dry.examples[0]:"), (untested, "boils-dry.examples:")):
            file.write_text(text, "utf-8")
            assert any(
                line.removeprefix("advice: ").startswith(f"{file}:") and what in line
                for line in run("lint", str(given)).stdout.decode().splitlines()
            )


def test_the_shipped_knowledge_holds() -> None:
    """All examples and counterexamples of the MMDetection FAQ do what they say."""
    done = run("lint")
    assert (done.returncode, done.stdout[:10]) == (0, b"16 entries")


def test_eval_prints_figures_and_names_broken_lines(tmp_path: Path) -> None:
    """Figures for the good lines, the broken one by its number, status 2."""
    cases = tmp_path / "cases.jsonl"
    good = {"id": "a", "title": TRACE, "body": "", "faq": ["mmcv-ops-missing"], "kind": "positive", "lang": "en"}
    cases.write_text(json.dumps(good) + "\noops\n", "utf-8")
    done = run("eval", str(cases), "--json", "--html", str(tmp_path / "page.html"))
    assert done.returncode == 2
    assert b"cases.jsonl:2: not valid JSON" in done.stderr
    assert "mmcv-ops-missing" in (tmp_path / "page.html").read_text("utf-8")
    figures = json.loads(done.stdout)
    assert (figures["precision"]["rate"], figures["coverage"]["hits"], figures["cases"]) == (1.0, 1, 1)


@pytest.mark.parametrize("command", ["triage", "eval", "lint", "serve"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    """--help ends with an example."""
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: triagebot {command}".encode() in done.stdout


def test_a_report_does_not_load_what_it_does_not_need() -> None:
    """Triage starts fast because the server's libraries stay closed."""
    code = (
        "import sys; sys.argv = ['triagebot', 'triage', '-']\n"
        "from triagebot.__main__ import main\n"
        "try: main()\nfinally: print(sorted({'aiohttp', 'github', 'sqlalchemy', 'torch', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=TRACE.encode(), capture_output=True, timeout=60, check=False
    )
    assert done.stdout.decode().splitlines()[-1] == "[]", done.stderr
