"""Reads YAML and JSON that nobody vouches for into nodes.

A document is built from the events of a parser, without recursion; an alias is a reference to one node, and a document
that its aliases would make too large is refused. Plain scalars are resolved as YAML 1.2's core schema has it, which is
what the tools of the JavaScript world read by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from medpro_audit.model.documentation.nodes import Content, Fault, Node, Scalar

if TYPE_CHECKING:
    import yaml

MAX_DEPTH = 100
"""Values in values."""
MAX_SIZE = 300_000
"""Values of one document, those behind an alias counted wherever it stands."""

_TOO_DEEP = "it is nested too deeply"
_TOO_LARGE = "it is larger than is read"

Anchors = dict[str, Node]


def read_document(file: str, content: bytes) -> Node | Fault:
    """Read a file: as JSON by its name, else as YAML."""
    text = content.decode("utf-8-sig", "replace")
    return read_json(text, file) if file.endswith(".json") else read_yaml(text, file)


def read_yaml(text: str, file: str, line: int = 1, anchors: Mapping[str, Node] | None = None) -> Node | Fault:
    """Read the first document of a YAML text that begins on a line; ``anchors`` are those of other texts."""
    return read_anchored(text, file, line, anchors)[0]


def read_anchored(
    text: str, file: str, line: int = 1, anchors: Mapping[str, Node] | None = None
) -> tuple[Node | Fault, Anchors]:
    """Read a YAML text; return also its own anchors."""
    import yaml  # noqa: PLC0415 - few repositories need it

    builder = _Builder(file)
    reader = _YamlReader(builder, file, line, anchors or {})
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            reader.read(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "malformed YAML"
        return Fault(f"it is no YAML: {problem}", line + min(mark.line if mark else 0, text.count("\n"))), {}
    except (yaml.YAMLError, ValueError):
        return Fault("it is no YAML", line), {}
    except _RefusedError as error:
        return Fault(str(error), error.line), {}
    return builder.root or Node(None, file, line), reader.own


def read_json(text: str, file: str) -> Node | Fault:
    """Read a JSON text."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return Fault(f"it is no JSON: {error.msg}", error.lineno)
    except (RecursionError, ValueError):
        return Fault(_TOO_DEEP, 1)
    line = 1
    counted = 0
    builder = _Builder(file)
    try:
        for match in _JSON_TOKEN.finditer(text):
            written, start = match[0], match.start()
            line += text.count("\n", counted, start)
            counted = start
            if written in "{[":
                builder.open({} if written == "{" else [], line)
            elif written in "}]":
                builder.close()
            else:
                builder.add(Node(_scalar_of(written), file, line))
    except _RefusedError as error:
        return Fault(str(error), error.line)
    return builder.root or Node(None, file, 1)


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\]:,"]+')


def _scalar_of(written: str) -> Scalar:
    """What a JSON text without brackets means."""
    if written[0] == '"' and "\\" not in written:
        return written[1:-1]
    scalar: Scalar = json.loads(written)
    return scalar


class _RefusedError(Exception):
    """The text is YAML or JSON, and is not taken."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Open:
    """A mapping or list that is being read."""

    __slots__ = ("anchor", "content", "inherited", "key", "line", "size")

    def __init__(self, content: dict[str, Node] | list[Node], line: int, anchor: str | None) -> None:
        self.content = content
        self.line = line
        self.anchor = anchor
        self.key: Node | None = None
        self.inherited: set[str] = set()
        """Keys that ``<<`` has brought: the mapping's own replace them."""
        self.size = 1


class _Builder:
    """Puts values into the mappings and lists around them."""

    def __init__(self, file: str) -> None:
        self.root: Node | None = None
        self.allows_duplicates = True
        self._file = file
        self._open: list[_Open] = []

    @property
    def is_in_mapping(self) -> bool:
        """Whether what comes next goes into a mapping."""
        return bool(self._open) and isinstance(self._open[-1].content, dict)

    def open(self, content: dict[str, Node] | list[Node], line: int, anchor: str | None = None) -> None:
        """Begin a mapping or list."""
        if len(self._open) >= MAX_DEPTH:
            raise _RefusedError(_TOO_DEEP, line)
        self._open.append(_Open(content, line, anchor))

    def close(self) -> tuple[str | None, Node]:
        """End it; return it with its anchor."""
        done = self._open.pop()
        node = Node(done.content, self._file, done.line, size=done.size)
        return done.anchor, self.add(node)

    def add(self, node: Node) -> Node:
        """Put a value where it belongs; the first one in a mapping is a key."""
        if not self._open:
            self.root = self.root or node
            return node
        into = self._open[-1]
        if isinstance(into.content, list):
            into.content.append(node)
        elif into.key is None:
            into.key = node
            return node
        else:
            self._enter(into, into.content, into.key, node)
            into.key = None
        into.size += node.size
        if into.size > MAX_SIZE:
            raise _RefusedError(_TOO_LARGE, node.line)
        return node

    def _enter(self, into: _Open, entries: dict[str, Node], key: Node, node: Node) -> None:
        name = key.value
        if isinstance(name, dict | list) or not isinstance(name, str):
            raise _RefusedError("a key is no text", key.line)
        if name == "<<" and not self.allows_duplicates:
            for source in node.items or (node,):
                for inherited, value in source.entries.items():
                    if inherited not in entries:
                        into.inherited.add(inherited)
                        entries[inherited] = value
            return
        if name in entries and name not in into.inherited and not self.allows_duplicates:
            raise _RefusedError(f'the key "{name[:60]}" stands here twice', key.line)
        into.inherited.discard(name)
        node.line = key.line
        entries[name] = node


class _YamlReader:
    """Turns YAML events into values."""

    def __init__(self, builder: _Builder, file: str, line: int, anchors: Mapping[str, Node]) -> None:
        builder.allows_duplicates = False
        self.own: Anchors = {}
        self._builder = builder
        self._file = file
        self._first = line
        self._foreign = anchors
        self._is_key: list[bool] = []
        """Of each mapping around: whether a key comes next; of a list, False."""

    def read(self, event: yaml.Event) -> None:
        """Take in one event."""
        import yaml  # noqa: PLC0415 - few repositories need it

        line = self._first + (event.start_mark.line if event.start_mark is not None else 0)
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_key(line)
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                self._builder.open({} if is_mapping else [], line, event.anchor)
                self._is_key.append(is_mapping)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._is_key.pop()
                self._remember(*self._builder.close())
                self._turn()
            case yaml.AliasEvent():
                self._alias(event.anchor or "", line)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        is_key = bool(self._is_key) and self._is_key[-1]
        content: Content = event.value if is_key or not event.implicit[0] else resolve(event.value)
        node = self._builder.add(Node(content, self._file, line))
        self._remember(event.anchor, node)
        self._turn()

    def _alias(self, anchor: str, line: int) -> None:
        self._refuse_key(line)
        target = self.own.get(anchor) or self._foreign.get(anchor)
        if target is None:
            raise _RefusedError(f"there is no anchor for the alias *{anchor[:60]}", line)
        self._builder.add(Node(target.value, target.file, line, size=target.size))
        self._turn()

    def _refuse_key(self, line: int) -> None:
        if self._is_key and self._is_key[-1]:
            raise _RefusedError("a key is no text", line)

    def _remember(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self.own[anchor] = node

    def _turn(self) -> None:
        """After a key comes a value, and the other way round."""
        if self._is_key and self._builder.is_in_mapping:
            self._is_key[-1] = not self._is_key[-1]


_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_PREFIXED = re.compile(r"0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: Mapping[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def resolve(text: str) -> Scalar:
    """What a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
