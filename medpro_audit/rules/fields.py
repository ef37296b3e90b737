"""Reads the keys of a rule file or pack file, and notes whatever is wrong with them."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from medpro_audit.core.nearest import nearest
from medpro_audit.rules.problems import FileProblems, shorten
from medpro_audit.rules.rule import Example
from medpro_audit.rules.tree import Entry, Leaf, Listing, Tree
from medpro_audit.rules.tree import Mapping as MappingTree


class Key(Struct, frozen=True):
    """A key that a file can have."""

    doc: str
    required: bool = True


class Fields:
    """The keys of one file. What is missing or wrong is noted and replaced, so that reading goes on to the end."""

    def __init__(self, tree: MappingTree, problems: FileProblems) -> None:
        self.line = tree.line
        self.problems = problems
        self._entries = tree.entries

    def check(self, keys: Mapping[str, Key], *, kind: str) -> None:
        """Note keys that are unknown or missing."""
        missing = [name for name, key in keys.items() if key.required and name not in self._entries]
        for name, entry in self._entries.items():
            if name not in keys:
                self.problems.add_unknown(entry.line, f"key of a {kind}:", name, keys)
        written_wrongly = {nearest(name, keys) for name in self._entries if name not in keys}
        for name in missing:
            if name not in written_wrongly:
                self.problems.add(self.line, f'the key "{name}" is missing: {keys[name].doc}')

    def find(self, name: str) -> Entry | None:
        """Return what a key says, None when it isn't there."""
        return self._entries.get(name)

    def line_of(self, name: str) -> int:
        """Return the line of a key, that of the file's beginning when it isn't there."""
        entry = self._entries.get(name)
        return entry.line if entry else self.line

    def text(self, name: str, *, longest: int = 0) -> str:
        """Read a text; with ``longest`` it must be one line of at most so many characters."""
        entry = self._entries.get(name)
        if entry is None:
            return ""
        if not isinstance(entry.value, Leaf) or not isinstance(entry.value.value, str):
            self.problems.add(entry.line, f'"{name}" must be a text, but it is {entry.value.kind}')
            return ""
        text = entry.value.value.strip()
        if not text:
            self.problems.add(entry.line, f'"{name}" is empty')
        elif longest and (len(text) > longest or "\n" in text):
            self.problems.add(entry.line, f'"{name}" must be one line of at most {longest} characters')
        return text

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """Read one of a few words; None when it is another."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        text = self.text(name)
        if text and text not in choices:
            self.problems.add_unknown(entry.line, name, text, choices)
        return text if text in choices else None

    def shaped(self, name: str, pattern: re.Pattern[str], needed: str) -> str:
        """Read a text that must match a pattern; ``needed`` says in words what it must look like."""
        text = self.text(name)
        if text and not pattern.fullmatch(text):
            self.problems.add(self.line_of(name), f'"{name}" must be {needed}, not "{shorten(text)}"')
        return text

    def whole(self, name: str, least: int, most: int) -> int | None:
        """Read a whole number in a range; None when the key isn't there or wrong."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        value = entry.value.value if isinstance(entry.value, Leaf) else None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.problems.add(entry.line, f'"{name}" must be a whole number from {least} to {most}')
        return None

    def words(self, name: str, pattern: re.Pattern[str], needed: str) -> tuple[str, ...]:
        """Read a list of words that must match a pattern; empty when the key isn't there."""
        entry = self._entries.get(name)
        if entry is None:
            return ()
        if not isinstance(entry.value, Listing):
            self.problems.add(entry.line, f'"{name}" must be a list, but it is {entry.value.kind}')
            return ()
        for item in entry.value.items:
            if not isinstance(item, Leaf) or not pattern.fullmatch(item.text):
                shown = shorten(item.text) if isinstance(item, Leaf) else item.kind
                self.problems.add(item.line, f'"{name}" must hold {needed}, not "{shown}"')
        return tuple(item.text for item in entry.value.items if isinstance(item, Leaf))

    def mappings(self, name: str) -> "Iterator[Fields]":
        """Read a list of mappings, each as fields of their own; nothing when the key isn't there."""
        entry = self._entries.get(name)
        if entry is None:
            return
        if not isinstance(entry.value, Listing):
            self.problems.add(entry.line, f'"{name}" must be a list, but it is {entry.value.kind}')
            return
        for item in entry.value.items:
            if isinstance(item, MappingTree):
                yield Fields(item, self.problems)
            else:
                self.problems.add(item.line, f'"{name}" must hold mappings, but this is {item.kind}')

    def example(self, name: str) -> Example:
        """Read code: a text, which is the file ``server.js``, or a mapping of paths to texts."""
        entry = self._entries.get(name)
        if entry is None:
            return Example({})
        if not isinstance(entry.value, MappingTree):
            return Example({"server.js": self.text(name)})
        if not entry.value.entries:
            self.problems.add(entry.line, f'"{name}" is empty')
        for path, file in entry.value.entries.items():
            self._check_file(path, file)
        return Example({path: _text(file.value) for path, file in entry.value.entries.items()})

    def _check_file(self, path: str, file: Entry) -> None:
        if not _text(file.value).strip():
            self.problems.add(file.line, f'"{shorten(path)}" must be the text of a file')
        if not _is_relative(path):
            self.problems.add(file.line, f'"{shorten(path)}" must be a relative path with "/" and without ".."')


def _text(tree: Tree) -> str:
    return tree.value if isinstance(tree, Leaf) and isinstance(tree.value, str) else ""


def _is_relative(path: str) -> bool:
    pure = PurePosixPath(path)
    return str(pure) == path and path != "." and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path
