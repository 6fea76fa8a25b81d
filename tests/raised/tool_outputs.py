"""Compilers, linkers, crashes, installers and other languages: really run, really failing, with what must be read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SECONDS = 120
_PATH = os.environ.get("PATH", os.defpath)
_HOME = os.environ.get("HOME", "/")
_HOMES = {
    "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", f"{_HOME}/.rustup"),
    "CARGO_HOME": os.environ.get("CARGO_HOME", f"{_HOME}/.cargo"),
}
_C = {
    "segfault": "#include <stdio.h>\nint lid(int *p) { return *p; }\nint main(void) { return lid(0); }\n",
    "abort": "#include <stdlib.h>\nint main(void) { abort(); }\n",
    "assert": "#include <assert.h>\nint check(int c) { assert(c == 7); return c; }\nint main(void) { return check(3); }\n",
    "undeclared": "int main(void) { return steam; }\n",
    "no-header": "#include <THC/THC.h>\nint main(void) { return 0; }\n",
    "undefined": "int missing(int);\nint main(void) { return missing(3); }\n",
    "overflow": "#include <stdlib.h>\nint main(void) { int *p = malloc(4 * 10); int i = 10; p[i] = 1; free(p); return 0; }\n",
    "division": '#include <stdio.h>\nint main(int argc, char **argv) { int z = argc - 1; printf("%d", 1 << (z + 40)); return 0; }\n',
    "thrown": '#include <stdexcept>\nint main() { throw std::runtime_error("bad graph 3"); }\n',
    "unresolved": 'void boil(int); extern "C" void lid() { boil(3); }\n',
}
_JS = {
    "property": "function f(x) { return x.lid; }\nf(null);\n",
    "function": "const kettle = {};\nkettle.boil();\n",
    "module": "require('nope');\n",
    "thrown": "class LidError extends Error { constructor(m) { super(m); this.name = 'LidError'; } }\nthrow new LidError('stuck at 3');\n",
    "rejected": "async function g() { throw new RangeError('too hot'); }\ng();\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a tool printed; the family and type that must be named first, and words of its message."""

    name: str
    needs: str
    family: str
    type: str
    said: str
    text: str = field(repr=False)


def tool_outputs(folder: Path) -> list[Ran]:
    """Return what every tool of this machine printed; tools that are not here are left out (see `missing_tools`)."""
    made = []
    for (name, needs, family, kind, said), run in _RUNS.items():
        if all(map(shutil.which, needs.split())):
            place = folder / name.replace(" ", "-")
            place.mkdir(parents=True)
            made.append(Ran(name=name, needs=needs, family=family, type=kind, said=said, text=run(place)))
    return made


def missing_tools() -> set[str]:
    """Return the tools whose failures cannot be tried here."""
    return {tool for _, needs, *_ in _RUNS for tool in needs.split() if not shutil.which(tool)}


def _shell(folder: Path, command: str) -> str:
    done = subprocess.run(
        ["bash", "-c", f"({command}) 2>&1; exit 0"],
        cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False, errors="replace",
        env={"PATH": _PATH, "HOME": str(folder), "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "symbolize=1", "RUST_BACKTRACE": "1",
             "CARGO_NET_OFFLINE": "true", "RUSTUP_HOME": _HOMES["RUSTUP_HOME"], "CARGO_HOME": _HOMES["CARGO_HOME"]},
    )  # fmt: skip
    return done.stdout + done.stderr


def _files(files: Mapping[str, str], command: str) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return _shell(folder, command)

    return run


def _c(name: str, command: str, suffix: str = "c") -> Callable[[Path], str]:
    return _files({f"k.{suffix}": _C[name]}, command)


