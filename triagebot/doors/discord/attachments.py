"""Log files that people attach: fetched from Discord's own hosts only, up to a cap, whatever their claims say."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import structlog

from triagebot.settings import is_loopback

CDN = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
LARGEST_FILE = 1024 * 1024
MOST_FILES = 3
_SECONDS = 10.0
_CHUNK = 64 * 1024
_ENDINGS = frozenset(
    ".txt .log .out .err .md .json .jsonl .yaml .yml .toml .ini .cfg .py .sh .csv .trace .stderr .stdout".split()
)
# A text has next to no control characters; a picture or an archive is full of them.
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}
_MOST_CONTROL = 0.02

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file as a message names it; nothing of this can be trusted but that it was said."""

    name: str
    url: str
    kind: str = ""


class Fetcher:
    """Fetches texts over an own connection: the bot's token is never sent along."""

    def __init__(self, api_url: str) -> None:
        self._trusted = _trusted_places(api_url)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # Nothing is unpacked for us: a small archive can be a very large text.
        self._session = aiohttp.ClientSession(
            auto_decompress=False, timeout=aiohttp.ClientTimeout(total=_SECONDS), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def texts(self, files: Iterable[Attached]) -> list[tuple[str, str]]:
        """Return name and text of the first few files that are texts; what cannot be had is left out."""
        found = []
        for file in [file for file in files if is_text(file)][:MOST_FILES]:
            content = await self._content(file)
            if content is not None and (text := decoded(content, file.kind)) is not None:
                found.append((file.name, text))
        return found

    async def _content(self, file: Attached) -> bytes | None:
        if not self.trusts(file.url) or self._session is None:
            log.warning("attachment refused", why="it does not lie on Discord's own hosts")
            return None
        try:
            headers = {"Accept-Encoding": "identity"}
            async with self._session.get(file.url, allow_redirects=False, headers=headers) as response:
                if response.status != 200 or response.headers.get("Content-Encoding", "identity") != "identity":  # noqa: PLR2004
                    log.warning("attachment refused", status=response.status)
                    return None
                return await _capped(response)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("attachment not read", why=type(error).__name__)
            return None

    def trusts(self, url: str) -> bool:
        """Tell whether an address lies where Discord keeps files."""
        try:
            address = urlsplit(url)
            place = (address.scheme, address.hostname or "", address.port)
        except ValueError:
            return False
        return address.username is None and place in self._trusted


def _trusted_places(api_url: str) -> frozenset[tuple[str, str, int | None]]:
    """Discord's hosts over https; beside an API on loopback (a stand-in) its own address as well."""
    places = {("https", host, None) for host in CDN}
    api = urlsplit(api_url)
    if is_loopback(api.hostname or ""):
        places |= {(api.scheme, api.hostname or "", api.port)}  # type: ignore[arg-type]
    return frozenset(places)


async def _capped(response: aiohttp.ClientResponse) -> bytes:
    """Read at most the cap, and not a byte more, whatever length was claimed."""
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk[: LARGEST_FILE - len(content)]
        if len(content) >= LARGEST_FILE:
            response.close()
            break
    return bytes(content)


def is_text(file: Attached) -> bool:
    """Tell whether a file claims to be a text, by its kind or its name."""
    kind = file.kind.partition(";")[0].strip().lower()
    ending = PurePosixPath(file.name.lower()).suffix
    return kind.startswith("text/") or kind == "application/json" or ending in _ENDINGS


def decoded(content: bytes, kind: str = "") -> str | None:
    """Return the text, broken signs replaced; None when it is no text after all."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # PowerShell writes these
        return content.decode("utf-16", "replace")
    if sum(content.count(byte) for byte in _CONTROL) > _MOST_CONTROL * len(content):
        return None
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig", "replace")
    return content.decode(_charset(kind), "replace")


def _charset(kind: str) -> str:
    named = kind.partition("charset=")[2].partition(";")[0].strip(" \"'").lower()
    return named if named in {"utf-8", "gbk", "gb18030", "gb2312", "big5", "latin-1", "iso-8859-1"} else "utf-8"
