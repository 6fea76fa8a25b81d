"""Which messages are read at all: first posts of configured forums, and messages of configured help channels (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """What a message is to us."""

    POST = "post"  # the first message of a thread: a report
    HELP = "help"  # a message among others: a report only when it holds an error
    MENTION = "mention"  # the bot was addressed
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Where the bot listens, by id: threads of `posts` are read, and messages of `help`."""

    posts: frozenset[int] = frozenset()
    help: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What decides whether a message is read; `parent` is the channel of its thread, 0 where it is in none."""

    message: int
    channel: int
    parent: int = 0
    from_machine: bool = False  # a bot, a webhook, the system
    refers: bool = False  # a reply, a forward
    first_of_owner: bool = False  # the thread's owner opens it, though the thread is of another kind than a forum's
    mentions_us: bool = False


def place_of(seen: Seen, channels: Channels) -> Place:
    """Return what a message is to us; machines and answers to other messages are nothing."""
    if seen.from_machine or seen.refers:
        return Place.NOTHING
    if seen.parent in channels.posts or seen.parent in channels.help:
        opens = seen.message == seen.channel or seen.first_of_owner
        return Place.POST if opens else _addressed(seen)
    if seen.channel in channels.help:
        return Place.HELP
    return _addressed(seen)


def _addressed(seen: Seen) -> Place:
    return Place.MENTION if seen.mentions_us else Place.NOTHING


def without_quotes(text: str) -> str:
    """Return a message without the lines it quotes: `>` quotes a line, `>>>` all that follows."""
    kept = []
    for line in text.split("\n"):
        if line.startswith(">>> "):
            break
        if not line.startswith("> "):
            kept.append(line)
    return "\n".join(kept)
