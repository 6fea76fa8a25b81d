"""What a listed line is worth is weighed in proportion to the text around it, whatever that is."""

from __future__ import annotations

import pytest

from tests.extract.test_hostile import CORE, HOSTILE, IN_A_LINE, PROPORTION, grows

LISTED = "No module named 'kettle._lid'"
PIECES = [*(piece for piece in HOSTILE if "\n" not in piece), *IN_A_LINE, ".", "-", "A", "any help ", "would be nice "]


@pytest.mark.parametrize("before", ["> ", "I do not get ", "# "], ids=["quoted", "denied", "heading"])
@pytest.mark.parametrize("piece", PIECES)
def test_hostile_text_beside_a_listed_line_costs_in_proportion(piece: str, before: str) -> None:
    """Quotations, sentences and headings are looked at only where something was found."""
    short, long = (f"{LISTED}\n\n{before}{piece * (length // len(piece))}" for length in (4_500, 18_000))
    assert grows(short, long, CORE.judge) <= PROPORTION
