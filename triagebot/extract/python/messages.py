"""What an exception says, over how many lines, and whether it only passes on another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triagebot.extract.python.shapes import HEADER, IN_LINE, LINKS, RAISED, frame_of
from triagebot.records import Line

_ENVELOPES = frozenset(
    "ChildFailedError RemoteTraceback CalledProcessError ProcessRaisedException ExceptionGroup BaseExceptionGroup"
    " KeyboardInterrupt SystemExit BrokenProcessPool ProcessExitedException RayTaskError".split()
)
_PASSED_ON = re.compile(
    r"Caught \w+ in (?:DataLoader worker|replica|pin memory)|in user code:|Error compiling objects for extension"
    r"|Error building extension|Command .{1,200} (?:returned non-zero|died with)"
    r"|DataLoader worker .{0,80}exited unexpectedly"
)
_GRAPH = "Graph execution error"
_MOST_OF_GRAPH = 400
_DETAIL = re.compile(r"\s*(?:size mismatch for|Missing key\(s\)|Unexpected key\(s\))")
_NOT_MESSAGE = re.compile(
    r"\s*(?:Detected at node|Node: |Stack trace for|\[\[|\[NOTE\]|\"\"\"|\+ |[-=─_*]{4,}|[╭╰│]|`{3}|~{3}|</)"
)


def is_envelope(kind: str, message: str) -> bool:
    """Say whether an exception only reports that another one was raised."""
    return kind in _ENVELOPES or _PASSED_ON.search(message) is not None


def whole_message(message: str, lines: Sequence[Line], place: int, width: int = 0) -> str:
    """Return the message that begins on a line; `width` is that of a box whose words are wrapped at its edge."""
    message = _unmarked(message)
    if width:
        message = _wrapped(message, lines, place, width)
    if message.rstrip(": ") == _GRAPH:
        return f"{_GRAPH}: {_graph_error(lines, place)}".rstrip(": ")
    if message and not message.endswith(":"):
        return message
    after = _unmarked(lines[place + 1].text) if place + 1 < len(lines) else ""
    goes_on = after and (message.endswith(":") or lines[place].text.rstrip().endswith(":"))
    return f"{message} {after}".strip() if goes_on and not _is_other(after) else message


def _is_other(text: str) -> bool:
    stands_apart = HEADER in text or _NOT_MESSAGE.match(text) or LINKS.match(text) or frame_of(text)
    return bool(stands_apart) or RAISED.match(text) is not None


def _wrapped(message: str, lines: Sequence[Line], place: int, width: int) -> str:
    """Join the words that did not fit into the width any more."""
    length = len(lines[place].text)
    for line in lines[place + 1 : place + 12]:
        text = line.text.strip()
        if not text or _is_other(text) or length + 1 + len(text.split(" ", 1)[0]) < width:
            break
        message, length = f"{message} {text}", len(line.text)
    return message


def _graph_error(lines: Sequence[Line], place: int) -> str:
    """TensorFlow shows where a node was made before it says what went wrong there."""
    after = [line.text.strip() for line in lines[place + 1 : place + _MOST_OF_GRAPH]]
    nodes = [index for index, text in enumerate(after) if text.startswith("Node: ")]
    start = nodes[0] if nodes else 0
    return next((text for text in after[start:] if text and not (_is_other(text) or IN_LINE.match(text))), "")


def _unmarked(message: str) -> str:
    """Take off the Markdown that was glued to the end."""
    return message.partition("```")[0].strip()
