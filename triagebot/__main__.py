"""`triagebot COMMAND`: opens one door, and with it only what that door needs."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from triagebot import __version__

_DOORS = {
    "triage": "triagebot.doors.cli:triage",
    "eval": "triagebot.doors.cli:evaluate",
    "lint": "triagebot.doors.cli:lint",
    "explain": "triagebot.doors.cli:explain",
    "labels": "triagebot.doors.labels:labels",
    "train": "triagebot.doors.train:train",
    "serve": "triagebot.serving:serve",
    "action": "triagebot.doors.action:action",
    "doctor": "triagebot.doors.doctor:doctor",
    "app": "triagebot.doors.app:app",
    "discord": "triagebot.doors.discord:discord",
    "replay": "triagebot.doors.replay:replay",
}


class _Doors(click.Group):
    """The commands, each imported only when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_DOORS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _DOORS:
            return None
        module, _, command = _DOORS[cmd_name].partition(":")
        return getattr(import_module(module), command)  # type: ignore[no-any-return]


@click.group(cls=_Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="triagebot")
def main() -> None:
    """Answer reports from a FAQ: the fix for the reporter's error and versions, or silence."""
    for stream in (sys.stdout, sys.stderr):
        # Reports hold anything, lone surrogates included; printing them must not fail.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
