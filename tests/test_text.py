"""The same error has one fingerprint, different errors never share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.text import fingerprint, mask


def same(one: str, other: str) -> bool:
    return fingerprint("python", "RuntimeError", mask(one)) == fingerprint("python", "RuntimeError", mask(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "CUDA out of memory. Tried to allocate 1.53 GiB (GPU 0; 10.76 GiB total capacity)",
            "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 3; 23.70 GiB total capacity)",
        ),
        (
            "[Errno 2] No such file or directory: '/home/ann/data/x.json'",
            "[Errno 2] No such file or directory: '/mnt/b/x.json'",
        ),
        ("DLL load failed: 找不到指定的模块。", "DLL load failed: The specified module could not be found."),
        ("MMCV==1.3.9 is used but incompatible", "MMCV==2.0.0rc4 is used but incompatible"),
        ("bad address 0x7f3a2b00 at 12:03:44", "bad address 0x1 at 23:59:01"),
        (
            "/opt/a/site-packages/mmcv/_ext.so: undefined symbol: _Z3foo",
            "C:\\b\\site-packages\\mmcv/_ext.so: undefined symbol: _Z3foo",
        ),
    ],
)
def test_what_varies_from_run_to_run_is_masked(one: str, other: str) -> None:
    """Sizes, devices, paths, versions, addresses, times and the system's language make no difference."""
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No module named 'mmcv._ext'", "No module named 'mmcv.runner'"),
        ("Unsupported gpu architecture 'compute_86'", "Unsupported gpu architecture 'compute_30'"),
        ("libcudart.so.10.2: cannot open", "libcudart.so.11.0: cannot open"),
        ("[Errno 2] x", "[Errno 13] x"),
        ("process ended with exit code 137", "process ended with exit code 139"),
        ("'A' object has no attribute 'b'", "'A' object has no attribute 'c'"),
        ("'X is not in the models registry'", "'X is not in the dataset registry'"),
    ],
)
def test_what_is_the_diagnosis_is_kept(one: str, other: str) -> None:
    """Module names, architectures, so-versions, error numbers and exit codes tell faults apart."""
    assert not same(one, other)


@given(st.text(max_size=300))
def test_masking_takes_any_text_and_is_done_once(text: str) -> None:
    """Nothing raises, and the result is one line."""
    assert "\n" not in mask(text)
