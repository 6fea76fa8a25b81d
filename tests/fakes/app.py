"""The part of the stand-in that plays GitHub Apps: it checks the key's signature and hands out tokens that expire."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes import shapes

if TYPE_CHECKING:
    from tests.fakes.github import StandIn

NUMBER = 4711
_INSTALLATION = 9001
_LONGEST_JWT = 600
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = _KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@dataclass(slots=True)
class App:
    """An App that is installed in some repositories; its tokens live for `lifetime` seconds."""

    installed: set[str]
    slug: str = "triage-app"
    permissions: dict[str, str] = field(
        default_factory=lambda: {"issues": "write", "contents": "read", "metadata": "read"}
    )
    events: tuple[str, ...] = ("issues", "issue_comment")
    lifetime: float = 3600.0
    tokens: dict[str, float] = field(default_factory=dict)

    def why_not(self, request: web.Request, token: str) -> tuple[int, str] | None:
        """Tell why a call is refused: the App's own calls need a JWT, all others a token that has not expired."""
        if request.path.startswith("/app-manifests/"):
            return None
        if request.path.startswith("/app") or request.path.endswith("/installation"):
            return self._why_no_jwt(token)
        return None if self.tokens.get(token, 0.0) > time.time() else (401, "Bad credentials")

    @staticmethod
    def _why_no_jwt(token: str) -> tuple[int, str] | None:
        try:
            claims = jwt.decode(token, _KEY.public_key(), algorithms=["RS256"], options={"verify_iss": False})
        except jwt.PyJWTError as error:
            return 401, f"A JSON web token could not be decoded ({error})"
        if str(claims["iss"]) != str(NUMBER) or claims["exp"] - claims["iat"] > _LONGEST_JWT + 60:
            return 401, "'Issuer' claim or expiry is wrong"
        return None

    def issue_token(self) -> tuple[str, str]:
        """Return a new token and when it expires."""
        token = f"ghs_{len(self.tokens):036d}"
        self.tokens[token] = time.time() + self.lifetime
        return token, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.tokens[token]))


def app_routes(github: StandIn) -> list[web.RouteDef]:
    """Return what the API has for Apps."""

    async def get_app(_: web.Request) -> web.Response:
        app = _app(github)
        return web.json_response(shapes.app(github.url, NUMBER, app.slug, app.permissions, app.events))

    async def get_installation(request: web.Request) -> web.Response:
        app = _app(github)
        if f"{request.match_info['owner']}/{request.match_info['name']}" not in app.installed:
            raise web.HTTPNotFound
        return web.json_response(shapes.installation(github.url, _INSTALLATION, NUMBER, app.slug, app.permissions))

    async def post_token(request: web.Request) -> web.Response:
        app = _app(github)
        asked: dict[str, Any] = (await request.json()).get("permissions") or app.permissions
        if any(app.permissions.get(name) not in {level, "write"} for name, level in asked.items()):
            message = "The permissions requested are not granted to this installation."
            return web.json_response({"message": message, "documentation_url": "https://docs.github.com"}, status=422)
        token, expires = app.issue_token()
        answer = {"token": token, "expires_at": expires, "permissions": asked, "repository_selection": "selected"}
        return web.json_response(answer, status=201)

    async def post_conversion(request: web.Request) -> web.Response:
        if request.match_info["code"] != "good-code":
            raise web.HTTPNotFound
        made = shapes.app(github.url, NUMBER, "made-app", {"issues": "write"}, ["issues"])
        secrets = {"client_secret": "cs", "webhook_secret": "hook-secret", "pem": PEM}
        return web.json_response(made | secrets, status=201)

    return [
        web.get("/app", get_app),
        web.get("/repos/{owner}/{name}/installation", get_installation),
        web.post(r"/app/installations/{id:\d+}/access_tokens", post_token),
        web.post("/app-manifests/{code}/conversions", post_conversion),
    ]


def _app(github: StandIn) -> App:
    if github.app is None:
        raise web.HTTPNotFound
    return github.app
