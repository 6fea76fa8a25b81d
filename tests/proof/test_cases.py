"""Reading cases: a line that cannot be used says why, and labels are only looked at where they count."""

from __future__ import annotations

import pytest

from triagebot.proof.cases import doubts, read_case, read_labelled


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


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            {"faq": ["lid-misisng"]},
            ["`faq` names lid-misisng, which is no entry of this knowledge; did you mean lid-missing?"],
        ),
        ({"also_ok": ["tea"]}, ["`also_ok` names tea, which is no entry of this knowledge"]),
        ({"faqs": ["lid-missing"]}, ["`faqs` is not read; did you mean faq?"]),
        ({"id": "1", "title": "", "body": "", "faq": ["lid-missing"], "note": "", "repo": "", "stars": 3}, []),
    ],
)
def test_slips_of_the_pen_are_told(case: dict[str, object], said: list[str]) -> None:
    """An id that is no entry's and a key that resembles one are named, what a project adds of its own is not."""
    assert list(doubts(case, ["lid-missing", "boils-dry"])) == said
