"""Facts about the reporter's machine: collect_env, pip and conda lists, tools' own words, free text, tracebacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from triagebot.records import Block, Fact, Field, Line, Template
from triagebot.versions import find_version

Reader = Callable[[Sequence[Line]], tuple[Fact, ...]]

_LONGEST_LINE = 4000
_LONGEST_VALUE = 160
_MOST_OF_A_NAME = 3
_NOTHING = frozenset(
    {"", "n/a", "na", "none", "null", "unknown", "-", "_no response_", "no response", "?", "xxx", "...", "无"}
)
_PLACEHOLDER = re.compile(r"^\W*e\.?g\b|^\[e\.g|^<[^>]*>$|^\{[^}]*\}$", re.IGNORECASE)
_END_OF_VALUE = re.compile(r"\s*(?:['\"]?[,;]\s*['\"]|['\"]\)?\}|\s\|\s)")
# Between a package and its version: how people and pip write it.  No `>` or `<`: a range is a wish, not a fact.
_BETWEEN = r"(?:\s?\(|\s?version|\s?ver\.?|\s?版本号?|\s?的版本)?\s{0,30}(?:==|=|:|@|is|are|was|是|为|用的是|v(?=\d)|-(?=\d))?\s{0,3}[vV]?"
_NUMBER = r"(?P<version>\d{1,4}(?:\.\d{1,6}){1,4}(?:rc\d+|a\d+|b\d+)?(?:\+?cu\d{2,3}|\+cpu)?)"
_WISH = re.compile(
    r"(?:please|should|need to|must|required?|requires|至少|需要|请)\s*(?:install|use|upgrade|安装|升级)?\s*$",
    re.IGNORECASE,
)
_CUDA_SUFFIX = re.compile(r"\+?cu(\d{2,3})\b")

# What well-known tools print, whatever the project: fact, pattern, group of the value.
_PRINTED = (
    ("nvcc", re.compile(r"Cuda compilation tools, release (\d+\.\d+)")),
    ("nvcc", re.compile(r"\bBuild cuda_(\d+\.\d+)")),
    ("pytorch-cuda", re.compile(r"CUDA Runtime (\d+\.\d+)")),
    ("pytorch-cuda", re.compile(r"CUDA used to build PyTorch: (\d+\.\d+)")),
    ("pytorch-cuda", re.compile(r"\b(?:cudatoolkit|pytorch-cuda)\s{0,40}=?=?\s{0,40}(\d+\.\d+)")),
    ("pytorch-archs", re.compile(r"NVCC architecture flags: (\S.{3,})")),
    ("cudnn", re.compile(r"\bCuDNN (\d+(?:\.\d+)+)", re.IGNORECASE)),
    ("gpu-driver", re.compile(r"Driver Version: (\d+(?:\.\d+)+)")),
    ("driver-cuda", re.compile(r"\bCUDA Version: (\d+\.\d+)")),
    ("gcc", re.compile(r"\bgcc(?:-\d+)?(?: version| \([^)]{1,60}\)|:)? (\d+(?:\.\d+)+)", re.IGNORECASE)),
    ("python", re.compile(r"[/\\](?:lib[/\\])?python(3\.\d+)[/\\]")),
    ("python", re.compile(r"\bcp(3\d{1,2})-cp3\d")),
    (
        "gpu",
        re.compile(
            r"\b((?:NVIDIA )?(?:GeForce )?(?:RTX|GTX) ?(?:A\d{4}|\d{3,4}(?: ?Ti| ?Super)?)(?: Laptop)?"
            r"|Tesla [A-Z]\d{1,3}\b|(?:NVIDIA )?(?:A100|A800|A10|A30|A40|A6000|V100|P100|P40|T4|L4|L40S?|H100|H800|H200|K80)\b"
            r"|Titan (?:Xp?|V|RTX))",
            re.IGNORECASE,
        ),
    ),
    ("cuda-home", re.compile(r"\bCUDA_HOME: (\S+)")),
)
_TRIGGERS = {"cuda", "cudnn", "driver", "gcc", "python", "cp3", "rtx", "gtx", "tesla", "titan", "nvcc", "a100", "a800",
             "a10", "a30", "a40", "a6000", "v100", "p100", "p40", "t4", "l4", "h100", "h800", "h200", "k80"}  # fmt: skip


def build_reader(template: Template) -> Reader:
    """Prepare the names of a template's fields; the result reads facts out of lines, the first mention first."""
    printed = _printed_names(template.fields)
    packaged = _packages(template.fields)
    ids = {field.id for field in template.fields}

    def read(lines: Sequence[Line]) -> tuple[Fact, ...]:
        facts = _Facts()
        for line in lines:
            text = line.text[:_LONGEST_LINE]
            lowered = text.lower()
            for name, value in printed(text, lowered):
                facts.add(name, value, line.number)
            for name, package, version, exact in packaged(text, lowered):
                facts.add(name, version, line.number)
                if exact and f"{name}-package" in ids:
                    facts.add(f"{name}-package", package, line.number)
            if any(trigger in lowered for trigger in _TRIGGERS):
                for name, value in _tools(text, line.block):
                    facts.add(name, value, line.number)
        return facts.all()

    return read


