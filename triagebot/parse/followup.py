"""What the reporter added later, put behind the report as if it had stood there from the start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from triagebot.records import Report

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_MOST_ADDED = 200_000


def join(report: Report, added: Sequence[str]) -> Report:
    """Return the report with later texts behind its body; its `seams` say on which line each of them starts."""
    body, seams = _closed(report.body), []
    for text in added:
        if len(body) + len(text) > len(report.body) + _MOST_ADDED:
            break
        body = f"{body}\n\n"
        seams.append(body.count("\n") + 1)
        body += _closed(text.replace("\r\n", "\n"))
    return replace(report, body=body, seams=tuple(seams))


def _closed(text: str) -> str:
    """Close what a text left open, lest it swallow the next: a fence (CommonMark 4.5), an HTML comment."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    opened = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found is None:
            continue
        if not opened:
            opened = found[1] if found[1][0] == "~" or "`" not in found[2] else ""
        elif found[1][0] == opened[0] and len(found[1]) >= len(opened) and not found[2].strip():
            opened = ""
    if opened:
        return f"{text}\n{opened}"
    return f"{text}\n-->" if text.rfind("<!--") > text.rfind("-->") else text
