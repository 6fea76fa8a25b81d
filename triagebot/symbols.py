"""Whose a symbol, a class or a shared library is: told by how its name begins."""

from __future__ import annotations

import re

from triagebot.demangle import demangle

# How a symbol's name begins, once demangled, and whose library has it.
_OWNERS = (
    ("PyTorch", ("at::", "c10::", "torch::", "caffe2::", "c10d::", "THC", "TH", "THP", "aoti_torch")),
    (
        "CUDA",
        ("cuda", "cuGet", "cuMem", "cuLaunch", "cuModule", "cuCtx", "cuDevice", "cuStream", "nvrtc", "__cuda", "nvml"),
    ),
    ("cuDNN", ("cudnn",)),
    ("cuBLAS", ("cublas",)),
    ("cuFFT", ("cufft",)),
    ("cuSPARSE", ("cusparse",)),
    ("cuSOLVER", ("cusolver",)),
    ("NCCL", ("nccl",)),
    ("TensorRT", ("nvinfer1::",)),
    ("OpenCV", ("cv::", "cvCreate", "cvLoad")),
    ("TensorFlow", ("tensorflow::", "tsl::", "TF_", "stream_executor::", "xla::")),
    ("protobuf", ("google::protobuf::",)),
    ("glog", ("google::Log", "google::base::", "fLB::", "fLS::", "fLI::")),
    ("Abseil", ("absl::",)),
    ("Boost", ("boost::",)),
    ("Eigen", ("Eigen::",)),
    ("pybind11", ("pybind11::",)),
    ("Python", ("_Py", "Py")),
    ("OpenMP", ("GOMP_", "__kmpc_", "omp_", "kmp_")),
    ("MKL", ("mkl_", "MKL_", "cblas_", "LAPACKE_")),
    ("OpenSSL", ("SSL_", "EVP_", "CRYPTO_", "OPENSSL_", "X509_", "BIO_")),
    ("FFmpeg", ("av_", "avcodec_", "avformat_", "sws_", "swr_")),
    ("HDF5", ("H5",)),
    ("libffi", ("ffi_",)),
    ("zlib", ("deflate", "inflate", "gz", "crc32")),
    ("Qt", ("Q", "qt_")),
    ("libstdc++", ("std::", "__cxx", "__gnu_cxx::", "operator new", "operator delete", "__throw")),
)
_OF = ("vtable for ", "VTT for ", "typeinfo for ", "typeinfo name for ", "guard variable for ", "non-virtual thunk to ")
_BEGINS = re.compile(r"_{1,2}ZT?[VISGT]?(?:h\w{0,8}_)?N?[VR]?K?(\d{1,3})")
_LIBRARIES = (
    ("PyTorch", ("libtorch", "libc10", "libcaffe2", "libshm")),
    ("CUDA", ("libcudart", "libcuda.", "libnvrtc", "libcupti", "libnvToolsExt", "libnvidia-ml")),
    ("cuDNN", ("libcudnn",)),
    ("cuBLAS", ("libcublas",)),
    ("cuFFT", ("libcufft",)),
    ("cuSPARSE", ("libcusparse",)),
    ("cuSOLVER", ("libcusolver",)),
    ("NCCL", ("libnccl",)),
    ("TensorRT", ("libnvinfer", "libnvonnxparser")),
    ("OpenCV", ("libopencv",)),
    ("OpenGL", ("libGL.", "libEGL", "libOSMesa")),
    ("GLib", ("libgthread", "libglib")),
    ("X11", ("libSM.", "libXext", "libXrender", "libX11")),
    ("OpenMPI", ("libmpi",)),
    ("MKL", ("libmkl",)),
    ("OpenSSL", ("libssl", "libcrypto")),
    ("libstdc++", ("libstdc++",)),
    ("Python", ("libpython",)),
)


_JAVA = re.compile(
    r"(?:java|javax|jakarta|jdk|sun|org|com|net|io|edu|kotlin|kotlinx|scala|groovy|android|androidx)\.(?:[a-z_]\w*\.){1,10}"
    r"[A-Z]\w*$"
)


def is_of_java(name: str) -> bool:
    """Say whether a dotted name is that of a class of the Java machine: its package begins with a domain."""
    return _JAVA.match(name) is not None


def owner(symbol: str) -> str:
    """Return whose library defines a symbol, mangled or not, by the beginning of its name, or ""."""
    name = demangle(symbol) or _first_name(symbol.partition("@")[0])
    for start in _OF:
        name = name.removeprefix(start)
    return next((who for who, starts in _OWNERS if name.startswith(starts)), "")


def library_owner(name: str) -> str:
    """Return whose shared library a file is, by its name, or ""."""
    return next((who for who, starts in _LIBRARIES if name.startswith(starts)), "")


def _first_name(symbol: str) -> str:
    """Return the first name of a mangled symbol that cannot be read whole: `_ZN2at4` begins with `at::`."""
    found = _BEGINS.match(symbol)
    if not found:
        return symbol
    return symbol[found.end() : found.end() + int(found[1])] + "::"
