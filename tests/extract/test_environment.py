"""Facts out of everything that reporters paste and say about their machine, and nothing out of wishes and templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.extract.environment import build_reader, read_environment
from triagebot.knowledge import read_knowledge
from triagebot.parse import parse
from triagebot.records import Fact, Field, Report, Template

SHIPPED = Path(__file__).parents[2] / "knowledge"
FAQ = "entries: [{id: a, title: A, signatures: [something broke], fix: F}]"


@cache
def template() -> Template:
    """Return the template that ships for MMDetection."""
    return read_knowledge({"faq.yaml": FAQ, "template.yaml": (SHIPPED / "template.yaml").read_text("utf-8")}).template


def read(body: str, title: str = "", with_template: Template | None = None) -> tuple[Fact, ...]:
    """Return the facts of a report."""
    mine = template() if with_template is None else with_template
    return read_environment(parse(Report(id="example/kettle#7", title=title, body=body), mine), mine)


def told(body: str, title: str = "") -> dict[str, str]:
    """Return the first value of each fact: its version, or its text where it has none."""
    facts: dict[str, str] = {}
    for fact in read(body, title):
        facts.setdefault(fact.name, fact.version or fact.value)
    return facts


COLLECT_ENV = """\
sys.platform: linux
Python: 3.8.13 (default, Mar 28 2022, 11:38:47) [GCC 7.5.0]
CUDA available: True
GPU 0,1: NVIDIA GeForce RTX 3090
CUDA_HOME: /usr/local/cuda-11.3
NVCC: Cuda compilation tools, release 11.3, V11.3.109
GCC: gcc (Ubuntu 9.4.0-1ubuntu1~20.04.1) 9.4.0
PyTorch: 1.10.1+cu113
PyTorch compiling details: PyTorch built with:
  - GCC 7.3
  - C++ Version: 201402
  - OpenMP 201511 (a.k.a. OpenMP 4.5)
  - CUDA Runtime 11.3
  - NVCC architecture flags: -gencode;arch=compute_37,code=sm_37;-gencode;arch=compute_80,code=sm_80
  - CuDNN 8.2
  - Build settings: BLAS_INFO=mkl, CUDA_VERSION=11.3, CUDNN_VERSION=8.2.0, TORCH_VERSION=1.10.1, USE_CUDA=ON,

TorchVision: 0.11.2+cu113
OpenCV: 4.5.5
MMCV: 1.4.8
MMCV Compiler: GCC 7.3
MMCV CUDA Compiler: 11.1
MMDetection: 2.23.0+3e26931
"""
COLLECTED = {
    "os": "linux",
    "python": "3.8.13",
    "cuda-available": "True",
    "gpu": "NVIDIA GeForce RTX 3090",
    "gpu-capability": "8.6",
    "cuda-home": "11.3",
    "nvcc": "11.3",
    "gcc": "9.4.0",
    "pytorch": "1.10.1",
    "pytorch-cuda": "11.3",
    "pytorch-archs": "8.0",
    "gpu-supported": "yes",
    "cudnn": "8.2",
    "torchvision": "0.11.2",
    "opencv": "4.5.5",
    "mmcv": "1.4.8",
    "mmcv-compiler": "7.3",
    "mmcv-cuda": "11.1",
    "mmdet": "2.23.0",
}


@pytest.mark.parametrize(
    "body",
    [
        COLLECT_ENV,
        f"**Environment**\n\n```\n{COLLECT_ENV}```\n",
        "".join(f"> {line}\n" for line in COLLECT_ENV.splitlines()),
        "".join(f"2023-01-05 10:11:12,345 - mmdet - INFO - {line}\n" for line in COLLECT_ENV.splitlines()),
        COLLECT_ENV.replace("\n", "\r\n"),
    ],
    ids=["plain", "fenced", "quoted", "logged", "windows line ends"],
)
def test_collect_env_is_read_whole_however_it_was_pasted(body: str) -> None:
    """Every line of collect_env becomes one fact, and the compilers of other things do not count as the machine's."""
    facts = read(body)
    assert told(body) == COLLECTED
    assert len(facts) == len(COLLECTED)


