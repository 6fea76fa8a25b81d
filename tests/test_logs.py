"""The log: no token ever, whoever says it."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from triagebot.logs import set_up_logs

TOKEN = "ghp_" + "a1B2" * 9
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEow\n" * 20 + "-----END RSA PRIVATE KEY-----"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Give what is logged; everything is as it was afterwards."""
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    set_up_logs("info")
    yield err
    structlog.reset_defaults()


def fail_twice(secret: str) -> None:
    try:
        int(secret)
    except ValueError as cause:
        raise RuntimeError(f"worse: {secret}") from cause


@pytest.mark.parametrize("secret", [TOKEN, KEY, f"https://x:{TOKEN}@github.com/o/r", f"Authorization: Bearer {TOKEN}"])
def test_a_token_in_an_exception_never_reaches_the_log(log: io.StringIO, secret: str) -> None:
    """Neither through the traceback, its causes included, nor through the reason."""
    try:
        fail_twice(secret)
    except RuntimeError as error:
        structlog.get_logger().exception("report failed", why=f"{error}")
    (line,) = log.getvalue().splitlines()
    record = json.loads(line)
    assert "Traceback" in record["exception"]
    assert "worse: " in record["why"]
    assert TOKEN not in line
    assert "MIIEow" not in line


def test_a_library_that_nobody_listens_to_is_logged_without_tokens(log: io.StringIO) -> None:
    """What would go to stderr as it is becomes a record like any other."""
    try:
        fail_twice(TOKEN)
    except RuntimeError:
        # pytest listens to the root: a library is one that does not pass on.
        library = logging.getLogger("some.library")
        library.propagate = False
        library.exception("Error handling request %s", TOKEN)
        library.info("not even a warning")
    record = json.loads(log.getvalue())
    assert (record["library"], record["level"]) == ("some.library", "warning")
    assert record["event"] == "Error handling request [redacted]"
    assert record["why"] == "RuntimeError: worse: [redacted]"