class _Facts:
    """Collects facts: equal ones once, disagreeing ones side by side."""

    def __init__(self) -> None:
        self._facts: list[Fact] = []

    def add(self, name: str, value: str, line: int) -> None:
        """Note a value, and the CUDA that a wheel of PyTorch tells by its suffix."""
        version = find_version(value)
        mine = [fact for fact in self._facts if fact.name == name]
        if len(mine) < _MOST_OF_A_NAME and not any(_agree(fact, value, version) for fact in mine):
            self._facts.append(Fact(name=name, value=value, version=version, line=line))
        suffix = _CUDA_SUFFIX.search(value) if name == "pytorch" else None
        if suffix:
            digits = suffix[1]
            self.add("pytorch-cuda", f"{digits[:-1]}.{digits[-1]}", line)

    def all(self) -> tuple[Fact, ...]:
        """Return what was noted, in order."""
        return tuple(self._facts)


def _agree(fact: Fact, value: str, version: str) -> bool:
    if fact.version and version:
        shorter = min(fact.version, version, key=len)
        return max(fact.version, version, key=len).startswith(shorter)
    return fact.value.lower() == value.lower() or value.lower() in fact.value.lower()


def _printed_names(fields: Sequence[Field]) -> Callable[[str, str], Iterator[tuple[str, str]]]:
    """Find `name: value`, several on one line too: a value ends where the next known name begins."""
    owners = {name.lower(): field.id for field in fields for name in field.names}
    if not owners:
        return lambda *_: iter(())
    names = "|".join(re.escape(name) for name in sorted(owners, key=len, reverse=True))
    regex = re.compile(
        rf"(?<![\w.\-])['\"*]{{0,3}}(?P<name>{names})['\"*]{{0,3}}\s{{0,3}}[:=|](?!=)\s{{0,30}}", re.IGNORECASE
    )

    def find(text: str, lowered: str) -> Iterator[tuple[str, str]]:
        if ":" not in text and "=" not in text and "|" not in text:
            return
        found = list(regex.finditer(text))
        for number, name in enumerate(found):
            end = found[number + 1].start() if number + 1 < len(found) else len(text)
            value = _value(text[name.end() : end])
            if value:
                yield owners[lowered[name.start("name") : name.end("name")]], value

    return find


def _value(text: str) -> str:
    end = _END_OF_VALUE.search(text)
    value = (text[: end.start()] if end else text).strip().strip("'\"`*|,;").strip()[:_LONGEST_VALUE]
    return "" if value.lower() in _NOTHING or _PLACEHOLDER.search(value) else value


def _packages(fields: Sequence[Field]) -> Callable[[str, str], Iterator[tuple[str, str, str, bool]]]:
    """Find packages with their versions: lists of pip and conda, install commands, free text in both languages."""
    owners = {package.lower(): field.id for field in fields for package in field.packages}
    if not owners:
        return lambda *_: iter(())
    names = "|".join(re.escape(name) for name in sorted(owners, key=len, reverse=True))
    regex = re.compile(rf"(?<![a-z0-9_./\-])(?P<name>{names})(?P<between>{_BETWEEN}){_NUMBER}", re.IGNORECASE)

    def find(text: str, lowered: str) -> Iterator[tuple[str, str, str, bool]]:
        if not any(name in lowered for name in owners):
            return
        for found in regex.finditer(text):
            between = found["between"]
            if _WISH.search(text[max(0, found.start() - 40) : found.start()]):
                continue
            package = found["name"].lower()
            yield owners[package], package, found["version"], "=" in between or between.count(" ") > 1

    return find


def _tools(text: str, block: Block) -> Iterator[tuple[str, str]]:
    for name, pattern in _PRINTED:
        found = pattern.search(text)
        if found and block is not Block.TEMPLATE:
            value = found[1].strip()[:_LONGEST_VALUE]
            yield name, f"3.{value[1:]}" if name == "python" and "." not in value else value
