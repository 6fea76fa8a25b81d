"""Packages of npm for tests, kept in the account's cache: installed once, at the versions named here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

OPENAPI = "@octokit/openapi@23.0.2"
EXAMPLES = "@octokit/webhooks-examples@7.6.1"
PRISM = "@stoplight/prism-cli@5.16.0"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "triagebot-tests"
# What the bot calls, and what stands beside it in the document.
_KEPT = re.compile(
    r"/user|/rate_limit|/app|/app/installations/\{installation_id\}/access_tokens|/app-manifests/\{code\}/conversions"
    r"|/repos/\{owner\}/\{repo\}(/(issues|labels|contents|installation)(/.*)?)?"
)
_CONTENTS = "/repos/{owner}/{repo}/contents/{path}"
_LABELS = "/repos/{owner}/{repo}/issues/{issue_number}/labels"
_FOLDERS = (".github", ".github/ISSUE_TEMPLATE", "docs", "docs/triage")


def npm(*arguments: str) -> None:
    """Run npm in the cache; where there is none the test is skipped, and says so."""
    if shutil.which("npm") is None:
        pytest.skip(
            "NPM IS MISSING: the contract with GitHub's own documents is NOT checked here (.ci/run installs it)"
        )
    _CACHE.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", *arguments, "--silent", "--no-audit", "--no-fund"], cwd=_CACHE, check=True, timeout=500)


def installed(package: str) -> Path:
    """Return the folder of a package, installed if it is not."""
    name = package.rpartition("@")[0]
    folder = _CACHE / "node_modules" / name
    wanted = package.rpartition("@")[2]
    found = folder / "package.json"
    if not found.is_file() or json.loads(found.read_text("utf-8"))["version"] != wanted:
        npm("install", "--no-save", EXAMPLES, PRISM)
    return folder


def openapi() -> Path:
    """Return GitHub's OpenAPI document, trimmed to what the bot calls: the whole takes Prism seconds to read."""
    # The name changes with this file: whoever changes what is kept gets a new document.
    made_by = sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    trimmed = _CACHE / f"openapi-{OPENAPI.rpartition('@')[2]}-{made_by}.json"
    if not trimmed.is_file():
        npm("pack", OPENAPI)
        archive = _CACHE / f"octokit-openapi-{OPENAPI.rpartition('@')[2]}.tgz"
        with tarfile.open(archive) as tar:
            member = tar.extractfile("package/generated/api.github.com.json")
            assert member is not None
            document = json.load(member)
        trimmed.write_text(json.dumps(trim(document)), "utf-8")
        archive.unlink()
    return trimmed


def trim(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with the kept paths and all that they refer to.

    Three of its gaps are mended: labels may come as a bare list, as its own text says; answers have one media type;
    a path with slashes gets a path of its own, since Prism matches one segment.
    """
    paths = {path: item for path, item in document["paths"].items() if _KEPT.fullmatch(path)}
    for verb in ("post", "put"):
        schema = paths[_LABELS][verb]["requestBody"]["content"]["application/json"]["schema"]
        alternatives = schema.pop("oneOf", None) or schema.pop("anyOf")
        schema["anyOf"] = [*alternatives, {"type": "array", "items": {"type": "string"}}]
    for folder in _FOLDERS:
        paths[_CONTENTS.replace("{path}", f"{folder}/{{path}}")] = _renamed(paths[_CONTENTS], folder)
    for item in paths.values():
        for operation in item.values():
            for answer in operation.get("responses", {}).values() if isinstance(operation, dict) else ():
                content = answer.get("content", {})
                if "application/json" in content:
                    answer["content"] = {"application/json": content["application/json"]}
    kept = {key: document[key] for key in ("openapi", "info", "servers") if key in document}
    return kept | {"paths": paths, "components": _needed(paths, document["components"])}


def _renamed(item: dict[str, Any], folder: str) -> dict[str, Any]:
    copied = deepcopy(item)
    for operation in copied.values():
        if isinstance(operation, dict) and "operationId" in operation:
            operation["operationId"] += "-" + folder.replace("/", "-")
    return copied


def _needed(paths: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return the components that paths refer to, directly or not."""
    found: dict[tuple[str, str], Any] = {}
    waiting: list[Any] = [paths]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, str) and value.startswith("#/components/"):
            kind, name = value.split("/")[2:4]
            if (kind, name) not in found:
                found[kind, name] = components[kind][name]
                waiting.append(found[kind, name])
    needed: dict[str, Any] = {}
    for (kind, name), component in found.items():
        needed.setdefault(kind, {})[name] = component
    return needed
