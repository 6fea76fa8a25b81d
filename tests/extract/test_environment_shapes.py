"""The same environment in every shape that people paste it: flattened, quoted, in tables, in pictures' texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.records import Report
from triagebot.wiring import load_knowledge

CORE = Triage(load_knowledge(None))
COLLECTED = {
    "sys.platform": "linux",
    "Python": "3.8.13 (default, Mar 28 2022, 11:38:47) [GCC 7.5.0]",
    "CUDA available": "True",
    "GPU 0,1": "NVIDIA GeForce RTX 3090",
    "CUDA_HOME": "/usr/local/cuda-11.1",
    "NVCC": "Cuda compilation tools, release 11.1, V11.1.74",
    "GCC": "gcc (Ubuntu 7.5.0-3ubuntu1~18.04) 7.5.0",
    "PyTorch": "1.9.0+cu111",
    "TorchVision": "0.10.0+cu111",
    "MMCV": "1.3.17",
    "MMCV Compiler": "GCC 7.3",
    "MMCV CUDA Compiler": "10.2",
    "MMDetection": "2.14.0+abc1234",
}
FACTS = {
    "os": "", "python": "3.8.13", "cuda-available": "", "gpu": "", "gpu-capability": "8.6", "cuda-home": "11.1", "nvcc": "11.1",
    "gcc": "7.5.0", "pytorch": "1.9.0", "pytorch-cuda": "11.1", "torchvision": "0.10.0", "mmcv": "1.3.17",
    "mmcv-compiler": "7.3", "mmcv-cuda": "10.2", "mmdet": "2.14.0",
}  # fmt: skip
LINES = [f"{name}: {value}" for name, value in COLLECTED.items()]
SHAPES: dict[str, Callable[[], str]] = {
    "as printed": lambda: "\n".join(LINES),
    "flattened": lambda: " ".join(LINES),
    "flattened with commas": lambda: ", ".join(LINES),
    "quoted": lambda: "\n".join(f"> {line}" for line in LINES),
    "in a list": lambda: "\n".join(f"- {line}" for line in LINES),
    "in bold": lambda: "\n".join(f"**{name}**: {value}" for name, value in COLLECTED.items()),
    "in a table": lambda: (
        "| Name | Version |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in COLLECTED.items())
    ),
    "in a table by columns": lambda: (
        f"| {' | '.join(COLLECTED)} |\n|{'---|' * len(COLLECTED)}\n| {' | '.join(COLLECTED.values())} |"
    ),
    "in an HTML table": lambda: (
        "<table>\n"
        + "\n".join(f"<tr>\n<td>{name}</td>\n<td>{value}</td>\n</tr>" for name, value in COLLECTED.items())
        + "\n</table>"
    ),
    "in a picture's text": lambda: f"![{' '.join(LINES)}](https://example.org/screen.png)",
    "in an image's alt": lambda: f'<img width="900" alt="{" ".join(LINES)}" src="https://example.org/screen.png">',
    "with Chinese colons": lambda: "\n".join(f"{name}：{value}" for name, value in COLLECTED.items()),
    "below a heading each": lambda: "\n\n".join(f"### {name}\n\n{value}" for name, value in COLLECTED.items()),
}  # fmt: skip


def told(body: str, core: Triage = CORE) -> dict[str, str]:
    """Return the versions of the facts of a report; of a fact that is told twice, the first."""
    facts = core.read(Report(id="x", title="", body=body)).environment
    return {fact.name: fact.version for fact in reversed(facts)}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_tells_the_same(shape: str) -> None:
    """All facts come out, and none beside them."""
    found = told(SHAPES[shape]())
    found.pop("mmcv-package", None)
    assert found == FACTS


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kept", [slice(0, 5), slice(3, 9), slice(7, None)])
def test_what_is_left_of_a_deleted_half_is_read(shape: str, kept: slice) -> None:
    """Facts do not need their neighbours."""
    wanted = set(list(COLLECTED)[kept]) & {"Python", "NVCC", "PyTorch", "MMCV", "MMDetection"}
    names = {"Python": "python", "NVCC": "nvcc", "PyTorch": "pytorch", "MMCV": "mmcv", "MMDetection": "mmdet"}
    whole = COLLECTED.copy(), LINES.copy()
    try:
        COLLECTED.clear()
        COLLECTED.update(list(whole[0].items())[kept])
        LINES[:] = whole[1][kept]
        found = told(SHAPES[shape]())
    finally:
        COLLECTED.clear()
        COLLECTED.update(whole[0])
        LINES[:] = whole[1]
    assert {names[name] for name in wanted} <= found.keys()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("(torch1.8_cu102) lee@box:~$ python tools/train.py x.py", {"pytorch": "1.8", "pytorch-cuda": "10.2"}),
        ('File "/opt/conda/envs/det-py38-torch1.9/lib/python3.8/site-packages/mmdet/a.py"', {"pytorch": "1.9", "python": "3.8"}),
        ("/opt/conda/envs/torch1.9/bin/python\nPyTorch: 1.10.0", {"pytorch": "1.10.0"}),
        ("/usr/lib/python3.8/site-packages/mmdet-2.14.0-py3.8.egg/mmdet/a.py", {"mmdet": "2.14.0", "python": "3.8"}),
        ("C:\\env\\Lib\\site-packages\\mmcv_full-1.3.9.dist-info", {"mmcv": "1.3.9", "mmcv-package": ""}),
        ("环境：mmdet 2.25.1 + mmcv-full 1.6.0 + pytorch 1.11.0", {"mmdet": "2.25.1", "mmcv": "1.6.0", "pytorch": "1.11.0"}),
        ("we support PyTorch 1.6+ only", {}),
        ("I try `pip install -v -e .` on a machine with an RTX 3090.", {"gpu": "", "gpu-capability": "8.6"}),
        ("please try torch 1.9", {}),
        ("pip install torch-1.9.0+cu111-cp38-cp38-linux_x86_64.whl", {"pytorch": "1.9.0", "pytorch-cuda": "11.1", "python": "3.8"}),
        ("|PyTorch|1.9.0|\n|MMCV|1.3.9|", {"pytorch": "1.9.0", "mmcv": "1.3.9"}),
        ("|GPU|CUDA|\n|--|--|\n|RTX 3090|11.1|", {"gpu": "", "gpu-capability": "8.6", "cuda": "11.1"}),
        ("torch版本是1.9.0，mmcv的版本为1.3.9，cuda用的11.1", {"pytorch": "1.9.0", "mmcv": "1.3.9", "cuda": "11.1"}),
    ],
)  # fmt: skip
def test_names_paths_and_sentences(text: str, facts: dict[str, str]) -> None:
    """An environment's name speaks only where nothing else does; a plus between two things is no "or newer"."""
    found = told(text)
    assert facts.items() <= found.items()
    assert bool(facts) or not found


