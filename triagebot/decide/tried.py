"""Whether the reporter writes that the first setting an entry advises is made already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triagebot.records import Block, Case, Entry
from triagebot.sheet import fold

# `name = value` or `--option`, shown as code: what is said in words has too many ways to be said.
_SETTING = re.compile(r"`((?:[A-Za-z][\w.]{3,60} ?= ?|--[a-z])[^`\n]{1,80})`")
_DONE = re.compile(
    r"\b(?:already|have set|had set|['’]ve (?:set|used|added|tried|put)"
    r"|i (?:also |did |even )?(?:set|added|tried|use|used|put)"
    r"|(?:trained|ran) with|after (?:setting|adding)|even (?:with|if|after|though)|although|though|despite|still)\b"
    r"|已经?(?:设|加|改|用|开)|(?:设置|加|加上|改成|设成|设为|打开|开启)了|用了|试过|尝试|还是|仍然?|依然|也(?:没用|不行|一样)",
    re.IGNORECASE,
)
# `I trained with save_best and have ...`, squeezed: the name of a setting is enough.
_RAN_WITH = ("trainedwith", "ranwith", "设置了", "打开了", "开启了", "用了")
# What tools print and what is asked: neither says that anything was done.
_NOT_SAID = re.compile(
    r"[?？]|怎么|如何|哪里|吗|\bby passing\b|\byou can\b|\b(?:how|where|should|shall|can|could|do|must) (?:i|we)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def tried(entry: Entry, case: Case) -> str:
    """Return the setting that a fix of the entry advises first, where the reporter writes that it is made; or "".

    As the FAQ writes it: this stands in a reason, and a reporter's words do not belong there.
    """
    found = (_SETTING.search(text) for fix in entry.fix for text in fix.text.values())
    settings = {first[1]: _as_made(first[1]) for first in found if first}
    said = [_squeeze(text) for text in _told_as_done(case)] if settings else []
    made = (setting for setting, ways in settings.items() if any(way in text for way in ways for text in said))
    return next(made, "")


def _as_made(setting: str) -> tuple[str, ...]:
    """Return the ways, squeezed, to say that a setting is made: as it is, or by its name, where that is no word."""
    name = _squeeze(setting.partition("=")[0])
    return (_squeeze(setting), *((f"{way}{name}" for way in _RAN_WITH) if "_" in name else ()))


def _told_as_done(case: Case) -> Iterator[str]:
    """Yield the reporter's sentences that say that something was done."""
    own = (line.text for line in case.document.lines if line.block in {Block.PROSE, Block.TITLE})
    for said in (sentence for text in own for sentence in _SENTENCE_END.split(text)):
        if _DONE.search(said) and not _NOT_SAID.search(said):
            yield said


def _squeeze(text: str) -> str:
    return "".join(fold(text).split())
