"""Python errors that were really raised, out of every container, are read as what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest

from tests.making import knowledge, report
from tests.raised.containers import CONTAINERS
from tests.raised.programs import CHAINS, GROUPS, PROGRAMS
from tests.raised.python_outputs import Raised, python_outputs
from tests.raised.quiet import QUIET
from tests.raised.scoring import right
from triagebot.pipeline import Triage

WAYS = (
    "plain ipython ipython-colours rich rich-narrow loguru pytest unittest thread asyncio pool process future logging"
)
ENOUGH, EACH = 0.95, 0.85
STEP = 4  # every output goes through every fourth container; `make bench` takes all


@pytest.fixture(scope="module")
def core() -> Triage:
    return Triage(knowledge())


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Raised]:
    return python_outputs(tmp_path_factory.mktemp("programs"))


def read(core: Triage, body: str) -> list[tuple[str, str]]:
    return [(signature.type, signature.message) for signature in core.read(report(body)).signatures]


def test_the_programs_were_run_in_every_way(outputs: Sequence[Raised]) -> None:
    """No way of running a program fell silent: the figures below would look better than they are."""
    shown = defaultdict(set)
    for raised in outputs:
        shown[raised.show].add(raised.name)
    assert set(shown) == set(WAYS.split())
    assert shown["plain"] == {*PROGRAMS, *CHAINS, *GROUPS}
    assert [raised.name for raised in outputs if raised.type not in raised.text] == []


def test_what_was_raised_is_named_first(core: Triage, outputs: Sequence[Raised]) -> None:
    """Type and message of the first signature are those of the interpreter, in every container and way of showing."""
    tried, named, answered = defaultdict[str, int](int), defaultdict[str, int](int), 0
    for row, (container, put) in enumerate(CONTAINERS.items()):
        for raised in outputs[row % STEP :: STEP]:
            found = read(core, put(raised.text))
            answered += bool(found and found[0][0])
            for kind in (container, raised.show):
                tried[kind] += 1
                named[kind] += right(found, raised.type, raised.message)
    rates = {kind: named[kind] / tried[kind] for kind in tried}
    total = sum(tried[container] for container in CONTAINERS)
    right_ones = sum(named[container] for container in CONTAINERS)
    assert right_ones / total >= ENOUGH
    assert right_ones / answered >= ENOUGH
    assert {kind: rate for kind, rate in rates.items() if rate < EACH} == {}


def test_a_cut_tail_gives_frames_and_no_type(core: Triage, outputs: Sequence[Raised]) -> None:
    """Where the line that says what was raised is missing, nobody invents one from the lines around it."""
    told = []
    for raised in outputs:
        lines = raised.text.rstrip().split("\n")
        ends = [place for place, line in enumerate(lines) if line.startswith(raised.type)]
        if raised.show == "plain" and raised.name in PROGRAMS and ends:
            body = "\n".join(lines[: ends[0]]) + "\n\nPlease help.\nOS: linux\nPyTorch: 1.9\n"
            first = core.read(report(body)).signatures[0]
            told.append((raised.name, first.type, first.partial))
    assert len(told) > len(PROGRAMS) / 2
    assert [one for one in told if one[1:] != ("", True)] in ([], [("recursion", "", True)])


@pytest.mark.parametrize("name", sorted(QUIET))
def test_where_nothing_failed_nothing_is_named(core: Triage, name: str) -> None:
    """Words, templates, code and logs that only speak of errors give no signature, in any container."""
    assert {c: read(core, put(QUIET[name])) for c, put in CONTAINERS.items() if read(core, put(QUIET[name]))} == {}


def test_one_error_has_one_fingerprint(core: Triage, outputs: Sequence[Raised]) -> None:
    """However an error was shown, its fingerprint is the same; two different errors never share one."""
    prints = defaultdict(set)
    for raised in outputs:
        for signature in core.read(report(raised.text)).signatures[:1]:
            if signature.masked and right([(signature.type, signature.message)], raised.type, raised.message):
                prints[raised.name].add(signature.fingerprint)
    assert {name: found for name, found in prints.items() if len(found) > 1} == {}
    owners = defaultdict(set)
    for name, found in prints.items():
        for one in found:
            owners[one].add(name)
    assert {one: names for one, names in owners.items() if len(names) > 1} == {}