def test_a_fact_knows_its_line_and_shows_its_value_as_printed() -> None:
    """The line is counted as an editor does; the value keeps what the version leaves out."""
    facts = {fact.name: fact for fact in read("Hello\n\n" + COLLECT_ENV)}
    assert facts["pytorch"] == Fact(name="pytorch", value="1.10.1+cu113", version="1.10.1", line=10)
    assert facts["pytorch-cuda"].line == 10
    assert facts["mmdet"].value == "2.23.0+3e26931"
    assert facts["pytorch-archs"].value == "3.7 8.0"


def test_collect_env_that_lost_its_line_breaks_is_read() -> None:
    """One long line holds the same facts."""
    assert told(" ".join(COLLECT_ENV.split())) == COLLECTED


@pytest.mark.parametrize("pair", ["'{}': '{}'", "('{}', '{}')"], ids=["mapping", "pairs"])
def test_the_printed_mapping_of_collect_env_is_read(pair: str) -> None:
    """What `print(collect_env())` gives is read as well, with its written line breaks."""
    head, _, rest = COLLECT_ENV.partition("PyTorch compiling details: ")
    details, _, tail = rest.partition("\n\n")
    lines = [*head.splitlines(), "PyTorch compiling details: " + details.replace("\n", "\\n"), *tail.splitlines()]
    body = "OrderedDict([" + ", ".join(pair.format(*line.split(": ", 1)) for line in lines) + "])"
    assert told(body.replace("'True'", "True")) == COLLECTED


def test_a_table_and_a_half_deleted_list_are_read() -> None:
    """What is there is read; what was deleted is not made up."""
    table = "| item | value |\n|---|---|\n| PyTorch | 1.9.0 |\n| MMCV | 1.3.9 |\n| CUDA available | True |\n"
    assert told(table) == {"pytorch": "1.9.0", "mmcv": "1.3.9", "cuda-available": "True"}
    assert told("Python: \nCUDA available: True\nGPU 0:\nPyTorch: 1.9.0\nMMCV:\n") == {
        "cuda-available": "True",
        "pytorch": "1.9.0",
    }


def test_the_script_of_pytorch_is_read() -> None:
    """`python -m torch.utils.collect_env` uses other names for the same things."""
    body = (
        "Collecting environment information...\nPyTorch version: 2.1.0+cu121\nIs debug build: False\n"
        "CUDA used to build PyTorch: 12.1\nROCM used to build PyTorch: N/A\n\nOS: Ubuntu 22.04.3 LTS (x86_64)\n"
        "GCC version: (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0\nClang version: Could not collect\n"
        "CMake version: version 3.27.7\nLibc version: glibc-2.35\n\n"
        "Python version: 3.10.13 (main, Sep 11 2023, 13:44:35) [GCC 11.2.0] (64-bit runtime)\n"
        "Is CUDA available: True\nCUDA runtime version: 11.8.89\nGPU models and configuration: \n"
        "GPU 0: NVIDIA A100-SXM4-80GB\nGPU 1: NVIDIA A100-SXM4-80GB\n\nNvidia driver version: 535.104.05\n"
        "cuDNN version: Could not collect\n\nVersions of relevant libraries:\n[pip3] numpy==1.26.0\n"
        "[pip3] torch==2.1.0+cu121\n[pip3] torchvision==0.16.0+cu121\n[conda] Could not collect\n"
    )
    assert told(body) == {
        "pytorch": "2.1.0",
        "pytorch-cuda": "12.1",
        "os": "22.04.3",
        "gcc": "11.4.0",
        "python": "3.10.13",
        "cuda-available": "True",
        "nvcc": "11.8.89",
        "gpu": "NVIDIA A100-SXM4-80GB",
        "gpu-capability": "8.0",
        "gpu-driver": "535.104.05",
        "torchvision": "0.16.0",
    }


