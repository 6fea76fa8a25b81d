"""The App: who it is, where it is installed, and tokens that renew themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes.app import NUMBER, PEM, App
from tests.fakes.github import StandIn
from triagebot.errors import RemoteError
from triagebot.github.accounts import Address, AppAccount, Key
from triagebot.github.client import GitHubHands
from triagebot.records import Action, Kind, Report

HERE = "open-mmlab/mmdetection"
TARGET = f"{HERE}#1"


@pytest.fixture
def github() -> Iterator[StandIn]:
    with StandIn().running() as github:
        github.app = App(installed={HERE, "open-mmlab/mmcv"})
        for name in (HERE, "open-mmlab/mmcv", "other/place"):
            github.open_issue(name, "It fails", "Traceback ...")
        yield github


def account(github: StandIn, pem: str = PEM, app_id: str = str(NUMBER)) -> AppAccount:
    return AppAccount(Address(api_url=github.url, pause=0), Key(app_id=app_id, pem=pem))


def tokens_asked(github: StandIn) -> int:
    return sum("access_tokens" in call for call in github.requests)


def test_an_app_reads_and_writes_where_it_is_installed(github: StandIn) -> None:
    """One token serves every repository of the installation, and the comment stands under the App's name."""
    hands = GitHubHands(account(github))
    assert isinstance(hands.look(TARGET), Report)
    assert isinstance(hands.look("open-mmlab/mmcv#1"), Report)
    hands.do(Action(kind=Kind.COMMENT, target=TARGET, value="hello", key="k"))
    assert github.repositories[HERE].issues[1].comments[0]["user"]["login"] == "triage-app[bot]" == hands.own_login()
    assert tokens_asked(github) == 1


def test_a_token_that_ends_is_renewed(github: StandIn) -> None:
    """PyGithub renews a token 20 seconds before its end; nobody notices."""
    assert github.app is not None
    github.app.lifetime = 15
    hands = GitHubHands(account(github))
    hands.look(TARGET)
    hands.look(TARGET)
    assert tokens_asked(github) == 2


def test_a_token_that_is_taken_back_is_replaced_at_the_next_try(github: StandIn) -> None:
    """A refused token is forgotten; the delivery is tried again and then succeeds."""
    hands = GitHubHands(account(github))
    hands.look(TARGET)
    assert github.app is not None
    github.app.tokens.clear()
    with pytest.raises(RemoteError) as raised:
        hands.look(TARGET)
    assert raised.value.retry_after is not None
    assert isinstance(hands.look(TARGET), Report)


def test_a_repository_without_the_app_is_told(github: StandIn) -> None:
    """The message names the repository and what to do; trying again is pointless."""
    with pytest.raises(RemoteError) as raised:
        GitHubHands(account(github)).look("other/place#1")
    assert "App's installation at other/place" in str(raised.value)
    assert raised.value.retry_after is None


def test_another_key_is_refused_and_never_shown(github: StandIn) -> None:
    """The key of another App is told as such, without a line of it."""
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    stranger = account(github, pem)
    with pytest.raises(RemoteError) as raised:
        GitHubHands(stranger).look(TARGET)
    assert "401" in str(raised.value)
    assert pem.splitlines()[1] not in str(raised.value) + repr(stranger.__dict__)


def test_a_broken_key_is_refused_at_once(github: StandIn) -> None:
    """A key that is none is noticed before anything is served."""
    with pytest.raises(ValueError, match="PEM"):
        account(github, "-----BEGIN RSA PRIVATE KEY-----\nxx\n-----END RSA PRIVATE KEY-----\n")
    assert github.requests == []
