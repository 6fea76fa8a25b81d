"""The eleven points of security for a bot on Discord, each as a test."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import structlog

from tests.doors.discord.scenes import ERROR, OOM_LOG, PATIENCE, Scene, play
from tests.doors.watching import rows
from tests.fakes.discord import buttons
from tests.fakes.discord.shapes import BOB, EPHEMERAL, NO_PERMISSIONS
from triagebot.doors.discord import attachments
from triagebot.doors.discord.attachments import LARGEST_FILE, Fetcher, decoded
from triagebot.doors.discord.presses import PATTERN, Act, Press
from triagebot.errors import SettingsError
from triagebot.logs import Relay
from triagebot.settings import read_settings

SECRETS = (
    "ghp_" + "a1B2" * 9,
    "hf_" + "AbCd" * 8,
    "MTE4NzY1NDMyMTA5ODc2NTQzMg" + ".GabcdE." + "aB3-" * 9,
    "AKIA" + "ABCD1234EFGH5678",
)


def test_point_1_nothing_pings_anybody(tmp_path: Path) -> None:
    """Every body that says something switches mentions off by itself; the stand-in looks at each one."""

    async def act(scene: Scene) -> None:
        evil = f"@everyone @here <@&2000000000000000004> <@{BOB}>\n{ERROR} @everyone"
        reply = await scene.reply_to(await scene.people.post("@everyone", evil))
        await (await scene.people.slash("triage", {"text": evil})).answered()
        await (await scene.people.click(reply, buttons(reply)["Solved"]["custom_id"])).answered()
        said = [call.body for call in scene.discord.rest.requests if isinstance(call.body, dict)]
        assert sum(body.get("allowed_mentions", {}).get("parse") == [] for body in said) >= 3

    play(tmp_path, act)


def test_point_2_strangers_text_is_only_ever_shown_as_code(tmp_path: Path) -> None:
    """Links, formats and invitations in an error stay dead: it stands between backticks, longer than any inside."""

    async def act(scene: Scene) -> None:
        evil = f"{ERROR} [click](https://evil.example) `` ||x|| **b** discord.gg/evil"
        asked = await scene.people.slash("triage", {"text": evil})
        told = await asked.words()
        assert asked.acks[0]["data"]["flags"] == EPHEMERAL
        for line in told.splitlines():
            if "evil" in line:
                assert line.count("```") == 2
        assert "evil" in told

    play(tmp_path, act)


def test_point_3_the_size_of_a_file_is_not_believed(tmp_path: Path) -> None:
    """Ten bytes are announced, 64 MB come: no more than the cap is taken, and the bot's token is not sent along."""

    async def act(scene: Scene) -> None:
        huge = scene.people.attach("log.txt", OOM_LOG + b"A" * (64 << 20), size=10)
        asked = await scene.people.slash("triage", attached={"log": huge})
        assert "out of memory" in await asked.words()
        ((_, authorization, sent),) = scene.discord.served
        assert authorization is None
        assert sent < LARGEST_FILE * 16

    play(tmp_path, act)


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("log.txt", {"Content_Encoding": "gzip"}),
        ("log.txt", {"Location": "http://127.0.0.1:9/elsewhere"}),
        ("picture.png", {"content_type": "image/png"}),
        ("logs.zip", {"content_type": "application/zip"}),
    ],
    ids=["packed", "sent elsewhere", "picture", "archive"],
)
def test_point_3_what_is_no_plain_text_is_not_read(tmp_path: Path, name: str, headers: dict[str, str]) -> None:
    """Nothing is unpacked, no redirection followed; the person is told that there was nothing to read."""

    async def act(scene: Scene) -> None:
        file = scene.people.attach(name, OOM_LOG, **headers)
        asked = await scene.people.slash("triage", attached={"log": file})
        assert "nothing to read" in await asked.words()

    play(tmp_path, act)


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://cdn.discordapp.com/attachments/1/2/log.txt?ex=1", True),
        ("https://media.discordapp.net/attachments/1/2/log.txt", True),
        ("http://cdn.discordapp.com/attachments/1/2/log.txt", False),
        ("https://cdn.discordapp.com.evil.example/log.txt", False),
        ("https://user@cdn.discordapp.com/log.txt", False),
        ("https://cdn.discordapp.com:8443/log.txt", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:8080/metrics", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
    ],
)
def test_point_3_files_come_from_discords_own_hosts(url: str, *, trusted: bool) -> None:
    """No other address is ever asked."""
    assert Fetcher("https://discord.com/api/v10").trusts(url) is trusted


