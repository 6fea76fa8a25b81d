"""Forms in which tools, paths and addresses tell facts by themselves, whatever the project."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from triagebot.extract.environment.cards import find_cards
from triagebot.extract.environment.values import cuda_of, read_archs
from triagebot.late import late_regex


class Rank(IntEnum):
    """How much a source is worth, best first: of equal facts the best is kept."""

    TOOL = 0  # a tool says it of itself
    LIST = 1  # what pip or conda list
    SAID = 2  # the reporter's own words
    COMMAND = 3  # what they typed to install it
    PATH = 4  # a folder or a file name
    INDEX = 5  # the address wheels were taken from: counts only where nothing else tells
    NAMED = 6  # the name of an environment: the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact as it was found in a line, and from where in the line (-1: it is no wish wherever it stands)."""

    fact: str
    value: str
    version: str
    rank: Rank
    at: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A fixed form: read where one of its `signs` (lower case) stands in a line."""

    signs: tuple[str, ...]
    read: Callable[[str], Iterator[Told]]


def _form(fact: str, pattern: str, rank: Rank, *signs: str) -> Print:
    """Return the form of one fact: the groups of the pattern, joined by points, are its version."""
    regex = late_regex(pattern, re.IGNORECASE)

    def read(text: str) -> Iterator[Told]:
        for found in regex.finditer(text):
            version = ".".join(group for group in found.groups() if group)
            yield Told(fact=fact, value=version, version=version, rank=rank)

    return Print(signs=signs, read=read)


_WHEELS = late_regex(
    r"/(?P<package>[a-z]\w{1,30})/dist/(?:cu(?P<cuda>\d{2,3})|cpu)/torch(?P<torch>\d{1,2}\.\d{1,3})(?P<patch>\.\d{1,3})?"
)
_UNFIT = late_regex(r" with CUDA capability sm_(?P<major>\d{1,2})(?P<minor>\d) is not compatible")
_LONGEST_CARD = 60
_RANGE = late_regex(
    r"is used but incompatible\.? Please install (?P<package>[A-Za-z]\w{1,30}) ?"
    r"(?P<range>(?:[<>=!]=?\s?\d[\w.]{0,20}[\s,]{0,3}){1,4})",
    re.IGNORECASE,
)
_CAPABILITIES = late_regex(
    r"supports? CUDA capabilities (?P<archs>(?:(?:sm|compute)_\d{2,3}[af]?[\s,]*){1,40})", re.IGNORECASE
)
_SYSTEMS = late_regex(
    r"(?<![A-Za-z0-9(~\-])(?P<name>Ubuntu|Debian|CentOS|Windows|Win(?=\s?1[01]|\s?[78]\b)|macOS|WSL)"
    r"(?:(?:\s?version)?[\s=:\-]{0,3}(?:Linux release |Server )?"
    r"(?P<version>\d{1,2}(?:\.\d{1,2}){0,2})(?![\d.]*[A-Za-z]))?"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_LOOSE_WHEEL = late_regex(r"(?<![A-Za-z0-9_/.\-+])cu(\d{2,3})(?![A-Za-z0-9_])", re.IGNORECASE)
_AVAILABLE = late_regex(
    r"cuda\.is_available\(\)\W{0,6}(?:(?:also |still |always )?(?:returns?|is|gives|prints|shows|says|outputs?)"
    r"|返回(?:的是)?|为|是|输出)?\W{0,5}(true|false)",
    re.IGNORECASE,
)


def _wheels(text: str) -> Iterator[Told]:
    """Read the address of a wheel index: which CUDA and PyTorch the wheels there were built for."""
    for found in _WHEELS.finditer(text):
        cuda = cuda_of(found["cuda"]) if found["cuda"] else "cpu"
        torch = found["torch"] + (found["patch"] or "")
        yield Told(fact="pytorch", value=torch, version=torch, rank=Rank.INDEX)
        yield Told(fact=f"{found['package']}-torch", value=found["torch"], version=found["torch"], rank=Rank.INDEX)
        if cuda:
            version = "" if cuda == "cpu" else cuda
            built = "not available" if cuda == "cpu" else cuda
            yield Told(fact="pytorch-cuda", value=cuda, version=version, rank=Rank.INDEX)
            yield Told(fact=f"{found['package']}-cuda", value=built, version=version, rank=Rank.INDEX)


def _unfit(text: str) -> Iterator[Told]:
    """Read PyTorch's warning about a card that it was not built for."""
    for found in _UNFIT.finditer(text):
        arch = f"{found['major']}.{found['minor']}"
        card = text[max(0, found.start() - _LONGEST_CARD) : found.start()].rpartition(": ")[2]
        yield Told(fact="gpu", value=card.strip(" `'\""), version="", rank=Rank.TOOL)
        yield Told(fact="gpu-capability", value=arch, version=arch, rank=Rank.TOOL)


