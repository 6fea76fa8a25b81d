"""A link that opens GitHub's form for a new issue, filled with what was read; nothing is posted by it (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from triagebot.compose.markdown import code
from triagebot.compose.words import Voice
from triagebot.doors.discord.reasons import Chain
from triagebot.records import Knowledge

# The link stands in a card of 4096 signs, and GitHub refuses addresses from about 8000 on.
LONGEST_LINK = 3600
_LONGEST_TITLE = 120
_LONGEST_ERROR = 600
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")


def has_repository(knowledge: Knowledge) -> bool:
    """Tell whether the project of the FAQ is a repository that issues can be opened in."""
    return _REPOSITORY.fullmatch(knowledge.project) is not None


def web_of(api_url: str) -> str:
    """Return where people see a GitHub whose API is at an address."""
    return "https://github.com" if api_url == "https://api.github.com" else api_url.removesuffix("/api/v3")


def issue_link(chain: Chain, knowledge: Knowledge, voice: Voice, web: str) -> str:
    """Return the address of the filled form: the error and the facts that were read, not the person's own words."""
    link = f"{web}/{knowledge.project}/issues/new?title={quote(_title(chain), safe='')}&body="
    room = LONGEST_LINK - len(link)
    kept = ""
    for line in _lines(chain, knowledge, voice):
        coded = quote(line + "\n", safe="")
        if len(kept) + len(coded) > room:
            break
        kept += coded
    return link + kept


def _title(chain: Chain) -> str:
    case = chain.get("assessment", {}).get("case", {})
    for signature in case.get("signatures", ())[:1]:
        named = f"{signature['type']}: {signature['message']}" if signature["type"] else signature["message"]
        return " ".join(named.split())[:_LONGEST_TITLE]
    title: str = case.get("document", {}).get("report", {}).get("title", "")
    return title[:_LONGEST_TITLE]


def _lines(chain: Chain, knowledge: Knowledge, voice: Voice) -> Iterator[str]:
    case = chain.get("assessment", {}).get("case", {})
    yield f"**{voice.say('discord-issue-what')}**\n"
    for signature in case.get("signatures", ())[:1]:
        said = f"{signature['type']}: {signature['message']}".removeprefix(": ")[:_LONGEST_ERROR]
        yield "\n".join(["```", said.replace("```", "'''"), "```", ""])
    yield f"**{voice.say('discord-issue-environment')}**\n"
    yield from _facts(chain, knowledge, voice)
    source = case.get("document", {}).get("report", {}).get("url", "")
    if source:
        yield f"\n{voice.say('discord-issue-from', url=source)}"


def _facts(chain: Chain, knowledge: Knowledge, voice: Voice) -> Iterator[str]:
    """Fill the fields of the template, each by its own fact or one that does as well; other facts follow."""
    facts = {fact["name"]: fact["value"] for fact in chain.get("assessment", {}).get("case", {}).get("environment", ())}
    told = set[str]()
    for field in knowledge.template.fields:
        name = next((name for name in (field.id, *field.met_by) if name in facts), None)
        if name is not None:
            told.add(name)
            yield f"- {voice.pick(field.title)}: {code(facts[name])}"
        elif field.required_for:
            yield f"- {voice.pick(field.title)}: "
    yield from (f"- {name}: {code(value)}" for name, value in facts.items() if name not in told)
