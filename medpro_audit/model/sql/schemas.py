"""The schema of each package that speaks SQL: from SQL files, migrations, models, and statements in the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.core.place import Place
from medpro_audit.model.sql.builders import learn_call
from medpro_audit.model.sql.dialects import dialects
from medpro_audit.model.sql.entities import learn_entities
from medpro_audit.model.sql.prisma_models import learn_prisma
from medpro_audit.model.sql.rebuilding import rebuild
from medpro_audit.model.sql.schema import Schema
from medpro_audit.model.sql.sources import spots_of

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

MAX_FILES = 300
"""SQL files that are read."""


def schemas(known: Known) -> dict[str, Schema]:
    """By folder of the package; what stands in a package that asks nothing counts for all that do."""
    files = known.base.facts
    asking = {known.base.backend_of(path) for path in files if files[path].texts.get("sql") and _counts(known, path)}
    found = {folder: Schema(dialect) for folder, dialect in dialects(known).items() if folder in asking}
    if not found:
        return found
    for path in _assets(known, ".sql"):
        content = known.base.read_asset(path)
        for schema in _for(known, found, path) if content is not None else ():
            _learn_file(schema, (content or b"").decode("utf-8", "replace"), path)
    for path in _assets(known, ".prisma"):
        content = known.base.read_asset(path)
        for schema in _for(known, found, path) if content is not None else ():
            learn_prisma(schema, (content or b"").decode("utf-8", "replace"), path)
    for path, facts in known.base.facts.items():
        if facts.calls.get("schema-builder") or facts.texts.get("sql-definition") or facts.calls.get("entity"):
            for schema in _for(known, found, path):
                _learn_code(known, schema, path)
    return found


def schema_of(known: Known, path: str) -> Schema | None:
    """The schema that the statements of a file are asked of; None for a package that speaks no SQL."""
    found = known.shared(schemas)
    return found.get(known.base.backend_of(path)) or (next(iter(found.values())) if len(found) == 1 else None)


def _assets(known: Known, ending: str) -> list[str]:
    paths = (path for path in known.base.inventory.paths if path.endswith(ending))
    return sorted(path for path in paths if known.base.roles.get(path) != "test")[:MAX_FILES]


def _for(known: Known, found: dict[str, Schema], path: str) -> list[Schema]:
    own = found.get(known.base.backend_of(path))
    return [own] if own is not None else list(found.values())


def _counts(known: Known, path: str) -> bool:
    return known.base.roles.get(path) in {"server", "script"}


def _learn_file(schema: Schema, text: str, path: str) -> None:
    from medpro_audit.model.sql.definitions import definitions_in, learn  # noqa: PLC0415 - loads the parser

    for statement, at in definitions_in(text):
        learn(schema, statement, Place(path, text.count("\n", 0, at) + 1))


def _learn_code(known: Known, schema: Schema, path: str) -> None:
    facts = known.base.facts[path]
    if not _counts(known, path):
        return
    for fact in facts.calls.get("schema-builder", ()):
        learn_call(schema, fact.call, facts.place(fact.call.at))
    if facts.calls.get("entity"):
        learn_entities(schema, known.base.interpreter.code.module(path), facts)
    for text, at in _definitions(known, path):
        from medpro_audit.model.sql.definitions import definitions_in, learn  # noqa: PLC0415 - loads the parser

        for statement, _ in definitions_in(text):
            learn(schema, statement, facts.place(at))


def _definitions(known: Known, path: str) -> Iterator[tuple[str, int]]:
    if known.base.facts[path].texts.get("sql-definition"):
        for spot in spots_of(known, path).definitions():
            yield rebuild(spot.pieces).text, spot.at