def _ranges(text: str) -> Iterator[Told]:
    """Read the range of versions that a package's own assertion prints."""
    for found in _RANGE.finditer(text):
        bounds = ", ".join(bound.strip() for bound in found["range"].strip(" .,").split(",") if bound.strip())
        yield Told(fact=f"{found['package'].lower()}-range", value=bounds, version="", rank=Rank.TOOL)


def _capabilities(text: str) -> Iterator[Told]:
    found = _CAPABILITIES.search(text)
    archs = read_archs(found["archs"]) if found else None
    if archs:
        yield Told(fact="pytorch-archs", value=archs[0], version=archs[1], rank=Rank.TOOL)


def _systems(text: str) -> Iterator[Told]:
    for found in _SYSTEMS.finditer(text):
        version = found["version"] or ""
        name = "Windows" if found["name"].lower() == "win" else found["name"]
        if version or name.lower() != "windows":
            yield Told(fact="os", value=f"{name} {version}".strip(), version=version, rank=Rank.SAID, at=found.start())


def _cards(text: str) -> Iterator[Told]:
    for start, card in find_cards(text):
        yield Told(fact="gpu", value=card, version="", rank=Rank.SAID, at=start)


def _loose_wheel(text: str) -> Iterator[Told]:
    for found in _LOOSE_WHEEL.finditer(text):
        cuda = cuda_of(found[1])
        if cuda:
            yield Told(fact="pytorch-cuda", value=cuda, version=cuda, rank=Rank.SAID, at=found.start())


def _available(text: str) -> Iterator[Told]:
    for found in _AVAILABLE.finditer(text):
        yield Told(fact="cuda-available", value=found[1].capitalize(), version="", rank=Rank.TOOL)


_CARD_SIGNS = (
    *(
        "rtx",
        "gtx",
        "rt 20",
        "rt20",
        "tesla",
        "quadro",
        "titan",
        "jetson",
        "a100",
        "a800",
        "v100",
        "h100",
        "h800",
        "h200",
    ),
    *(
        "p100",
        "a4000",
        "a5000",
        "a6000",
        "l40s",
        "b200",
        "2060",
        "2070",
        "2080",
        "3050",
        "3060",
        "3070",
        "3080",
        "3090",
    ),
    *("4050", "4060", "4070", "4080", "4090", "5060", "5070", "5080", "5090"),
)
PRINTED = (
    _form("nvcc", r"cuda compilation tools, release (\d{1,2}\.\d{1,2})", Rank.TOOL, "cuda compilation tools"),
    _form(
        "gcc", r"\bgcc(?:-\d{1,2})? \([^)]{1,80}\) (\d{1,2}(?:\.\d{1,2}){1,2})(?![\d.-])", Rank.TOOL, "gcc (", "gcc-"
    ),
    _form("nvcc", r"build cuda_(\d{1,2}\.\d{1,2})", Rank.TOOL, "build cuda_"),
    _form("nvcc", r"cuda-(\d{1,2}\.\d{1,2})/bin/nvcc", Rank.PATH, "/bin/nvcc"),
    _form("nvcc", r"detected CUDA version \((\d{1,2}\.\d{1,2})\)", Rank.TOOL, "detected cuda version"),
    _form("pytorch-cuda", r"used to compile PyTorch \((\d{1,2}\.\d{1,2})\)", Rank.TOOL, "used to compile pytorch"),
    _form("python", r"[/\\]python(\d\.\d{1,2})[/\\]", Rank.PATH, "/python2.", "/python3."),
    _form("python", r"[/\\]python(3)(\d{1,2})[/\\]lib[/\\]", Rank.PATH, "\\lib\\site-packages", "/lib/site-packages"),
    _form("python", r"\.cpython-(3)(\d{1,2})m?-", Rank.PATH, ".cpython-3"),
    _form("python", r"-cp(3)(\d{1,2})-", Rank.PATH, "-cp3"),
    _form("pytorch-cuda", r"py\d\.\d{1,2}_cuda(\d{1,2}\.\d{1,2}(?:\.\d{1,4})?)_cudnn", Rank.LIST, "_cuda"),
    _form("cudnn", r"_cudnn(\d{1,2}(?:\.\d{1,3}){1,3})", Rank.LIST, "_cudnn"),
    _form("missing-cudart", r"libcudart\.so\.(\d{1,2}(?:\.\d{1,2})?): cannot open", Rank.TOOL, "libcudart.so."),
    _form("pytorch-cuda", r"/whl/cu(\d{2})(\d)\b", Rank.INDEX, "/whl/cu1"),
    Print(signs=("/dist/cu", "/dist/cpu"), read=_wheels),
    Print(signs=("with cuda capability",), read=_unfit),
    Print(signs=("is used but incompatible",), read=_ranges),
    Print(signs=("cuda capabilities",), read=_capabilities),
    Print(signs=("ubuntu", "debian", "centos", "windows", "win1", "win 1", "win7", "macos", "wsl"), read=_systems),
    Print(signs=_CARD_SIGNS, read=_cards),
    Print(signs=("cu7", "cu8", "cu9", "cu1"), read=_loose_wheel),
    Print(signs=("cuda.is_available()",), read=_available),
)
