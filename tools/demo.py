"""What `make run` shows: three real deliveries go in, and the replies and labels that come out of the real server."""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fakes.github import Issue, StandIn  # noqa: E402 - the checkout has to be on the path first
from triagebot.github.signing import HEADER, sign  # noqa: E402
from triagebot.plan import MARKER  # noqa: E402
from triagebot.records import Policy  # noqa: E402
from triagebot.wiring import load_knowledge  # noqa: E402

REPOSITORY = "open-mmlab/mmdetection"
REPORTS = Path(__file__).resolve().parent / "demo_reports"
PATIENCE_SECONDS = 20.0
_WIDTH = 100
_TAGS = re.compile(r"</?(?:details|sub)>|</summary>")


class DemoFailed(Exception):
    """The demonstration did not come to its end; the message says why."""


class Server:
    """`triagebot serve` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        self.url = self._address()

    def records(self) -> list[dict[str, str]]:
        """Return what the server has logged so far."""
        lines = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def died(self) -> DemoFailed:
        """Return what the server said before it ended."""
        return DemoFailed(f"the server did not stay up:\n{self.log.read_text('utf-8').strip()}")

    def _address(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"listening on (http://\S+)", line):
                return found[1]
        self.process.wait()
        raise self.died()


def main() -> int:
    """Run the demonstration; returns 0 when every report got its reply."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stay", action="store_true", help="keep everything up until Ctrl-C, and say where")
    parser.add_argument("--discord", action="store_true", help="show the bot on Discord instead")
    asked = parser.parse_args()
    stay = asked.stay
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell starts background jobs with SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    # One of the replies is Chinese, whatever the terminal's locale says.
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if asked.discord:
        from tools.demo_discord import demonstrate  # noqa: PLC0415 - only then

        return demonstrate()
    try:
        with tempfile.TemporaryDirectory(prefix="triagebot-demo-") as folder, _stand_in() as github:
            _demonstrate(github, Path(folder), stay=stay)
    except DemoFailed as failure:
        print(f"The demonstration failed: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


@contextmanager
def _stand_in() -> Iterator[StandIn]:
    """Serve a GitHub of our own on loopback, with the repository and the labels that its maintainers would have."""
    labels = {label for entry in load_knowledge().entries for label in entry.labels}
    with StandIn(token=secrets.token_hex(20)).running() as github:
        github.add_repository(REPOSITORY, sorted(labels | {Policy().needs_info_label, "wontfix"}))
        yield github


def _demonstrate(github: StandIn, folder: Path, *, stay: bool) -> None:
    started = time.perf_counter()
    secret = secrets.token_hex(20)
    with _server(github, folder, secret) as server:
        print(f"A stand-in for GitHub is on {github.url}, triagebot serve on {server.url}.\n")
        issues = [_open(github, file) for file in sorted(REPORTS.glob("*.md"))]
        for issue in issues:
            _deliver(github, server, issue, secret)
        _wait(server, issues)
        for issue in issues:
            _show(issue)
        print(f"{len(issues)} deliveries in, {len(issues)} replies out, in {time.perf_counter() - started:.1f} s.")
        _say_what_is_next(github, server, folder, stay=stay)
        if stay:
            server.process.wait()
            raise server.died()


@contextmanager
def _server(github: StandIn, folder: Path, secret: str) -> Iterator[Server]:
    settings = {
        "TRIAGEBOT_DATABASE_URL": f"sqlite:///{folder}/triagebot.db",
        "TRIAGEBOT_HTTP_PORT": "0",
        "TRIAGEBOT_GITHUB_API_URL": github.url,
        "TRIAGEBOT_GITHUB_TOKEN": github.token,
        "TRIAGEBOT_GITHUB_WEBHOOK_SECRET": secret,
        "TRIAGEBOT_GITHUB_SECONDS_BETWEEN_WRITES": "0",
        "TRIAGEBOT_QUIET_SECONDS": "0",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGEBOT_")}
    command = [sys.executable, "-m", "triagebot", "serve"]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=inherited | settings, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield Server(process, log)
    finally:
        process.terminate()
        process.communicate()


def _open(github: StandIn, file: Path) -> Issue:
    title, _, body = file.read_text("utf-8").partition("\n")
    return github.open_issue(REPOSITORY, title.removeprefix("# "), body.strip())


def _deliver(github: StandIn, server: Server, issue: Issue, secret: str) -> None:
    """Post the delivery that GitHub would post, signed as GitHub signs it."""
    body = json.dumps(github.event("opened", REPOSITORY, issue.number)).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/stand-in",
        "X-GitHub-Event": "issues",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        HEADER: sign(body, secret),
    }
    request = urllib.request.Request(f"{server.url}/github/webhook", body, headers)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
            print(
                f"issues.opened #{issue.number} ({len(body):,} bytes) -> {answer.status} {answer.read().decode()}",
                end="",
            )
    except urllib.error.URLError as error:
        raise DemoFailed(f"the delivery of #{issue.number} was not taken: {error}") from None


def _wait(server: Server, issues: list[Issue]) -> None:
    """Wait until every issue was worked on; raises DemoFailed with what the server logged instead."""
    until = time.monotonic() + PATIENCE_SECONDS
    missing = {f"{REPOSITORY}#{issue.number}" for issue in issues}
    while missing and time.monotonic() < until and server.process.poll() is None:
        time.sleep(0.02)
        missing -= {record["target"] for record in server.records() if record["event"] == "report done"}
    silent = [f"{REPOSITORY}#{issue.number}" for issue in issues if not issue.comments]
    if missing or silent:
        raise DemoFailed(f"no reply to {', '.join(sorted(missing) or silent)}.{_trouble(server)}")


def _trouble(server: Server) -> str:
    """Return what the server logged besides its daily work."""
    records = [record for record in server.records() if record.get("level") != "info"]
    lines = [f"\n  {record.get('target', '')} {record['event']}: {record.get('why', '')}" for record in records]
    return "".join(["  The server's log says:", *lines]) if lines else "  The server logged no trouble."


def _show(issue: Issue) -> None:
    """Print an issue and what was said to it, as it stands on the stand-in."""
    print(f"\n{'=' * _WIDTH}\n#{issue.number}  {issue.title}\n{'-' * _WIDTH}")
    for kept in issue.comments:
        plain = _TAGS.sub("", kept["body"].removeprefix(MARKER)).replace("<summary>", "▸ ")
        for line in re.sub(r"\n{3,}", "\n\n", plain.strip()).splitlines():
            print(f"  {line}".rstrip())
    print(f"{'-' * _WIDTH}\n  labels: {', '.join(issue.labels) or '(none)'}")


def _say_what_is_next(github: StandIn, server: Server, folder: Path, *, stay: bool) -> None:
    print("\nWhere to look next")
    print("  your own traceback        .venv/bin/triagebot triage report.md     (or - to paste it)")
    print("  your own repository       docs/operations.md: from nothing to the first reply")
    print("  your own FAQ              knowledge/faq.yaml, checked by .venv/bin/triagebot lint")
    if not stay:
        print("  the same, kept running    make run ARGS=--stay")
        return
    print("\nEverything stays up until Ctrl-C:")
    print(f"  the server                {server.url}/healthz  and  {server.url}/readyz")
    print(f"  the issues (REST)         {github.url}/repos/{REPOSITORY}/issues")
    print(f"  its comments              {github.url}/repos/{REPOSITORY}/issues/1/comments")
    print(f"  token for both            {github.token}   (header Authorization: Bearer TOKEN)")
    print(f"  database and log          {folder}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
