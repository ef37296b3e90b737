"""Configuration files of ORMs and migration tools, in JSON or as modules that export an object.

sequelize-cli's ``config/config.json``, ``ormconfig.json`` of TypeORM, ``database.json`` of db-migrate, ``knexfile.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, line_of, read_node, text_of
from medpro_audit.facts import ir
from medpro_audit.model.database.driver import Field, KeyPath, Options
from medpro_audit.model.database.families import Family, family_of
from medpro_audit.model.database.files.env import environment_of
from medpro_audit.model.database.files.outside import Address, Outside, address_of, port_of, shown
from medpro_audit.model.database.settings import Settings, read_options
from medpro_audit.model.drivers.knex import KNEX
from medpro_audit.model.drivers.sequelize import SEQUELIZE
from medpro_audit.model.drivers.typeorm import TYPEORM
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.imports import export_of
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import ArrayValue, Constant, ObjectValue, Site, Value
from medpro_audit.model.subjects import EnvironmentValue

if TYPE_CHECKING:
    import yaml

_MODULE = re.compile(r"(?:.*/)?(?:(?:knexfile|ormconfig)|config/(?:config|database|sequelize))\.[cm]?[jt]s")
_JSON = re.compile(r"(?:.*/)?(?:ormconfig\.json|database\.json|config/config\.json)")
_FORMS: tuple[tuple[str, Options], ...] = (
    ("client", KNEX),
    ("dialect", SEQUELIZE),
    ("type", TYPEORM),
    ("driver", SEQUELIZE),
)
"""The key that says which database it is, with how the rest is given."""
_STEPS = 100_000


def is_orm_json(path: str) -> bool:
    """Whether a settings file belongs to an ORM, by its name."""
    return _JSON.fullmatch(path) is not None


def is_orm_module(path: str) -> bool:
    """Whether a source file may be the configuration of an ORM, by its name."""
    return _MODULE.fullmatch(path) is not None


# JSON


def read_orm_json(path: str, content: bytes) -> list[Outside] | Notice:
    """Databases in a JSON file; read as YAML, of which JSON is a part, because that knows lines."""
    root = read_node(path, content.replace(b"\t", b" "))
    if isinstance(root, Notice):
        return root
    named = [("", root), *(("", item) for item in items_of(root)), *entries_of(root).items()]
    return [found for name, node in named if (found := _in_json(name, node)) is not None]


def _in_json(name: str, node: yaml.Node | None) -> Outside | None:
    entries = entries_of(node)
    form = next(((key, options) for key, options in _FORMS if text_of(entries.get(key))), None)
    family = family_of(text_of(entries[form[0]]) or "") if form is not None else None
    if form is None or family is None:
        return None
    options = form[1]
    address = next(filter(None, (address_of(text) for text in _texts(entries, options.urls))), Address())
    port = entries.get("port")
    return Outside(
        line=line_of(port or next(iter(entries.values()))),
        source="orm",
        family=family,
        host=shown(_json_text(entries, options, "host")) or address.host,
        port=port_of(_json_text(entries, options, "port")) or address.port,
        database=shown(_json_text(entries, options, "database")) or address.database,
        name=name,
        environment=environment_of(f".{name}"),
    )


def _json_text(entries: dict[str, yaml.Node], options: Options, name: Field) -> str | None:
    return next(_texts(entries, options.fields.get(name, ())), None)


def _texts(entries: dict[str, yaml.Node], paths: Iterable[KeyPath]) -> Iterator[str]:
    for *outer, last in paths:
        inner = entries
        for key in outer:
            inner = entries_of(inner.get(key))
        text = text_of(inner.get(last))
        if text is not None and text != "null":
            yield text


# Modules


def read_orm_module(interpreter: Interpreter, path: str) -> list[Outside]:
    """Databases in what a module exports."""
    module = interpreter.module(path)
    if module is None:
        return []
    found: list[Outside] = []
    interpreter.budget = _STEPS
    with suppress(Thrown, Exhausted):
        exported = export_of(interpreter, module, "default", Site(module, 0))
        found.extend(_in_value(interpreter, exported, module))
    interpreter.settle()
    return found


def _in_value(interpreter: Interpreter, exported: Value, module: Module) -> Iterator[Outside]:
    named = [("", exported)]
    if isinstance(exported, ObjectValue):
        named.extend(exported.properties.items())
    elif isinstance(exported, ArrayValue):
        named.extend(("", item.value) for item in exported.items)
    for name, value in named:
        found = _options_of(value)
        if found is not None:
            family, options = found
            settings = read_options(interpreter, options, value, Site(module, 0))
            yield _outside(name, settings.family or family, settings, _line(interpreter, module, name))


def _options_of(value: Value) -> tuple[Family, Options] | None:
    """The kind of database that an object is the configuration of, and its form; None for any other object."""
    if not isinstance(value, ObjectValue):
        return None
    for key, options in _FORMS:
        match value.properties.get(key):
            case Constant(value=str() as word) if (family := family_of(word)) is not None:
                return family, options
    return None


def _outside(name: str, family: Family, settings: Settings, line: int) -> Outside:
    host, database = (_shown(settings, key) for key in ("host", "database"))
    ports = settings.fields["port"].ports if "port" in settings.fields else ()
    return Outside(
        line=line,
        source="orm",
        family=family,
        host=host,
        port=ports[0] if len(ports) == 1 else None,
        database=database,
        name=name,
        environment=environment_of(f".{name}"),
    )


def _shown(settings: Settings, name: Field) -> str | None:
    value = settings.fields[name].value if name in settings.fields else None
    return shown(value.default if isinstance(value, EnvironmentValue) else value)


def _line(interpreter: Interpreter, module: Module, name: str) -> int:
    """Where an entry of the exported object is written, else where its port is."""
    statements = interpreter.code.module(module.path)
    entries = [node for node in ir.walk(statements) if isinstance(node, ir.Property)]
    found = next((node.value for node in entries if node.key == (name or "port")), None)
    return module.facts.line_of(offset_of(found)) if found is not None else 1