_RUST = {
    "panic": 'fn main() { let lids = vec![1, 2, 3]; let i = std::env::args().count() + 98; println!("{}", lids[i]); }\n',
    "types": 'fn main() { let lid: i32 = "shut"; println!("{}", lid); }\n',
}
_JAVA = {
    "caused": 'public class K {\n  static void lid() { throw new IllegalStateException("lid open"); }\n'
    '  public static void main(String[] a) {\n    try { lid(); } catch (Exception e) { throw new RuntimeException("boiling failed", e); }\n  }\n}\n',
    "plain": "public class K {\n  public static void main(String[] a) { int[] x = new int[2]; x[a.length + 5] = 1; }\n}\n",
    "symbol": "public class K {\n  public static void main(String[] a) { steam(); }\n}\n",
}
_GO = "package main\n\nfunc pick(xs []int, i int) int { return xs[i] }\n\nfunc main() { println(pick([]int{1, 2, 3}, 5)) }\n"
_SETUP = "from setuptools import Extension, setup\nsetup(name='kettle', version='1', ext_modules=[Extension('kettle._lid', ['lid.c'])])\n"
_MAKE = "all: lid\nlid: lid.c\n\tgcc -o lid lid.c\n"
_PIP = "python3 -m venv --without-pip v >/dev/null; python3 -m pip --isolated --disable-pip-version-check"
# name, tools, family, type, words of the message
_RUNS: dict[tuple[str, str, str, str, str], Callable[[Path], str]] = {
    ("gcc undeclared", "gcc", "compiler", "error", "undeclared"): _c("undeclared", "gcc k.c"),
    ("gcc no header", "gcc", "compiler", "missingHeader", "THC/THC.h"): _c("no-header", "gcc k.c"),
    ("gcc no file", "gcc", "compiler", "error", "lid.c"): _files({}, "gcc lid.c"),
    ("ld undefined", "gcc", "linker", "undefinedReference", "missing"): _c("undefined", "gcc k.c"),
    ("ld no library", "gcc", "linker", "missingLibrary", "-lkettle"): _c("abort", "gcc k.c -lkettle"),
    ("make", "gcc make", "compiler", "error", "undeclared"): _files(
        {"Makefile": _MAKE, "lid.c": _C["undeclared"]}, "make"
    ),
    ("make no rule", "make", "build", "noRule", "lid.c"): _files({"Makefile": _MAKE}, "make"),
    ("make separator", "make", "build", "makefile", "missing separator"): _files(
        {"Makefile": "all:\n  echo\n"}, "make"
    ),
    ("ninja", "gcc ninja", "compiler", "error", "undeclared"): _files(
        {"build.ninja": "rule cc\n  command = gcc -c $in -o $out\nbuild lid.o: cc lid.c\n", "lid.c": _C["undeclared"]},
        "ninja",
    ),
    ("cmake package", "cmake gcc", "cmake", "find_package", "Kettle"): _files(
        {"CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(k C)\nfind_package(Kettle REQUIRED)\n"},
        "cmake .",
    ),
    ("cmake message", "cmake gcc", "cmake", "message", "no steam"): _files(
        {
            "CMakeLists.txt": 'cmake_minimum_required(VERSION 3.10)\nproject(k C)\nmessage(FATAL_ERROR "no steam here")\n'
        },
        "cmake .",
    ),
    ("segmentation fault", "gcc", "native", "SIGSEGV", "Segmentation fault"): _c(
        "segfault", "gcc -g k.c -o k && bash -c './k; true'"
    ),
    ("gdb", "gcc gdb", "native", "SIGSEGV", "Segmentation fault"): _c(
        "segfault", "gcc -g k.c -o k && gdb -batch -ex run -ex bt ./k"
    ),
    ("abort", "gcc", "native", "SIGABRT", "Aborted"): _c("abort", "gcc k.c -o k && bash -c './k; true'"),
    ("assertion", "gcc", "native", "assertion", "c == 7"): _c("assert", "gcc k.c -o k && ./k"),
    ("terminate", "g++", "cpp", "std::runtime_error", "bad graph 3"): _c("thrown", "g++ k.cc -o k && ./k", "cc"),
    ("asan", "gcc", "asan", "Heap-buffer-overflow WRITE 4", "heap-buffer-overflow"): _c(
        "overflow", "gcc -g -fsanitize=address k.c -o k && ./k"
    ),
    ("ubsan", "gcc", "ubsan", "Undefined-shift", "shift exponent"): _c(
        "division", "gcc -g -fsanitize=undefined k.c -o k && ./k"
    ),
    ("symbol lookup", "g++ python3", "python", "OSError", "undefined symbol: _Z4boili"): _files(
        {"k.cc": _C["unresolved"]},
        "g++ -shared -fPIC k.cc -o libk.so && python3 -c 'import ctypes; ctypes.CDLL(\"./libk.so\", mode=2)'",
    ),
    ("no shared library", "gcc", "loader", "missingLibrary", "libq.so"): _files(
        {"q.c": "int q(void) { return 1; }\n", "k.c": "int q(void);\nint main(void) { return q(); }\n"},
        "gcc -shared -fPIC q.c -o libq.so && gcc k.c -L. -lq -o k && mv libq.so gone && ./k",
    ),
    ("faulthandler", "python3", "native", "SIGSEGV", "Segmentation fault"): _files(
        {"k.py": "import ctypes, faulthandler\nfaulthandler.enable()\ndef lid():\n    ctypes.string_at(0)\nlid()\n"},
        "python3 k.py",
    ),
    ("node property", "node", "javascript", "TypeError", "Cannot read properties of null"): _files(
        {"k.js": _JS["property"]}, "node k.js"
    ),
    ("node function", "node", "javascript", "TypeError", "kettle.boil is not a function"): _files(
        {"k.js": _JS["function"]}, "node k.js"
    ),
    ("node module", "node", "javascript", "MODULE_NOT_FOUND", "Cannot find module 'nope'"): _files(
        {"k.js": _JS["module"]}, "node k.js"
    ),
    ("node own", "node", "javascript", "LidError", "stuck at 3"): _files({"k.js": _JS["thrown"]}, "node k.js"),
    ("node rejected", "node", "javascript", "RangeError", "too hot"): _files({"k.js": _JS["rejected"]}, "node k.js"),
    ("npm no package.json", "npm", "npm", "ENOENT", "package.json"): _files({}, "npm run boil --no-update-notifier"),
    ("npm no script", "npm", "npm", "error", "boil"): _files(
        {"package.json": '{"name": "k"}'}, "npm run boil --no-update-notifier"
    ),
    ("npm broken json", "npm", "npm", "EJSONPARSE", "JSON"): _files(
        {"package.json": '{"name": '}, "npm install --offline"
    ),
    ("java caused", "java javac", "java", "java.lang.IllegalStateException", "lid open"): _files(
        {"K.java": _JAVA["caused"]}, "javac K.java && java K"
    ),
    ("java plain", "java javac", "java", "java.lang.ArrayIndexOutOfBoundsException", "Index 5"): _files(
        {"K.java": _JAVA["plain"]}, "javac K.java && java K"
    ),
    ("javac", "javac", "java", "compiler", "cannot find symbol"): _files({"K.java": _JAVA["symbol"]}, "javac K.java"),
    ("rust panic", "rustc", "rust", "panic", "index out of bounds"): _files(
        {"k.rs": _RUST["panic"]}, "rustc k.rs && ./k"
    ),
    ("rustc", "rustc", "rust", "E0308", "mismatched types"): _files({"k.rs": _RUST["types"]}, "rustc k.rs"),
    ("go panic", "go", "go", "panic", "index out of range"): _files(
        {"go.mod": "module k\n\ngo 1.19\n", "k.go": _GO}, "go run k.go"
    ),
    ("go compiler", "go", "go", "compiler", "undefined: lid"): _files(
        {"go.mod": "module k\n\ngo 1.19\n", "k.go": "package main\n\nfunc main() { lid() }\n"}, "go run k.go"
    ),
    ("pip no distribution", "python3", "pip", "noMatchingDistribution", "kettle-that-is-not"): _files(
        {}, f"{_PIP} install --no-index kettle-that-is-not==9.9"
    ),
    ("pip bad setup", "python3", "python", "ModuleNotFoundError", "No module named 'steam_tools'"): _files(
        {"k/setup.py": "import steam_tools\n"}, f"{_PIP} wheel --no-index --no-deps --no-build-isolation ./k"
    ),
    ("setuptools compile", "python3 gcc", "compiler", "error", "undeclared"): _files(
        {"setup.py": _SETUP, "lid.c": _C["undeclared"]}, "python3 setup.py build_ext"
    ),
    ("bash", "bash", "shell", "commandNotFound", "nvccc"): _files({}, "bash -c nvccc"),
}
