"""Release numbers are found in what people paste, and compared as people mean it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.versions import compare, find_version, same


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.9.0+cu111", "1.9.0"),
        ("v2.14.0+abc1234", "2.14.0"),
        ("2.0.0rc4", "2.0.0rc4"),
        ("V11.1.74", "11.1.74"),
        ("1.8.2cu111", "1.8.2"),
        ("[1, 3, 7]", "1.3.7"),
        ("gcc (Ubuntu 7.5.0-3ubuntu1~18.04) 7.5.0", "7.5.0"),
        ("not available", ""),
        ("", ""),
    ],
)
def test_the_release_number_is_found(text: str, version: str) -> None:
    """The first release number of a text, without what builders hang on it."""
    assert find_version(text) == version


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("1.10.0", "1.9", 1),
        ("1.4.0", "1.4", 0),
        ("2.0.0rc4", "2", 0),
        ("2.0.0rc1", "2.0.0rc4", -1),
        ("11.1", "11.10", -1),
    ],
)
def test_versions_compare_by_their_numbers(one: str, other: str, order: int) -> None:
    """Ten is more than nine, missing numbers are zeros, a candidate stands for its release."""
    assert compare(one, other) == order
    assert compare(other, one) == -order


def test_equality_goes_as_far_as_the_shorter_one() -> None:
    """11.1 is 11.1.74, 11.1 is not 11.10."""
    assert same("11.1", "11.1.74")
    assert not same("11.1", "11.10")
    assert not same("", "1")


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_will_do(one: str, other: str) -> None:
    """Nothing raises, and comparing is antisymmetric."""
    found = find_version(one)
    assert compare(found, other) == -compare(other, found)
