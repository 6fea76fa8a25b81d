"""Knowledge on the shelf is the same knowledge, and never older than its texts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.making import FAQ, knowledge
from triagebot.pipeline import Triage
from triagebot.records import Knowledge, Report
from triagebot.shelf import shelved

TEXTS = {"faq.yaml": FAQ}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "cache" / "knowledge.pickle"


def test_what_was_read_once_is_not_read_again(place: Path) -> None:
    """The second start gets the same answers without reading a text."""
    fresh = shelved(TEXTS, knowledge, place)
    kept = shelved(TEXTS, _never, place)
    report = Report(id="1", title="No module named 'kettle._lid'", body="")
    assert Triage(kept).judge(report).reasons == Triage(fresh).judge(report).reasons
    assert [entry.id for entry in kept.entries] == [entry.id for entry in fresh.entries]


def test_another_text_is_read(place: Path) -> None:
    """One byte more in a text, and what lies on the shelf is another's."""
    shelved(TEXTS, knowledge, place)
    other = knowledge()
    assert shelved({"faq.yaml": FAQ + "\n"}, lambda: other, place) is other


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x05N."])
def test_a_broken_shelf_is_no_matter(place: Path, content: bytes) -> None:
    """Whatever lies there, the texts are read instead."""
    place.parent.mkdir()
    place.write_bytes(content)
    assert shelved(TEXTS, knowledge, place).entries
    assert shelved(TEXTS, _never, place).entries


def test_who_wants_no_compiled_files_gets_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own switch holds here as well; so does a folder that cannot be written."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    shelved(TEXTS, knowledge, place)
    assert not place.exists()


def _never() -> Knowledge:
    raise AssertionError("read although it lies on the shelf")
