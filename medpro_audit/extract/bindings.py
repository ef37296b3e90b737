"""What the receivers of calls stand for: the declarations of their names, found by searching the text for each name.

Only names that lead to a receiver are looked up, so that a file's facts say where ``logger`` comes from without its
module being lowered: an import, the expression it was made by, a parameter with its type.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from medpro_audit.extract.lower import FUNCTIONS, Lowering
from medpro_audit.extract.syntax import Node
from medpro_audit.facts import ir
from medpro_audit.facts.file import Binding, BindingKind

MAX_NAMES = 60
"""Further names of a file are not looked up."""

_THIS = "this."
_PATTERNS = frozenset(("object_pattern", "array_pattern", "rest_pattern"))
_PARAMETERS = frozenset(("required_parameter", "optional_parameter"))
_FIELDS = frozenset(("field_definition", "public_field_definition"))
_SCOPES = frozenset(("statement_block", "program", "for_statement", "for_in_statement", "switch_body", *FUNCTIONS))
_OF_FUNCTIONS = frozenset(("program", *FUNCTIONS))
_OWN = frozenset(("object", "class", *FUNCTIONS))
"""Values that are found by running the module: lowering them here would lower whole files."""


class _Declared(NamedTuple):
    """What a declaration says, before its scope is known."""

    kind: BindingKind
    construct: Node
    value: Node | None = None
    type: Node | None = None
    specifier: str = ""
    imported: str = ""


def root_of(expression: ir.Expression) -> str:
    """The name that a receiver starts from: ``logger`` of ``logger.child()``, ``this.log`` of ``this.log.main``."""
    member = ""
    while True:
        match expression:
            case ir.Name(id=name):
                return name
            case ir.This():
                return f"{_THIS}{member}" if member else ""
            case ir.Member(object=inner, name=name):
                expression, member = inner, name
            case ir.Call(callee=inner) | ir.New(callee=inner) | ir.Index(object=inner) | ir.Await(value=inner):
                expression, member = inner, ""
            case _:
                return ""


class Binder:
    """Finds the declarations of names in one file."""

    def __init__(self, source: bytes, root: Node) -> None:
        self._source = source
        self._root = root

    def bindings(self, receivers: Iterable[ir.Expression]) -> tuple[Binding, ...]:
        """Declarations of all names that these expressions start from, and of those that lead to them."""
        found: list[Binding] = []
        waiting = sorted({name for receiver in receivers for name in _names(receiver)}, reverse=True)
        seen: set[str] = set()
        while waiting and len(seen) < MAX_NAMES:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                declared = list(self._declarations(name))
                found.extend(declared)
                waiting.extend(after for binding in declared for after in _leading(binding))
        return tuple(sorted(found, key=lambda binding: (binding.name, binding.start, -binding.end, binding.at)))

    def _declarations(self, name: str) -> Iterator[Binding]:
        if name.startswith(_THIS):
            yield from self._properties(name.removeprefix(_THIS))
            return
        declared = [binding for node in self._mentions(name) for binding in self._declared(node, name)]
        for binding in declared:
            yield _with_range_of_declaration(binding, declared) if binding.kind == "assigned" else binding

    def _mentions(self, name: str) -> Iterator[Node]:
        """Places where a name stands and is neither read from nor called."""
        word = re.escape(name.encode())
        # The literal comes first, which the engine finds fastest; what must not stand before it is looked for after it.
        read_or_called = rb"(?![\w$]|\s*\??\.|\s*\()"
        pattern = (
            word + rb"(?<![\w$.#]" + word + rb")(?:" + read_or_called + rb"|(?<=\bfunction " + word + rb")(?=\s*\())"
        )
        for match in re.finditer(pattern, self._source):
            node = self._root.descendant_for_byte_range(*match.span())
            if node is not None and node.start_byte == match.start() and node.end_byte == match.end():
                yield node

    # Names

    def _declared(self, node: Node, name: str) -> Iterator[Binding]:
        keys: list[str] = []
        found = self._declaration(node, keys)
        if found is None:
            return
        value = found.value
        kind = found.kind
        if value is not None and not keys and value.type in _OWN:
            kind, value = "own", None
        scope = _scope_of(found.construct)
        yield Binding(
            name=name,
            kind=kind,
            at=node.start_byte,
            start=scope.start_byte,
            end=scope.end_byte,
            value=self._lowered(value),
            keys=tuple(reversed(keys)),
            specifier=found.specifier,
            imported=found.imported,
            annotation=self._annotation(found.type, keys),
        )

    def _declaration(self, node: Node, keys: list[str]) -> _Declared | None:
        """Climb from a name through the patterns around it to what declares it, noting the keys on the way."""
        if node.type == "shorthand_property_identifier_pattern":
            keys.append(self._text(node))
        current, parent = node, node.parent
        while parent is not None:
            if parent.type == "pair_pattern":
                if parent.child_by_field_name("value") != current:
                    return None
                keys.append(self._key(parent.child_by_field_name("key")))
            elif parent.type in {"assignment_pattern", "object_assignment_pattern"}:
                if parent.child_by_field_name("left") != current:
                    return None
            elif parent.type not in _PATTERNS:
                return self._construct(parent, current)
            elif parent.type != "object_pattern":
                keys.append("")
            current, parent = parent, parent.parent
        return None

    def _construct(self, parent: Node, node: Node) -> _Declared | None:
        kind = parent.type
        if kind == "variable_declarator" and parent.child_by_field_name("name") == node:
            return _Declared("value", parent, parent.child_by_field_name("value"), parent.child_by_field_name("type"))
        if kind == "assignment_expression" and parent.child_by_field_name("left") == node:
            return _Declared("assigned", parent, parent.child_by_field_name("right"))
        if kind in _PARAMETERS and parent.child_by_field_name("pattern") == node:
            return _Declared("parameter", parent, type=parent.child_by_field_name("type"))
        if kind == "formal_parameters" or (kind in FUNCTIONS and parent.child_by_field_name("parameter") == node):
            return _Declared("parameter", parent)
        if kind in {"for_in_statement", "catch_clause"}:
            return _Declared("parameter", parent) if parent.child_by_field_name("body") != node else None
        if kind in {"function_declaration", "class_declaration"} and parent.child_by_field_name("name") == node:
            return _Declared("own", parent)
        return self._imported(parent, node)

    def _imported(self, parent: Node, node: Node) -> _Declared | None:
        names = {"import_clause": "default", "namespace_import": "*", "import_require_clause": "="}
        imported = names.get(parent.type)
        if parent.type == "import_specifier":
            name, alias = parent.child_by_field_name("name"), parent.child_by_field_name("alias")
            imported = self._text(name) if name is not None and node == (alias or name) else None
        if imported is None:
            return None
        statement: Node | None = parent
        while statement is not None and statement.type not in {"import_statement", "import_require_clause"}:
            statement = statement.parent
        source = statement.child_by_field_name("source") if statement is not None else None
        if source is None:
            return None
        specifier = self._source[source.start_byte + 1 : source.end_byte - 1].decode("utf-8", "replace")
        return _Declared("import", parent, specifier=specifier, imported=imported)

    # Properties of ``this``

    def _properties(self, member: str) -> Iterator[Binding]:
        """Fields and parameter properties of a class, and assignments to ``this``, under the name ``this.member``."""
        word = re.escape(member.encode())
        assigned = rb"this\.(?<![\w$.]this\.)(" + word + rb")\s*(?:\?\?|\|\|)?=(?!=)"
        declared = rb"(" + word + rb")(?<![\w$.#]" + word + rb")(?![\w$]|\s*\??\.|\s*\()"
        for pattern in (assigned, declared):
            for match in re.finditer(pattern, self._source):
                node = self._root.descendant_for_byte_range(*match.span(1))
                found = self._property(node) if node is not None and node.end_byte == match.end(1) else None
                if found is not None:
                    yield replace(found, name=f"{_THIS}{member}")

    def _property(self, node: Node) -> Binding | None:
        parent = node.parent
        if parent is None:
            return None
        if parent.type in _FIELDS and node == (
            parent.child_by_field_name("name") or parent.child_by_field_name("property")
        ):
            return self._field(node, parent, parent.child_by_field_name("value"), parent.child_by_field_name("type"))
        if parent.type in _PARAMETERS and any(
            child.type in {"accessibility_modifier", "readonly"} for child in parent.children
        ):
            return self._field(node, parent, None, parent.child_by_field_name("type"))
        assignment = parent.parent
        if parent.type == "member_expression" and assignment is not None and "assignment" in assignment.type:
            return self._field(node, assignment, assignment.child_by_field_name("right"), None)
        return None

    def _field(self, node: Node, construct: Node, value: Node | None, annotation: Node | None) -> Binding:
        scope: Node | None = construct
        while scope is not None and scope.type not in {"class_body", "program"}:
            scope = scope.parent
        scope = scope or self._root
        return Binding(
            name="",
            kind="value" if value is not None else "parameter",
            at=node.start_byte,
            start=scope.start_byte,
            end=scope.end_byte,
            value=self._lowered(value),
            annotation=self._annotation(annotation, []),
        )

    # Parts

    def _lowered(self, node: Node | None) -> ir.Expression | None:
        return Lowering(self._source, lazy=False).expression(node) if node is not None else None

    def _annotation(self, annotation: Node | None, keys: list[str]) -> str:
        """The name of a type, of the key that is taken from an object when its type is written out."""
        kind = annotation.named_children[0] if annotation is not None and annotation.named_children else None
        for key in reversed(keys):
            kind = self._member_type(kind, key)
        return (
            self._text(kind) if kind is not None and kind.type in {"type_identifier", "nested_type_identifier"} else ""
        )

    def _member_type(self, kind: Node | None, key: str) -> Node | None:
        for child in kind.named_children if kind is not None and kind.type == "object_type" else ():
            name, annotation = child.child_by_field_name("name"), child.child_by_field_name("type")
            if name is not None and annotation is not None and self._text(name) == key and annotation.named_children:
                return annotation.named_children[0]
        return None

    def _key(self, node: Node | None) -> str:
        text = self._text(node) if node is not None else ""
        return text.strip("'\"")

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _names(expression: ir.Expression | None) -> Iterator[str]:
    """Names to look up for an expression: of each alternative the one that it starts from."""
    match expression:
        case None | ir.Name(id="require"):
            return
        case ir.Binary(left=left, right=right):
            yield from (*_names(left), *_names(right))
        case ir.Conditional(then=then, otherwise=otherwise):
            yield from (*_names(then), *_names(otherwise))
        case _:
            root = root_of(expression)
            if root not in {"", "require"}:
                yield root
            first = _first_member(expression)
            if first:
                yield f"{_THIS}{first}"  # in case the name stands for ``this``


def _first_member(expression: ir.Expression) -> str:
    """``log`` of ``self.log.info``: such a name is often another one for ``this``."""
    match expression:
        case ir.Member(object=ir.Name(id="self" | "that" | "_this" | "me"), name=name):
            return name
        case ir.Member(object=inner) | ir.Call(callee=inner):
            return _first_member(inner)
    return ""


def _leading(binding: Binding) -> Iterator[str]:
    """Names that must be known to know what this one stands for."""
    yield from _names(binding.value)
    if binding.annotation:
        yield binding.annotation.partition(".")[0]


def _scope_of(construct: Node) -> Node:
    """Where a declaration holds: the function of a ``var`` or parameter, the block of anything else."""
    holder = construct.parent
    is_var = holder is not None and holder.type == "variable_declaration"
    stops = _OF_FUNCTIONS if is_var or "parameter" in construct.type else _SCOPES
    is_own_scope = construct.type in _SCOPES and construct.type != "function_declaration"
    scope = construct if is_own_scope else holder
    while scope is not None and scope.type not in stops and scope.parent is not None:
        scope = scope.parent
    return scope or construct


def _with_range_of_declaration(assigned: Binding, declared: Iterable[Binding]) -> Binding:
    """An assignment says what the variable around it stands for."""
    around = [
        binding for binding in declared if binding.kind != "assigned" and binding.start <= assigned.at < binding.end
    ]
    if not around:
        return assigned
    nearest = min(around, key=lambda binding: binding.end - binding.start)
    return replace(assigned, start=nearest.start, end=nearest.end)
