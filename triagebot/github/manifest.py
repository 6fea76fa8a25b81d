"""The manifest by which GitHub makes an App with just the permissions the bot needs, and its exchange for credentials.

Source: GitHub's documentation, "Registering a GitHub App from a manifest": a form posts the manifest, the person comes
back with a code, and the code is exchanged once, within an hour, for the App's id, key and webhook secret.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from github import Github

from triagebot.github.accounts import PERMISSIONS, Address
from triagebot.github.calls import Call, said

EVENTS = ("issues", "issue_comment")
WEBHOOK = "/github/webhook"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Credentials(NamedTuple):
    """What an App is: to be kept where nobody else reads it."""

    app_id: str
    slug: str
    pem: str
    webhook_secret: str
    html_url: str


def manifest(name: str, home: str, redirect: str) -> dict[str, Any]:
    """Return the manifest of an App whose webhook stands at `home`; `redirect` is where the person comes back to."""
    return {
        "name": name,
        "url": home,
        "hook_attributes": {"url": home.rstrip("/") + WEBHOOK, "active": True},
        "redirect_url": redirect,
        "description": "Answers the issues that everybody asks, from the project's FAQ, or stays silent.",
        "public": False,
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENTS),
    }


def form(api_url: str, organization: str, made: dict[str, Any], state: str) -> str:
    """Return the page whose one button brings the manifest to GitHub."""
    place = f"/organizations/{quote(organization, safe='')}" if organization else ""
    address = escape(f"{_website(api_url)}{place}/settings/apps/new?state={quote(state)}")
    value = escape(json.dumps(made))
    return (
        "<!doctype html><meta charset=utf-8><title>triagebot</title>"
        f'<form action="{address}" method="post"><input type="hidden" name="manifest" value="{value}">'
        "<p>GitHub shows the App before it is made: it reads files, and reads and writes issues, nothing else.</p>"
        "<button>Create the App on GitHub</button></form>"
    )


def exchange(api_url: str, code: str) -> Credentials:
    """Return the credentials that a code stands for; raises RemoteError, ValueError where it is no code."""
    if not _CODE.fullmatch(code):
        raise ValueError("that is no code of GitHub's")
    github = Github(**Address(api_url=api_url, pause=0).options())
    with said(Call(what="exchanging the code for the App's credentials")):
        answer = github.requester.requestJsonAndCheck("POST", f"/app-manifests/{code}/conversions")[1]
        return Credentials(
            str(answer["id"]), answer["slug"], answer["pem"], answer["webhook_secret"] or "", answer["html_url"]
        )


def _website(api_url: str) -> str:
    """Return where people see what the API serves."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"
