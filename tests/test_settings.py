"""The operator's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from triagebot.errors import SettingsError
from triagebot.settings import Settings, is_loopback, read_settings

HOME = {"HOME": "/home/me"}


def problems(environment: dict[str, str], config: str | None = None) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_settings(HOME | environment, config)
    return str(raised.value).splitlines()


def test_without_any_setting_the_defaults_hold() -> None:
    """Nothing has to be set, and variables of others do not matter."""
    defaults = Settings(database_url="sqlite:////home/me/.local/share/triagebot/triagebot.db")
    assert read_settings(HOME | {"PATH": "/bin", "triagebot_x": "y", "TRIAGEBOT_HTTP_PORT": " "}) == defaults


def test_the_data_folder_of_the_account_is_used() -> None:
    """XDG_DATA_HOME moves the database."""
    settings = read_settings({"XDG_DATA_HOME": "/data"})
    assert settings.database_url == "sqlite:////data/triagebot/triagebot.db"


def test_every_setting_is_read() -> None:
    """Each setting reaches its place, in its type."""
    given = {
        "TRIAGEBOT_KNOWLEDGE": "my faq/",
        "TRIAGEBOT_DATABASE_URL": "sqlite:///t.db",
        "TRIAGEBOT_HTTP_HOST": "::1",
        "TRIAGEBOT_HTTP_PORT": "0",
        "TRIAGEBOT_GITHUB_API_URL": "https://github.example.org/api/v3/",
        "TRIAGEBOT_GITHUB_TOKEN": "ghp_1",
        "TRIAGEBOT_GITHUB_WEBHOOK_SECRET": "geheim-秘密",
        "TRIAGEBOT_GITHUB_SECONDS_BETWEEN_WRITES": "1.5",
        "TRIAGEBOT_LOG_LEVEL": "DEBUG",
    }
    assert read_settings(given) == Settings(
        knowledge="my faq/",
        database_url="sqlite:///t.db",
        http_host="::1",
        http_port=0,
        github_api_url="https://github.example.org/api/v3",
        github_token="ghp_1",
        github_webhook_secret="geheim-秘密",
        github_seconds_between_writes=1.5,
        log_level="debug",
    )


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    """A TOML file holds the same names in small letters; numbers may be numbers."""
    config = tmp_path / "triagebot.toml"
    config.write_text('http_port = 9000\nhttp_host = "127.0.0.2"\ngithub_token = "from-the-file"\n')
    settings = read_settings(HOME | {"TRIAGEBOT_GITHUB_TOKEN": "from-the-environment"}, str(config))
    assert (settings.http_port, settings.http_host, settings.github_token) == (
        9000,
        "127.0.0.2",
        "from-the-environment",
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HTTP_PROT", "80", "unknown setting. Did you mean TRIAGEBOT_HTTP_PORT?"),
        ("COFFEE", "hot", "unknown setting. docs/operations.md lists those there are."),
        ("HTTP_PORT", "65536", "'65536' is not a port. Give a number from 1 to 65535, or 0 for any free one."),
        ("HTTP_PORT", "-1", "'-1' is not a port. Give a number from 1 to 65535, or 0 for any free one."),
        ("HTTP_PORT", "８０", "'８０' is not a port. Give a number from 1 to 65535, or 0 for any free one."),
        ("LOG_LEVEL", "loud", "'loud' is not a level. Give one of debug, info, warning, error."),
        ("GITHUB_SECONDS_BETWEEN_WRITES", "nan", "'nan' is not a number of seconds from 0 to 60."),
        ("GITHUB_SECONDS_BETWEEN_WRITES", "0.5", "GitHub asks for at least 1. Give 1 or more."),
        (
            "GITHUB_TOKEN",
            "ghp_1 ghp_2",
            "it holds a space or a sign that cannot be printed. Copy it again, on its own.",
        ),
        ("GITHUB_TOKEN", "ghp_é", "it holds a sign that is not ASCII. Copy it again, from where it was made."),
    ],
)
def test_a_wrong_value_names_its_variable_and_the_remedy(name: str, value: str, message: str) -> None:
    """One line: the variable, what is wrong, what to do."""
    assert problems({f"TRIAGEBOT_{name}": value}) == [f"TRIAGEBOT_{name}: {message}"]


@pytest.mark.parametrize(
    "url",
    [
        "http://github.example.org",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1:8080",
        "ftp://127.0.0.1",
        "https://",
        "https://[::1",
        "https://host:port",
        "https://me:secret@github.example.org",
        "https://github.example.org?x=1",
        "github.example.org",
    ],
)
def test_tokens_only_travel_encrypted(url: str) -> None:
    """Anything but a plain https address is refused, and an account in it is not shown."""
    told = problems({"TRIAGEBOT_GITHUB_API_URL": url})
    assert len(told) == 1
    assert told[0].startswith("TRIAGEBOT_GITHUB_API_URL: ")
    assert "secret" not in told[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost/api/v3"])
def test_loopback_needs_no_encryption_and_no_pause(url: str) -> None:
    """A stand-in on this machine may speak http, and be written to at full speed."""
    given = {"TRIAGEBOT_GITHUB_API_URL": url, "TRIAGEBOT_GITHUB_SECONDS_BETWEEN_WRITES": "0"}
    assert read_settings(HOME | given).github_seconds_between_writes == 0


@pytest.mark.parametrize("url", ["mysql://me:secret@host/db", "sqlite://", "sqlite:///:memory:", "t.db"])
def test_other_databases_are_refused(url: str) -> None:
    """Another database is refused with the way to write one that is taken, and no password is shown."""
    told = problems({"TRIAGEBOT_DATABASE_URL": url})
    assert "sqlite:///path/to/file.db" in told[0]
    assert "postgresql://user:password@host/database" in told[0]
    assert "secret" not in told[0]


def test_the_password_of_a_database_is_never_shown() -> None:
    """PostgreSQL is taken, and settings that are printed hold no secret."""
    settings = read_settings(HOME | {"TRIAGEBOT_DATABASE_URL": "postgresql://me:secret@host/db"})
    assert settings.database_url == "postgresql://me:secret@host/db"
    assert "secret" not in repr(settings)


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """File and environment are both read to the end."""
    config = tmp_path / "t.toml"
    config.write_text('http_prot = 1\nlog_level = "loud"\nknowledge = ["a"]\n')
    told = problems({"TRIAGEBOT_HTTP_PORT": "x", "TRIAGEBOT_TOKEN": "ghp_secret"}, str(config))
    assert [line.removeprefix(f"{tmp_path}/").split(": ")[:2] for line in told[:3]] == [
        ["t.toml", "http_prot"],
        ["t.toml", "log_level"],
        ["t.toml", "knowledge"],
    ]
    assert "Did you mean http_port?" in told[0]
    assert [line.partition(":")[0] for line in told[3:]] == ["TRIAGEBOT_HTTP_PORT", "TRIAGEBOT_TOKEN"]
    assert "ghp_secret" not in "".join(told)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"http_port: 80", "not a TOML file"), (b"\xff\xfe", "not a TOML file"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    """A missing or broken file gives one line with its name."""
    config = tmp_path / "t.toml"
    if content is not None:
        config.write_bytes(content)
    told = problems({}, str(config))
    assert len(told) == 1
    assert told[0].startswith(f"{config}: {message}")


def test_secrets_are_not_shown() -> None:
    """Printing the settings shows neither the token nor the webhook's secret."""
    shown = repr(Settings(github_token="ghp_1234", github_webhook_secret="hush-hush"))
    assert "ghp_1234" not in shown
    assert "hush-hush" not in shown


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],  # noqa: S104
)
def test_loopback_is_recognised(host: str, loopback: bool) -> None:  # noqa: FBT001 - a table's column
    """Only addresses that nobody else reaches are loopback."""
    assert is_loopback(host) is loopback


PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"


def test_an_app_is_an_id_and_a_key(tmp_path: Path) -> None:
    """The key is a text, a text on one line, or a file."""
    (tmp_path / "key.pem").write_text(PEM)
    ways = ({"_KEY": PEM}, {"_KEY": PEM.strip().replace("\n", "\\n")}, {"_KEY_FILE": str(tmp_path / "key.pem")})
    for way in ways:
        given = {f"TRIAGEBOT_GITHUB_APP_PRIVATE{end}": value for end, value in way.items()}
        settings = read_settings({"TRIAGEBOT_GITHUB_APP_ID": "4711", **given})
        assert (settings.github_app_id, settings.github_app_private_key) == ("4711", PEM)
        assert "MIIE" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"APP_ID": "4711"}, "only one is set"),
        ({"APP_PRIVATE_KEY": PEM}, "only one is set"),
        ({"APP_ID": "my app", "APP_PRIVATE_KEY": PEM}, "it is not an App's id"),
        ({"APP_ID": "4711", "APP_PRIVATE_KEY": "MIIE"}, "it is not a private key in PEM"),
        ({"APP_ID": "4711", "APP_PRIVATE_KEY": PEM, "TOKEN": "ghp_1"}, "an App is set as well"),
        ({"APP_ID": "4711", "APP_PRIVATE_KEY_FILE": "/nowhere.pem"}, "/nowhere.pem cannot be read"),
    ],
)
def test_half_an_app_is_told(given: dict[str, str], message: str) -> None:
    """What is missing or contradicts itself is named, and no key is shown."""
    told = problems({f"TRIAGEBOT_GITHUB_{name}": value for name, value in given.items()})
    assert len(told) == 1
    assert message in told[0]
    assert "MIIE" not in told[0]
