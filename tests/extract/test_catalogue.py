"""Every family of errors as it is printed: what a maintainer would name first."""

from __future__ import annotations

import pytest

from tests.making import knowledge, report
from triagebot.pipeline import Triage

CORE = Triage(knowledge())
PRINTED = [
    (
        "opencv",
        "cv2.error",
        "(-215:Assertion failed) !ssize.empty()",
        "Traceback (most recent call last):\n"
        '  File "a.py", line 3, in boil\n'
        "    x()\n"
        "cv2.error: OpenCV(4.8.0) /io/opencv/modules/imgproc/src/resize.cpp:4062: error: (-215:Assertion failed) !ssize.empty() in function 'resize'",
    ),
    (
        "python",
        "ImportError",
        "GLIBCXX_3.4.29' not found",
        "ImportError: /usr/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /x/_ext.so)",
    ),
    (
        "python",
        "OSError",
        "[WinError 126]",
        'OSError: [WinError 126] 找不到指定的模块。 Error loading "D:\\a\\fbgemm.dll" or one of its dependencies.',
    ),
    (
        "python",
        "RuntimeError",
        "Error(s) in loading state_dict for X: size mismatch",
        "RuntimeError: Error(s) in loading state_dict for X:\n\tsize mismatch for head.weight: copying a param",
    ),
    (
        "python",
        "RecursionError",
        "maximum recursion",
        "Traceback (most recent call last):\n"
        '  File "t.py", line 5, in <module>\n'
        "    f()\n"
        '  File "t.py", line 2, in f\n'
        "    return f()\n"
        '  File "t.py", line 2, in f\n'
        "    return f()\n"
        "  [Previous line repeated 996 more times]\n"
        "RecursionError: maximum recursion depth exceeded",
    ),
    (
        "python",
        "ValueError",
        "real one",
        "Exception ignored in: <function Lid.__del__ at 0x7f>\n"
        "Traceback (most recent call last):\n"
        '  File "x.py", line 3, in __del__\n'
        "    y\n"
        "NameError: name 'y' is not defined\n"
        "Traceback (most recent call last):\n"
        '  File "x.py", line 9, in <module>\n'
        "    z()\n"
        "ValueError: real one",
    ),
    (
        "python",
        "KeyError",
        "'gt_masks'",
        "Traceback (most recent call last):\n"
        '  File "train.py", line 20, in <module>\n'
        "    main()\n"
        '  File "/opt/conda/lib/python3.8/site-packages/torch/utils/data/_utils/worker.py", line 308, in f\n'
        "KeyError: Caught KeyError in DataLoader worker process 0.\n"
        "Original Traceback (most recent call last):\n"
        '  File "/opt/x/worker.py", line 302, in _worker_loop\n'
        "    data = fetcher.fetch(index)\n"
        '  File "/d/coco.py", line 41, in get\n'
        "    return self.ids[i]\n"
        "KeyError: 'gt_masks'",
    ),
    (
        "native",
        "SIGKILL",
        "-9",
        "Traceback (most recent call last):\n"
        '  File "/usr/local/bin/torchrun", line 8, in <module>\n'
        "    sys.exit(main())\n"
        "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n"
        "============================================================\n"
        "train.py FAILED\n"
        "------------------------------------------------------------\n"
        "Failures:\n"
        "  <NO_OTHER_FAILURES>\n"
        "------------------------------------------------------------\n"
        "Root Cause (first observed failure):\n"
        "[0]:\n"
        "  time      : 2022-05-18_12:00:00\n"
        "  host      : box\n"
        "  rank      : 0 (local_rank: 0)\n"
        "  exitcode  : -9 (pid: 4242)\n"
        "  error_file: <N/A>\n"
        "  traceback : Signal 9 (SIGKILL) received by PID 4242\n"
        "============================================================",
    ),
    (
        "python",
        "ValueError",
        "Shapes (None, 1)",
        "ValueError: in user code:\n"
        "\n"
        '    File "/x/training.py", line 878, in train_function  *\n'
        "        return step_function(self, iterator)\n"
        '    File "/x/training.py", line 867, in step_function  **\n'
        "        outputs = model.distribute_strategy.run(run_step, args=(data,))\n"
        "\n"
        "    ValueError: Shapes (None, 1) and (None, 1001) are incompatible",
    ),
    (
        "python",
        "UnknownError",
        "Failed to get convolution algorithm",
        "Traceback (most recent call last):\n"
        '  File "a.py", line 1, in <module>\n'
        "    model.fit(x)\n"
        '  File "/x/execute.py", line 54, in quick_execute\n'
        "    tensors = pywrap_tfe.TFE_Py_Execute(ctx._handle)\n"
        "tensorflow.python.framework.errors_impl.UnknownError: Graph execution error:\n"
        "\n"
        "Detected at node 'model/conv1/Conv2D' defined at (most recent call last):\n"
        '    File "a.py", line 1, in <module>\n'
        "      model.fit(x)\n"
        '    File "/x/training.py", line 64, in error_handler\n'
        "      return fn(*args, **kwargs)\n"
        "Node: 'model/conv1/Conv2D'\n"
        "Failed to get convolution algorithm. This is probably because cuDNN failed to initialize\n"
        "\t [[{{node model/conv1/Conv2D}}]] [Op:__inference_train_function_1234]",
    ),
    (
        "python",
        "ImportError",
        "DLL load failed",
        "ImportError: Traceback (most recent call last):\n"
        '  File "/x/pywrap_tensorflow.py", line 64, in <module>\n'
        "    from tensorflow.python._pywrap_tensorflow_internal import *\n"
        "ImportError: DLL load failed: The specified module could not be found.\n"
        "\n"
        "\n"
        "Failed to load the native TensorFlow runtime.",
    ),
    (
        "python",
        "UnpickleableException",
        "each element of 'ext_modules'",
        "Traceback (most recent call last):\n"
        '  File "setup.py", line 3, in <module>\n'
        "    setup()\n"
        "setuptools.sandbox.UnpickleableException: DistutilsSetupError(\"each element of 'ext_modules' option must be an Extension instance or 2-tuple\")",
    ),
    (
        "python",
        "InternalError",
        "Graph execution error: oh",
        "InternalError                             Traceback (most recent call last)\n"
        "<ipython-input-145-5d8a1> in <module>()\n"
        "----> 1 model.fit(x)\n"
        "\n"
        "4 frames\n"
        "/usr/local/lib/python3.7/dist-packages/keras/utils/traceback_utils.py in error_handler(*args, **kwargs)\n"
        "     65     except Exception as e:\n"
        "---> 67       raise e.with_traceback(filtered_tb) from None\n"
        "\n"
        "InternalError: Graph execution error: oh",
    ),
    (
        "python",
        "TypeError",
        "'NoneType' object is not callable",
        "[`<ipython-input-145-ab>`](https://localhost:8080/#) in <cell line: 9>()\n"
        "      8 \n"
        "----> 9 boom()\n"
        "\n"
        "[/usr/local/lib/x.py](https://localhost:8080/#) in boom(self)\n"
        "      1 a\n"
        "TypeError: 'NoneType' object is not callable",
    ),
    (
        "cpp",
        "c10::Error",
        "illegal memory access",
        "terminate called after throwing an instance of 'c10::Error'\n"
        "  what():  CUDA error: an illegal memory access was encountered\n"
        "Exception raised from create_event_internal at ../c10/cuda/CUDACachingAllocator.cpp:1055 (most recent call first):\n"
        "frame #0: c10::Error::Error(c10::SourceLocation, std::string) + 0x42 (0x7f1 in /x/libc10.so)\n"
        "frame #1: <unknown function> + 0x1c0b7 (0x7f in /x/libc10_cuda.so)\n"
        "frame #2: at::native::foo(int) + 0x1a2 (0x7f in /x/libtorch.so)\n"
        "Aborted (core dumped)",
    ),
    (
        "nccl",
        "watchdogTimeout",
        "OpType=ALLREDUCE",
        "[rank0]:[E820 11:47:24.069 ProcessGroupNCCL.cpp:607] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE, NumelIn=1, Timeout(ms)=600000) ran for 600097 milliseconds before timing out.",
    ),
    (
        "compiler",
        "C2065",
        "undeclared identifier",
        "nms.cpp(12): error C2065: 'state': undeclared identifier\n"
        'nms.obj : error LNK2019: unresolved external symbol "void foo" referenced in main',
    ),
    (
        "python",
        "ModuleNotFoundError",
        "No module named 'torch'",
        "  error: subprocess-exited-with-error\n"
        "  \n"
        "  × Preparing metadata (pyproject.toml) did not run successfully.\n"
        "  │ exit code: 1\n"
        "  ╰─> [6 lines of output]\n"
        "      Traceback (most recent call last):\n"
        '        File "<string>", line 2, in <module>\n'
        '        File "/tmp/x/setup.py", line 5, in <module>\n'
        "          import torch\n"
        "      ModuleNotFoundError: No module named 'torch'\n"
        "      [end of output]\n"
        "  \n"
        "  note: This error originates from a subprocess, and is likely not a problem with pip.\n"
        "error: metadata-generation-failed",
    ),
    (
        "conda",
        "LibMambaUnsatisfiableError",
        "pytorch-1.9.0",
        "LibMambaUnsatisfiableError: Encountered problems while solving:\n"
        "  - package pytorch-1.9.0-py3.8_cuda11.1 requires python >=3.8,<3.9.0a0, but none of the providers can be installed",
    ),
    (
        "conda",
        "PackagesNotFoundError",
        "mmcv-full=1.3",
        "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - mmcv-full=1.3",
    ),
    (
        "npm",
        "ERESOLVE",
        "unable to resolve",
        "npm ERR! code ERESOLVE\n"
        "npm ERR! ERESOLVE unable to resolve dependency tree\n"
        "npm ERR! \n"
        "npm ERR! While resolving: app@1.0.0",
    ),
    (
        "javascript",
        "Minified React error #31",
        "#31",
        "Uncaught Invariant Violation: Minified React error #31; visit https://reactjs.org/docs/error-decoder.html?invariant=31\n"
        "    at Object.f (react-dom.production.min.js:12:34)",
    ),
    (
        "rust",
        "panic",
        "called `Result::unwrap()`",
        "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: \"x\"', src/main.rs:4:5",
    ),
    (
        "compiler",
        "error",
        "'x' undeclared",
        "#12 3.140 make: *** [Makefile:2: all] Error 1\n"
        "#12 3.200 lid.c:3:5: error: 'x' undeclared\n"
        '#12 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2\n'
        "------\n"
        'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
    ),
    (
        "cuda",
        "CUBLAS_STATUS_EXECUTION_FAILED",
        "CUBLAS",
        "2023-05-01 12:00:00.123456: E tensorflow/stream_executor/cuda/cuda_blas.cc:428] failed to run cuBLAS routine: CUBLAS_STATUS_EXECUTION_FAILED",
    ),
    (
        "dotnet",
        "System.NullReferenceException",
        "Object reference",
        "Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.\n"
        "   at Kettle.Program.Main(String[] args) in /src/Program.cs:line 12",
    ),
    (
        "asan",
        "Heap-use-after-free READ 8",
        "heap-use-after-free",
        "==123==ERROR: AddressSanitizer: heap-use-after-free on address 0x602 at pc 0x1 bp 0x2 sp 0x3\n"
        "READ of size 8 at 0x602 thread T0\n"
        "    #0 0x4f in Lid::open(int) /src/lid.cc:12:3\n"
        "    #1 0x50 in main /src/main.cc:3\n"
        "0x602 is located 0 bytes inside\n"
        "freed by thread T0 here:\n"
        "    #0 0x4e in operator delete(void*)",
    ),
    (
        "log",
        "lossNotFinite",
        "loss: nan",
        "Epoch(train) [1][50/100]  lr: 1e-2  loss: nan  loss_cls: nan",
    ),
    (
        "python",
        "RuntimeError",
        "no kernel image",
        "RuntimeError: CUDA error: no kernel image is available for execution on the device\n"
        "CUDA kernel errors might be asynchronously reported at some other API call,so the stacktrace below might be incorrect.",
    ),
    (
        "python",
        "",
        "",
        "Traceback (most recent call last):\n"
        '  File "train.py", line 20, in <module>\n'
        "    main()\n"
        '  File "lid.py", line 3, in boil\n'
        "    x = pick(",
    ),
    (
        "python",
        "IndexError",
        "list index",
        '    main()\n  File "lid.py", line 3, in boil\n    x = pick(3)\nIndexError: list index out of range',
    ),
    (
        "python",
        "IndexError",
        "list index",
        "Traceback (most recent call last):\n"
        '  File "train.py", line 20, in <module>\n'
        "    main()\n"
        "...\n"
        '  File "lid.py", line 3, in boil\n'
        "    x = pick(3)\n"
        "IndexError: list index out of range",
    ),
    (
        "python",
        "ImportError",
        "libcudart.so.11.0",
        "ImportError: libcudart.so.11.0: cannot open shared object file: No such file or directory",
    ),
    (
        "python",
        "AssertionError",
        "MMCV==1.7.0",
        "AssertionError: MMCV==1.7.0 is used but incompatible. Please install mmcv>=1.3.17, <=1.6.0.",
    ),
    (
        "loader",
        "missingLibrary",
        "libcudart.so.11.0",
        "./x: error while loading shared libraries: libcudart.so.11.0: cannot open shared object file: No such file or directory",
    ),
    (
        "python",
        "OSError",
        "No space left",
        "Exception in thread Thread-3 (_run):\n"
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3.10/threading.py", line 1016, in _bootstrap_inner\n'
        "    self.run()\n"
        "OSError: [Errno 28] No space left on device",
    ),
    (
        "java",
        "java.io.FileNotFoundException",
        "x.txt",
        "Caused by: java.io.FileNotFoundException: x.txt (No such file)\n"
        "\tat java.base/java.io.FileInputStream.open0(Native Method)\n"
        "\t... 3 more",
    ),
    (
        "javascript",
        "TypeError",
        "this.x is not a function",
        "TypeError: this.x is not a function",
    ),
    (
        "python",
        "",
        "",
        "Traceback (most recent call last):\n"
        '  File "train.py", line 3, in <module>\n'
        "    a()\n"
        '  File "x.py", line 2, in a\n'
        "    raise\n"
        "\n"
        "OS: Ubuntu 20.04\n"
        "PyTorch: built from source",
    ),
    (
        "javascript",
        "TS2322",
        "Type 'string' is not assignable",
        "src/lid.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n"
        "npm ERR! code ELIFECYCLE\n"
        "npm ERR! errno 2\n"
        "npm ERR! kettle@1.0.0 build: `tsc`",
    ),
    (
        "npm",
        "ELIFECYCLE",
        "kettle@1.0.0 build",
        "npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! kettle@1.0.0 build: `tsc`\nnpm ERR! Exit status 1",
    ),
    (
        "javascript",
        "heapOutOfMemory",
        "JavaScript heap out of memory",
        "<--- JS stacktrace --->\n"
        "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n"
        " 1: 0xb0a860 node::Abort() [node]\n"
        "Aborted (core dumped)",
    ),
    (
        "cmake",
        "error",
        "(CUDA_nppi_LIBRARY)",
        "CMake Error: The following variables are used in this project, but they are set to NOTFOUND.\n"
        "Please set them or make sure they are set and tested correctly in the CMake files:\n"
        "CUDA_nppi_LIBRARY (ADVANCED)\n"
        '    linked by target "opencv_cudev" in directory /srv/kettle',
    ),
    (
        "compiler",
        "error",
        'identifier "THCState" is undefined',
        'lid.cu(2): error: identifier "THCState" is undefined\n'
        "  __attribute__((device)) THCState *state;\n"
        "                          ^\n"
        "\n"
        '1 error detected in the compilation of "lid.cu".\n',
    ),
    (
        "conda",
        "libmamba",
        "Could not solve for environment specs",
        "error    libmamba Could not solve for environment specs\n"
        "    The following package could not be installed\n"
        "    └─ pytorch 1.9** does not exist (perhaps a typo or a missing channel).\n",
    ),
    (
        "java",
        "org.apache.kafka.common.errors.TimeoutException",
        "Topic boil not present",
        "org.apache.kafka.common.errors.TimeoutException: Topic boil not present in metadata after 60000 ms.",
    ),
    ("python", "struct.error", "requires a buffer", "struct.error: unpack requires a buffer of 4 bytes"),
    (
        "tensorrt",
        "error",
        "Error Code 4: Internal Error",
        "[11/24/2023-10:12:13] [TRT] [W] CUDA lazy loading is not enabled.\n"
        "[11/24/2023-10:12:13] [TRT] [E] 4: [network.cpp::validate::2965] Error Code 4: Internal Error (input: kMIN)",
    ),
    (
        "native",
        "SIGSEGV",
        "exitcode: -11",
        "E0820 11:47:24.069 12 api.py:826] failed (exitcode: -11) local_rank: 0 (pid: 123) of binary: /usr/bin/python",
    ),
]


