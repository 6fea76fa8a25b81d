"""Signatures of webhook deliveries."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from triagebot.github.signing import is_genuine, sign

SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
# The example in GitHub's documentation, "Validating webhook deliveries".
SIGNED = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_the_documented_example_is_genuine() -> None:
    """Our signature is GitHub's, to the letter."""
    assert sign(BODY, SECRET) == SIGNED
    assert is_genuine(BODY, SIGNED, [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        SIGNED[:-1],
        SIGNED + "0",
        SIGNED.upper(),
        SIGNED.removeprefix("sha256="),
        SIGNED.replace("757", "758"),
        "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
        SIGNED.replace("7", "７"),
        "sha256=\udcff\udcfe",
    ],
)
def test_anything_else_is_not_genuine(header: str) -> None:
    """Shortened, changed, of another algorithm or not ASCII: refused, and never an exception."""
    assert not is_genuine(BODY, header, [SECRET])


def test_the_signature_is_of_the_bytes_and_the_secret() -> None:
    """Another byte or another secret makes another signature."""
    assert not is_genuine(BODY + b"\n", SIGNED, [SECRET])
    assert not is_genuine(BODY, SIGNED, [SECRET + " "])


def test_two_secrets_are_good_while_one_is_exchanged() -> None:
    """Deliveries signed with the new or with the old secret are genuine; no secret at all makes nothing genuine."""
    assert is_genuine(BODY, SIGNED, ["new", SECRET])
    assert is_genuine(BODY, sign(BODY, "new"), ["new", SECRET])
    assert not is_genuine(BODY, SIGNED, ["new"])
    assert not is_genuine(BODY, SIGNED, [])
