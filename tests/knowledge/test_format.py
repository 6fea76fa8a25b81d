"""The page about the format says what is true: its examples load, and keep their word."""

from __future__ import annotations

import re

import pytest

from tests.making import SHIPPED
from triagebot.conditions import parse_condition
from triagebot.knowledge import KINDS, read_knowledge
from triagebot.pipeline import Triage
from triagebot.proof.lint import lint

PAGE = (SHIPPED.parent / "docs" / "faq-format.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
CONDITIONS = PAGE.partition("## Conditions")[2].split("```")[1].strip().splitlines()


def test_the_examples_of_the_page_are_one_sound_knowledge() -> None:
    """One example for each kind of file, in the order of the kinds' sections, and lint finds nothing in them."""
    kinds = re.findall(r"^(project|rules|fields|forms|terms|cases|allow|en):", "\n".join(BLOCKS), re.MULTILINE)
    assert len(BLOCKS) == len(set(kinds)) == len(KINDS)
    known = read_knowledge({f"{kind}.yaml": text for kind, text in zip(KINDS, BLOCKS, strict=True)}, _shipped())
    assert (known.entries[0].id, known.rules[0].id, known.forms[0].id) == (
        "lid-missing",
        "lid-older-than-kettle",
        "steam-valve",
    )
    assert [str(problem) for problem in lint(known, Triage(known).judge)] == []


@pytest.mark.parametrize("line", CONDITIONS)
def test_the_conditions_of_the_page_are_read(line: str) -> None:
    """What stands left of the remarks is the language."""
    condition = line.partition("  ")[0].replace("...", "mmcv")
    assert parse_condition(condition).text == condition


def _shipped() -> dict[str, str]:
    """Return the phrases that the bot brings, but not its forms: those are linted elsewhere."""
    return {"replies.yaml": (SHIPPED / "replies.yaml").read_text("utf-8")}