@pytest.mark.parametrize(("family", "kind", "said", "text"), PRINTED, ids=[f"{p[0]}-{p[1]}" for p in PRINTED])
def test_the_first_signature_is_what_a_maintainer_names(family: str, kind: str, said: str, text: str) -> None:
    """Family, type and the telling words; a traceback whose end is cut has no type, and nobody invents one."""
    first = CORE.read(report(text)).signatures[0]
    assert (first.family, first.type) == (family, kind)
    assert said in first.message
    assert first.partial is not bool(kind)


def test_symbols_are_read_and_have_an_owner() -> None:
    """An undefined symbol is written as in C++, and the library that should have it is named."""
    line = "ImportError: /x/mmcv/_ext.cpython-38-x86_64-linux-gnu.so: undefined symbol: _ZNK2at6Tensor7is_cudaEv"
    details = CORE.read(report(line)).signatures[0].details
    assert details["demangled"] == "at::Tensor::is_cuda() const"
    assert details["owner"] == "PyTorch"


def test_versions_are_facts_beside_the_key() -> None:
    """Masked in the key, kept for comparing."""
    line = "AssertionError: MMCV==1.7.0 is used but incompatible. Please install mmcv>=1.3.17, <=1.6.0."
    signature = CORE.read(report(line)).signatures[0]
    assert "1.7.0" not in signature.masked
    assert signature.details["versions"] == "MMCV==1.7.0; mmcv>=1.3.17, <=1.6.0"
