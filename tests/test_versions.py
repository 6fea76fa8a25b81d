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
        ("/usr/local/cuda-11.1", "11.1"),
        ("cuda11.1", "11.1"),
        ("版本1.9.0", "1.9.0"),
        ("Python 3 (3.8.10)", "3.8.10"),
        ("CUDA 11", "11"),
        ("1.10.0.dev20210901+cu111", "1.10.0.dev20210901"),
        ("1.9.0a0+gitdfbd030", "1.9.0a0"),
        ("1.1.1k", "1.1.1"),
        ("1.0.0build", "1.0.0"),
        ("[ 2, 0, 0, 'rc4']", "2"),
        ("16GB", ""),
        ("V100-SXM2-32GB", ""),
        ("9" * 100_000, ""),
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


@pytest.mark.parametrize(
    ("version", "bound", "order"),
    [
        ("2.0.0rc4", "2.0.0", 0),
        ("2.0.0", "2.0.0rc4", 1),
        ("2.0.0b9", "2.0.0rc1", -1),
        ("2.0.0.dev1", "2.0.0a1", -1),
        ("2.0.0-rc4", "2.0.0rc4", 0),
        ("1.9", "2.0.0rc4", -1),
    ],
)
def test_only_a_bound_that_names_a_candidate_tells_candidates_apart(version: str, bound: str, order: int) -> None:
    """`>= 2` holds for 2.0.0rc4, `> 2.0.0rc4` for 2.0.0."""
    assert compare(version, bound) == order


def test_equality_goes_as_far_as_the_shorter_one() -> None:
    """11.1 is 11.1.74, 11.1 is not 11.10."""
    assert same("11.1", "11.1.74")
    assert not same("11.1", "11.10")
    assert not same("", "1")
    assert same("2.0.0rc4", "2.0.0")
    assert not same("2.0.0rc4", "2.0.0rc5")


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_will_do(one: str, other: str) -> None:
    """Nothing raises, whatever is compared, and what is found is found again in itself."""
    found = find_version(one)
    assert compare(found, other) in {-1, 0, 1}
    assert same(found, other) in {True, False}
    assert find_version(found) == found


_RELEASES = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda numbers: ".".join(map(str, numbers)))


@given(_RELEASES, _RELEASES)
def test_releases_are_ordered(one: str, other: str) -> None:
    """One release is before, after or equal to another, seen from either side."""
    assert compare(one, other) == -compare(other, one)
