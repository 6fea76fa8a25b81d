"""Runs the Python programs the way people run them, and returns what was printed beside what was raised."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.raised.programs import CHAINS, GROUPS, PROGRAMS

_SECONDS = 120
_TRUTH = """\
import json, sys
def leaf(e):
    return leaf(e.exceptions[0]) if isinstance(e, BaseExceptionGroup) else e
for path in sys.argv[1:]:
    try:
        exec(compile(open(path).read(), path, "exec"), {"__name__": "__main__"})
    except BaseException as error:
        error = leaf(error)
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        print(json.dumps([type(error).__name__, said]))
"""
_IPYTHON = """\
import contextlib, io, json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors=sys.argv[1])
shell.history_manager.enabled = False
for path in sys.argv[2:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        shell.run_cell(open(path).read())
    print("@@@" + json.dumps(said.getvalue()))
"""
_RICH = """\
import io, json, sys
from rich.console import Console
from rich.traceback import Traceback
for path in sys.argv[2:]:
    console = Console(file=io.StringIO(), width=int(sys.argv[1]), force_terminal=True)
    try:
        exec(compile(open(path).read(), path, "exec"), {"__name__": "__main__"})
    except BaseException:
        console.print(Traceback(width=int(sys.argv[1]), suppress=[]))
    print("@@@" + json.dumps(console.file.getvalue()))
"""
_LOGURU = """\
import io, json, sys
from loguru import logger
for path in sys.argv[1:]:
    said = io.StringIO()
    logger.remove()
    logger.add(said, backtrace=True, diagnose=True, colorize=True)
    try:
        exec(compile(open(path).read(), path, "exec"), {"__name__": "__main__"})
    except BaseException:
        logger.exception("it failed")
    print("@@@" + json.dumps(said.getvalue()))
"""
_PYTEST = """\
import contextlib, io, json, sys
import pytest
for path in sys.argv[1:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", "/", path])
    print("@@@" + json.dumps(said.getvalue()))
"""
_WRAPPED = {
    "thread": "import threading\nt = threading.Thread(target=main)\nt.start()\nt.join()\n",
    "asyncio": "import asyncio, gc\nasync def job():\n    main()\nasync def run():\n"
    "    t = asyncio.ensure_future(job())\n    await asyncio.sleep(0.01)\n"
    "    del t\n    gc.collect()\nasyncio.run(run())\n",
    "pool": "import multiprocessing\nif __name__ == '__main__':\n"
    "    with multiprocessing.Pool(1) as pool:\n        pool.apply(main)\n",
    "process": "import multiprocessing\nif __name__ == '__main__':\n"
    "    p = multiprocessing.Process(target=main)\n    p.start()\n    p.join()\n",
    "future": "import concurrent.futures as cf\nif __name__ == '__main__':\n"
    "    with cf.ThreadPoolExecutor() as pool:\n        pool.submit(main).result()\n",
    "logging": "import logging\nlogging.basicConfig(format='%(asctime)s - kettle - %(levelname)s - %(message)s')\n"
    "try:\n    main()\nexcept BaseException:\n    logging.exception('boiling failed')\n",
}
# Not all programs mean the same inside a function of another process.
_FEW = ("value", "registry", "missing-module", "own-type", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What a program printed, and the type and message of what it raised."""

    show: str
    name: str
    type: str
    message: str
    text: str


def python_outputs(folder: Path) -> list[Raised]:
    """Return every program as shown by every way of running it; `folder` is written to."""
    programs = _written(folder, {**PROGRAMS, **CHAINS})
    groups = _written(folder, GROUPS)
    truth = _truth({**programs, **groups})
    made = [
        *_each("plain", _plain, {**programs, **groups}),
        *_together("ipython", programs, _IPYTHON, "NoColor"),
        *_together("ipython-colours", programs, _IPYTHON, "Linux"),
        *_together("rich", programs, _RICH, "100"),
        *_together("rich-narrow", programs, _RICH, "76"),
        *_together("loguru", _without(programs, "assertion"), _LOGURU),  # it adds the source line to the message
        *_together(
            "pytest", _tests(_without(_without(programs, "keyword"), "interrupt")), _PYTEST
        ),  # there the class has another name
        *_each("unittest", _unittest, _picked(programs)),
        *_wrapped(folder),
    ]
    return [Raised(show=show, name=name, type=truth[name][0], message=truth[name][1], text=text)
            for show, name, text in made]  # fmt: skip


def _written(folder: Path, programs: Mapping[str, str]) -> dict[str, Path]:
    paths = {name: folder / f"boil_{name.replace('-', '_')}.py" for name in programs}
    for name, path in paths.items():
        path.write_text(programs[name], "utf-8")
    return paths


def _without(programs: Mapping[str, Path], left_out: str) -> dict[str, Path]:
    return {name: path for name, path in programs.items() if name != left_out}


def _picked(programs: Mapping[str, Path]) -> dict[str, Path]:
    return {name: programs[name] for name in _FEW}


def _run(*arguments: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=cwd,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    return done.stdout + done.stderr


def _truth(programs: Mapping[str, Path]) -> dict[str, tuple[str, str]]:
    said = _run("-c", _TRUTH, *map(str, programs.values())).splitlines()
    return {name: tuple(json.loads(line)) for name, line in zip(programs, said, strict=True)}


def _each(show: str, run: Callable[[Path], str], programs: Mapping[str, Path]) -> Iterator[tuple[str, str, str]]:
    for name, path in programs.items():
        yield show, name, run(path)


def _together(show: str, programs: Mapping[str, Path], driver: str, *options: str) -> Iterator[tuple[str, str, str]]:
    """Run one child for all programs: such children are slow to start."""
    said = _run("-c", driver, *options, *map(str, programs.values()))
    texts = [json.loads(line[3:]) for line in said.splitlines() if line.startswith("@@@")]
    for name, text in zip(programs, texts, strict=True):
        yield show, name, text


def _plain(path: Path) -> str:
    return _run(str(path))


def _tests(programs: Mapping[str, Path]) -> dict[str, Path]:
    """Return the programs as tests."""
    tests = {name: path.with_name(f"test_{path.stem}.py") for name, path in programs.items()}
    for name, test in tests.items():
        body = "".join(f"    {line}\n" for line in programs[name].read_text("utf-8").splitlines())
        test.write_text(f"def test_it():\n{body}", "utf-8")
    return tests


def _unittest(path: Path) -> str:
    body = "".join(f"        {line}\n" for line in path.read_text("utf-8").splitlines())
    test = path.with_name(f"unit_{path.stem}.py")
    test.write_text(f"import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n{body}", "utf-8")
    return _run("-m", "unittest", test.stem, cwd=path.parent)


def _wrapped(folder: Path) -> Iterator[tuple[str, str, str]]:
    for show, around in _WRAPPED.items():
        for name in _FEW if show != "pool" else _without(dict.fromkeys(_FEW, folder), "own-type"):
            body = "".join(f"    {line}\n" for line in PROGRAMS[name].splitlines())
            path = folder / f"by_{show}_{name.replace('-', '_')}.py"
            path.write_text(f"def main():\n{body}{around}", "utf-8")
            yield show, name, re.sub(r"(?m)^.*DeprecationWarning.*\n", "", _run(str(path)))
