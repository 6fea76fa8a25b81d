"""`/metrics`: what Prometheus is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.doors.test_web import HERE, OPENED, Server, scene
from tests.doors.watching import rows, until
from tests.fakes.github import StandIn
from tests.fakes.serving import Serving
from triagebot.errors import RemoteError
from triagebot.records import LeftAlone
from triagebot.store import Claim

ROOMS = {"parse", "extract", "match", "diagnose", "decide"}


async def figures(server: Server) -> dict[str, float]:
    """Return every sample by its name and labels, in the order of the labels' names."""
    async with server.session.get(f"{server.url}/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        return samples(await answer.text())


def samples(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_came_in_and_what_came_of_it_is_counted(tmp_path: Path) -> None:
    """Deliveries by event and fate, outcomes, what waits and what was given up; strangers' names make no series."""

    def work(claim: Claim) -> LeftAlone:
        if claim.key.endswith("#2"):
            raise RemoteError("no access", None)
        return LeftAlone(why="nothing to do")

    async def play(server: Server) -> None:
        before = await figures(server)
        await server.post()
        await until(lambda: rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at IS NOT NULL"))
        await server.post()
        await server.post(event="no-such-event")
        await server.post(X_Hub_Signature_256="sha256=" + "0" * 64)
        other = OPENED.replace(b'"number": 1', b'"number": 2')
        await server.post(other, X_GitHub_Delivery="guid-2")
        await until(lambda: rows(tmp_path, "SELECT 1 FROM mailbox WHERE state = 'dead'"))
        after = await figures(server)

        def grown(name: str) -> float:
            return after.get(name, 0) - before.get(name, 0)

        assert grown("triagebot_deliveries_total issues new") == 2
        assert grown("triagebot_deliveries_total issues finished") == 1
        assert grown("triagebot_deliveries_total other left alone") == 1
        assert grown("triagebot_deliveries_total  rejected") == 1
        assert grown("triagebot_outcomes_total  left-alone") == 1
        assert grown("triagebot_failures_total given up") == 1
        assert grown("triagebot_run_seconds_count") == 1
        assert after["triagebot_dead_letters"] == 1
        assert after["triagebot_inbox_open_deliveries"] == 1
        assert after["triagebot_inbox_due_reports"] == 0
        assert not [name for name in after if "no-such-event" in name]

    scene(tmp_path, play, work=work)


def test_what_is_left_of_githubs_hour_is_told(tmp_path: Path) -> None:
    """The gauge holds what GitHub said with its last answer, for each lane, beside the time in each room."""
    with StandIn(token="ghp_very-secret").running() as github:
        github.add_repository(HERE, ["installation"])
        issue = github.open_issue(HERE, "It fails", "ModuleNotFoundError: No module named 'mmcv._ext'")
        server = Serving(f"sqlite:///{tmp_path}/t.db", github, tmp_path)
        server.start()
        try:
            assert server.deliver(github.event("opened", HERE, 1), "a") == 202
            asyncio.run(until(lambda: issue.labels and rows(tmp_path, "SELECT 1 FROM delivery WHERE done_at > 0")))
            told = samples(requests.get(f"{server.url}/metrics", timeout=10).text)
        finally:
            server.kill()
    assert told["triagebot_github_rate_left token"] == 4999
    assert {name.split()[1] for name in told if name.startswith("triagebot_room_seconds_sum")} == ROOMS
    assert told["triagebot_outcomes_total mmcv-ops-missing answer"] == 1