def test_point_3_broken_and_foreign_charsets_are_read() -> None:
    """UTF-16 of a Windows console, GBK where it is said, broken bytes replaced; binaries are none."""
    assert decoded("报错 error".encode("utf-16")) == "报错 error"
    assert decoded("报错".encode("gbk"), "text/plain; charset=GBK") == "报错"
    assert decoded(b"\xff\xfeab"[2:] + b"\xff rest") == "ab\ufffd rest"
    assert decoded(b"\x7fELF\x00\x00\x01\x00" * 50) is None
    assert attachments.MOST_FILES == 3


def test_point_4_secrets_are_neither_kept_nor_logged_nor_said(tmp_path: Path) -> None:
    """Tokens and names of home folders are gone before anything is stored."""
    pasted = f"{ERROR} " + " ".join(SECRETS) + "\n  File /home/alice.liddell/train.py"

    async def act(scene: Scene) -> None:
        with structlog.testing.capture_logs() as logged:
            reply = await scene.reply_to(await scene.people.post("it fails", pasted))
            await (await scene.people.slash("triage", {"text": pasted})).answered()
        everything = json.dumps([logged, reply, [str(call.body) for call in scene.discord.rest.requests]], default=str)
        everything += "".join(str(row) for row in rows(tmp_path, "SELECT chain FROM verdict"))
        for secret in (*SECRETS, "liddell"):
            assert secret not in everything

    play(tmp_path, act)


def test_point_5_a_forged_button_shows_nothing_of_others(tmp_path: Path) -> None:
    """Ids are made up by whoever likes: only one's own questions, or posts of the same channel, are found."""

    async def act(scene: Scene) -> None:
        mine = await scene.people.slash("triage", {"text": ERROR})
        shown = await mine.answered()
        own = PATTERN.fullmatch(buttons(shown)["Show why"]["custom_id"])
        assert own is not None
        forged = Press(act=Act.WHY, asker=BOB, about=int(own["about"])).code()
        shown["components"][0]["components"][0]["custom_id"] = forged
        asked = await scene.people.click(shown, forged, who=BOB)
        assert "no longer know" in await asked.words()

    play(tmp_path, act)


@pytest.mark.parametrize("coded", ["tb1:drop:1:2", "tb1:why:1:2:../../x y", "tb1:why:x:2", "tb1:why:1:" + "9" * 90])
def test_point_5_ids_of_another_form_are_not_looked_at(coded: str) -> None:
    """What is not exactly a button of ours is nothing."""
    assert PATTERN.fullmatch(coded) is None


def test_point_6_commands_of_maintainers_are_checked_again_by_us(tmp_path: Path) -> None:
    """Whoever gets to see them all the same is refused; the command says itself whom it is for."""

    async def act(scene: Scene) -> None:
        (labels,) = [one for one in scene.discord.world.commands if one["name"] == "labels"]
        assert labels["default_member_permissions"] == "8192"
        asked = await scene.people.slash("labels", {"report": ERROR}, who=BOB, permissions=NO_PERMISSIONS)
        assert "Only staff" in await asked.words()
        said = await scene.people.say("hello", place=2_000_000_000_000_000_007)
        asked = await scene.people.menu("Suggest as FAQ", said, who=BOB)
        assert "Only staff" in await asked.words()
        assert rows(tmp_path, "SELECT * FROM proposal") == []

    play(tmp_path, act)


