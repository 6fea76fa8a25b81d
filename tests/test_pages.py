"""What the pages tell a newcomer to type can be typed: every command, option, make target and setting exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from triagebot.__main__ import main
from triagebot.settings import PREFIX, Settings, read_settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
_FENCED = re.compile(r"^[ ]*(`{3,})[^\n]*\n(.*?)^[ ]*\1[ ]*$", re.MULTILINE | re.DOTALL)


def typed() -> Iterator[tuple[str, str]]:
    """Yield every line that looks like something to type: of fenced blocks, and between backticks."""
    for page in PAGES:
        text = page.read_text("utf-8")
        lines = [line.strip().removeprefix("$ ") for block in _FENCED.finditer(text) for line in block[2].splitlines()]
        for line in [*lines, *re.findall(r"`([^`\n]+)`", _FENCED.sub("", text))]:
            for part in line.partition(" # ")[0].split(" && "):
                yield page.name, part.strip()


def commands(name: str) -> list[tuple[str, list[str]]]:
    """Return the arguments of every time that a program is to be started, with the page."""
    found = []
    for page, line in typed():
        words = re.sub(r"^(?:[A-Z_]+=\S* )*(?:\S+/)?", "", line)
        if words.startswith(f"{name} "):
            found.append((page, shlex.split(words)[1:]))
    return found


def parse(arguments: list[str]) -> None:
    """Read arguments as the command would, down to its subcommand; raises click's errors for what there is not."""
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group) and (arguments or not command.invoke_without_command):
        name, *arguments = arguments
        found = command.get_command(context, name)
        assert found is not None, name
        command, context = found, click.Context(found)
    command.make_parser(context).parse_args(arguments)


@pytest.mark.parametrize(("page", "arguments"), commands("triagebot"), ids=str)
def test_every_command_on_the_pages_can_be_typed(page: str, arguments: list[str]) -> None:
    """The command is there and knows the options."""
    try:
        parse([word for word in arguments if word != "..."])
    except click.UsageError as error:
        pytest.fail(f"{page}: triagebot {' '.join(arguments)}: {error.message}")


def test_a_command_that_there_is_not_would_be_noticed() -> None:
    """The check above falls for a wrong option, and has enough to look at."""
    with pytest.raises(click.NoSuchOption):
        parse(["doctor", "--mend"])
    assert len(commands("triagebot")) > 40


def test_every_make_target_on_the_pages_exists() -> None:
    """With the arguments that the demonstration is to take."""
    makefile, demo = ((ROOT / name).read_text("utf-8") for name in ("Makefile", "tools/demo.py"))
    asked = commands("make")
    assert {"run", "test", "install"} <= {words[0] for _, words in asked}
    for page, (target, *more) in asked:
        assert f"\n{target}:" in makefile, page
        assert all(word.removeprefix("ARGS=") in demo for word in more if target == "run"), page


def test_what_is_to_be_run_by_python_runs() -> None:
    """The line that makes a secret makes one."""
    lines = [arguments for _, arguments in commands("python3") if arguments[0] == "-c"]
    assert lines
    for arguments in lines:
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=30, check=True)
        assert len(done.stdout.strip()) == 64


def test_what_is_installed_on_the_pages_can_be_installed() -> None:
    """From a checkout, since no registry has the bot; an extra may be added to what is installed already."""
    extras = (ROOT / "pyproject.toml").read_text("utf-8").partition("[project.optional-dependencies]")[2]
    ours = [words for page, words in commands("pip") if page in {"operations.md", "labels.md"}]
    assert ours
    for words in ours:
        added = re.fullmatch(r"(?:triagebot|\.)\[(\w+)\]", words[-1])
        assert words[-1] == "." or (added and re.search(rf"^{added[1]} = ", extras, re.MULTILINE)), words


def test_every_setting_is_described_and_nothing_else_is() -> None:
    """operations.md has each, and names none that there is not."""
    there = {f"{PREFIX}{name.upper()}" for name in Settings.__dataclass_fields__}
    named = set(re.findall(rf"{PREFIX}[A-Z]\w*[A-Z]", "".join(page.read_text("utf-8") for page in PAGES)))
    assert there - set(re.findall(rf"{PREFIX}\w+", OPERATIONS)) == set()
    assert {name.removesuffix("_FILE") for name in named} - there == set()


def test_the_settings_that_are_shown_are_taken() -> None:
    """Every `export` on the pages is a setting with a value that is read."""
    exports = dict(line.removeprefix("export ").split("=", 1) for _, line in typed() if line.startswith("export "))
    assert len(exports) > 4
    read_settings({name: "word" if value == "..." else value for name, value in exports.items()})
