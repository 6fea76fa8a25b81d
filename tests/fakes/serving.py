"""`triagebot serve` as a process, and deliveries to it as GitHub sends them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import requests

from tests.fakes.github import StandIn
from triagebot.github.signing import sign

SECRET = "hush-hush-秘密"
_PATIENCE_SECONDS = 10


class Serving:
    """One server that may be killed, stopped and started again at the same address."""

    def __init__(self, url: str, github: StandIn, folder: Path, name: str = "one", **settings: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"{name}.log"
        given = {
            "DATABASE_URL": url,
            "HTTP_PORT": str(self.port),
            "GITHUB_API_URL": github.url,
            "GITHUB_TOKEN": github.token,
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GITHUB_SECONDS_BETWEEN_WRITES": "0",
            "QUIET_SECONDS": "0",
        } | settings
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGEBOT_")}
        self._environment |= {f"TRIAGEBOT_{name}": value for name, value in given.items()} | {"PYTHONUTF8": "1"}
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = [sys.executable, "-m", "triagebot", "serve"]
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                command, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "listening on" in line, self.log()

    def kill(self) -> None:
        """End at once, in the middle of anything."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def signal(self, number: int) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def terminate(self) -> int:
        """Ask to stop; returns the exit status."""
        self.signal(signal.SIGTERM)
        assert self.process is not None
        status = self.process.wait(_PATIENCE_SECONDS)
        self.process.communicate()
        self.process = None
        return status

    def log(self) -> str:
        """Return what was logged by all that ran here."""
        return self._log.read_text("utf-8")

    def records(self) -> list[dict[str, object]]:
        """Return the log's records."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{") and line.endswith("}")]

    def deliver(self, payload: object, guid: str, event: str = "issues") -> int:
        """Deliver once; returns the status, 0 when nobody answered."""
        body = json.dumps(payload).encode()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": guid,
            "X-Hub-Signature-256": sign(body, SECRET),
        }
        try:
            url = f"{self.url}/github/webhook"
            return requests.post(url, body, headers=headers, timeout=_PATIENCE_SECONDS).status_code
        except requests.RequestException:
            return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