PIP_LIST = (
    "Package      Version\n------------ ------------\nmmcv-full    1.5.0\nmmdet        2.25.1    /srv/mmdetection\n"
)


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (PIP_LIST, {"mmcv": "1.5.0", "mmcv-package": "mmcv-full", "mmdet": "2.25.1", "mmdet-package": ""}),
        ("mmcv==2.0.1\ntorch==2.0.1+cu118\n", {"mmcv": "2.0.1", "mmcv-package": "mmcv", "pytorch-cuda": "11.8"}),
        (
            ("pytorch                   1.9.0           py3.8_cuda11.1_cudnn8.0.5_0    pytorch\n"
            "cudatoolkit               11.1.1               h6406543_8    conda-forge\n"),
            {"pytorch": "1.9.0", "pytorch-cuda": "11.1", "cudnn": "8.0.5"},
        ),
        (
            ("+----------------------------------------------------------------+\n"
            "| NVIDIA-SMI 470.57.02    Driver Version: 470.57.02    CUDA Version: 11.4     |\n"
            "|   0  Tesla V100-SXM2...  On   | 00000000:06:00.0 Off |                    0 |\n"),
            {"gpu-driver": "470.57.02", "driver-cuda": "11.4", "gpu": "Tesla V100", "cuda": ""},
        ),
        (
            ("$ nvcc -V\nnvcc: NVIDIA (R) Cuda compiler driver\nBuilt on Wed_Jul_22_19:09:09_PDT_2020\n"
            "Cuda compilation tools, release 11.0, V11.0.221\nBuild cuda_11.0_bu.TC445_37.28845127_0\n"),
            {"nvcc": "11.0"},
        ),
        ("$ gcc --version\ngcc (Ubuntu 5.5.0-12ubuntu1~16.04) 5.5.0 20171010\nCopyright (C) 2015\n", {"gcc": "5.5.0"}),
        ("gcc version 4.8.5 20150623 (Red Hat 4.8.5-44) (GCC)", {"gcc": "4.8.5"}),
        ("Name: mmcv\nVersion: 1.7.0\nSummary: Foundation", {"mmcv": "1.7.0", "mmcv-package": "mmcv"}),
        (">>> torch.__version__\n'1.8.1+cu102'\n", {"pytorch": "1.8.1", "pytorch-cuda": "10.2"}),
        ("Successfully installed mmcv-full-1.3.9 torch-1.9.0", {"mmcv": "1.3.9", "pytorch": "1.9.0"}),
        ("GPU 0: NVIDIA GeForce RTX 2080 Ti (UUID: GPU-8f2d-11)", {"gpu": "NVIDIA GeForce RTX 2080 Ti"}),
        ("MSVC: 用于 x64 的 Microsoft (R) C/C++ 优化编译器 19.29.30133 版", {"msvc": "19.29.30133"}),
        ("NVCC: Not Available", {"nvcc": "not available"}),
        ("MMCV CUDA Compiler: not available", {"mmcv-cuda": "not available"}),
        ("MMCV Compiler: n/a\nMMCV CUDA Compiler: n/a", {"mmcv-compiler": "n/a", "mmcv-cuda": "n/a"}),
    ],
)  # fmt: skip
def test_what_tools_print_is_read(body: str, facts: dict[str, str]) -> None:
    """pip, conda, nvidia-smi, nvcc, gcc and Python each have their own way; "" stands for a fact that is not told."""
    found = told(body)
    assert {name: found.get(name, "") for name in facts} == facts


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        ("torch 1.9 cuda 11.1", {"pytorch": "1.9", "cuda": "11.1"}),
        ("torch版本1.9", {"pytorch": "1.9"}),
        ("pytorch=1.6.0，CUDA11.0", {"pytorch": "1.6.0", "cuda": "11.0"}),
        ("mmcv-full version: 1.4.0", {"mmcv": "1.4.0", "mmcv-package": "mmcv-full"}),
        ("环境：python3.8，torch1.9.0+cu111，显卡3090", {"python": "3.8", "pytorch-cuda": "11.1", "gpu": "RTX 3090"}),
        ("cuda版本是11.1，mmdet版本为2.14.0", {"cuda": "11.1", "mmdet": "2.14.0"}),
        ("I run Python 3.7 and PyTorch 1.6.0 on a gtx3090", {"python": "3.7", "pytorch": "1.6.0", "gpu": "RTX 3090"}),
        ("mmdet v3.0.0rc5 with mmcv-lite 2.0.1", {"mmdet": "3.0.0rc5", "mmcv": "2.0.1", "mmcv-package": "mmcv-lite"}),
        ("torch.__version__ gives '1.1.0', cuda '9.0.176'", {"pytorch": "1.1.0", "cuda": "9.0.176"}),
        ("torch (1.9.0), torchvision (0.10.0)", {"pytorch": "1.9.0", "torchvision": "0.10.0"}),
        ("ubuntu18.04，RTX2080Ti，gcc 7.5", {"os": "18.04", "gpu": "RTX 2080 Ti", "gcc": "7.5"}),
        ("- OS: Windows 10\n- gpu：rtx3060", {"os": "10", "gpu": "RTX 3060"}),
        ("torch.cuda.is_available() returns False", {"cuda-available": "False"}),
        ("![torch 1.9 cuda 11.1](https://example.org/shot.png)", {"pytorch": "1.9", "cuda": "11.1"}),
        ("FROM pytorch/pytorch:1.6.0-cuda10.1-cudnn7-devel", {"pytorch": "1.6.0", "cuda": "10.1", "cudnn": "7"}),
        ("mmdet: latest", {"mmdet": "latest"}),
        ("升级到 mmcv 2.0.0 之后就报错了", {"mmcv": "2.0.0"}),
        ("After upgrading to mmcv 2.0.0 training fails", {"mmcv": "2.0.0"}),
        ("With mmdet 2.28 it worked, now on mmdet 3.0 it fails", {"mmdet": "3.0"}),
        ("I moved from mmcv 1.7.0 to mmcv 2.0.1", {"mmcv": "2.0.1"}),
        ("之前用 mmcv 1.7.0 没问题，现在用 mmcv 2.0.1 报错", {"mmcv": "2.0.1"}),
        ("用 pip install mmcv==2.0.1，mmdet 3.1.0，python 3.9", {"mmcv": "2.0.1", "mmdet": "3.1.0", "python": "3.9"}),
        ("CUDA 11 and mmdet 3.x", {"cuda": "11", "mmdet": "3"}),
    ],
)
def test_what_people_say_is_read_in_both_languages(body: str, facts: dict[str, str]) -> None:
    """Sentences give facts as well as lists do."""
    found = told(body)
    assert {name: found.get(name) for name in facts} == facts


