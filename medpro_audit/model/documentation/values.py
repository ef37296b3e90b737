"""Documents that are objects in the code, as the interpreter sees them."""

from __future__ import annotations

from medpro_audit.model.documentation.nodes import HOLE, UNSEEN, Content, Node
from medpro_audit.model.documentation.reading import MAX_SIZE
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    Deferred,
    Environment,
    ObjectValue,
    Text,
    Value,
)
from medpro_audit.model.schemas import Schema

MAX_DEPTH = 40
"""Objects in objects."""
MAX_TEXTS = 5
"""Texts in texts."""


def node_of(value: Value, file: str, line: int) -> Node:
    """The document that a value is; ``line`` is where it is used, for what doesn't know its own."""
    return _Converter(file, line).node(value, 0)


class _Converter:
    """Converts each object once, wherever it stands; one that holds itself, or is too large, is not seen."""

    def __init__(self, file: str, line: int) -> None:
        self._file = file
        self._line = line
        self._made: dict[int, Node] = {}
        self._kept: list[Value] = []
        """So that no other value gets the identity of one that was converted."""

    def node(self, value: Value, depth: int) -> Node:
        """The document that a value in so many others is."""
        value = value.force() if isinstance(value, Deferred) else value
        match value:
            case Constant():
                return _constant(value, self._file, self._line)
            case Text(parts=parts):
                return self._of("".join(map(_written, parts)))
            case Environment(default=default) if default is not None and depth < MAX_DEPTH:
                return self.node(default, depth + 1)
            case Schema(shape=shape):
                return self._of(shape)
            case ObjectValue() | ArrayValue() if depth < MAX_DEPTH:
                return self._shared(value, depth)
        return self._of(None if value is UNDEFINED else UNSEEN)

    def _of(self, content: Content) -> Node:
        return Node(content, self._file, self._line)

    def _shared(self, value: ObjectValue | ArrayValue, depth: int) -> Node:
        key = id(value)
        if key not in self._made:
            self._kept.append(value)
            self._made[key] = self._of(UNSEEN)
            made = self._object(value, depth) if isinstance(value, ObjectValue) else self._array(value, depth)
            self._made[key] = made if made.size <= MAX_SIZE else self._of(UNSEEN)
        return self._made[key]

    def _object(self, value: ObjectValue, depth: int) -> Node:
        given = ((key, inner) for key, inner in value.properties.items() if inner is not UNDEFINED)
        entries = {key: self.node(inner, depth + 1) for key, inner in given}
        listed = list(entries.values())
        is_open = value.is_open or bool(value.unknown)
        return Node(entries, *_begin(listed, self._file, self._line), is_open=is_open, size=_size(listed))

    def _array(self, value: ArrayValue, depth: int) -> Node:
        listed = [self.node(item.value, depth + 1) for item in value.items]
        return Node(listed, *_begin(listed, self._file, self._line), is_open=value.is_open, size=_size(listed))


def _size(nodes: list[Node]) -> int:
    return 1 + sum(node.size for node in nodes)


def _begin(nodes: list[Node], file: str, line: int) -> tuple[str, int]:
    """Objects don't know where they stand: the first text in them in the same file does."""
    own = [node.line for node in nodes if node.file == file and node.line != line]
    return (file, min(own)) if own else (nodes[0].file, nodes[0].line) if nodes else (file, line)


def _constant(value: Constant, file: str, line: int) -> Node:
    content: Content = value.value
    if isinstance(content, float) and content.is_integer():
        content = int(content)
    origin = value.origin
    if isinstance(origin, tuple) and len(origin) == 2 and isinstance(origin[0], Module):  # noqa: PLR2004 - a pair
        module, at = origin
        if isinstance(at, int):
            return Node(content, module.path, module.facts.line_of(at))
    return Node(content, file, line)


def _written(part: str | Value, depth: int = 0) -> str:
    match part:
        case str():
            return part
        case Constant(value=value) if not isinstance(value, bool) and value is not None:
            return str(value)
        case Text(parts=parts) if depth < MAX_TEXTS:
            return "".join(_written(inner, depth + 1) for inner in parts)
        case Environment(default=default) if default is not None and depth < MAX_TEXTS:
            return _written(default, depth + 1)
    return HOLE
