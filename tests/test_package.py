"""What is installed is whole: the wheel carries the knowledge, and the bot finds it there."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_knowledge(wheel: Path) -> None:
    """Every file of knowledge/ is inside, and no test or tool is."""
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {path.name for path in (ROOT / "knowledge").glob("*.yaml")}
    assert {name.rpartition("/")[2] for name in names if name.startswith("triagebot/_knowledge/")} >= shipped
    assert "triagebot/py.typed" in names
    assert [name for name in names if name.startswith(("tests/", "tools/", "bench/"))] == []


def test_an_installed_bot_finds_its_knowledge(wheel: Path, tmp_path: Path) -> None:
    """Run from the unpacked wheel, far from the checkout, the bot answers."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import triagebot, triagebot.wiring as w; k = w.load_knowledge(None); print(w.SHIPPED, len(k.entries))"
    )
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60)
    folder, count = done.stdout.split()
    assert Path(folder) == tmp_path / "triagebot" / "_knowledge"
    assert int(count) > 0
