"""Tables and indexes in the entities of TypeORM: https://typeorm.io/docs/entity/entities, .../indices.

Names are those of its default naming strategy; under another one the names in statements are not found here, and
nothing is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.sql.schema import Column, Schema, Table
from medpro_audit.model.sql.written import fields_of, is_true, text_of, texts_of

if TYPE_CHECKING:
    from medpro_audit.facts.file import FileFacts

_COLUMNS = frozenset(
    (
        "Column",
        "CreateDateColumn",
        "DeleteDateColumn",
        "PrimaryColumn",
        "PrimaryGeneratedColumn",
        "UpdateDateColumn",
        "VersionColumn",
    )
)
_RELATIONS = frozenset(("ManyToOne", "OneToOne"))
_TYPES = {"bool": "BOOLEAN", "boolean": "BOOLEAN", "enum": "ENUM", "json": "JSON", "jsonb": "JSON", "text": "TEXT"}
_BASES = frozenset(("BaseEntity",))
"""Classes of TypeORM that bring no columns."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class _Mark(NamedTuple):
    """A decorator."""

    name: str
    arguments: tuple[ir.Expression, ...]

    @property
    def options(self) -> Mapping[str, ir.Expression]:
        """The object among its arguments."""
        return next((fields_of(each) for each in reversed(self.arguments) if isinstance(each, ir.Object)), {})

    @property
    def text(self) -> str | None:
        """Its first argument, if that is a text."""
        return text_of(self.arguments[0]) if self.arguments else None


def learn_entities(schema: Schema, code: Sequence[ir.Statement], facts: FileFacts) -> None:
    """Take the entities of a file into a schema."""
    if not any(each.specifier == "typeorm" for each in facts.imports):
        return
    for node in ir.walk(tuple(code)):
        if isinstance(node, ir.Class):
            marks = _marks(node.decorators)
            entity = next((mark for mark in marks if mark.name == "Entity"), None)
            if entity is not None:
                name = entity.text or text_of(entity.options.get("name")) or _HUMP.sub("_", node.name).lower()
                base = node.base
                is_whole = base is None or (isinstance(base, ir.Name) and base.id in _BASES)
                _learn(schema.create(name, facts.place(node.start), is_certain=is_whole), node, marks)


def _learn(table: Table, entity: ir.Class, marks: Sequence[_Mark]) -> None:
    columns: dict[str, str] = {}
    primary: list[str] = []
    for member in entity.members:
        if isinstance(member.key, str) and member.decorators:
            _learn_member(table, member.key, _marks(member.decorators), columns, primary)
    if primary:
        table.add(primary, is_unique=True)
    for mark in marks:
        if mark.name in {"Index", "Unique"}:
            listed = next((each for each in mark.arguments if isinstance(each, ir.Array)), None)
            names = [columns.get(name, name) for name in texts_of(listed)]
            table.is_certain &= bool(names)
            if names and not {"fulltext", "spatial"} & mark.options.keys():
                table.add(names, is_unique=_is_unique(mark))


def _learn_member(table: Table, key: str, marks: Sequence[_Mark], columns: dict[str, str], primary: list[str]) -> None:
    """A property: a column, or a relation that brings one."""
    name = _column(table, key, marks) or _joined(table, key, marks)
    if name is None:
        return
    columns[key] = name
    for mark in marks:
        if mark.name in {"PrimaryColumn", "PrimaryGeneratedColumn"} or is_true(mark.options.get("primary")):
            primary.append(name)
        elif mark.name in {"Index", "Unique"}:
            table.add([name], is_unique=_is_unique(mark))
        elif is_true(mark.options.get("unique")):
            table.add([name], is_unique=True)


def _column(table: Table, key: str, marks: Sequence[_Mark]) -> str | None:
    mark = next((mark for mark in marks if mark.name in _COLUMNS), None)
    if mark is None or any(isinstance(each, ir.Function) for each in mark.arguments):  # an embedded entity
        return None
    name = text_of(mark.options.get("name")) or key
    kind = mark.text or text_of(mark.options.get("type")) or ""
    table.columns[name.lower()] = Column(name, _TYPES.get(kind, ""))
    return name


def _joined(table: Table, key: str, marks: Sequence[_Mark]) -> str | None:
    """The column by which a relation joins; None on the side that has none."""
    relation = next((mark for mark in marks if mark.name in _RELATIONS), None)
    join = next((mark for mark in marks if mark.name == "JoinColumn"), None)
    if relation is None or (relation.name == "OneToOne" and join is None):
        return None
    name = text_of(join.options.get("name")) if join is not None else None
    name = name or f"{key}Id"
    table.columns.setdefault(name.lower(), Column(name))
    table.references.append((name.lower(),))
    if relation.name == "OneToOne":
        table.add([name], is_unique=True)
    return name


def _is_unique(mark: _Mark) -> bool:
    return mark.name == "Unique" or (is_true(mark.options.get("unique")) and "where" not in mark.options)


def _marks(decorators: Sequence[ir.Expression]) -> list[_Mark]:
    found = []
    for each in decorators:
        match each:
            case ir.Call(callee=ir.Name(id=name), arguments=arguments):
                found.append(_Mark(name, tuple(arguments)))
            case ir.Call(callee=ir.Member(name=name), arguments=arguments):
                found.append(_Mark(name, tuple(arguments)))
    return found
