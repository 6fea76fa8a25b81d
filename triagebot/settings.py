"""The operator's settings: from the environment or a TOML file, every problem told at once, secrets never shown."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from triagebot.errors import SettingsError

PREFIX = "TRIAGEBOT_"
_HIGHEST_PORT = 65535
_LONGEST_PAUSE = 60.0
_IN_FILE = "_file"
_SECRETS = frozenset(
    {"github_token", "github_app_private_key", "github_webhook_secret", "github_webhook_secret_old", "discord_token"}
)
_LONGEST_ID = 20
_KEY_DIGITS = 64  # an Ed25519 key
_CONNECTIONS = ("gateway", "http")
_MOST_AT_ONCE = 64
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decided; `docs/operations.md` describes each."""

    knowledge: str | None = None
    label_model: str | None = None
    database_url: str = field(default="", repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    github_api_url: str = "https://api.github.com"
    github_token: str = field(default="", repr=False)
    github_app_id: str = ""
    github_app_private_key: str = field(default="", repr=False)
    github_webhook_secret: str = field(default="", repr=False)
    github_webhook_secret_old: str = field(default="", repr=False)
    github_seconds_between_writes: float = 1.0
    discord_token: str = field(default="", repr=False)
    discord_api_url: str = "https://discord.com/api/v10"
    discord_gateway_url: str = ""
    discord_connection: str = "gateway"
    discord_public_key: str = ""
    discord_forum_channels: frozenset[int] = frozenset()
    discord_help_channels: frozenset[int] = frozenset()
    discord_staff_roles: frozenset[int] = frozenset()
    quiet_seconds: float = 2.0
    longest_wait_seconds: float = 30.0
    lease_seconds: float = 60.0
    reports_at_once: int = 4
    thinking_processes: int = 1
    thinking_seconds: float = 20.0
    keep_days: float = 30.0
    sweep_minutes: float = 15.0
    log_level: str = "info"


def read_settings(environment: Mapping[str, str], config: str | None = None) -> Settings:
    """Return the settings of a TOML file (`config`) overridden by those of the environment.

    In the file the names are lower-case and without the prefix.  An empty variable counts as not set.  Raises
    SettingsError with every problem, one a line.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    given: set[str] = set()
    for place, called, raw in [*_from_file(config), *_from_environment(environment)]:
        name = called.removesuffix(_IN_FILE) if called.removesuffix(_IN_FILE) in _SECRETS else called
        read = _READERS.get(name)
        given.add(name)
        try:
            if read is None:
                raise ValueError(_unknown(place, name))  # noqa: TRY301 - collected like every other problem
            values[name] = read(_plain(raw) if name == called else _held(_plain(raw)))
        except ValueError as problem:
            problems.append(f"{place}: {problem}")
    values.setdefault("database_url", _default_database(environment))
    settings = Settings(**values)
    problems += _contradictions(settings, given)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def is_loopback(host: str) -> bool:
    """Tell whether a host can only be reached from this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for place, value in sorted(environment.items()):
        if place.startswith(PREFIX) and value.strip():
            yield place, place.removeprefix(PREFIX).lower(), value.strip()


def _from_file(config: str | None) -> Iterator[tuple[str, str, object]]:
    if config is None:
        return
    for name, value in _toml(config).items():
        yield f"{config}: {name}", name, value


def _plain(value: object) -> str:
    """Return a TOML value as the text that the environment would hold."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError('it is neither a text nor a number. Write it as name = "value".')  # noqa: TRY004 - told alike
    return str(value).strip()


def _toml(config: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(config).read_text("utf-8"))
    except OSError as error:
        remedy = "Name a TOML file that can be read with --config."
        raise SettingsError(f"{config}: cannot be read ({error.strerror}). {remedy}") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f'{config}: not a TOML file: {error}. Write one `name = "value"` a line.') from None


def _held(file: str) -> str:
    """Return what a file holds: a secret that is handed over as a file."""
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(f"{file} cannot be read ({reason}). Name a file that holds nothing but the secret.") from None


def _unknown(place: str, name: str) -> str:
    close = get_close_matches(name, _READERS, n=1)
    if not close:
        return "unknown setting. docs/operations.md lists those there are."
    meant = f"{PREFIX}{close[0].upper()}" if place.startswith(PREFIX) else close[0]
    return f"unknown setting. Did you mean {meant}?"


def _word(raw: str) -> str:
    if any(not sign.isprintable() or sign.isspace() for sign in raw):
        raise ValueError("it holds a space or a sign that cannot be printed. Copy it again, on its own.")
    return raw


def _ascii_word(raw: str) -> str:
    if not raw.isascii():
        raise ValueError("it holds a sign that is not ASCII. Copy it again, from where it was made.")
    return _word(raw)


def _app_id(raw: str) -> str:
    """Return an App's number, or its client id, which GitHub takes as well."""
    if not (raw.isascii() and raw.isalnum()):
        raise ValueError("it is not an App's id. Copy the App ID from the App's settings page: a number.")
    return raw


def _private_key(raw: str) -> str:
    r"""Return a key in PEM; where it was put on one line, `\n` stands for the ends of lines."""
    key = raw.replace("\\n", "\n") if "\n" not in raw else raw
    if not key.startswith("-----BEGIN ") or "PRIVATE KEY-----" not in key.partition("\n")[0]:
        raise ValueError("it is not a private key in PEM (-----BEGIN RSA PRIVATE KEY-----). Download it from the App.")
    return f"{key.strip()}\n"


def _port(raw: str) -> int:
    port = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 5 else -1  # noqa: PLR2004 - digits of 65535
    if not 0 <= port <= _HIGHEST_PORT:
        raise ValueError(f"{raw!r} is not a port. Give a number from 1 to {_HIGHEST_PORT}, or 0 for any free one.")
    return port


def _amount(unit: str, least: float, most: float) -> Callable[[str], float]:
    def read(raw: str) -> float:
        try:
            amount = float(raw)
        except ValueError:
            amount = math.nan
        if not least <= amount <= most:
            raise ValueError(f"{raw!r} is not a number of {unit} from {least:g} to {most:g}.")
        return amount

    return read


_seconds = _amount("seconds", 0, _LONGEST_PAUSE)


def _count(raw: str) -> int:
    count = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 3 else 0  # noqa: PLR2004 - digits are enough
    if not 1 <= count <= _MOST_AT_ONCE:
        raise ValueError(f"{raw!r} is not a number from 1 to {_MOST_AT_ONCE}.")
    return count


def _level(raw: str) -> str:
    if raw.lower() not in _LEVELS:
        raise ValueError(f"{raw!r} is not a level. Give one of {', '.join(_LEVELS)}.")
    return raw.lower()


def _api_url(raw: str) -> str:
    """Return an address of an API, without a slash at its end."""
    return _plain_url(raw, "https").rstrip("/")


def _gateway_url(raw: str) -> str:
    return _plain_url(raw, "wss")


def _plain_url(raw: str, scheme: str) -> str:
    """Return an address without an account (it would be logged) and without a query (it would be lost)."""
    example = f"{scheme}://host/path"
    try:
        address = urlsplit(_ascii_word(raw))
        host, _port_is_a_number = address.hostname or "", address.port
    except ValueError:
        raise ValueError(f"{raw!r} is not an address. Write it as {example}.") from None
    if not host or address.username is not None or address.query or address.fragment:
        raise ValueError(f"it is not a plain address. Write it as {example}, without an account or a query.")
    open_scheme = scheme.removesuffix("s")
    if address.scheme != scheme and not (address.scheme == open_scheme and is_loopback(host)):
        others = f"Other addresses are only taken on loopback ({open_scheme}://127.0.0.1:PORT)."
        raise ValueError(f"{raw!r} is not {scheme}. {others}")
    return raw


def _ids(raw: str) -> frozenset[int]:
    """Return Discord's numbers for channels or roles, as `Copy ID` gives them."""
    words = raw.replace(",", " ").split()
    for word in words:
        if not (word.isascii() and word.isdigit() and len(word) <= _LONGEST_ID):
            raise ValueError(
                f"{word!r} is not an id. Give numbers as Discord's `Copy ID` gives them, with commas between."
            )
    return frozenset(map(int, words))


def _public_key(raw: str) -> str:
    if len(raw) != _KEY_DIGITS or any(sign not in "0123456789abcdef" for sign in raw.lower()):
        raise ValueError(
            f"it is not {_KEY_DIGITS} hexadecimal digits. Copy it from the application's General Information."
        )
    return raw.lower()


def _connection(raw: str) -> str:
    if raw.lower() not in _CONNECTIONS:
        raise ValueError(f"{raw!r} is no way to connect. Give one of {', '.join(_CONNECTIONS)}.")
    return raw.lower()


def _database_url(raw: str) -> str:
    file = raw.startswith("sqlite:///") and raw != "sqlite:///" and ":memory:" not in raw
    if not file and not raw.startswith(("postgresql://", "postgres://")):
        raise ValueError(
            "it is neither an SQLite file nor a PostgreSQL database. Write it as sqlite:///path/to/file.db "
            "(or sqlite:////path), or postgresql://user:password@host/database."
        )
    return raw


_READERS: dict[str, Callable[[str], Any]] = {
    "knowledge": str,
    "label_model": str,
    "database_url": _database_url,
    "http_host": _ascii_word,
    "http_port": _port,
    "github_api_url": _api_url,
    "github_token": _ascii_word,
    "github_app_id": _app_id,
    "github_app_private_key": _private_key,
    "github_webhook_secret": _word,
    "github_webhook_secret_old": _word,
    "github_seconds_between_writes": _seconds,
    "discord_token": _ascii_word,
    "discord_api_url": _api_url,
    "discord_gateway_url": _gateway_url,
    "discord_connection": _connection,
    "discord_public_key": _public_key,
    "discord_forum_channels": _ids,
    "discord_help_channels": _ids,
    "discord_staff_roles": _ids,
    "quiet_seconds": _seconds,
    "longest_wait_seconds": _amount("seconds", 0, 3600),
    "lease_seconds": _amount("seconds", 1, 600),
    "reports_at_once": _count,
    "thinking_processes": _count,
    "thinking_seconds": _amount("seconds", 0.1, 600),
    "keep_days": _amount("days", 3, 36500),
    "sweep_minutes": _amount("minutes", 1, 1440),
    "log_level": _level,
}


def _contradictions(settings: Settings, given: AbstractSet[str]) -> list[str]:
    """Return what is wrong between settings; `given` are the names of all, also of those that could not be read.

    GitHub bans clients that write faster than about once a second; a stand-in on loopback does not.
    """
    problems = []
    host = urlsplit(settings.github_api_url).hostname or ""
    if settings.github_seconds_between_writes < 1 and not is_loopback(host):
        problems.append(f"{PREFIX}GITHUB_SECONDS_BETWEEN_WRITES: GitHub asks for at least 1. Give 1 or more.")
    if ("github_app_id" in given) != ("github_app_private_key" in given):
        problems.append(f"{PREFIX}GITHUB_APP_ID and {PREFIX}GITHUB_APP_PRIVATE_KEY: only one is set. Set both.")
    if settings.github_app_id and settings.github_token:
        problems.append(f"{PREFIX}GITHUB_TOKEN: an App is set as well. Keep the token, or the App.")
    return problems


def _default_database(environment: Mapping[str, str]) -> str:
    """Return an SQLite file in the account's data folder (XDG Base Directory Specification)."""
    home = environment.get("HOME") or str(Path.home())
    folder = environment.get("XDG_DATA_HOME") or f"{home}/.local/share"
    return f"sqlite:///{folder}/triagebot/triagebot.db"
