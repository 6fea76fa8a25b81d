"""Mangled names come out as binutils writes them; hostile ones come out empty, and soon."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from triagebot.demangle import demangle
from triagebot.symbols import library_owner, owner

PROGRAM = """\
#include <map>
#include <memory>
#include <string>
#include <vector>
namespace at { struct Tensor { bool is_cuda() const; Tensor& add_(const Tensor&, double); virtual ~Tensor(); }; }
bool at::Tensor::is_cuda() const { return true; }
at::Tensor& at::Tensor::add_(const at::Tensor& o, double) { return *this; }
at::Tensor::~Tensor() {}
namespace kettle {
template <typename T, int N> struct Lid { void open(T*, const T&, T&&); static int count; };
template <typename T, int N> void Lid<T, N>::open(T*, const T&, T&&) {}
template <typename T, int N> int Lid<T, N>::count = N;
template struct Lid<float, 3>;
template struct Lid<std::string, -1>;
void boil(std::vector<at::Tensor> const&, std::map<std::string, int>*, void (*)(int, char), unsigned long long) {}
long long operator+(at::Tensor const&, at::Tensor const&) { return 0; }
int twice(int (&)[4], bool) { return 0; }
std::shared_ptr<at::Tensor> made(const char*, ...) { return nullptr; }
template <typename T> T same(T value) { return value; }
template int same<int>(int);
auto folded = [](int x) { return x; };
}
"""


def said(*command: str, given: str = "") -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True, input=given).stdout.splitlines()


@pytest.mark.skipif(not shutil.which("g++") or not shutil.which("c++filt"), reason="NOT TRIED: g++ is not installed")
def test_names_are_those_of_binutils(tmp_path: Path) -> None:
    """Every name of a compiled program that uses templates, operators, pointers, references and the standard library."""
    (tmp_path / "k.cc").write_text(PROGRAM, "utf-8")
    said("g++", "-std=c++17", "-c", str(tmp_path / "k.cc"), "-o", str(tmp_path / "k.o"))
    symbols = sorted(
        {line.split()[-1] for line in said("nm", str(tmp_path / "k.o")) if line.split()[-1].startswith("_Z")}
    )
    names = said("c++filt", given="\n".join(symbols))
    pairs = [
        (demangle(symbol), name.replace("> >", ">>").replace("> >", ">>"))
        for symbol, name in zip(symbols, names, strict=True)
    ]
    right = [ours for ours, theirs in pairs if ours == theirs]
    assert len(pairs) > 20
    assert len(right) / len(pairs) >= 0.9, [pair for pair in pairs if pair[0] != pair[1]]
    assert "at::Tensor::is_cuda() const" in right


@pytest.mark.parametrize(
    "symbol",
    [
        "_ZN1a" + "IS_S_E" * 90,
        "_Z1fSt4pairI1aS0_E" + "S_IS_S_E" * 50,
        "_Z" + "P" * 590,
        "_Z1f" + "I" * 500,
        "_Z1f" + "Z" * 500,
        "_Z1f1aS_" + "".join(f"St4pairIS{c}_S{c}_E" for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") * 3,
        "_ZN2at6Ten",
        "_Z",
        "printf",
        "",
    ],
)
def test_what_is_no_name_or_too_involved_is_left(symbol: str) -> None:
    """Substitutions that stand for substitutions are no way to fill the memory."""
    assert len(demangle(symbol)) <= 3000


@pytest.mark.parametrize(
    ("symbol", "whose"),
    [
        ("_ZNK2at6Tensor7is_cudaEv", "PyTorch"),
        ("_ZN3c106detail19maybe_wrap_dim_slowElllb", "PyTorch"),
        ("THCudaMalloc", "PyTorch"),
        ("_ZTVN6google8protobuf7MessageE", "protobuf"),
        ("cudnnCreate", "cuDNN"),
        ("cudaMalloc", "CUDA"),
        ("_ZN2cv3MatC1Ev", "OpenCV"),
        ("_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEED1Ev", "libstdc++"),
        ("_ZN2at4", "PyTorch"),
        ("steam", ""),
    ],
)
def test_symbols_have_owners(symbol: str, whose: str) -> None:
    """By the beginning of the name, mangled or not, cut off or whole."""
    assert owner(symbol) == whose


def test_libraries_have_owners() -> None:
    """By the beginning of the file's name."""
    assert [library_owner(name) for name in ("libcudart.so.11.0", "libtorch_cpu.so", "libq.so")] == [
        "CUDA",
        "PyTorch",
        "",
    ]
