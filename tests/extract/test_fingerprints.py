"""One error has one fingerprint in any language, tool and machine; different faults never share one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.making import knowledge, report
from triagebot.pipeline import Triage

CORE = Triage(knowledge())
# fmt: off
SAME = [
    [
        "x.cpp:1:10: fatal error: THC/THC.h: No such file or directory",
        "y/z.cpp:9:1: 致命错误：THC/THC.h：没有那个文件或目录",
        "k.cpp:1:10: fatal error: 'THC/THC.h' file not found",
        "d:\\repo\\a.cpp(3): fatal error C1083: Cannot open include file: 'THC/THC.h': No such file or directory",
        "a.cpp(3): fatal error C1083: 无法打开包括文件: “THC/THC.h”: No such file or directory",
    ],
    [
        "Segmentation fault (core dumped)",
        "段错误 (核心已转储)",
        "./r.sh: line 3: 42 Segmentation fault",
        "exit code 139 was bad: exited with code 139",
        "Process finished with exit code -1073741819 (0xC0000005)",
    ],
    [
        "main.cpp:(.text+0x9): undefined reference to `missing(int)'",
        "a.cc:(.text+0x19)：对‘missing(int)’未定义的引用",
        "a.o: in function `x': undefined reference to `missing(int)'",
    ],
    [
        "./k: error while loading shared libraries: libq.so.1: cannot open shared object file: No such file or directory",
        "./k: error while loading shared libraries: libq.so.1: 无法打开共享对象文件: 没有那个文件或目录",
    ],
    [
        "ImportError: libGL.so.1: cannot open shared object file: No such file or directory",
        "ImportError: libGL.so.1: 无法打开共享目标文件: 没有那个文件或目录",
    ],
    [
        'OSError: [WinError 126] 找不到指定的模块。 Error loading "D:\\x\\fbgemm.dll" or one of its dependencies.',
        'OSError: [WinError 126] The specified module could not be found. Error loading "C:\\me\\fbgemm.dll" or one of its dependencies.',
    ],
    [
        "ImportError: DLL load failed while importing _ext: 找不到指定的模块。",
        "ImportError: DLL load failed while importing _ext: The specified module could not be found.",
        "ImportError: DLL load failed while importing _ext: Das angegebene Modul wurde nicht gefunden.",
        "ImportError: DLL load failed while importing _ext: 指定されたモジュールが見つかりません。",
    ],
    [
        "FileNotFoundError: [Errno 2] No such file or directory: '/a/b.json'",
        "FileNotFoundError: [Errno 2] 没有那个文件或目录: '/c/d.json'",
        "FileNotFoundError: [Errno 2] No such file or directory: 'D:\\\\x\\\\e.json'",
    ],
    [
        "RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 7.93 GiB total capacity)",
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 256.00 MiB. GPU 0 has a total capacity",
    ],
    [
        "TypeError: MaskRCNN: ResNet: __init__() got an unexpected keyword argument 'foo'",
        "TypeError: ResNet.__init__() got an unexpected keyword argument 'foo'",
    ],
    [
        "bash: nvcc: command not found",
        "/bin/sh: 1: nvcc: not found",
        "zsh: command not found: nvcc",
        "bash: nvcc: 未找到命令",
        "'nvcc' is not recognized as an internal or external command,",
        "'nvcc' 不是内部或外部命令，也不是可运行的程序或批处理文件。",
        "nvcc : 无法将“nvcc”项识别为 cmdlet、函数、脚本文件或可运行程序的名称。",
    ],
    [
        "make: *** No rule to make target 'boil', needed by 'all'.  Stop.",
        "make: *** 没有规则可制作目标“boil”，由“all” 需求。 停止。",
    ],
    [
        "/usr/bin/ld: cannot find -lcudart",
        "/usr/bin/ld: 找不到 -lcudart",
        "/opt/x/ld: cannot find -lcudart: No such file or directory",
    ],
    [
        "x.c:1:20: error: 'x' undeclared (first use in this function)",
        "y/x.c:3:2: 错误：‘x’未声明(在此函数内第一次使用)",
    ],
    [
        "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
        "terminate called after throwing an instance of 'std::bad_alloc'\nwhat(): std::bad_alloc",
    ],
    [
        "/lib64/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by _ext.so)",
        "/x/y/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /z/other.so)",
    ],
    [
        "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree",
        "npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree",
    ],
    [
        "ERROR: No matching distribution found for mmcv-full==1.3.0",
        "ERROR: No matching distribution found for mmcv-full==1.4.1",
    ],
    [
        "thread 'main' panicked at src/x.rs:4:5:\nindex out of bounds: the len is 3 but the index is 99",
        "thread 'main' (17072) panicked at a/x.rs:44:5:\nindex out of bounds: the len is 7 but the index is 8",
        "thread 'main' panicked at 'index out of bounds: the len is 3 but the index is 99', src/x.rs:4:5",
    ],
    [
        "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\nWRITE of size 4 at 0x1",
        "==22==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x99 at pc 0x3\nWRITE of size 4 at 0x2",
    ],
]
DIFFERENT = [
    "RuntimeError: No module named 'mmcv'",
    "RuntimeError: No module named 'mmcv._ext'",
    "RuntimeError: libcudart.so.10.1: cannot open shared object file: No such file or directory",
    "RuntimeError: libcudart.so.11.0: cannot open shared object file: No such file or directory",
    "RuntimeError: CUDA error: invalid device function",
    "RuntimeError: CUDA error: no kernel image is available for execution on the device",
    "RuntimeError: CUDA error: device-side assert triggered",
    "RuntimeError: 'ConvWS is already registered in conv layer'",
    "RuntimeError: 'DCN is not in the models registry'",
    "RuntimeError: 'DCN is not in the backbone registry'",
    "RuntimeError: cannot import name 'a' from 'b'",
    "RuntimeError: cannot import name 'c' from 'b'",
    "RuntimeError: [WinError 126] x",
    "RuntimeError: [WinError 193] x",
    "RuntimeError: [Errno 2] No such file or directory: 'a.json'",
    "RuntimeError: [Errno 2] No such file or directory: 'a.py'",
    "RuntimeError: [Errno 13] Permission denied: 'a.json'",
    "RuntimeError: exit code 1",
    "RuntimeError: exit code 137",
    "RuntimeError: cublas runtime error : the GPU program failed to execute at 1",
    "RuntimeError: size mismatch for bbox_head.fc_cls.weight",
    "RuntimeError: need at least one array to concatenate",
    "RuntimeError: need at least one array to stack",
    "RuntimeError: 'NoneType' object has no attribute 'shape'",
    "RuntimeError: 'NoneType' object has no attribute 'group'",
]
# fmt: on


def fingerprint(body: str) -> str:
    return CORE.read(report(body)).signatures[0].fingerprint


@pytest.mark.parametrize("bodies", SAME, ids=[several[0][:40] for several in SAME])
def test_one_error_has_one_fingerprint(bodies: list[str]) -> None:
    """Whatever language the system speaks, wherever the files lie, however large the numbers are."""
    for one, other in pairwise(bodies):
        assert fingerprint(one) == fingerprint(other), other


def test_different_faults_never_share_one() -> None:
    """Another module, library version, registry, error number or kind of file is another fault."""
    bodies = [*(several[0] for several in SAME), *DIFFERENT]
    assert len({fingerprint(body) for body in bodies}) == len(bodies)
