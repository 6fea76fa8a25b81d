"""All issues of a repository, page by page into a file, and on from where it was interrupted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from triagebot.github.client import GitHubHands

_PAGE = 100
_NEXT = re.compile(r'<([^<>]{1,2000})>;\s{0,3}rel="next"')


def fetch_history(hands: GitHubHands, repository: str, into: Path, progress: Callable[[int], None]) -> Path:
    """Write the issues of `owner/repo`, oldest first, as JSON lines into a file, and return it.

    While it lasts the lines stand in a file `.part`, each page followed by the address of the next: whoever starts
    again goes on there.  `progress` is told how many records each page had.  Raises RemoteError, OSError.
    """
    part = into.with_name(into.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    address = (
        _resume(part, progress) or f"/repos/{repository}/issues?state=all&sort=created&direction=asc&per_page={_PAGE}"
    )
    with part.open("a", encoding="utf-8") as opened:
        while address:
            headers, items = hands.page(repository, address, f"reading the issues of {repository}")
            following = _NEXT.search(headers.get("link", ""))
            address = following[1] if following else ""
            lines = [json.dumps(_kept(item, repository)) for item in items]
            opened.write("\n".join([*lines, json.dumps({"next": address, "read": len(items)})]) + "\n")
            opened.flush()
            progress(len(items))
    finished = [line for line in part.read_text("utf-8").splitlines() if not line.startswith('{"next"')]
    into.write_text("".join(f"{line}\n" for line in finished), "utf-8")
    part.unlink()
    return into


def _resume(part: Path, progress: Callable[[int], None]) -> str:
    """Return the address of the next page, "" to begin; what stands behind the last whole page is cut off."""
    if not part.exists():
        return ""
    lines = part.read_text("utf-8", errors="replace").splitlines()
    marks = [number for number, line in enumerate(lines) if line.startswith('{"next"') and line.endswith("}")]
    kept = lines[: marks[-1] + 1] if marks else []
    part.write_text("".join(f"{line}\n" for line in kept), "utf-8")
    for mark in marks:
        progress(int(json.loads(lines[mark])["read"]))
    return str(json.loads(kept[-1])["next"]) if kept else ""


def _kept(item: dict[str, Any], repository: str) -> dict[str, Any]:
    """Return of an issue what it was at filing, as far as GitHub tells, and its labels."""
    user = item.get("user") or {}
    return {
        "repo": repository,
        "number": item.get("number"),
        "title": item.get("title") or "",
        "body": item.get("body") or "",
        "labels": [label.get("name") if isinstance(label, dict) else label for label in item.get("labels") or ()],
        "created_at": item.get("created_at"),
        "user": {"login": user.get("login", ""), "type": user.get("type", "")},
        "pull_request": "pull_request" in item,
    }
