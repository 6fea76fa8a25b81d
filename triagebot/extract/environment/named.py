"""What the name of an environment promises: `envs/mmdet-py38-torch1.9`, `(torch1.8_cu102) user@host:~$`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triagebot.extract.environment.printed import Rank, Told
from triagebot.extract.environment.values import cuda_of
from triagebot.late import late_regex

NAME = late_regex(
    r"[/\\]envs[/\\](?P<folder>[^/\\\s'\"]{1,80})"
    r"|^\s{0,8}\((?P<prompt>[\w.+\-]{1,60})\)\s{0,3}(?=[\w.\-]{1,40}@|[$#>%]|[A-Za-z]:\\|PS\s|\[)"
)
_PART = late_regex(
    r"(?<![A-Za-z])(?:(?P<python>py(?:thon)?)[-_]?(?P<py>[23]\.?\d{1,2})|(?P<torch>(?:py)?torch|pt)[-_]?(?P<pt>\d\.\d{1,2}(?:\.\d)?)"
    r"|cu(?:da)?[-_]?(?P<cuda>\d{2}\.\d|\d{2,3}))(?![\d.])",
    re.IGNORECASE,
)


def read_names(text: str) -> Iterator[Told]:
    """Yield what the environment's name tells; it counts only where nothing else does."""
    for found in NAME.finditer(text):
        for part in _PART.finditer(found["folder"] or found["prompt"]):
            yield from _told(part)


def _told(part: re.Match[str]) -> Iterator[Told]:
    if part["torch"]:
        yield Told(fact="pytorch", value=part["pt"], version=part["pt"], rank=Rank.NAMED)
    elif part["python"]:
        version = part["py"] if "." in part["py"] else f"{part['py'][0]}.{part['py'][1:]}"
        yield Told(fact="python", value=version, version=version, rank=Rank.NAMED)
    else:
        cuda = part["cuda"] if "." in part["cuda"] else cuda_of(part["cuda"])
        if cuda:
            yield Told(fact="pytorch-cuda", value=cuda, version=cuda, rank=Rank.NAMED)