def test_the_title_is_line_zero() -> None:
    """A version in the title is a fact of line 0."""
    assert read("", "Build fails with torch 1.9.0")[0] == Fact(name="pytorch", value="1.9.0", version="1.9.0", line=0)


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        ("`pip install mmcv-full==1.3.9`", {"mmcv": "1.3.9", "mmcv-package": "mmcv-full"}),
        ("conda create -n lab python=3.8 pytorch=1.10 cudatoolkit=11.3 -y", {"python": "3.8", "pytorch-cuda": "11.3"}),
        ("mim install mmcv-full", {"mmcv-package": "mmcv-full", "mmcv": None}),
        ('mim install "mmcv>=2.0.0"', {"mmcv": None, "mmcv-package": None}),
        ("pip uninstall mmcv && pip install mmcv-full==1.4.0", {"mmcv": "1.4.0", "mmcv-package": "mmcv-full"}),
        ("    # pip install torch==1.7.0\n    pip install torch==1.8.0", {"pytorch": "1.8.0"}),
        ("pip3 install torch --index-url https://download.pytorch.org/whl/cu118", {"pytorch-cuda": "11.8"}),
    ],
)
def test_install_commands_tell_what_was_pinned(body: str, facts: dict[str, str | None]) -> None:
    """A version behind `==` is a fact, a range is none, and a bare name tells which package it was."""
    found = told(body)
    assert {name: found.get(name) for name in facts} == facts


WHEELS = "pip install mmcv-full -f https://download.openmmlab.com/mmcv/dist/cu111/torch1.9.0/index.html"