def test_point_7_many_accounts_together_get_busy_not_silence(tmp_path: Path) -> None:
    """A cooldown a person does not stop a crowd: the queue has an end, and whoever stands behind it is told."""

    async def act(scene: Scene) -> None:
        scene.discord.world.window = PATIENCE  # the machine may be busy with other tests; the soak keeps to the 3 s
        asked = [await scene.people.slash("triage", {"text": ERROR}, who=5000 + n) for n in range(150)]
        said = [await one.words() for one in asked]
        busy = [text for text in said if "busy" in text]
        assert 1 <= len(busy) < 150
        assert all("busy" in text or "mmcv" in text for text in said)

    play(tmp_path, act)


def test_point_8_tokens_of_interactions_never_reach_the_log() -> None:
    """What the client library says is passed on from warnings up, without tokens in addresses and without secrets."""
    record = logging.LogRecord(
        "discord.webhook",
        logging.WARNING,
        "",
        0,
        "POST %s failed for %s",
        (
            "https://discord.com/api/v10/webhooks/1/aW50ZXJhY3Rpb24-token/messages/@original",
            "Bot abcdefghijklmnopqrstuvwxyz",
        ),
        None,
    )
    with structlog.testing.capture_logs() as logged:
        Relay().handle(record)
    assert logged[0]["event"] == (
        "POST https://discord.com/api/v10/webhooks/1/[redacted]/messages/@original failed for Bot [redacted]"
    )
    assert Relay().level == logging.WARNING


@pytest.mark.parametrize("name", ["DISCORD_API_URL", "DISCORD_GATEWAY_URL"])
def test_point_8_the_token_does_not_travel_openly(name: str) -> None:
    """Addresses other than https and wss are for loopback only."""
    scheme = "http" if name.endswith("API_URL") else "ws"
    with pytest.raises(SettingsError, match=f"TRIAGEBOT_{name}"):
        read_settings({f"TRIAGEBOT_{name}": f"{scheme}://discord.example/api"})
    read_settings({f"TRIAGEBOT_{name}": f"{scheme}://127.0.0.1:8/api"})


def test_point_9_what_is_said_in_private_does_not_leave_by_itself(tmp_path: Path) -> None:
    """Nothing is posted on GitHub; the link is made at a press, for whoever pressed, of the error and facts alone."""

    async def act(scene: Scene) -> None:
        reply = await scene.reply_to(await scene.people.post("our customer ACME", f"they say\n{ERROR}"))
        assert "github.com" not in json.dumps(reply["components"])
        asked = await scene.people.click(reply, buttons(reply)["GitHub issue"]["custom_id"])
        told = await asked.words()
        assert asked.acks[0]["data"]["flags"] == EPHEMERAL
        assert "Nothing is posted" in told
        assert "ACME" not in told
        assert "they say" not in told

    play(tmp_path, act)


def test_point_10_no_pattern_can_be_made_to_stall(tmp_path: Path) -> None:
    """A megabyte of the worst is read like any log."""

    async def act(scene: Scene) -> None:
        worst = (b"(" * 5000 + b"\n" + b"a:" * 5000 + b"\n" + b" " * 5000 + b"'\n") * 40
        asked = await scene.people.slash("triage", attached={"log": scene.people.attach("w.log", worst)})
        await asked.answered()

    play(tmp_path, act)


def test_point_11_the_bot_does_not_answer_itself(tmp_path: Path) -> None:
    """Its own replies hold errors as well: their echo, and those of other bots and webhooks, move nobody."""

    async def act(scene: Scene) -> None:
        said = await scene.people.say(ERROR)
        reply = await scene.reply_to(said)
        await scene.people.repeat(reply)
        await scene.people.repeat({**reply, "content": ERROR})
        await scene.settle()
        assert len(scene.discord.world.said_in(said["channel_id"])) == 2

    play(tmp_path, act)
