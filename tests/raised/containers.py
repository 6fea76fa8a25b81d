"""The containers that error text travels in before somebody pastes it: every one a function of the text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

Container = Callable[[str], str]
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def _lines(change: Callable[[int, str], str]) -> Container:
    return lambda text: "\n".join(change(number, line) for number, line in enumerate(text.split("\n"), 1))


def _fence(mark: str, close: str) -> Container:
    return lambda text: f"It fails like this:\n\n{mark}\n{text}\n{close}\n\nWhat can I do?"


def _prefix(form: str) -> Container:
    return _lines(lambda number, line: form.format(n=number, s=number % 60, ms=number * 7 % 1000) + line)


def _wrap(width: int) -> Container:
    def wrap(text: str) -> str:
        pieces = (line[at : at + width] for line in text.split("\n") for at in range(0, max(1, len(line)), width))
        return "\n".join(pieces)

    return lambda text: wrap(plain(text))


def _ranks(text: str) -> str:
    """Two ranks print the same at the same time."""
    lines = text.rstrip("\n").split("\n")
    mixed, ahead = [], 0
    for number, line in enumerate(lines):
        mixed.append(f"[rank0]: {line}")
        if number % 3 != 1:
            mixed += [f"[rank1]: {late}" for late in lines[ahead : number + 1]]
            ahead = number + 1
    return "\n".join(mixed + [f"[rank1]: {late}" for late in lines[ahead:]])


def plain(text: str) -> str:
    """Return the text without its colours."""
    return _COLOURS.sub("", text)


def _lost_escapes(text: str) -> str:
    coloured = text if "\x1b" in text else re.sub(r"(?m)^(\w+)", "\x1b[0;31m\\1\x1b[0m", text)
    return coloured.replace("\x1b", "")


def _coloured(text: str) -> str:
    return text if "\x1b" in text else re.sub(r"(?m)^(.*\w)(.*)$", "\x1b[1;31m\\1\x1b[0m\\2\x1b[K", text)


CONTAINERS: dict[str, Container] = {
    "as it is": lambda text: text,
    "fence": _fence("```python", "```"),
    "tildes": _fence("~~~", "~~~"),
    "unclosed fence": _fence("```", ""),
    "fence in a list": lambda text: "1. run it\n2. see\n   ```\n" + _prefix("   ")(plain(text)) + "\n   ```\n3. cry",
    "fence glued to a line": lambda text: f"the error is ```{plain(text).strip()}``` as you see",
    "lost indentation": lambda text: "\n".join(line.strip() for line in plain(text).split("\n")),
    "deep indentation": lambda text: _prefix(" " * 35)(plain(text)),
    "tabs": lambda text: _prefix("\t")(plain(text)),
    "blank lines between": lambda text: plain(text).replace("\n", "\n\n"),
    "padded": lambda text: "\n".join(line.ljust(100) for line in plain(text).split("\n")),
    "quote": _prefix("> "),
    "double quote": _prefix("> > "),
    "tight quote": _prefix(">"),
    "quoted fence": lambda text: _prefix("> ")("```\n" + text + "\n```"),
    "details": lambda text: f"<details><summary>log</summary>\n\n```\n{text}\n```\n\n</details>",
    "details without fence": lambda text: f"<details>\n<summary>Full log</summary>\n{plain(text)}\n</details>",
    "pre with entities": lambda text: f"<pre><code>{html.escape(plain(text))}</code></pre>",
    "pre on lines": lambda text: f"<pre>\n{html.escape(plain(text), quote=False)}\n</pre>",
    "line breaks in HTML": lambda text: html.escape(plain(text), quote=False).replace("\n", "<br>\n"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "colours": _coloured,
    "colours that lost ESC": _lost_escapes,
    "rank": _prefix("[rank0]: "),
    "default": _prefix("[default3]:"),
    "interleaved ranks": lambda text: _ranks(plain(text)),
    "Actions": _prefix("2024-05-01T12:00:{s:02}.{ms:07}Z "),
    "Actions download": _prefix("build (3.9)\tRun tests\t2024-05-01T12:00:{s:02}.{ms:07}Z "),
    "Kubernetes": _prefix("2024-05-01T12:00:{s:02}.{ms:09}Z stderr F "),
    "docker compose": _prefix("trainer-1  | "),
    "docker compose old": _prefix("trainer_1   | "),
    "BuildKit": _prefix("#12 3.{ms:03} "),
    "syslog": _prefix("Apr  9 12:00:{s:02} node7 train[4242]: "),
    "logger": _prefix("2024-04-29 05:02:{s:02},{ms:03} - mmdet - ERROR - "),
    "bracket logger": _prefix("[2024-04-29 05:02:{s:02},{ms:03}][kettle][ERROR] - "),
    "level": _prefix("ERROR: "),
    "mmengine logger": _prefix("04/29 05:02:{s:02} - mmengine - ERROR - "),
    "ray": _prefix("(pid=4242) "),
    "ray actor": _prefix("(Trainer pid=4242, ip=10.0.0.7) "),
    "slurm": _prefix("0: "),
    "Airflow": _prefix("[2024-05-01, 12:00:{s:02} UTC] {{lid.py:12}} ERROR - "),
    "Celery": _prefix("[2024-05-01 12:00:{s:02},{ms:03}: ERROR/MainProcess] "),
    "Open MPI": _prefix("[1,0]<stderr>:"),
    "gutter": _prefix("{n:4} "),
    "gutter with bar": _prefix("{n:4} | "),
    "gutter with dot": _prefix("{n}. "),
    "table bar": _prefix("| "),
    "JSON": lambda text: json.dumps(plain(text)),
    "JSON in an object": lambda text: json.dumps({"level": "error", "exc_info": plain(text), "ts": 1714557600}),
    "written breaks": lambda text: plain(text).replace("\n", "\\n"),
    "one line": lambda text: " ".join(plain(text).split()),
    "one line with words": lambda text: "Hi, I get " + " ".join(plain(text).split()),
    "hard spaces": lambda text: plain(text).replace(" ", "\u00a0"),
    "smart quotes": lambda text: re.sub(
        r"'([^'\n]*)'", "\u2018\\1\u2019", re.sub(r'"([^"\n]*)"', "\u201c\\1\u201d", plain(text))
    ),
    "byte order mark": lambda text: "\ufeff" + text,
    "zero width": lambda text: text.replace("Error", "Err\u200bor"),
    "wrapped at 80": _wrap(80),
    "wrapped at 100": _wrap(100),
    "prompt": lambda text: f"(base) me@box:~/kettle$ python boil.py\n{text}\n(base) me@box:~/kettle$ ",
    "windows prompt": lambda text: f"PS D:\\kettle> python boil.py\n{text}\nPS D:\\kettle> ",
    "progress glued": lambda text: f"0s 0us/step{plain(text).lstrip()}",
    "sentence in front": lambda text: f"I ran it and got: {plain(text).lstrip()}\nplease help, thanks",
    "quote in colours": lambda text: _prefix("> ")(_coloured(text)),
    "rank in Actions": lambda text: _prefix("2024-05-01T12:00:{s:02}.{ms:07}Z ")(_prefix("[rank0]: ")(plain(text))),
    "quoted CRLF": lambda text: _prefix("> ")(text).replace("\n", "\r\n"),
    "compose with ranks": lambda text: _prefix("trainer-1  | ")(_ranks(plain(text))),
    "gutter in quote": lambda text: _prefix("> ")(_prefix("{n:4} ")(plain(text))),
}
"""The names are shown in figures and in failures."""
