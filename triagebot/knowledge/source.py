"""YAML with places: plain values, and the line on which each of them stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import yaml

from triagebot.errors import Problem

Path = tuple[str | int, ...]
LARGEST_FILE = 5_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 30


class Source:
    """One file of the knowledge folder: its values, its problems so far, and where things stand in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._root: yaml.Node | None = None
        self.value: Any = None
        self._read(text)

    def line(self, path: Iterable[str | int]) -> int:
        """Return the line (from 1) of a value by its path, or of the nearest thing above it."""
        node, line = self._root, 1
        for step in path:
            node = _child(node, step)
            if node is None:
                break
            line = node.start_mark.line + 1
        return line

    def wrong(self, path: Path, what: str, remedy: str) -> None:
        """Note a problem with the value at a path."""
        self.problems.append(Problem(file=self.name, line=self.line(path), key=spell(path), what=what, remedy=remedy))

    def _read(self, text: str) -> None:
        if len(text) > LARGEST_FILE:
            self.wrong((), f"the file has {len(text)} characters", f"Keep it below {LARGEST_FILE}.")
            return
        loader = None
        try:
            loader = _LOADER(text)
            self._root = loader.get_single_node()
            self.value = self._plain(self._root, (), 0) if self._root else None
        except yaml.YAMLError as error:
            self._broken(error)
        finally:
            if loader is not None:
                loader.dispose()

    def _broken(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).partition("\n")[0]
        line = mark.line + 1 if mark else 1
        remedy = "Mend the YAML there: check indentation, quotes and colons."
        if "\\t" in str(what):
            remedy = "Indent with blanks, not with tabs."
        self.problems.append(Problem(file=self.name, line=line, key="", what=f"not valid YAML ({what})", remedy=remedy))

    def _plain(self, node: yaml.Node, path: Path, depth: int) -> Any:
        """Turn nodes into values; anything but mappings, lists and scalars written out is refused."""
        if depth > _DEEPEST:
            self.wrong(path, "nested too deeply", "Write it flatter.")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(child, (*path, i), depth + 1) for i, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            here = Problem(
                file=self.name, line=key_node.start_mark.line + 1, key=spell((*path, key)), what="", remedy=""
            )
            if key in mapping:
                self._note(here, "the key stands twice", "Keep one of them.")
            elif key == "<<":
                self._note(here, "merge keys are not supported", "Write the values out.")
            mapping[key] = self._plain(child, (*path, key), depth + 1)
        return mapping

    def _note(self, where: Problem, what: str, remedy: str) -> None:
        self.problems.append(Problem(file=where.file, line=where.line, key=where.key, what=what, remedy=remedy))

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        tag = node.tag.rpartition(":")[2]
        text = str(node.value)
        if tag == "bool":
            return text.lower() in {"true", "yes", "on"}
        if tag == "null":
            return None
        if tag not in {"str", "int", "float", "timestamp"}:
            self.wrong(path, f"the tag {node.tag} is not supported", "Write a plain text.")
        return text


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
    return f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(names)}."


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                # A scalar's own line; a block's line is that of its key, where a reader looks.
                return value if isinstance(value, yaml.ScalarNode) and value.style is None else _at(value, key)
    return None


def _at(value: yaml.Node, key: yaml.Node) -> yaml.Node:
    value.start_mark = key.start_mark
    return value
