"""The App's door: `triagebot app create` makes a GitHub App in two clicks and keeps its credentials in one file."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import click

from triagebot.errors import InputError, TriageError
from triagebot.github.manifest import Credentials, exchange, form, manifest
from triagebot.settings import read_settings

_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 3600


@click.group(epilog="Example: triagebot app create --url https://bot.example.org")
def app() -> None:
    """Make the bot a GitHub App."""


@app.command(epilog="Example: triagebot app create --url https://bot.example.org --organization my-org")
@click.option("--url", "home", required=True, help="Where the bot will be reached: https://HOST.")
@click.option("--organization", default="", help="The organisation that owns the App.  Default: yourself.")
@click.option("--name", default="triagebot", help="The App's name; it must be free on GitHub.")
@click.option("--out", default="triagebot-app.toml", metavar="FILE", help="Where the credentials go, mode 600.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8765, help="Local port of the page that leads to GitHub."
)
@click.option("--print", "only_print", is_flag=True, help="Print the manifest and do nothing else.")
@click.option("--code", default="", help="The code GitHub came back with, where the page was served elsewhere.")
def create(home: str, organization: str, name: str, out: str, port: int, *, only_print: bool, code: str) -> None:
    """Serve a page that leads to GitHub, and write the App's credentials to FILE.

    FILE is settings: `triagebot serve --config FILE`.
    """
    try:
        _create(_Wish(home, organization, name, port), out, code, only_print=only_print)
    except TriageError as error:
        click.echo(f"triagebot: {error}", err=True)
        sys.exit(2)


class _Wish(NamedTuple):
    home: str
    organization: str
    name: str
    port: int


def _create(wish: _Wish, out: str, code: str, *, only_print: bool) -> None:
    if not wish.home.startswith("https://"):
        raise InputError(f"--url {wish.home}: GitHub delivers to https:// only; put a proxy or a tunnel in front.")
    made = manifest(wish.name, wish.home, f"http://{_HOST}:{wish.port}/done")
    if only_print:
        click.echo(json.dumps(made, indent=2))
        return
    _refuse(Path(out))  # a code is good for once: nothing may fail after it was used
    api_url = read_settings(os.environ).github_api_url
    code = code or _led(wish.port, lambda state: form(api_url, wish.organization, made, state))
    try:
        credentials = exchange(api_url, code)
    except ValueError as error:
        raise InputError(f"--code: {error}.") from None
    _keep(Path(out), credentials)
    click.echo(f"The App {credentials.slug} is made; its credentials are in {out}, which only you can read.")
    click.echo(f"Next: install it on your repositories at {credentials.html_url}/installations/new,")
    click.echo(f"then start: triagebot serve --config {out}")


def _refuse(path: Path) -> None:
    """Raise InputError where the credentials could not be written."""
    if path.exists():
        raise InputError(f"{path}: is there already. Move it away, or name another file with --out.")
    folder = path.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise InputError(f"{path}: {folder} is no folder that you can write to. Name another file with --out.")


def _keep(path: Path, credentials: Credentials) -> None:
    """Write the settings file so that nobody else can ever read it; it never existed with other rights."""
    text = (
        f"# The GitHub App {credentials.slug}; keep this file to yourself.\n"
        f"github_app_id = {json.dumps(credentials.app_id)}\n"
        f"github_webhook_secret = {json.dumps(credentials.webhook_secret)}\n"
        f"github_app_private_key = '''\n{credentials.pem.strip()}\n'''\n"
    )
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}). Name another file with --out.") from None


def _led(port: int, page: Callable[[str], str]) -> str:
    """Serve the page until the person comes back from GitHub; returns the code.  The state proves that it is them."""
    state, codes = secrets.token_urlsafe(24), list[str]()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            given = parse_qs(asked.query)
            if asked.path == "/done" and secrets.compare_digest(given.get("state", [""])[0].encode(), state.encode()):
                codes.extend(given.get("code", []))
                self._say("<!doctype html><p>Thank you. You can close this page and go back to the terminal.")
            else:
                self._say(page(state))

        def _say(self, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: addresses hold the code."""

    try:
        with HTTPServer((_HOST, port), Door) as server:
            server.timeout = _PATIENCE_SECONDS
            click.echo(f"Open http://{_HOST}:{server.server_address[1]}/ in a browser on this machine.")
            while not codes:
                server.handle_request()
    except OSError as error:
        raise InputError(f"--port {port}: {error.strerror}. Choose another port.") from None
    return codes[0]
