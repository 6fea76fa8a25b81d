"""What fails in DataLoader's workers and under torchrun is named first: what passes it on stands behind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.making import knowledge, report
from tests.raised.containers import CONTAINERS
from tests.raised.torch_outputs import Failed, has_torch, torch_outputs
from triagebot.pipeline import Triage

ENOUGH, EACH = 0.95, 0.85


@pytest.fixture(scope="module")
def core() -> Triage:
    return Triage(knowledge())


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Failed]:
    if not has_torch():
        pytest.skip("NOT TRIED, because torch is not installed (make test installs it)")
    return torch_outputs(tmp_path_factory.mktemp("torch"))


def named(core: Triage, failed: Failed, body: str) -> bool:
    """Say whether the first signature is what went wrong in the child."""
    signatures = core.read(report(body)).signatures
    return bool(signatures) and signatures[0].type == failed.type and failed.said in signatures[0].message


def test_the_programs_failed_as_they_should(outputs: Sequence[Failed]) -> None:
    """Every child printed that it was the worker or the launcher that passed the error on."""
    assert [
        one.name for one in outputs if "DataLoader worker" not in one.text and "ChildFailedError" not in one.text
    ] == []


def test_what_the_child_raised_is_named_first(core: Triage, outputs: Sequence[Failed]) -> None:
    """As it was printed."""
    assert [one.name for one in outputs if not named(core, one, one.text)] == []


def test_what_the_child_raised_is_named_first_out_of_every_container(core: Triage, outputs: Sequence[Failed]) -> None:
    """The containers change nothing of it."""
    rates = {
        container: sum(named(core, one, put(one.text)) for one in outputs) / len(outputs)
        for container, put in CONTAINERS.items()
    }
    assert sum(rates.values()) / len(rates) >= ENOUGH
    assert {container: rate for container, rate in rates.items() if rate < EACH} == {}
