"""YAML with places: plain values, and the line on which each of them stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from triagebot.errors import Problem

Path = tuple[str | int, ...]
_Lines = dict[int, dict[str | int, int]]
"""The lines of what stands in each mapping and list, by the identity of that."""

LARGEST_FILE = 5_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20
_MOST_ALIKE = 20  # of one mistake that a whole file is full of
_MOST_NAMES = 20
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXTS = frozenset({"str", "int", "float", "bool", "timestamp"})
# YAML 1.1, section 4.1: all that may stand in a file.  A text has even less: no ends of line but the plain one.
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BROKEN = (
    ("a tab character", "Indent with blanks, not with tabs."),
    ("mapping values are not allowed", "Put a text that holds a colon and a blank in quotes; check the indentation."),
    ("could not find expected ':'", "Put a colon behind the key; check the indentation."),
    ("unknown escape", "Put a text with backslashes in single quotes."),
    ("unexpected end of stream", "Close the quote that is opened here."),
    ("expected ',' or", "Close the bracket, and put texts with quotes, commas or brackets inside it in quotes."),
    ("alphabetic or numeric", "Put a text that starts with * or & in quotes."),
    ("did not find expected", "Check the indentation, and quotes inside quotes (write '' for ' in single quotes)."),
)
_CHECK = "Check indentation, quotes and colons."
_STARTS = {
    "\t": "Indent with blanks, not with tabs.",
    "@": "Put a text that starts with @ in quotes.",
    "`": "Put a text that starts with ` in quotes.",
    "%": "Put a text that starts with % in quotes.",
}


class Source:
    """One file of the knowledge folder: its values, its problems so far, and where things stand in it.

    Scalars are texts as they are written (`1.10` stays `1.10`); what is left empty is None.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.problems: list[Problem] = []
        self.value: Any = None
        self._told: set[str] = set()
        self._lines: _Lines = {}
        self._top = 1
        self._read(text.removeprefix("\ufeff"))

    def line(self, path: Path) -> int:
        """Return the line (from 1) of a value by its path, or of the nearest thing above it."""
        value, line = self.value, self._top
        for step in path:
            line = self._lines.get(id(value), {}).get(step, line)
            value = _inside(value, step)
        return line

    def wrong(self, path: Path, what: str, remedy: str) -> None:
        """Note a problem with the value at a path; where one is told already, the first is the cause of the others."""
        self.note(self.line(path), spell(path), what, remedy)

    def note(self, line: int, key: str, what: str, remedy: str) -> None:
        """Note a problem on a line (0: of the whole file)."""
        if not key or key not in self._told:
            self._told.add(key)
            self.problems.append(Problem(file=self.name, line=line, key=key, what=what, remedy=remedy))

    def _read(self, text: str) -> None:
        if len(text) > LARGEST_FILE:
            self.note(0, "", f"the file has {len(text)} characters", f"Keep it below {LARGEST_FILE}.")
            return
        for found in list(_UNPRINTABLE.finditer(text))[:_MOST_ALIKE]:
            line = text.count("\n", 0, found.start()) + 1
            self.note(line, "", f"the character U+{ord(found[0]):04X} stands here", "Take it out: it cannot be seen.")
        if not self.problems:
            self._parse(text)

    def _parse(self, text: str) -> None:
        loader = _LOADER(text)
        composer = _Composer(loader, self.note)
        try:
            self.value = composer.document()
            self._lines, self._top = composer.lines, composer.top
        except yaml.YAMLError as error:
            self._broken(error, text.splitlines() or [""])
        except _TooDeepError as error:
            self.note(error.line, "", f"nested more than {_DEEPEST} levels deep", "Write it flatter.")
        finally:
            loader.dispose()

    def _broken(self, error: yaml.YAMLError, lines: list[str]) -> None:
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        mark = getattr(error, "problem_mark", None)
        if "end of stream" in what or "expected ',' or" in what:
            mark = getattr(error, "context_mark", None) or mark  # where it was opened tells more than where it ends
        row, column = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
        remedy = _STARTS.get(lines[row][column : column + 1]) if "cannot start" in what else None
        remedy = remedy or next(
            (told for sign, told in _BROKEN if sign in what), "Check indentation, quotes and colons."
        )
        self.note(row + 1, "", f"not valid YAML ({what})", remedy)


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Composer:
    """Builds plain values from the events of a YAML text, and keeps where they stand.

    Events and not nodes: reading stops at once where the text is nested too deeply, which libyaml itself would take
    quadratic time for.  Aliases are refused, so nothing is larger than it is written.
    """

    def __init__(self, loader: Any, note: Callable[[int, str, str, str], None]) -> None:
        self.lines: _Lines = {}
        self.top = 1
        self._next = loader.get_event
        self._tell = note

    def document(self) -> Any:
        """Return the value of the only document, None when there is none."""
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if event is None or isinstance(event, yaml.StreamEndEvent):
            return None
        self.top = event.start_mark.line + 1
        value = self._value(event, (), 0)
        self._next()  # the end of the document
        after = self._next()
        if isinstance(after, yaml.DocumentStartEvent):
            self._note(after, (), "a second document starts here", "Keep one in a file; take out the line `---`.")
        return value

    def _value(self, event: Any, path: Path, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.AliasEvent):
            what = f"`*{event.anchor}` repeats what stands elsewhere"
            self._note(event, path, what, "Write it out, or put a text that starts with * in quotes.")
            return None
        if depth >= _DEEPEST:
            raise _TooDeepError(event.start_mark.line + 1)
        if event.tag:
            self._note(event, path, f"the tag {event.tag} is not supported", "Take it out.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        return self._list(path, depth)

    def _list(self, path: Path, depth: int) -> list[Any]:
        values: list[Any] = []
        lines = self.lines[id(values)] = {}
        for event in self._until(yaml.SequenceEndEvent):
            here = len(values)
            lines[here] = event.start_mark.line + 1
            values.append(self._value(event, (*path, here), depth + 1))
        return values

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines = self.lines[id(values)] = {}
        for event in self._until(yaml.MappingEndEvent):
            key, line = self._key(event, path, depth), event.start_mark.line + 1
            if key in values:
                self._note(
                    event, (*path, key), f"the key stands twice, first on line {lines[key]}", "Keep one of the two."
                )
            lines[key] = line
            values[key] = self._value(self._next(), (*path, key), depth + 1)
        return values

    def _key(self, event: Any, path: Path, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self._note(event, (*path, "?"), "a key is a plain word", "Put a text that starts with [, { or * in quotes.")
        if not isinstance(event, yaml.AliasEvent):
            self._value(event, path, depth + 1)
        return "?"

    def _until(self, end: type[yaml.Event]) -> Iterator[Any]:
        while not isinstance(event := self._next(), end):
            yield event

    def _scalar(self, event: Any, path: Path) -> str | None:
        text = str(event.value)
        if event.tag and event.tag.rpartition(":")[2] not in _TEXTS:
            self._note(event, path, f"the tag {event.tag} is not supported", "Take it out, or put the text in quotes.")
        if not event.style and text in _NULLS:
            return None
        if event.style == '"' and _CONTROL.search(text):
            self._note(event, path, "the text holds a control character", "Take out the escape (such as \\0 or \\e).")
        return text

    def _note(self, event: Any, path: Path, what: str, remedy: str) -> None:
        self._tell(event.start_mark.line + 1, spell(path), what, remedy)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def spell(path: Iterable[str | int]) -> str:
    """Return a path as a reader writes it: `entries[2].fix`."""
    spelled = ""
    for step in path:
        spelled += f"[{step}]" if isinstance(step, int) else f"{'.' if spelled else ''}{step}"
    return spelled


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy for an unknown word: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"Known here: {', '.join(names[:_MOST_NAMES])}{more}."
