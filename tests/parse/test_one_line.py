"""A log that was pasted into one line is broken where its tools begin lines; sentences stay whole."""

from __future__ import annotations

import pytest

from tests.making import report
from triagebot.parse import parse


def shown(body: str) -> list[str]:
    return [line.text.strip() for line in parse(report(body)).lines if line.block.value != "title"]


@pytest.mark.parametrize(
    "lines",
    [
        ["I get", "CMake Error at CMakeLists.txt:3 (message): no steam", "-- Configuring incomplete, errors occurred!"],
        ["npm error code ENOENT", "npm error syscall open", "npm error enoent Could not read package.json"],
        ["bash: line 1: 1541 Segmentation fault", "./k"],
        ["./a.sh: line 3: 42 Killed", "python train.py --launcher none"],
        ["nms.cpp:1:5: warning: unused", "nms.cpp:2:9: error: no steam", "make: *** [Makefile:2: all] Error 1"],
        ["panic: runtime error: index out of range [5] of 3", "goroutine 1 [running]: main.main()"],
        ["1/1 [==============================] - 0s 12ms/step", "npm error code E404 of the registry"],
        ["100%|██████████| 10/10 [00:00<00:00, 98.1it/s, loss=0.3]", "Killed"],
        ["[>>>>>>>>>>] 5000/5000, 12.3 task/s, elapsed: 407s, ETA:     0s", "KeyError: 'AP'"],
    ],
)  # fmt: skip
def test_lines_that_were_glued_stand_apart(lines: list[str]) -> None:
    """Whether a blank or nothing at all stands where the break was."""
    glue = "" if lines[0].endswith(("step", "]", "0s")) else " "
    assert shown(glue.join(lines)) == lines


@pytest.mark.parametrize(
    "line",
    [
        "I know that make: is a tool and that npm errors happen, but where is the log of it?",
        "[rank0]: CMake Error at CMakeLists.txt:3 (message): no steam",
        "Then it says RuntimeError: /io/nms.cpp:12: error: no steam in the kettle, see above",
        "0s 0us/step - loss: 0.31 and it goes on like that for hours without an error",
    ],
)
def test_a_sentence_stays_whole(line: str) -> None:
    """Words of people and one tool's line with its prefix are no two lines."""
    assert shown(line) == [line.removeprefix("[rank0]: ")]
