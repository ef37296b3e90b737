"""What migrations in code say of a schema: Knex's schema builder and Sequelize's query interface.

https://knexjs.org/guide/schema-builder.html, https://sequelize.org/docs/v6/other-topics/query-interface/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.sql.schema import Column, Schema, Table

_KEYS = frozenset(("increments", "bigIncrements"))
_TYPES = {
    "boolean": "BOOLEAN",
    "BOOLEAN": "BOOLEAN",
    "enu": "ENUM",
    "enum": "ENUM",
    "ENUM": "ENUM",
    "json": "JSON",
    "jsonb": "JSON",
    "JSON": "JSON",
    "text": "TEXT",
    "TEXT": "TEXT",
}
_NO_COLUMNS = frozenset(
    ("index", "unique", "primary", "foreign", "dropColumn", "dropIndex", "dropUnique", "dropForeign")
)


def learn_call(schema: Schema, call: ir.Call | ir.New, place: Place) -> None:
    """Take a call of a schema builder into a schema."""
    if not isinstance(call.callee, ir.Member) or not call.arguments:
        return
    name = _text(call.arguments[0])
    if name is None:
        return
    second = call.arguments[1] if len(call.arguments) > 1 else None
    match call.callee.name, second:
        case "createTable" | "createTableIfNotExists", ir.Function() as define:
            _learn_table(schema.create(name, place), define)
        case "table" | "alterTable", ir.Function() as define:
            _learn_table(schema.change(name, place), define)
        case "createTable", ir.Object() as columns:
            _learn_columns(schema.create(name, place), columns)
        case "createTable", _:
            schema.create(name, place, is_certain=False)
        case "addIndex" | "addConstraint", _:
            _learn_index(schema.change(name, place), call, second)


# Knex


def _learn_table(table: Table, define: ir.Function) -> None:
    names = [each.target.id for each in define.parameters if isinstance(each.target, ir.Name)]
    for node in ir.walk(define.body or ()):
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
            links = list(_chain(node))
            root = links[-1].callee.object if isinstance(links[-1].callee, ir.Member) else None
            if isinstance(root, ir.Name) and root.id in names:
                _learn_link(table, node.callee.name, node, links[-1])


def _learn_link(table: Table, method: str, call: ir.Call, first: ir.Call) -> None:
    """One call of a chain such as ``table.string('name').notNullable().unique()``."""
    column = _text(first.arguments[0]) if first.arguments else None
    begins = call is first
    listed = _texts(call.arguments[0]) if begins and call.arguments else [column] if column else []
    match method:
        case "primary" | "unique":
            table.add(listed, is_unique=True)
        case "index":
            table.add(listed)
        case "references" if column is not None and _method(first) != "foreign":
            table.references.append((column.lower(),))
        case "foreign":
            table.references.append(tuple(name.lower() for name in listed))
        case "timestamps":
            for name in ("created_at", "updated_at"):
                table.columns[name] = Column(name)
        case _ if begins and method not in _NO_COLUMNS:
            _learn_column(table, method, column or ("id" if method in _KEYS else ""))


def _learn_column(table: Table, method: str, name: str) -> None:
    if name:
        table.columns[name.lower()] = Column(name, _TYPES.get(method, ""))
    if name and method in _KEYS:
        table.add([name], is_unique=True)


def _chain(call: ir.Call) -> Iterator[ir.Call]:
    """A chained call and those before it, last first."""
    current: ir.Expression = call
    while isinstance(current, ir.Call) and isinstance(current.callee, ir.Member):
        yield current
        current = current.callee.object


def _method(call: ir.Call) -> str:
    return call.callee.name if isinstance(call.callee, ir.Member) else ""


# Sequelize


def _learn_columns(table: Table, columns: ir.Object) -> None:
    for each in columns.properties:
        if each.kind != "value" or not isinstance(each.key, str):
            table.is_certain = False
            continue
        name = each.key.lower()
        fields = _fields(each.value)
        kind = fields.get("type", each.value)
        table.columns[name] = Column(each.key, _sequelize_type(kind))
        if _is_true(fields.get("primaryKey")) or (fields.get("unique") is not None):
            table.add([name], is_unique=True)
        if "references" in fields:
            table.references.append((name,))


def _learn_index(table: Table, call: ir.Call | ir.New, second: ir.Expression | None) -> None:
    options = next((each for each in call.arguments if isinstance(each, ir.Object)), None)
    fields = _fields(options) if options is not None else {}
    columns = _texts(second) if isinstance(second, ir.Array) else _texts(fields.get("fields"))
    kind = str(_text(fields.get("type")) or "").lower()
    is_unique = _is_true(fields.get("unique")) or kind in {"unique", "primary key"}
    if kind == "foreign key":
        table.references.append(tuple(name.lower() for name in columns))
    elif columns:
        table.add(columns, is_unique=is_unique)
    else:
        table.is_certain = False


def _sequelize_type(node: ir.Expression) -> str:
    while isinstance(node, ir.Call):
        node = node.callee
    return _TYPES.get(node.name, "") if isinstance(node, ir.Member) else ""


def _fields(node: ir.Expression | None) -> dict[str, ir.Expression]:
    if not isinstance(node, ir.Object):
        return {}
    return {each.key: each.value for each in node.properties if isinstance(each.key, str) and each.kind == "value"}


def _is_true(node: ir.Expression | None) -> bool:
    return isinstance(node, ir.Literal) and node.value is True


def _text(node: ir.Expression | None) -> str | None:
    return node.value if isinstance(node, ir.Literal) and isinstance(node.value, str) else None


def _texts(node: ir.Expression | None) -> Sequence[str]:
    if isinstance(node, ir.Array):
        texts = [_text(_fields(item).get("name", item)) if item is not None else None for item in node.items]
        return [text for text in texts if text is not None]
    text = _text(node)
    return [text] if text is not None else []
