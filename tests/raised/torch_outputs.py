"""Programs that fail inside PyTorch's own processes, really run: DataLoader's workers and what torchrun starts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

_SECONDS = 120
_LOADER = """\
import os, signal, torch
from torch.utils.data import DataLoader, Dataset

class SteamPressureError(RuntimeError):
    def __init__(self, valve):
        super().__init__(f"valve {{valve}} is too hot")

class Kettles(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        {fail}

if __name__ == "__main__":
    for batch in DataLoader(Kettles(), num_workers=1, batch_size=4):
        pass
"""
_RECORDED = """\
from torch.distributed.elastic.multiprocessing.errors import record

@record
def main():
    raise ValueError("need at least one array to stack")

main()
"""
# name: how it is run, the program, the type and the words that must be named first
_PROGRAMS = {
    "worker key": ("loader", 'return {"lid": 1}[f"steam {index // 9}"]', "KeyError", "'steam 0'"),
    "worker own type": ("loader", "raise SteamPressureError(3)", "SteamPressureError", "valve 3 is too hot"),
    "worker sizes": ("loader", "return torch.zeros(3, index + 1)", "RuntimeError", "stack expects each tensor"),
    "worker killed": ("loader", "os.kill(os.getpid(), signal.SIGKILL)", "RuntimeError", "is killed by signal"),
    "ranks": ("torchrun", "raise KeyError('DCNv2 is not in the models registry')\n", "KeyError", "DCNv2"),
    "recorded": ("torchrun", _RECORDED, "ValueError", "need at least one array"),
    "crashed rank": ("torchrun", "import ctypes\nctypes.string_at(0)\n", "SIGSEGV", "-11"),
    "one rank": (
        "torchrun",
        (
            "import os, time\nif os.environ['RANK'] == '1':\n"
            "    raise RuntimeError('CUDA error: invalid device ordinal')\ntime.sleep(60)\n"
        ),
        "RuntimeError",
        "CUDA error: invalid device ordinal",
    ),
}
_TORCHRUN = "-m torch.distributed.run --nproc_per_node=2 --rdzv-backend=c10d --rdzv-endpoint=localhost:0".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What a program printed, with the type and the words of what really went wrong in it."""

    name: str
    type: str
    said: str
    text: str = field(repr=False)


def has_torch() -> bool:
    """Say whether PyTorch is installed here."""
    return find_spec("torch") is not None


def torch_outputs(folder: Path) -> list[Failed]:
    """Return what every program printed; `folder` is written to."""
    made = []
    for name, (way, program, kind, said) in _PROGRAMS.items():
        path = folder / f"{name.replace(' ', '_')}.py"
        path.write_text(_LOADER.format(fail=program) if way == "loader" else program, "utf-8")
        options = _TORCHRUN if way == "torchrun" else []
        made.append(Failed(name=name, type=kind, said=said, text=_run(*options, str(path))))
    return made


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=_SECONDS, check=False, errors="replace"
    )
    return done.stdout + done.stderr
