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


def print_of(line: str, family: str = "python") -> str:
    kind, _, message = line.partition(": ")
    return fingerprint(family, kind, mask(message))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ImportError: DLL load failed while importing _ext: 找不到指定的模块。", "ImportError: DLL load failed while importing _ext: The specified module could not be found."),
        ("OSError: [WinError 126] 找不到指定的模块。", "OSError: [WinError 126] Das angegebene Modul wurde nicht gefunden"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/a/b.json'", "FileNotFoundError: [Errno 2] No such file or directory: '/home/me/x/c.json'"),
        ("RuntimeError: CUDA out of memory. Tried to allocate 1.53 GiB (GPU 0; 10.76 GiB total capacity)", "OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 1 has a total capacity of 8 GiB"),
        ("TypeError: MaskRCNN: ResNet: ResNet.__init__() got an unexpected keyword argument 'foo'", "TypeError: __init__() got an unexpected keyword argument 'foo'"),
        ("AssertionError: MMCV==1.7.0 is used but incompatible. Please install mmcv>=1.3.17, <=1.6.0.", "AssertionError: MMCV==2.1.0 is used but incompatible. Please install mmcv>=2.0.0, <=2.0.1."),
        ("ImportError: /opt/a/_ext.cpython-38-x86_64-linux-gnu.so: undefined symbol: _ZN1a", "ImportError: /home/b/_ext.cpython-310-x86_64-linux-gnu.so: undefined symbol: _ZN1a"),
        ("KeyError: 'ConvWS is already registered in conv layer'", "KeyError: 'DCN is already registered in conv layer'"),
        ("ValueError: invalid literal for int() with base 10: 'abc'", "ValueError: invalid literal for int() with base 10: '1.5'"),
        ("ModuleNotFoundError: No module named 'mmcv._ext'", "ImportError: No module named 'mmcv._ext'"),
        ("RuntimeError: Error(s) in loading state_dict for X: size mismatch for a.weight", "RuntimeError: Error(s) in loading state_dict for X: size mismatch for b.bias"),
        ("RuntimeError: shape '[2, 3]' is invalid for input of size 7", "RuntimeError: shape '[4, 5, 6]' is invalid for input of size 70"),
        ("error: OpenCV(4.8.0) /a/resize.cpp:4062: error: (-215:Assertion failed) !ssize.empty()", "error: OpenCV(4.5.1-dev) C:\\b\\resize.cpp:401: error: (-215:Assertion failed) !ssize.empty()"),
    ],
)  # fmt: skip
def test_the_same_error_has_one_fingerprint(one: str, other: str) -> None:
    """In any language, on any machine, in any version."""
    assert print_of(one) == print_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ImportError: DLL load failed: 找不到指定的模块。", "ImportError: DLL load failed: 找不到指定的程序。"),
        ("ImportError: libcudart.so.11.0: cannot open shared object file", "ImportError: libcudart.so.10.2: cannot open shared object file"),
        ("ModuleNotFoundError: No module named 'mmcv'", "ModuleNotFoundError: No module named 'mmcv._ext'"),
        ("AttributeError: 'Lid' object has no attribute 'open'", "AttributeError: 'Lid' object has no attribute 'shut'"),
        ("TypeError: __init__() got an unexpected keyword argument 'foo'", "TypeError: __init__() got an unexpected keyword argument 'bar'"),
        ("ImportError: cannot import name 'a' from 'k'", "ImportError: cannot import name 'b' from 'k'"),
        ("fatal: Unsupported gpu architecture 'compute_86'", "fatal: Unsupported gpu architecture 'compute_35'"),
        ("ImportError: version `GLIBCXX_3.4.29' not found", "ImportError: version `GLIBCXX_3.4.21' not found"),
        ("OSError: [Errno 28] No space left on device", "OSError: [Errno 13] Permission denied"),
        ("OSError: [WinError 126] x", "OSError: [WinError 193] x"),
        ("error: OpenCV(4.8.0) a.cpp:1: error: (-215:Assertion failed) x", "error: OpenCV(4.8.0) a.cpp:1: error: (-5:Bad argument) x"),
        ("HTTPError: HTTP Error 404: Not Found", "HTTPError: HTTP Error 403: Forbidden"),
        ("CalledProcessError: died with exit code 137", "CalledProcessError: died with exit code 1"),
        ("KeyError: 'X is already registered in conv layer'", "KeyError: 'X is already registered in norm layer'"),
        ("ValueError: need 3 lids", "TypeError: need 3 lids"),
        ("RuntimeError: Error(s) in loading state_dict for X: size mismatch for a", "RuntimeError: Error(s) in loading state_dict for X: Missing key(s) in state_dict"),
    ],
)  # fmt: skip
def test_different_errors_have_different_fingerprints(one: str, other: str) -> None:
    """What tells two faults apart is kept."""
    assert print_of(one) != print_of(other)
