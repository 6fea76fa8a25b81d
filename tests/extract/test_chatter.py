"""What a reporter wrote behind an error in the same line is no part of it; what the error goes on with is."""

from __future__ import annotations

import pytest

from tests.making import knowledge, report
from triagebot.pipeline import Triage

CORE = Triage(knowledge())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ModuleNotFoundError: No module named 'mmcv._ext' 求大佬指点", "No module named 'mmcv._ext'"),
        ("ModuleNotFoundError: No module named 'mmcv._ext'，怎么解决", "No module named 'mmcv._ext'"),
        ("KeyError: 'DCNv2 is not in the models registry' 请问怎么回事", "'DCNv2 is not in the models registry'"),
        ("ValueError: need at least one array to stack 请问如何解决？", "need at least one array to stack"),
        ("ValueError: need at least one array to stack, how can I fix this?", "need at least one array to stack"),
        ("RuntimeError: CUDA error: invalid device function 3090 是不是不支持", "CUDA error: invalid device function"),
        ("IndexError: list index out of range when I train it", "list index out of range"),
        ("AttributeError: 'A' object has no attribute 'shape' any ideas?", "'A' object has no attribute 'shape'"),
    ],
)  # fmt: skip
def test_what_is_asked_behind_an_error_is_left_out(line: str, message: str) -> None:
    """In Chinese and English, where the form of the message is known and where somebody asks."""
    first = CORE.read(report(line)).signatures[0]
    assert first.message == message
    assert first.fingerprint == CORE.read(report(line[: line.index(message)] + message)).signatures[0].fingerprint


@pytest.mark.parametrize(
    "message",
    [
        "No module named 'mmcv._ext'; 'mmcv' is not a package",
        "module 'torch' has no attribute 'lid'. Did you mean: 'add'?",
        "cannot import name 'lid' from 'kettle' (/srv/kettle/__init__.py)",
        "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        "MMCV==1.7.0 is used but incompatible. Please install mmcv>=1.3.17, <=1.6.0",
        "水壶没有盖子: 请先安装",
        "DLL load failed while importing _ext: 找不到指定的模块。",
        "CUDA out of memory. Tried to allocate 1.53 GiB (GPU 0; 10.76 GiB total capacity)",
    ],
)
def test_what_an_error_goes_on_with_stays(message: str) -> None:
    """Hints, places, reasons and messages that are Chinese themselves."""
    assert CORE.read(report(f"RuntimeError: {message}")).signatures[0].message == message


@pytest.mark.parametrize(
    "cut", ['ile "/srv/boil.py", line 3, in boil', 'il.py", line 3, in boil', '", line 3, in boil']
)
def test_a_head_cut_inside_a_frame_still_opens_a_traceback(cut: str) -> None:
    """What was raised is read, though its name does not say that it is an exception."""
    first = CORE.read(report(f"{cut}\n    raise DryOut(4)\nkettle.DryOut: element 4 burnt")).signatures[0]
    assert (first.type, first.message) == ("DryOut", "element 4 burnt")
