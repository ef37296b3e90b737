"""Reads YAML that may be hostile into a tree that knows its lines.

Rule packs come in pull requests from strangers. So it takes a small YAML: one document; no anchors, aliases or tags
(an alias bomb needs aliases, an object constructor needs tags); bounded size and depth; no key twice. Plain words mean
what YAML 1.2 says: ``true`` and ``false`` are the only booleans, so that ``no`` and ``on`` stay words.

Import this module where it is used, not above: it brings in PyYAML.
"""

import re
from collections.abc import Iterator

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from medpro_audit.rules.problems import FileProblems, shorten
from medpro_audit.rules.tree import Entry, Leaf, Listing, Mapping, Tree

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16


def read_yaml(content: bytes, problems: FileProblems) -> Mapping | None:
    """Read a file that must hold one mapping; None when something is wrong, which is then in ``problems``."""
    try:
        tree = _Reader(_decode(content), problems).read()
    except _RefusedError as refusal:
        problems.add(refusal.line, refusal.text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add(line, f"this is no YAML: {error.problem or error.context or 'it can not be read'}")
    except yaml.YAMLError:
        problems.add(1, "this is no YAML: it holds characters that are not text")
    else:
        if isinstance(tree, Mapping):
            return tree
        problems.add(tree.line, f"the file must be a mapping of keys to values, but it is {tree.kind}")
    return None


class _RefusedError(Exception):
    """The file can't be read any further."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


class _Reader:
    """Builds the tree from the parser's events one after the other, so that a bomb is refused before it goes off."""

    def __init__(self, text: str, problems: FileProblems) -> None:
        # The C parser is missing where PyYAML was built without libyaml.
        self._events: Iterator[Event] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._problems = problems

    def read(self) -> Tree:
        """Read the only document."""
        next(self._events)  # the stream begins
        if not isinstance(next(self._events), DocumentStartEvent):
            raise _RefusedError(1, "the file is empty")
        tree = self._node(next(self._events), 0)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, StreamEndEvent):
            raise _RefusedError(_line(after), "a second document begins here; write one file for each")
        return tree

    def _node(self, event: Event, depth: int) -> Tree:
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _RefusedError(line, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _RefusedError(line, "anchors and aliases (& and *) are not allowed; write the value out")
        if getattr(event, "tag", None) is not None:
            raise _RefusedError(line, "tags (!) are not allowed; write the plain value")
        if isinstance(event, ScalarEvent):
            return Leaf(line, _resolve(event.value) if event.implicit[0] else event.value, event.value)
        if isinstance(event, SequenceStartEvent):
            return Listing(line, tuple(self._items(depth)))
        assert isinstance(event, MappingStartEvent)
        return Mapping(line, self._entries(depth))

    def _items(self, depth: int) -> Iterator[Tree]:
        while not isinstance(event := next(self._events), SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Leaf):
                raise _RefusedError(key.line, f"a key must be a word, but it is {key.kind}")
            if key.text in entries:
                self._problems.add(key.line, f'the key "{shorten(key.text)}" stands here twice; keep one')
            entries[key.text] = Entry(key.line, self._node(next(self._events), depth + 1))
        return entries


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _RefusedError(1, f"the file is larger than {MAX_BYTES // 1024} KiB; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RefusedError(content.count(b"\n", 0, error.start) + 1, "this is not UTF-8 text") from None


def _line(event: Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


def _resolve(text: str) -> str | int | float | bool | None:
    """Read a plain scalar as YAML 1.2's core schema does."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