@pytest.mark.parametrize("wrap", [70, 80, 200])
def test_rows_of_a_list_as_wide_as_a_terminal_stay_rows(wrap: int) -> None:
    """A line of conda's list that ends at the edge of a terminal is not glued to the next."""
    rows = [
        "pytorch                   1.9.0           py3.8_cuda11.1_cudnn8.0.5_0".ljust(wrap - 7)[: wrap - 7] + "pytorch"
    ]
    rows += ["mmcv-full                 1.3.9                    pypi_0    pypi"]
    assert told("\n".join(rows))["mmcv"] == "1.3.9"


NODE = Triage(
    read_knowledge(
        {
            "faq.yaml": "entries:\n  - {id: a, title: T, questions: [how do I], fix: Do it.}\n",
            "template.yaml": (
                "fields:\n  - {id: react, title: React, how: npm ls react, names: [React], packages: [react]}\n"
                "  - {id: angular, title: Angular, how: npm ls, packages: ['@angular/core']}\n"
                "  - {id: node, title: Node, how: node -v, names: [Node.js]}\n"
            ),
        }
    )
)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "  System:\n    OS: macOS 13.4\n  Binaries:\n    Node: 18.16.0 - ~/.nvm/versions/node/v18.16.0/bin/node\n"
            "    npm: 9.5.1 - ~/bin/npm\n  npmPackages:\n    react: ^18.2.0 => 18.2.1 \n    @angular/core: ~15.2.0 => 15.2.9",
            {"os": "13.4", "node": "18.16.0", "npm": "9.5.1", "react": "18.2.1", "angular": "15.2.9"},
        ),
        (
            "my-app@1.0.0 /home/u/my-app\n├── @angular/core@15.2.0\n├─┬ next@13.4.1\n│ └── react@18.2.0 deduped",
            {"angular": "15.2.0", "react": "18.2.0"},
        ),
        ('{"dependencies": {"react": "^18.2.0"}}', {}),
    ],
)  # fmt: skip
def test_node_projects(text: str, facts: dict[str, str]) -> None:
    """`npx envinfo` and `npm ls`: what is installed, and not the range that was asked for."""
    assert told(text, NODE) == facts