def test_the_address_of_wheels_tells_what_they_were_built_for() -> None:
    """It speaks of MMCV always, and of PyTorch only where nothing else does."""
    alone = told(WHEELS)
    assert (alone["pytorch"], alone["pytorch-cuda"], alone["mmcv-cuda"], alone["mmcv-torch"]) == (
        "1.9.0", "11.1", "11.1", "1.9",
    )  # fmt: skip
    beside = read(f"torch==1.10.1+cu113\n\n{WHEELS}")
    assert [fact.version for fact in beside if fact.name == "pytorch"] == ["1.10.1"]
    assert [fact.version for fact in beside if fact.name == "pytorch-cuda"] == ["11.3"]
    assert [fact.version for fact in beside if fact.name == "mmcv-cuda"] == ["11.1"]


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        ('  File "/opt/conda/envs/a/lib/python3.7/site-packages/mmcv/ops/nms.py", line 3, in nms', {"python": "3.7"}),
        (r'File "C:\Users\me\Python39\lib\site-packages\mmcv\ops\nms.py", line 3', {"python": "3.9"}),
        ("mmcv/_ext.cpython-310-x86_64-linux-gnu.so: undefined symbol: _ZN2at", {"python": "3.10"}),
        (
            "AssertionError: MMCV==1.7.2 is used but incompatible. Please install mmcv>=2.0.0rc4.",
            {"mmcv": "1.7.2", "mmcv-range": ">=2.0.0rc4"},
        ),
        ("ImportError: libcudart.so.10.2: cannot open shared object file", {"missing-cudart": "10.2"}),
        ("error: command '/usr/local/cuda-8.0/bin/nvcc' failed with exit status 1", {"nvcc": "8.0"}),
        (
            "The detected CUDA version (11.8) mismatches the version that was used to compile PyTorch (12.1).",
            {"nvcc": "11.8", "pytorch-cuda": "12.1"},
        ),
        (
            (
                "NVIDIA GeForce RTX 3090 with CUDA capability sm_86 is not compatible with the current installation.\n"
                "The current PyTorch install supports CUDA capabilities sm_37 sm_50 sm_60 sm_70."
            ),
            {"gpu": "NVIDIA GeForce RTX 3090", "gpu-capability": "8.6", "pytorch-archs": "7.0", "gpu-supported": "no"},
        ),
    ],
)
def test_errors_and_tracebacks_tell_facts(body: str, facts: dict[str, str]) -> None:
    """The error itself often says what the reporter forgot to; nothing else is read into it."""
    assert told(body) == facts


@pytest.mark.parametrize(
    "body",
    [
        "Please install mmcv>=1.3.17, <=1.6.0.",
        "install torch>=1.8",
        "Install mmdet 2.25 and all is well",
        "mmcv-full>=1.3.17,<1.8.0",
        "torch~=1.9, torch!=1.10, cuda<=11.1",
        "You should upgrade to torch 1.10.",
        "It needs CUDA 11.1 or higher",
        "requires python 3.7",
        "Does mmdet support PyTorch 2.0?",
        "CUDA 11+ and pytorch 1.8+",
        "torch1.8及以上",
        "需要torch 1.8，建议使用CUDA 11.1",
        "请安装 mmcv-full 1.3.9",
        "a newer one, e.g. PyTorch 1.9",
        "torch 1.8 or 1.9?",
        "- PyTorch version [e.g., 1.1.0]\n- OS: [e.g., Ubuntu 16.04.6]\n- GPU model [e.g., 1080Ti, V100]",
        "- CUDA and CUDNN version",
        "PyTorch: N/A\nGPU: None\nCUDA: n/a\nmmdet: 无\nOS: -\nMMCV: ...",
        "### PyTorch version\n\n_No response_\n\n### OS\n\n_No response_",
        "PyTorch: _No response_",
        "<!-- PyTorch: 1.9.0 -->\n<!--\nmmcv 1.4.0\nGPU: RTX 3090\n-->",
        "2. You may add addition that may be helpful for locating the problem, such as",
        "- How you installed PyTorch [e.g., pip, conda, source]",
        "- [ ] I use mmdet 3.0.0",
        "device cuda:0, cuda 1, GPU 0, 8 GPUs, --gpus 1, 2 GPUs with 11 GB",
        "torch.Size([2, 3]), torch 2 GPUs, mmdet 3 classes, python 3, CUDA error: 11, cuda 10 GB",
        "THCudaCheck FAIL file=/opt/conda/conda-bld/pytorch_1535491974311/work/aten/src/THC/THCGeneral.cpp line=663",
        "2021-07-30 02:41:57,237 - mmdet - INFO - Epoch [1][50/7724]",
        "/home/me/mmdetection-2.25.0/tools/train.py",
        "https://mmdetection.readthedocs.io/en/v2.20.0/faq.html https://example.org/torch-1.9",
        "mmcv_minimum_version = '1.3.17'\nmmcv_maximum_version = '1.8.0'",
        "f'MMCV=={mmcv.__version__} is used but incompatible'",
        "assert torch.__version__ >= '1.5'",
        "pip uninstall mmcv-full==1.3.0",
        "Python: see below\nmmcv: I installed it as the docs say",
        "the image 3090 of 5000 at line 2080",
        "mmcv-full and mmdet are 1.2.2 and 2.4.0.",
        "torch/torchvision: 1.9.0/0.10.0",
        "CUDA out of memory. Tried to allocate 350.00 MiB (GPU 0; 4.00 GiB total capacity)",
        "nvcc fatal   : Unsupported gpu architecture 'compute_86'",
    ],
)
def test_wishes_examples_templates_and_look_alikes_are_no_facts(body: str) -> None:
    """What is required, advised, asked about, untouched or merely looks like a version tells nothing of the machine."""
    assert read(body) == ()


