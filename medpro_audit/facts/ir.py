"""A compact intermediate representation of JavaScript and TypeScript code.

Small, flat, serialisable: no tree-sitter node survives extraction. Types, comments and parentheses are gone; what is
not modelled is `Opaque`. ``at`` is a byte offset in the file (`FileFacts.line_of` turns it into a line): for a member
call the offset of the property name, so that each link of a chain has its own line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf

from msgspec import Struct


class Node(Struct, frozen=True, array_like=True, gc=False, tag=True):
    """Base of all nodes."""


# Expressions


class Literal(Node, tag=1):
    """A string, number, boolean or ``null``."""

    value: str | int | float | bool | None
    at: int


class Template(Node, tag=2):
    """A template literal; parts alternate as written, strings and expressions."""

    parts: tuple[str | Expression, ...]
    at: int


class Regex(Node, tag=3):
    pattern: str
    flags: str
    at: int


class Name(Node, tag=4):
    id: str
    at: int


class This(Node, tag=5):
    at: int


class Super(Node, tag=6):
    at: int


class Member(Node, tag=7):
    """``object.name``; ``at`` is where the name stands."""

    object: Expression
    name: str
    at: int


class Index(Node, tag=8):
    """``object[key]``."""

    object: Expression
    key: Expression
    at: int


class Call(Node, tag=9):
    """A call; dynamic ``import(x)`` is a call of the name ``import``."""

    callee: Expression
    arguments: tuple[Expression, ...]
    at: int
    end: int


class New(Node, tag=10):
    callee: Expression
    arguments: tuple[Expression, ...]
    at: int
    end: int


class Tagged(Node, tag=11):
    """A tagged template."""

    tag: Expression
    template: Template
    at: int


class Array(Node, tag=12):
    items: tuple[Expression | None, ...]
    """None is a hole."""
    at: int


class Spread(Node, tag=13):
    """``...value`` in an array, object or argument list."""

    value: Expression
    at: int


class Property(Node, tag=14):
    """One entry of an object literal."""

    kind: OneOf["value", "get", "set", "spread"]
    key: str | Expression
    """An expression when computed; empty for a spread."""
    value: Expression


class Object(Node, tag=15):
    properties: tuple[Property, ...]
    at: int


class Function(Node, tag=16):
    """A function of any form. ``body`` is None until lowered: ask for it by ``start``."""

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...] | None
    start: int
    end: int
    is_async: bool
    is_generator: bool
    is_arrow: bool


class Class(Node, tag=17):
    name: str
    base: Expression | None
    members: tuple[ClassMember, ...]
    decorators: tuple[Expression, ...]
    start: int
    end: int


class ClassMember(Node, tag=18):
    kind: OneOf["constructor", "method", "get", "set", "field", "static-block"]
    key: str | Expression
    value: Expression | None
    is_static: bool
    decorators: tuple[Expression, ...]


class Assign(Node, tag=19):
    """``target operator value``; the operator is one of ``=``, ``+=``, ``??=``."""

    target: Pattern
    operator: str
    value: Expression
    at: int


class Binary(Node, tag=20):
    """A binary or logical operation."""

    operator: str
    left: Expression
    right: Expression
    at: int


class Unary(Node, tag=21):
    """An operation on one operand: ``!x``, ``typeof x``, ``x++``."""

    operator: str
    operand: Expression
    at: int


class Conditional(Node, tag=22):
    test: Expression
    then: Expression
    otherwise: Expression
    at: int


class Sequence(Node, tag=23):
    items: tuple[Expression, ...]


class Await(Node, tag=24):
    value: Expression


class Yield(Node, tag=25):
    value: Expression | None


class Opaque(Node, tag=26):
    """Something that is not modelled, such as JSX; its parts are kept when they may hold calls."""

    parts: tuple[Expression, ...]
    at: int


# Patterns


class ObjectPattern(Node, tag=30):
    entries: tuple[PatternEntry, ...]
    rest: Pattern | None
    at: int


class PatternEntry(Node, tag=31):
    key: str | Expression
    target: Pattern


class ArrayPattern(Node, tag=32):
    items: tuple[Pattern | None, ...]
    at: int


class Default(Node, tag=33):
    """``target = value`` in a pattern."""

    target: Pattern
    value: Expression


class Rest(Node, tag=34):
    target: Pattern


class Parameter(Node, tag=35):
    target: Pattern
    annotation: str
    """Name of the annotated type, empty when there is none or it isn't a plain name."""
    is_property: bool
    """A TypeScript parameter property: also assigned to ``this``."""
    decorators: tuple[Expression, ...]


# Statements


class Evaluate(Node, tag=40):
    """An expression statement."""

    value: Expression


class Declare(Node, tag=41):
    """``const``, ``let``, ``var`` (also ``using``), one declarator."""

    keyword: str
    target: Pattern
    value: Expression | None
    at: int


class DeclareFunction(Node, tag=42):
    function: Function


class DeclareClass(Node, tag=43):
    value: Class


class Return(Node, tag=44):
    value: Expression | None
    at: int


class Throw(Node, tag=45):
    value: Expression
    at: int


class If(Node, tag=46):
    test: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: int


class Loop(Node, tag=47):
    """Any loop. ``target``/``iterable`` belong to ``of`` and ``in``; the rest to the others."""

    kind: OneOf["of", "in", "for", "while", "do"]
    target: Pattern | None
    iterable: Expression | None
    first: tuple[Statement, ...]
    test: Expression | None
    update: Expression | None
    body: tuple[Statement, ...]
    at: int


class Case(Node, tag=48):
    test: Expression | None
    """None for ``default``."""
    body: tuple[Statement, ...]


class Switch(Node, tag=49):
    value: Expression
    cases: tuple[Case, ...]
    at: int


class Try(Node, tag=50):
    body: tuple[Statement, ...]
    parameter: Pattern | None
    handler: tuple[Statement, ...] | None
    """None when there is no ``catch``."""
    finalizer: tuple[Statement, ...]
    at: int


class Block(Node, tag=51):
    body: tuple[Statement, ...]


class Jump(Node, tag=52):
    keyword: OneOf["break", "continue"]
    label: str


class Labelled(Node, tag=53):
    label: str
    body: Statement


class Import(Node, tag=54):
    """An ``import`` declaration; ``imported`` is ``default``, ``*`` or a name."""

    specifier: str
    bindings: tuple[tuple[str, str], ...]
    """Pairs of imported and local name."""
    at: int


class Export(Node, tag=55):
    """Names exported from local bindings, or re-exported from ``specifier``; ``*`` stands for all."""

    bindings: tuple[tuple[str, str], ...]
    """Pairs of local (or imported) and exported name."""
    specifier: str
    """Empty for local bindings."""
    at: int


class ExportDefault(Node, tag=56):
    value: Expression
    at: int


class ExportDeclaration(Node, tag=57):
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


def walk(node: Node | tuple[object, ...]) -> Iterator[Node]:
    """All nodes below one (or some), in the order of the source, functions not yet lowered left out."""
    stack: list[object] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Node):
            yield current
            stack.extend(reversed([getattr(current, name) for name in current.__struct_fields__]))
        elif isinstance(current, tuple):
            stack.extend(reversed(current))
