"""What `make run ARGS=--discord` shows: people on a stand-in for Discord, and what the real bot answers them."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.fakes.discord import Discord, buttons
from tests.fakes.discord.shapes import ALICE, BOB, EPHEMERAL, FORUM, HELP, STAFF

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 20.0
_WIDTH = 100
_LINK = re.compile(r"\[([^\]]{1,300})\]\((https?://[^)\s]{1,60})[^)\s]*\)")

_LOG = b"""\
2024-05-02 10:11:12,345 - mmdet - INFO - Epoch [3][50/7330] lr: 2.000e-02, loss: 0.9512
Traceback (most recent call last):
  File "tools/train.py", line 133, in <module>
    main()
  File "/home/alice/mmdetection/mmdet/models/roi_heads/standard_roi_head.py", line 88, in forward_train
    bbox_results = self._bbox_forward_train(x, sampling_results)
RuntimeError: CUDA out of memory. Tried to allocate 1.53 GiB (GPU 0; 10.76 GiB total capacity; 8.41 GiB allocated)
"""
_CHINESE = """\
用 2080Ti 训练，安装好之后一运行就报错，请问怎么解决？
Traceback (most recent call last):
  File "tools/train.py", line 14, in <module>
    from mmcv.ops import RoIPool
ModuleNotFoundError: No module named 'mmcv._ext'

PyTorch 1.9.0+cu111，mmcv 1.3.17，Python 3.8"""


class Failed(Exception):
    """The demonstration did not come to its end; the message says why."""


def demonstrate() -> int:
    """Run the demonstration; returns 0 when everybody got their answer."""
    try:
        with tempfile.TemporaryDirectory(prefix="triagebot-demo-") as folder:
            asyncio.run(_demonstrate(Path(folder)))
    except (Failed, TimeoutError) as failure:
        print(f"The demonstration failed: {failure or 'an answer did not come in time'}", file=sys.stderr)
        return 1
    return 0


async def _demonstrate(folder: Path) -> None:
    async with asyncio.timeout(3 * PATIENCE_SECONDS), Discord() as discord, _bot(discord, folder):
        print(f"A stand-in for Discord is on {discord.url}; triagebot discord is connected to it.\n")
        await _slash_command(discord)
        await _forum_post(discord)
        await _chinese_post(discord)
        await _context_menu(discord)
        if discord.rest.violations:
            raise Failed(f"Discord would have refused: {discord.rest.violations[0]}")
        print("\nWhere to look next")
        print("  your own server           docs/operations.md: Discord, from the developer portal to the first answer")
        print("  the same on GitHub        make run")


@asynccontextmanager
async def _bot(discord: Discord, folder: Path) -> AsyncIterator[None]:
    """Run `triagebot discord` in a process of its own, until it is connected."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGEBOT_")}
    settings = {
        "TRIAGEBOT_DATABASE_URL": f"sqlite:///{folder}/triagebot.db",
        "TRIAGEBOT_DISCORD_TOKEN": discord.token,
        "TRIAGEBOT_DISCORD_API_URL": discord.api_url,
        "TRIAGEBOT_DISCORD_GATEWAY_URL": discord.gateway_url,
        "TRIAGEBOT_DISCORD_FORUM_CHANNELS": str(FORUM),
        "TRIAGEBOT_DISCORD_HELP_CHANNELS": str(HELP),
        "TRIAGEBOT_DISCORD_STAFF_ROLES": str(STAFF),
    }
    log = folder / "bot.log"
    with log.open("w", encoding="utf-8") as errors:
        command = [sys.executable, "-m", "triagebot", "discord"]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=inherited | settings, stdout=errors, stderr=errors
        )
    try:
        while not (discord.gateway.sessions and discord.world.commands):
            if process.returncode is not None:
                raise Failed(f"the bot did not stay up:\n{log.read_text('utf-8').strip()}")
            await asyncio.sleep(0.02)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _slash_command(discord: Discord) -> None:
    text = "ImportError: libtorch_cuda_cu.so: cannot open shared object file: No such file or directory"
    _scene("#help", "alice", f"/triage text: {text}")
    asked = await discord.people.slash("triage", {"text": text}, who=ALICE)
    shown = await asked.answered()
    _show(shown)
    why = await discord.people.click(shown, buttons(shown)["Show why"]["custom_id"])
    _scene("#help", "alice", "presses [Show why]")
    _show(await why.answered())


async def _forum_post(discord: Discord) -> None:
    file = discord.people.attach("train.log", _LOG)
    title, text = "Training stops after some epochs", "It worked yesterday, see the log."
    _scene("#support, a new post", "alice", f"{title}\n{text}\n📎 train.log")
    said = await discord.people.post(title, text, attachments=[file])
    _show(await _reply(discord, said))


async def _chinese_post(discord: Discord) -> None:
    _scene("#support, a new post", "bob", f"安装后无法运行\n{_CHINESE}")
    _show(await _reply(discord, await discord.people.post("安装后无法运行", _CHINESE, who=BOB)))


async def _context_menu(discord: Discord) -> None:
    text = "loss_cls 变成 nan 了\nINFO - Epoch [1][150/7330] loss_cls: nan, loss_bbox: nan, loss: nan"
    said = await discord.people.say(text, place=2_000_000_000_000_000_007, who=ALICE)
    _scene("#chat", "alice", text)
    _scene("#chat", "bob", "opens the menu of that message: Apps > 分析这条消息 (Triage this message)")
    asked = await discord.people.menu("Triage this message", said, who=BOB, locale="zh-CN")
    _show(await asked.answered())


async def _reply(discord: Discord, said: dict[str, Any]) -> dict[str, Any]:
    while not discord.people.replies(said):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.02)
    return discord.people.replies(said)[0]


# --- as a person sees it ---


def _scene(place: str, who: str, what: str) -> None:
    print(f"{'=' * _WIDTH}\n{place}\n  {who}: " + what.replace("\n", "\n" + " " * (len(who) + 4)))


def _show(message: dict[str, Any]) -> None:
    """Print a message as Discord shows it: a bar, the text, small print, buttons."""
    seen = "only you can see this" if message.get("flags", 0) & EPHEMERAL else "everybody sees this"
    print(f"  triagebot [APP]   ({seen})")
    for embed in message["embeds"]:
        shown = _LINK.sub(r"\1 <\2…>", embed["description"])
        for line in shown.split("\n"):
            for part in textwrap.wrap(line, _WIDTH - 6, replace_whitespace=False) or [""]:
                print(f"    ┃ {part}".rstrip())
        if embed.get("footer"):
            print(f"    ┃\n    ┃ ({embed['footer']['text']})")
    for file in message["attachments"]:
        print(f"    📎 {file['filename']} ({file['size']:,} bytes)")
    if message["components"]:
        print("    " + " ".join(f"[{label}]" for label in buttons(message)))