def test_what_a_resolver_demands_is_told_apart_from_what_is_there() -> None:
    """Pip names both in one line."""
    body = "ERROR: mmdet 2.28.2 requires torch<=1.9, but you have torch 1.10.0 which is incompatible."
    assert told(body) == {"mmdet": "2.28.2", "pytorch": "1.10.0"}


def test_equal_facts_are_one_and_the_more_structured_source_stands() -> None:
    """A sentence adds nothing to what a tool printed more exactly."""
    facts = read("I use torch 1.9 and python3.8.\n\nPyTorch: 1.9.0+cu111\nPython: 3.8.12 (default)\n")
    assert [(fact.name, fact.version, fact.line) for fact in facts] == [
        ("pytorch", "1.9.0", 3),
        ("pytorch-cuda", "11.1", 3),
        ("python", "3.8.12", 4),
    ]


def test_sources_that_disagree_are_both_kept() -> None:
    """The more structured one comes first."""
    facts = read("I have torch 1.8.0.\n\nPyTorch: 1.9.0\n")
    assert [(fact.version, fact.line) for fact in facts if fact.name == "pytorch"] == [("1.9.0", 3), ("1.8.0", 1)]


def test_two_distributions_of_one_package_are_one_fact() -> None:
    """A list of pip that holds `mmcv` and `mmcv-full` says so, and both versions are kept."""
    facts = read("mmcv                1.7.0\nmmcv-full           1.6.0\n")
    assert [(fact.value, fact.line) for fact in facts if fact.name == "mmcv-package"] == [("mmcv + mmcv-full", 2)]
    assert [fact.version for fact in facts if fact.name == "mmcv"] == ["1.7.0", "1.6.0"]


@pytest.mark.parametrize(
    ("card", "capability"),
    [
        ("Tesla K80", "3.7"), ("GTX 980", "5.2"), ("Tesla P100-PCIE-16GB", "6.0"), ("GeForce GTX 1080 Ti", "6.1"),
        ("TITAN Xp", "6.1"), ("Tesla V100-SXM2-32GB", "7.0"), ("GTX 1660 Ti", "7.5"), ("Tesla T4", "7.5"),
        ("Quadro RTX 8000", "7.5"), ("NVIDIA A100-SXM4-40GB", "8.0"), ("NVIDIA RTX A6000", "8.6"),
        ("NVIDIA GeForce RTX 3060 Laptop GPU", "8.6"), ("NVIDIA GeForce RTX 4090", "8.9"), ("NVIDIA L40S", "8.9"),
        ("NVIDIA RTX 6000 Ada Generation", "8.9"), ("NVIDIA H100 80GB HBM3", "9.0"),
        ("NVIDIA GeForce RTX 5090", "12.0"),
        ("NVIDIA GeForce MX150", ""),
    ],
)  # fmt: skip
def test_a_card_tells_its_compute_capability(card: str, capability: str) -> None:
    """Where the name leaves it open, nothing is said."""
    found = told(f"GPU 0: {card}")
    assert (found["gpu"], found.get("gpu-capability", "")) == (card, capability)


def test_ptx_makes_a_later_card_run() -> None:
    """Code for a virtual architecture is compiled on the machine itself."""
    flags = "GPU 0: Tesla V100\nPyTorch built with:\n  - NVCC architecture flags: -gencode;arch=compute_60,code=sm_60"
    assert told(flags)["gpu-supported"] == "no"
    assert told(f"{flags};-gencode;arch=compute_60,code=compute_60")["gpu-supported"] == "yes"


