"""Reading cases: a line that cannot be used says why, and labels are only looked at where they count."""

from __future__ import annotations

import pytest

from triagebot.proof.cases import read_case, read_labelled


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{broken", "not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": ' + "1" * 5_000 + "}", "a number is too long"),
        ("[]", "not an object"),
        ('{"title": 5}', "`title` is not a text"),
    ],
)
def test_a_line_that_is_no_case_says_why(line: str, why: str) -> None:
    """Every kind of unusable line has its own sentence."""
    assert why in str(read_case(line))
    assert why in str(read_labelled(line))


def test_labels_count_only_where_cases_are_scored() -> None:
    """A report to be triaged may carry whatever its writer noted under `faq`; a case to be scored may not."""
    line = '{"title": "dry", "faq": "lid-missing"}'
    assert read_case(line) == {"title": "dry", "faq": "lid-missing"}
    assert "`faq` is not a list of entries" in str(read_labelled(line))
