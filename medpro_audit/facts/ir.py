"""A compact intermediate representation of JavaScript and TypeScript code.

Small, flat, serialisable: no tree-sitter node survives extraction. Types, comments and parentheses are gone; what is
not modelled is `Opaque`. ``at`` is a byte offset in the file (`FileFacts.line_of` turns it into a line): for a member
call the offset of the property name, so that each link of a chain has its own line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal as OneOf

from msgspec import Struct


class Node(Struct, frozen=True, array_like=True, gc=False, tag=True):
    """Base of all nodes."""


# Expressions


class Literal(Node, frozen=True, tag=1):
    """A string, number, boolean or ``null``."""

    value: str | int | float | bool | None
    at: int


class Template(Node, frozen=True, tag=2):
    """A template literal; parts alternate as written, strings and expressions."""

    parts: tuple[str | Expression, ...]
    at: int


class Regex(Node, frozen=True, tag=3):
    pattern: str
    flags: str
    at: int


class Name(Node, frozen=True, tag=4):
    id: str
    at: int


class This(Node, frozen=True, tag=5):
    at: int


class Super(Node, frozen=True, tag=6):
    at: int


class Member(Node, frozen=True, tag=7):
    """``object.name``; ``at`` is where the name stands."""

    object: Expression
    name: str
    at: int


class Index(Node, frozen=True, tag=8):
    """``object[key]``."""

    object: Expression
    key: Expression
    at: int


class Call(Node, frozen=True, tag=9):
    """A call; dynamic ``import(x)`` is a call of the name ``import``."""

    callee: Expression
    arguments: tuple[Expression, ...]
    at: int
    end: int


class New(Node, frozen=True, tag=10):
    callee: Expression
    arguments: tuple[Expression, ...]
    at: int
    end: int


class Tagged(Node, frozen=True, tag=11):
    """A tagged template."""

    tag: Expression
    template: Template
    at: int


class Array(Node, frozen=True, tag=12):
    items: tuple[Expression | None, ...]
    """None is a hole."""
    at: int


class Spread(Node, frozen=True, tag=13):
    """``...value`` in an array, object or argument list."""

    value: Expression
    at: int


class Property(Node, frozen=True, tag=14):
    """One entry of an object literal."""

    kind: OneOf["value", "get", "set", "spread"]
    key: str | Expression
    """An expression when computed; empty for a spread."""
    value: Expression


class Object(Node, frozen=True, tag=15):
    properties: tuple[Property, ...]
    at: int


class Function(Node, frozen=True, tag=16):
    """A function of any form. ``body`` is None until lowered: ask for it by ``start``."""

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...] | None
    start: int
    end: int
    is_async: bool
    is_generator: bool
    is_arrow: bool


class Class(Node, frozen=True, tag=17):
    name: str
    base: Expression | None
    members: tuple[ClassMember, ...]
    decorators: tuple[Expression, ...]
    start: int
    end: int


class ClassMember(Node, frozen=True, tag=18):
    kind: OneOf["constructor", "method", "get", "set", "field", "static-block"]
    key: str | Expression
    value: Expression | None
    is_static: bool
    decorators: tuple[Expression, ...]


class Assign(Node, frozen=True, tag=19):
    """``target operator value``; the operator is one of ``=``, ``+=``, ``??=``."""

    target: Pattern
    operator: str
    value: Expression
    at: int


class Binary(Node, frozen=True, tag=20):
    """A binary or logical operation."""

    operator: str
    left: Expression
    right: Expression
    at: int


class Unary(Node, frozen=True, tag=21):
    """An operation on one operand: ``!x``, ``typeof x``, ``x++``."""

    operator: str
    operand: Expression
    at: int


class Conditional(Node, frozen=True, tag=22):
    test: Expression
    then: Expression
    otherwise: Expression
    at: int


class Sequence(Node, frozen=True, tag=23):
    items: tuple[Expression, ...]


class Await(Node, frozen=True, tag=24):
    value: Expression


class Yield(Node, frozen=True, tag=25):
    value: Expression | None


class Opaque(Node, frozen=True, tag=26):
    """Something that is not modelled, such as JSX; its parts are kept when they may hold calls."""

    parts: tuple[Expression, ...]
    at: int


# Patterns


class ObjectPattern(Node, frozen=True, tag=30):
    entries: tuple[PatternEntry, ...]
    rest: Pattern | None
    at: int


class PatternEntry(Node, frozen=True, tag=31):
    key: str | Expression
    target: Pattern


class ArrayPattern(Node, frozen=True, tag=32):
    items: tuple[Pattern | None, ...]
    at: int


class Default(Node, frozen=True, tag=33):
    """``target = value`` in a pattern."""

    target: Pattern
    value: Expression


class Rest(Node, frozen=True, tag=34):
    target: Pattern


class Parameter(Node, frozen=True, tag=35):
    target: Pattern
    annotation: str
    """Name of the annotated type, empty when there is none or it isn't a plain name."""
    is_property: bool
    """A TypeScript parameter property: also assigned to ``this``."""
    decorators: tuple[Expression, ...]


