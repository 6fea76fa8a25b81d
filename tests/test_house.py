"""The house rules that no linter sees."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from tests.making import knowledge, report
from triagebot import matchers
from triagebot.compose import DIALECTS
from triagebot.matchers import MATCHERS, Look
from triagebot.pipeline import Triage
from triagebot.records import Knowledge
from triagebot.sheet import lay_out
from triagebot.wiring import load_knowledge

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "triagebot").rglob("*.py"))
DRAWING = (ROOT / "docs" / "house.md").read_text("utf-8")
WORLD = ("open", "socket.", "sqlite3.", "subprocess.", "os.", "shutil.", "urllib.", "import")

BODY = """\
### Environment

Kettle: 2.1

```
Traceback (most recent call last):
  File "boil.py", line 3, in boil
    heat()
kettle.DryOutError: element 4
HeatError: the lid libary refused to open the steam valve, it is dry
ModuleNotFoundError: No module named 'kettle._lid'
heater 3 is dry
lid 9 is stuck at 1.5 % in /srv/lid.py
```

How do I keep the water warm after boiling? 烧开后怎么保温？
"""

_touched: list[str] | None = None


def _watch(event: str, _: tuple[Any, ...]) -> None:
    if _touched is not None and event.startswith(WORLD):
        _touched.append(event)


sys.addaudithook(_watch)


@contextmanager
def sealed() -> Iterator[list[str]]:
    """Collect what reaches for the outside while the core is at work."""
    global _touched  # noqa: PLW0603
    _touched = touched = list[str]()
    try:
        yield touched
    finally:
        _touched = None


def functions() -> Iterator[tuple[str, int]]:
    """Yield every function with its length in lines, docstring not counted."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                told = ast.get_docstring(node, clean=False)
                length = (node.end_lineno or 0) - node.lineno + 1 - (told.count("\n") + 1 if told else 0)
                yield f"{path.name}:{node.lineno} {node.name}", length


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_core_touches_nothing_outside(dialect: str) -> None:
    """From report to actions nothing is opened, imported, started or asked."""
    triage = Triage(load_knowledge(None))
    triage.judge(report("warm up"))
    with sealed() as touched:
        verdict = triage.judge(report(BODY, "No module named 'mmcv._ext'"))
        triage.answer(verdict, dialect=DIALECTS[dialect])
    assert verdict.answers
    assert touched == []


def test_the_guard_sees_what_it_guards_against() -> None:
    """The hook of the test above is awake."""
    with sealed() as touched, (ROOT / "README.md").open():
        pass
    assert touched == ["open"]


@pytest.mark.parametrize("name", MATCHERS)
def test_every_matcher_keeps_its_promises(name: str) -> None:
    """A matcher has the room's shape, repeats itself, stays within 0 and 1, and is silent where nothing is."""
    assert get_type_hints(MATCHERS[name]) == {"knowledge": Knowledge, "return": Look}
    core, look = Triage(knowledge()), MATCHERS[name](knowledge())
    sheet = lay_out(core.read(report(BODY, "the lid libary refused to open the steam valve")))
    lines = {line.number for line in sheet.lines}
    seen = list(look(sheet))
    assert seen
    assert seen == list(look(sheet))
    assert all(0 <= item.score <= 1 and item.matcher == name and item.line in lines for item in seen)
    assert list(look(lay_out(core.read(report())))) == []


def test_functions_are_small() -> None:
    """Half of all functions have at most 8 lines, nine in ten at most 25, none more than 60."""
    lengths = dict(functions())
    ordered = sorted(lengths.values())
    assert statistics.median(ordered) <= 8
    assert ordered[int(len(ordered) * 0.9)] <= 25
    assert {name: length for name, length in lengths.items() if length > 60} == {}


def test_files_are_small_and_say_what_they_are_for() -> None:
    """No file has 400 lines, and each opens with its purpose."""
    texts = {path: path.read_text("utf-8") for path in SOURCES}
    assert {path.name for path, text in texts.items() if text.count("\n") >= 400} == set()
    assert {str(path) for path, text in texts.items() if not ast.get_docstring(ast.parse(text))} == set()


def test_the_drawing_shows_every_room() -> None:
    """Every module beside the rooms, every room, matcher, extractor and door stands in docs/house.md."""
    package = ROOT / "triagebot"
    names = {path.name for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    names -= {"__init__.py"}
    for room in ("matchers", "extract", "doors", "diagnose", "decide", "compose", "proof", "store", "github"):
        names |= {
            path.stem for path in (package / room).iterdir() if path.name[0] != "_" and path.suffix in {"", ".py"}
        }
    names |= {path.name for path in (ROOT / "knowledge").glob("*.yaml")}
    assert {name for name in names if name not in DRAWING} == set()


def test_the_drawing_shows_nothing_that_is_gone() -> None:
    """Every path that the drawing names exists."""
    block = DRAWING.split("```text\n")[1].split("```")[0]
    paths = [line.split()[0] for line in block.splitlines() if line.strip() and not line.startswith(" ")]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_rooms_are_furnished_by_looking() -> None:
    """A new matcher needs no second place: its file is found."""
    files = {path.stem for path in Path(matchers.__file__).parent.glob("[a-z]*.py")}
    assert set(MATCHERS) == files
