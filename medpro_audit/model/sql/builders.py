"""What code says of a schema: Knex's schema builder, Sequelize's query interface and its models.

https://knexjs.org/guide/schema-builder.html, https://sequelize.org/docs/v6/other-topics/query-interface/,
https://sequelize.org/docs/v6/other-topics/indexes/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.sql.schema import Column, Schema, Table
from medpro_audit.model.sql.written import fields_of, is_true, text_of, texts_of

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
    name = text_of(call.arguments[0])
    second = call.arguments[1] if len(call.arguments) > 1 else None
    if call.callee.name in {"define", "init"}:
        _learn_model(schema, call.callee, call.arguments, place)
    if name is None:
        return
    match call.callee.name, second:
        case "createTable" | "createTableIfNotExists", ir.Function() as define:
            _learn_table(schema.create(name, place), define)
        case "table" | "alterTable", ir.Function() as define:
            _learn_table(schema.change(name, place), define)
        case "createTable", ir.Object() as columns:
            _learn_columns(schema.create(name, place), columns)
        case "createTable", _:
            schema.create(name, place, is_certain=False)
        case "addColumn" | "changeColumn", ir.Literal(value=str() as column) if len(call.arguments) > 2:  # noqa: PLR2004 - how it is
            _learn_sequelize_column(schema.change(name, place), column, call.arguments[2])
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
    column = text_of(first.arguments[0]) if first.arguments else None
    begins = call is first
    listed = texts_of(call.arguments[0]) if begins and call.arguments else [column] if column else []
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


def _learn_model(schema: Schema, callee: ir.Member, arguments: tuple[ir.Expression, ...], place: Place) -> None:
    """Take ``sequelize.define(name, attributes, options)`` or ``Model.init(attributes, options)`` into a schema."""
    named = arguments[0] if callee.name == "define" else callee.object
    attributes, options = (*arguments[callee.name == "define" :], None, None)[:2]
    fields = fields_of(options)
    if not isinstance(attributes, ir.Object) or (callee.name == "init" and "sequelize" not in fields):
        return
    name = text_of(fields.get("modelName")) or text_of(named) or (named.id if isinstance(named, ir.Name) else "")
    for each in _table_names(name, fields):
        table = schema.describe(each, place)
        _learn_columns(table, attributes)
        _learn_conventions(table, fields)
        _learn_indexes(table, fields.get("indexes"))


def _table_names(name: str, options: Mapping[str, ir.Expression]) -> Sequence[str]:
    """Names that a model's table may have: the model's own and its plural, unless the options say which."""
    if "tableName" in options:
        return texts_of(options["tableName"])
    stem, last = name[:-1], name[-1:]
    plural = (
        f"{stem}ies" if last == "y" and name[-2:-1] not in "aeiou" else f"{name}es" if last in "sxz" else f"{name}s"
    )
    return [name] if is_true(options.get("freezeTableName")) else [name, plural] if name else []


def _learn_conventions(table: Table, options: Mapping[str, ir.Expression]) -> None:
    """The columns that Sequelize adds by itself."""
    if not any(index.is_unique and index.columns == ("id",) for index in table.indexes) and "id" not in table.columns:
        table.columns["id"] = Column("id")
        table.add(["id"], is_unique=True)
    names = ("created_at", "updated_at") if is_true(options.get("underscored")) else ("createdAt", "updatedAt")
    for name in names:
        table.columns.setdefault(name.lower(), Column(name))


def _learn_indexes(table: Table, indexes: ir.Expression | None) -> None:
    """The list of indexes in a model's options."""
    for item in indexes.items if isinstance(indexes, ir.Array) else ():
        fields = fields_of(item)
        columns = texts_of(fields.get("fields"))
        table.is_certain &= bool(columns)
        if columns and str(text_of(fields.get("type")) or "").upper() not in {"FULLTEXT", "SPATIAL"}:
            table.add(columns, is_unique=is_true(fields.get("unique")) and "where" not in fields)
    table.is_certain &= indexes is None or isinstance(indexes, ir.Array)


def _learn_columns(table: Table, columns: ir.Object) -> None:
    for each in columns.properties:
        if each.kind != "value" or not isinstance(each.key, str):
            table.is_certain = False
            continue
        _learn_sequelize_column(table, each.key, each.value)


def _learn_sequelize_column(table: Table, key: str, value: ir.Expression) -> None:
    fields = fields_of(value)
    written = text_of(fields.get("field")) or key
    name = written.lower()
    kind = fields.get("type", value)
    table.columns[name] = Column(written, _sequelize_type(kind))
    if is_true(fields.get("primaryKey")) or (fields.get("unique") is not None):
        table.add([name], is_unique=True)
    if "references" in fields:
        table.references.append((name,))


def _learn_index(table: Table, call: ir.Call | ir.New, second: ir.Expression | None) -> None:
    options = next((each for each in call.arguments if isinstance(each, ir.Object)), None)
    fields = fields_of(options) if options is not None else {}
    columns = texts_of(second) if isinstance(second, ir.Array) else texts_of(fields.get("fields"))
    kind = str(text_of(fields.get("type")) or "").lower()
    is_unique = is_true(fields.get("unique")) or kind in {"unique", "primary key"}
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
