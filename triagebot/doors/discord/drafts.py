"""A proposal as the beginning of an entry, to be finished by hand and checked with `triagebot lint` (pure)."""

from __future__ import annotations

import json
import re

from triagebot.store import Proposal

_MOST_LINES = 12
_LONGEST_LINE = 200


def draft(proposal: Proposal) -> str:
    """Return an entry in YAML with its error as signature and example; what a person must write is marked TODO.

    Texts are written as JSON, which is YAML too: nothing that strangers wrote can become anything else.
    """
    comment = [f"# {proposal.number}: {_flat(proposal.url)}"]
    comment += [f"#   {_flat(line)}" for line in proposal.text.split("\n")[:_MOST_LINES] if line.strip()]
    name = re.sub(r"[^a-z0-9]+", "-", proposal.error.lower())[:40].strip("-") or f"proposal-{proposal.number}"
    message = proposal.error.partition(": ")[2] or proposal.error
    found = f"    signatures: [{_text(message)}]" if message else f"    questions: [{_text(proposal.text[:200])}]"
    example = [f"    examples: [{_text(proposal.error)}]"] if proposal.error else []
    entry = [f"  - id: {name}", "    title: TODO", found, "    fix: TODO", *example]
    return "\n".join([*comment, *entry])


def _flat(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_LINE]


def _text(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
