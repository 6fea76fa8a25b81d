"""What `make run` shows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent
DEMO = [sys.executable, str(ROOT / "tools" / "demo.py")]


def test_three_reports_get_their_replies(tmp_path: Path) -> None:
    """From another folder and in any locale: an answer in each language, a request, their labels, and what is next."""
    environment = os.environ | {"LC_ALL": "C", "TRIAGEBOT_HTTP_PORT": "not for the demonstration"}
    done = subprocess.run(DEMO, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60)
    shown = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    english, chinese, bare = shown.split("=" * 100)[1:]
    assert "mim install mmcv-full" in english
    assert "labels: installation" in english
    assert "TORCH_CUDA_ARCH_LIST" in chinese
    assert "可能的原因" in chinese
    assert "(PyTorch version, " in bare
    assert "collect_env.py" in bare
    assert "labels: needs-info" in bare
    assert "3 deliveries in, 3 replies out" in bare
    assert "docs/operations.md" in bare
    assert str(ROOT) not in shown


def test_it_stays_up_when_asked() -> None:
    """With --stay both servers answer until Ctrl-C, and then everything is gone."""
    with subprocess.Popen([*DEMO, "--stay"], stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stdout is not None
        urls: dict[str, str] = {}
        for line in running.stdout:
            name, _, url = line.strip().partition("  ")
            urls[name] = url.strip().split("  ")[0]
            if name == "database and log":
                break
        assert requests.get(urls["the server"], timeout=10).text == "ok\n"
        token = {"Authorization": f"Bearer {urls['token for both'].split()[0]}"}
        assert len(requests.get(urls["the issues (REST)"], headers=token, timeout=10).json()) == 3
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
        assert not Path(urls["database and log"]).exists()


def test_people_on_discord_get_their_answers(tmp_path: Path) -> None:
    """A command, its reasons, a post with a log, a Chinese post and the menu of a message, as people see them."""
    environment = os.environ | {"LC_ALL": "C", "TRIAGEBOT_DISCORD_TOKEN": "not for the demonstration"}
    done = subprocess.run(
        [*DEMO, "--discord"], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60
    )
    shown = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    command, why, post, chinese, _, menu = shown.split("=" * 100)[1:]
    assert "(only you can see this)" in command
    assert "[Solved] [Not it] [Show why] [GitHub issue]" in command
    assert "probability" in why
    assert "The GPU runs out of memory" in post
    assert "可能的原因" in chinese
    assert "(everybody sees this)" in chinese
    assert "loss 变为 NaN" in menu
    assert "docs/operations.md" in menu
