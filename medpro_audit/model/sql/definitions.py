"""What CREATE TABLE, CREATE INDEX and ALTER TABLE say of a schema; loads the parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sqlglot import exp

from medpro_audit.core.place import Place
from medpro_audit.model.sql.parser import parsed
from medpro_audit.model.sql.schema import Column, Dialect, Schema, Table

MAX_STATEMENTS = 2_000
"""Definitions of one file that are read."""

_TOKEN = re.compile(
    r"--[^\n]*|\#[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|\$(\w*)\$.*?\$\1\$|;", re.DOTALL
)
_DEFINES = re.compile(
    r"\s*(?:create\s+(?:temporary\s+|temp\s+|unlogged\s+)?table|create\s+(?:unique\s+)?index|alter\s+table)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:table|on)\s+(?:if\s+not\s+exists\s+|if\s+exists\s+|only\s+)?([\w.`\"\[\]]+)", re.IGNORECASE)
_MATTERS = re.compile(r"\b(create|index|key|unique|primary|constraint|references)\b", re.IGNORECASE)
"""Words of definitions that may bring an index, or a table."""
_OTHERS: tuple[Dialect, ...] = ("sqlite", "postgres")
"""Dialects in which migrations are written too."""
_COMMENT = re.compile(r"--[^\n]*|/\*(?!!).*?\*/", re.DOTALL)


def definitions_in(text: str) -> Iterator[tuple[str, int]]:
    """The statements of an SQL file that define something, each with its offset."""
    start = count = 0
    for end in (*(token.start() for token in _TOKEN.finditer(text) if token[0] == ";"), len(text)):
        statement = text[start:end]
        plain = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), statement)
        found = _DEFINES.match(plain)
        if found is not None and count < MAX_STATEMENTS:
            count += 1
            yield plain, start + len(plain) - len(plain.lstrip())
        start = end + 1


def learn(schema: Schema, statement: str, place: Place) -> None:
    """Take a definition into a schema; what can't be understood leaves the table it names uncertain."""
    tree = next((tree for each in (schema.dialect, *_OTHERS) if (tree := parsed(statement, each)) is not None), None)
    match tree:
        case exp.Create(kind="TABLE", this=exp.Schema(this=exp.Table() as named) as body):
            table = schema.create(named.name, place)
            for item in body.expressions:
                _learn_item(table, item)
        case exp.Create(kind="INDEX", this=exp.Index() as index):
            _learn_index(schema, index, tree, place)
        case exp.Alter(this=exp.Table() as named):
            table = schema.change(named.name, place)
            for action in tree.args.get("actions") or ():
                _learn_action(table, action)
        case _:
            found = _NAMED.search(statement)
            if found is not None and _MATTERS.search(statement):
                schema.change(found[1], place).is_certain = False


def _learn_action(table: Table, action: exp.Expr) -> None:
    match action:
        case exp.AddConstraint():
            for item in action.expressions:
                _learn_item(table, item)
        case exp.ColumnDef() | exp.Schema() | exp.ModifyColumn():
            for item in action.find_all(exp.ColumnDef):
                _learn_item(table, item)


def _learn_item(table: Table, item: exp.Expr) -> None:
    match item:
        case exp.ColumnDef():
            _learn_column(table, item)
        case exp.Constraint():
            for inner in item.expressions:
                _learn_item(table, inner)
        case exp.PrimaryKey() | exp.PrimaryKeyColumnConstraint():
            table.add(_names(item.expressions), is_unique=True)
        case exp.UniqueColumnConstraint():
            body = item.this
            table.add(_names(body.expressions if isinstance(body, exp.Schema) else [body]), is_unique=True)
        case exp.IndexColumnConstraint():
            if str(item.args.get("kind") or "").upper() not in {"FULLTEXT", "SPATIAL"}:
                table.add(_names(item.expressions))
        case exp.ForeignKey():
            table.references.append(tuple(name.lower() for name in _names(item.expressions)))


def _learn_column(table: Table, column: exp.ColumnDef) -> None:
    name = column.name.lower()
    kind = column.args.get("kind")
    table.columns[name] = Column(column.name, _type(kind) if kind is not None else "")
    for constraint in column.args.get("constraints") or ():
        match constraint.args.get("kind"):
            case exp.PrimaryKeyColumnConstraint() | exp.UniqueColumnConstraint():
                table.add([name], is_unique=True)
            case exp.Reference():
                table.references.append((name,))  # MySQL makes nothing of it, MariaDB an index: in doubt there is one


def _type(kind: exp.Expr) -> str:
    name = str(kind.sql("mysql")).upper()
    return name if name == "TINYINT(1)" else name.partition("(")[0]


def _learn_index(schema: Schema, index: exp.Index, tree: exp.Create, place: Place) -> None:
    named = index.args.get("table")
    parameters = index.args.get("params")
    terms = (parameters.args.get("columns") or ()) if parameters is not None else ()
    if not isinstance(named, exp.Table):
        return
    columns, functions = [], []
    for term in terms:
        inner = term.this if isinstance(term, exp.Ordered) else term
        is_plain = isinstance(inner, exp.Column | exp.Identifier)
        columns.append(inner.name if is_plain else "")
        functions += [] if is_plain else [column.name.lower() for column in inner.find_all(exp.Column)]
    is_partial = parameters is not None and parameters.args.get("where")
    is_unique = bool(tree.args.get("unique")) and not is_partial
    schema.change(named.name, place).add(columns, is_unique=is_unique and not functions, expressions=functions)


def _names(nodes: Iterable[exp.Expr]) -> list[str]:
    """Names of columns; of ``name(10)`` and ``name DESC`` too."""
    found = []
    for node in nodes:
        inner = node.this if isinstance(node, exp.Ordered) else node
        found.append(inner.name)
    return found