# Statements


class Evaluate(Node, frozen=True, tag=40):
    """An expression statement."""

    value: Expression


class Declare(Node, frozen=True, tag=41):
    """``const``, ``let``, ``var`` (also ``using``), one declarator."""

    keyword: str
    target: Pattern
    value: Expression | None
    at: int


class DeclareFunction(Node, frozen=True, tag=42):
    function: Function


class DeclareClass(Node, frozen=True, tag=43):
    value: Class


class Return(Node, frozen=True, tag=44):
    value: Expression | None
    at: int


class Throw(Node, frozen=True, tag=45):
    value: Expression
    at: int


class If(Node, frozen=True, tag=46):
    test: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: int


class Loop(Node, frozen=True, tag=47):
    """Any loop. ``target``/``iterable`` belong to ``of`` and ``in``; the rest to the others."""

    kind: OneOf["of", "in", "for", "while", "do"]
    target: Pattern | None
    iterable: Expression | None
    first: tuple[Statement, ...]
    test: Expression | None
    update: Expression | None
    body: tuple[Statement, ...]
    at: int


class Case(Node, frozen=True, tag=48):
    test: Expression | None
    """None for ``default``."""
    body: tuple[Statement, ...]


class Switch(Node, frozen=True, tag=49):
    value: Expression
    cases: tuple[Case, ...]
    at: int


class Try(Node, frozen=True, tag=50):
    body: tuple[Statement, ...]
    parameter: Pattern | None
    handler: tuple[Statement, ...] | None
    """None when there is no ``catch``."""
    finalizer: tuple[Statement, ...]
    at: int


class Block(Node, frozen=True, tag=51):
    body: tuple[Statement, ...]


class Jump(Node, frozen=True, tag=52):
    keyword: OneOf["break", "continue"]
    label: str


class Labelled(Node, frozen=True, tag=53):
    label: str
    body: Statement


class Import(Node, frozen=True, tag=54):
    """An ``import`` declaration; ``imported`` is ``default``, ``*`` or a name."""

    specifier: str
    bindings: tuple[tuple[str, str], ...]
    """Pairs of imported and local name."""
    at: int


class Export(Node, frozen=True, tag=55):
    """Names exported from local bindings, or re-exported from ``specifier``; ``*`` stands for all."""

    bindings: tuple[tuple[str, str], ...]
    """Pairs of local (or imported) and exported name."""
    specifier: str
    """Empty for local bindings."""
    at: int


class ExportDefault(Node, frozen=True, tag=56):
    value: Expression
    at: int


class ExportDeclaration(Node, frozen=True, tag=57):
    """``export`` before a declaration."""

    body: tuple[Statement, ...]


Expression = (
    Literal
    | Template
    | Regex
    | Name
    | This
    | Super
    | Member
    | Index
    | Call
    | New
    | Tagged
    | Array
    | Spread
    | Object
    | Function
    | Class
    | Assign
    | Binary
    | Unary
    | Conditional
    | Sequence
    | Await
    | Yield
    | Opaque
)

Pattern = Name | Member | Index | ObjectPattern | ArrayPattern | Default | Rest

Statement = (
    Evaluate
    | Declare
    | DeclareFunction
    | DeclareClass
    | Return
    | Throw
    | If
    | Loop
    | Switch
    | Try
    | Block
    | Jump
    | Labelled
    | Import
    | Export
    | ExportDefault
    | ExportDeclaration
)


_NODE = re.compile(r"\b(?!None\b|OneOf\b)[A-Z]")

NODE_FIELDS: Mapping[type[Node], tuple[str, ...]] = {
    kind: tuple(name for name, annotation in kind.__annotations__.items() if _NODE.search(annotation))
    for kind in Node.__subclasses__()
}
"""Every kind of node, with those of its fields that may hold nodes."""


def children(node: Node, fields: Iterable[str] | None = None) -> list[Node]:
    """The nodes right below one, or only those in some of its fields; in the order of the source.

    The body of a function not yet lowered is left out. Everything that goes through code asks this of every node:
    looking its type up in a table is three times faster than ``isinstance``.
    """
    found: list[Node] = []
    for name in NODE_FIELDS[type(node)] if fields is None else fields:
        value = getattr(node, name)
        kind = type(value)
        if kind is tuple:
            found += [item for item in value if type(item) in NODE_FIELDS]
        elif kind in NODE_FIELDS:
            found.append(value)
    return found


def walk(node: Node | Iterable[Node]) -> Iterator[Node]:
    """All nodes below one (or some), in the order of the source, functions not yet lowered left out."""
    stack: list[Node] = [node] if isinstance(node, Node) else list(node)[::-1]
    while stack:
        current = stack.pop()
        yield current
        if found := children(current):
            stack += found[::-1]
