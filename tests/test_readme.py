"""What the README shows is what the bot does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def example(name: str) -> str:
    """Return the fenced text below a mark of the README."""
    found = re.search(rf"<!-- example: {name} -->\n(?P<fence>`{{3,}})\w*\n(?P<text>.*?)(?P=fence)", README, re.DOTALL)
    assert found, name
    return found["text"]


def test_the_reply_of_the_first_screen_is_real(tmp_path: Path) -> None:
    """The pasted report gives exactly the printed reply."""
    report = tmp_path / "report.md"
    report.write_text(example("report"), "utf-8")
    command = [sys.executable, "-m", "triagebot", "triage", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == example("reply")


def test_every_link_into_the_project_leads_somewhere() -> None:
    """No page that the README names is missing."""
    paths = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
