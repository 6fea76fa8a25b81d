"""Compilers, linkers, crashes, installers and other languages, really run: the first signature names what failed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence

import pytest

from tests.making import knowledge, report
from tests.raised.containers import CONTAINERS
from tests.raised.tool_outputs import Ran, missing_tools, tool_outputs
from triagebot.pipeline import Triage

ENOUGH, EACH = 0.95, 0.85


@pytest.fixture(scope="module")
def core() -> Triage:
    return Triage(knowledge())


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Ran]:
    return tool_outputs(tmp_path_factory.mktemp("tools"))


def named(core: Triage, ran: Ran, body: str) -> bool | None:
    """Say whether the first signature is what failed; None where there is none."""
    signatures = core.read(report(body)).signatures
    if not signatures:
        return None
    first = signatures[0]
    said = ran.said.replace(" ", "") in first.message.replace(" ", "")
    return (first.family, first.type) == (ran.family, ran.type) and said


def test_every_tool_is_here() -> None:
    """What cannot be tried on this machine is said loudly; CI installs everything and may not do without."""
    missing = sorted(missing_tools())
    if missing and not os.environ.get("TESTS_NEED_TOOLS"):
        pytest.skip(f"NOT TRIED, because these are not installed: {', '.join(missing)}")
    assert missing == []


def test_what_failed_is_named_first(core: Triage, outputs: Sequence[Ran]) -> None:
    """Family, type and words of every failure as it was printed: envelopes of make, ninja and pip stand behind."""
    assert [(ran.name, ran.text) for ran in outputs if not named(core, ran, ran.text)] == []


def test_what_failed_is_named_first_out_of_every_container(core: Triage, outputs: Sequence[Ran]) -> None:
    """The containers change nothing of it."""
    rates, answers = {}, list[bool | None]()
    for container, put in CONTAINERS.items():
        found = [named(core, ran, put(ran.text)) for ran in outputs]
        rates[container] = sum(map(bool, found)) / len(found)
        answers += found
    assert sum(map(bool, answers)) / len(answers) >= ENOUGH
    assert sum(map(bool, answers)) / len([answer for answer in answers if answer is not None]) >= ENOUGH
    assert {c: rate for c, rate in rates.items() if rate < EACH} == {}


def test_one_crash_has_one_fingerprint(core: Triage) -> None:
    """A signal is the same whether the shell, the debugger, an exit code or another language tells of it."""
    texts = [
        "Segmentation fault (core dumped)",
        "bash: line 1:  6369 Segmentation fault      (core dumped) ./k",
        "段错误 (核心已转储)",
        "Program received signal SIGSEGV, Segmentation fault.",
        "Process finished with exit code 139 (interrupted by signal 11: SIGSEGV)",
        (
            "Fatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n"
            '  File "k.py", line 3 in lid'
        ),
    ]
    prints = defaultdict(list)
    for text in texts:
        prints[core.read(report(text)).signatures[0].fingerprint].append(text)
    assert list(prints.values()) == [texts]