def test_names_of_2x_are_marks() -> None:
    """A name in the template with `=` in it, or an option, is a fact by standing there."""
    assert told("evaluation = dict(interval=1)")["config-2x"].startswith("evaluation = dict")
    assert told("python tools/train.py a.py --resume-from last.pth")["config-2x"].startswith("--resume-from")


def test_another_project_needs_a_template_and_no_code() -> None:
    """Names and packages of any template are read; MMDetection's facts are not known there."""
    kettle = Template(
        fields=(
            Field(id="kettle", title={}, how={}, names=("Kettle",), packages=("kettle", "kettle-full")),
            Field(id="kettle-package", title={}, how={}),
            Field(id="browser", title={}, how={}, names=("Browser",)),
        )
    )
    body = "Kettle version: 2.1.0\nBrowser: Firefox 120.0\nPython: 3.11.4\nPyTorch: 2.0.0\nkettle-full==2.1.0\n"
    facts = {fact.name: (fact.value, fact.version) for fact in read(body, with_template=kettle)}
    assert facts == {
        "kettle": ("2.1.0", "2.1.0"),
        "kettle-package": ("kettle-full", ""),
        "browser": ("Firefox 120.0", "120.0"),
        "python": ("3.11.4", "3.11.4"),
    }


def test_without_a_template_the_machine_itself_is_read() -> None:
    """Python, compiler, CUDA and card are told in the same way everywhere."""
    facts = {fact.name for fact in read(COLLECT_ENV, with_template=Template())}
    assert facts == {"os", "python", "cuda-available", "gpu", "cuda-home", "nvcc", "gcc", "cudnn"}


def test_a_reader_is_built_once_and_reads_many() -> None:
    """Reading one document leaves nothing behind for the next."""
    reader = build_reader(template())
    first = parse(Report(id="a/b#1", title="", body="torch 1.9"), template()).lines
    second = parse(Report(id="a/b#2", title="", body="cuda 11.1"), template()).lines
    assert [fact.name for fact in reader(first)] == ["pytorch"]
    assert [fact.name for fact in reader(second)] == ["cuda"]
    assert reader(first) == reader(first)


def test_a_long_log_is_read_to_a_sane_number_of_facts() -> None:
    """A text that is nothing but versions does not become thousands of facts."""
    facts = read("\n".join(f"torch 1.{minor}.0 cuda 11.{minor}" for minor in range(2000)))
    assert 2 <= len(facts) <= 10


ANSWERS = {
    "pytorch": "PyTorch: 1.9.0+cu111",
    "mmcv": "MMCV: 1.3.9",
    "mmdet": "MMDetection: 2.14.0",
    "gpu": "GPU 0: NVIDIA GeForce RTX 3090",
    "nvcc": "NVCC: Cuda compilation tools, release 11.1, V11.1.74",
    "gcc": "GCC: gcc (GCC) 7.3.0",
    "python": "Python: 3.8.5 (default)",
}
NOISE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["**Environment**", "```", "", "A placeholder for the command.", "_No response_", "> quoted", "Traceback (most",
         "- How you installed PyTorch [e.g., pip, conda, source]", "loss: nan", "|---|---|", "GPU 0:",
         "PyTorch built with:"]
    ),
)  # fmt: skip


@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_is_read_without_fail(body: str, title: str) -> None:
    """Every fact stands on a line of the report and has a value, whatever the text."""
    for fact in read(body, title):
        assert fact.value.strip()
        assert 0 <= fact.line <= len(body) + 1


@given(st.lists(st.sampled_from(sorted(ANSWERS)), unique=True), st.lists(NOISE, max_size=6), st.randoms())
def test_an_answer_is_found_among_any_noise(asked: list[str], noise: list[str], order: Random) -> None:
    """An answered line gives its fact wherever it stands, unless a comment hides it."""
    lines = [ANSWERS[name] for name in asked] + [line for line in noise if "<" not in line and "-" not in line]
    order.shuffle(lines)
    names = {fact.name for fact in read("\n".join(lines))}
    assert set(asked) <= names
