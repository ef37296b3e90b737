"""SQL in strings, statements that may be queries and those that define tables and indexes; models that define them."""

from medpro_audit.extract.interests import Interest


def _word(word: bytes, rest: bytes) -> bytes:
    """A word of its own; that is asked behind it, so that the search still skips to the literal."""
    return rb"(" + word + rb")(?<![\w.$-]" + word + rb")" + rest


_STATEMENTS = (
    (b"SELECT", rb"[\s(*$`\"]"),
    (b"select", rb"\s"),
    (b"INSERT", rb"\s+(?:IGNORE\s+)?INTO\s"),
    (b"insert into", rb"\s"),
    (b"UPDATE", rb"\s+[^\s;]+"),
    (b"update", rb"\s+[\w.`\"$\{\}]+\s+set\s"),
    (b"DELETE", rb"\s+FROM\s"),
    (b"delete from", rb"\s"),
)
_DEFINITIONS = (
    (b"CREATE", rb"\s+(?:UNIQUE\s+|TEMPORARY\s+)?(?:TABLE|INDEX)\s"),
    (b"create table", rb"\s"),
    (b"ALTER TABLE", rb"\s"),
)
_BUILDERS = (
    rb"(createTable)\s*\(",
    rb"(createTableIfNotExists)\s*\(",
    rb"(alterTable)\s*\(",
    rb"(addIndex)\s*\(",
    rb"(addColumn)\s*\(",
    rb"(changeColumn)\s*\(",
    rb"(addConstraint)\s*\(",
    rb"schema\.(table)\s*\(",
    rb"\.(define)\s*(?:<[\w\s,<>.|]*>)?\(\s*['\"]",
    rb"\.(init)\s*\(\s*\{",
)

INTERESTS = (
    *(Interest("sql", _word(word, rest), "string") for word, rest in _STATEMENTS),
    *(Interest("sql-definition", _word(word, rest), "string") for word, rest in _DEFINITIONS),
    *(Interest("schema-builder", pattern, "call") for pattern in _BUILDERS),
    Interest("entity", rb"@(Entity)\s*\(", "call"),
)
