"""Whether the reporter writes that the first setting an entry advises is made already."""

from __future__ import annotations

import re

from triagebot.records import Block, Case, Entry
from triagebot.sheet import fold

# `name = value` or `--option`, shown as code: what is said in words has too many ways to be said.
_SETTING = re.compile(r"`((?:[A-Za-z][\w.]{3,60} ?= ?|--[a-z])[^`\n]{1,80})`")
_DONE = re.compile(
    r"\b(?:already|have set|had set|['’]ve (?:set|added|tried|put)"
    r"|i (?:also |did |even )?(?:set|added|tried|use|used|put)"
    r"|after (?:setting|adding)|even (?:with|if|after|though)|although|though|despite|still)\b"
    r"|已经?(?:设|加|改|用|开)|(?:设置|加|加上|改成|设成|设为|打开|开启)了|试过|尝试|还是|仍然?|依然|也(?:没用|不行|一样)",
    re.IGNORECASE,
)
# What tools print and what is asked: neither says that anything was done.
_NOT_SAID = re.compile(
    r"[?？]|怎么|如何|哪里|吗|\bby passing\b|\byou can\b|\b(?:how|where|should|shall|can|could|do|must) (?:i|we)\b",
    re.IGNORECASE,
)


def tried(entry: Entry, case: Case) -> str:
    """Return the reporter's sentence that says that the entry's first setting is made, "" if there is none."""
    settings = _first_settings(entry)
    for line in case.document.lines if settings else ():
        if line.block is not Block.PROSE and line.block is not Block.TITLE:
            continue
        squeezed = _squeeze(line.text)
        if (
            any(setting in squeezed for setting in settings)
            and _DONE.search(line.text)
            and not _NOT_SAID.search(line.text)
        ):
            return line.text.strip()
    return ""


def _first_settings(entry: Entry) -> frozenset[str]:
    found = (_SETTING.search(text) for fix in entry.fix for text in fix.text.values())
    return frozenset(_squeeze(first[1]) for first in found if first)


def _squeeze(text: str) -> str:
    return "".join(fold(text).split())
