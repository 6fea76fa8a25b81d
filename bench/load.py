"""Deliveries from a process of its own that costs little: `python -m bench.load PORT CONNECTIONS SECONDS NAME`.

It speaks HTTP over plain sockets with requests made beforehand, so that a machine of two cores is left to the server.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from typing import Any, NamedTuple

from tests.fakes.github import StandIn
from tests.fakes.serving import SECRET
from triagebot.github.signing import HEADER, sign

HERE = "open-mmlab/mmdetection"
# The minified size of GitHub's own example of an opened issue.
REAL_SIZE = 11_622
ISSUES = 100


class Told(NamedTuple):
    """The seconds that each answer took, how long it all took, and the client's own processor time."""

    times: list[float]
    seconds: float
    processor: float


def load(port: int, connections: int, seconds: float, name: str) -> Told:
    """Deliver over some connections, on each one after the other, as fast as the answers come."""
    requests = [_request(number) for number in range(1, ISSUES + 1)]
    selector, begun, times = selectors.DefaultSelector(), dict[socket.socket, float](), list[float]()
    used, started = time.process_time(), time.perf_counter()
    end, count = started + seconds, 0

    def send(line: socket.socket) -> None:
        nonlocal count
        count += 1
        begun[line] = time.perf_counter()
        head, body = requests[count % ISSUES]
        line.sendall(head % f"{name}-{count}".encode() + body)

    for _ in range(connections):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(opened, selectors.EVENT_READ)
        send(opened)
    while begun:
        for ready, _ in selector.select():
            line: Any = ready.fileobj
            _take_answer(line)
            now = time.perf_counter()
            times.append(now - begun.pop(line))
            if now < end:
                send(line)
    return Told(times, time.perf_counter() - started, time.process_time() - used)


def _take_answer(line: socket.socket) -> None:
    """Read one answer to its end; raises RuntimeError when it is not that the delivery was taken."""
    answer = b""
    while not _is_whole(answer):
        more = line.recv(65536)
        if not more:
            raise RuntimeError(f"The server hung up: {answer!r}")
        answer += more
    if not answer.startswith(b"HTTP/1.1 202 "):
        raise RuntimeError(f"The delivery was not taken: {answer!r}")


def _is_whole(answer: bytes) -> bool:
    head, gap, body = answer.partition(b"\r\n\r\n")
    length = head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]
    return bool(gap) and len(body) >= int(length)


def _request(number: int) -> tuple[bytes, bytes]:
    """Return the head of a request about an issue, with a place for the GUID, and its body."""
    body = _event(number)
    lines = [
        "POST /github/webhook HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "X-GitHub-Event: issues",
        "X-GitHub-Delivery: %b",
        f"{HEADER}: {sign(body, SECRET)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode(), body


def _event(number: int) -> bytes:
    """Return an event of the real size: the issue's text fills what the stand-in's JSON leaves."""
    github = StandIn()
    github.url = "https://api.github.com"
    issue = github.open_issue(HERE, "It fails", "")
    issue.number = number

    def shown(text: str) -> bytes:
        issue.body = text
        return json.dumps(github.event("opened", HERE, 1), separators=(",", ":")).encode()

    return shown("x" * (REAL_SIZE - len(shown(""))))


if __name__ == "__main__":
    print(json.dumps(load(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])))
