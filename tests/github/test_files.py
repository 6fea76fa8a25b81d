"""Files of a repository: asked with ETags, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.github import Fault, StandIn
from triagebot.errors import RemoteError
from triagebot.github.accounts import Address, TokenAccount
from triagebot.github.files import Files

HERE = "open-mmlab/mmdetection"
PATH = ".github/triagebot.yml"


@pytest.fixture
def github() -> Iterator[StandIn]:
    with StandIn().running() as github:
        github.add_repository(HERE).files[PATH] = "answers: act\n"
        yield github


def files(github: StandIn, fresh: float = 0.0) -> Files:
    return Files(TokenAccount(Address(api_url=github.url, pause=0), "t"), fresh)


def test_an_unchanged_file_is_a_304(github: StandIn) -> None:
    """The second question costs nothing of the rate limit; a change is seen at once."""
    read = files(github)
    assert read.text(HERE, PATH) == "answers: act\n"
    assert read.text(HERE, PATH) == "answers: act\n"
    github.repositories[HERE].files[PATH] = "answers: off # 关闭\n"
    assert read.text(HERE, PATH) == "answers: off # 关闭\n"
    assert len(github.requests) == 3
    assert github.unchanged == 1


def test_a_burst_of_events_asks_once(github: StandIn) -> None:
    """Within a minute the answer is believed."""
    read = files(github, 60.0)
    assert [read.text(HERE, PATH) for _ in range(5)] == ["answers: act\n"] * 5
    assert len(github.requests) == 1


def test_folders_are_listed(github: StandIn) -> None:
    """A folder gives the paths of its files; what is not there gives nothing."""
    github.repositories[HERE].files |= {"docs/faq.yaml": "a", "docs/rules.yaml": "b", "docs/deep/x.yaml": "c"}
    assert files(github).names(HERE, "docs") == ("docs/faq.yaml", "docs/rules.yaml")
    assert files(github).names(HERE, "nowhere") == ()
    assert files(github).text(HERE, "nowhere.yml") is None
    assert files(github).text(HERE, "docs") is None


def test_an_outage_is_told(github: StandIn) -> None:
    """A file that cannot be read now is not taken for one that is not there."""
    github.faults.append(Fault(where="contents", status=503))
    with pytest.raises(RemoteError) as raised:
        files(github).text(HERE, PATH)
    assert raised.value.retry_after == 0
