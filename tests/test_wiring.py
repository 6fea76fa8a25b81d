"""The disk side of the knowledge: what is read, and what is said when it cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.making import FAQ, TEMPLATE
from triagebot.errors import InputError, KnowledgeError
from triagebot.wiring import SHIPPED, load_knowledge, load_knowledge_apart


def test_the_shipped_knowledge_is_the_default() -> None:
    """Without a path the MMDetection FAQ is loaded, whole."""
    knowledge = load_knowledge()
    assert knowledge.project == "open-mmlab/mmdetection"
    assert knowledge.digest == load_knowledge(str(SHIPPED)).digest


def test_a_single_file_is_a_faq(tmp_path: Path) -> None:
    """A file of any name is enough; forms and words come from the bot, nothing of another project."""
    file = tmp_path / "questions.yml"
    file.write_text(FAQ, "utf-8")
    knowledge = load_knowledge(str(file))
    assert [entry.id for entry in knowledge.entries] == ["lid-missing", "boils-dry", "keep-warm"]
    assert knowledge.forms
    assert knowledge.replies
    assert not knowledge.rules
    assert not knowledge.template.fields


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    """Every YAML file counts, other files do not, and a byte order mark does no harm."""
    (tmp_path / "faq.yaml").write_text(FAQ, "utf-8-sig")
    (tmp_path / "template.yaml").write_text(TEMPLATE, "utf-8")
    (tmp_path / "README.md").write_bytes(b"\xff")
    (tmp_path / "old.yaml").mkdir()
    assert [field.id for field in load_knowledge(str(tmp_path)).template.fields] == ["kettle"]


def test_a_problem_names_the_file_that_was_given(tmp_path: Path) -> None:
    """What is wrong in a file is told with its path and line."""
    file = tmp_path / "faq.yaml"
    file.write_text("project: a/b\nentrys: []\n", "utf-8")
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(str(file))
    assert f"{file}:2: entrys: " in str(raised.value)


def told(path: Path) -> str:
    with pytest.raises(InputError) as raised:
        load_knowledge(str(path))
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing path gives one line with the path and what to name instead."""
    assert told(tmp_path / "none").startswith(
        f"{tmp_path}/none: No such file or directory. Name a folder with a faq.yaml"
    )


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    """A folder without YAML is not taken for an empty FAQ."""
    assert told(tmp_path).startswith(f"{tmp_path}: there is no YAML file in this folder.")


def test_a_file_that_is_not_text_is_named_with_its_line(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are told with the line they stand on."""
    (tmp_path / "faq.yaml").write_bytes("project: a/b\ntitle: 中文\n".encode("gbk"))
    assert told(tmp_path) == f"{tmp_path}/faq.yaml:2: not UTF-8 text. Save the file as UTF-8."


def test_a_file_that_is_far_too_large_is_named(tmp_path: Path) -> None:
    """A dump of something else is not read to its end."""
    with (tmp_path / "faq.yaml").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    assert "larger than 16 MiB" in told(tmp_path / "faq.yaml")


def test_knowledge_read_apart_is_the_same_and_leaves_its_reader_behind(tmp_path: Path) -> None:
    """A server does not keep what reads; what is wrong with the files is told all the same."""
    program = (
        "import sys; from triagebot.wiring import load_knowledge, load_knowledge_apart as apart\n"
        f"known = apart({str(SHIPPED)!r}); assert 'pydantic' not in sys.modules\n"
        f"assert known.digest == load_knowledge({str(SHIPPED)!r}).digest; assert 'pydantic' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    with pytest.raises(InputError):
        load_knowledge_apart(str(tmp_path / "none"))
