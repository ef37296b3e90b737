"""Configuration files of ORMs and migration tools, in JSON or as modules that export an object.

sequelize-cli's ``config/config.json``, ``ormconfig.json`` of TypeORM, ``database.json`` of db-migrate, ``knexfile.js``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, line_of, read_node, text_of
from medpro_audit.facts import ir
from medpro_audit.model.database.driver import Options
from medpro_audit.model.database.families import family_of
from medpro_audit.model.database.files.env import environment_of
from medpro_audit.model.database.files.outside import Outside
from medpro_audit.model.database.settings import Setting, Settings, read_options
from medpro_audit.model.drivers.knex import KNEX
from medpro_audit.model.drivers.sequelize import SEQUELIZE
from medpro_audit.model.drivers.typeorm import TYPEORM
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    NULL,
    ArrayValue,
    Constant,
    Environment,
    Item,
    ObjectValue,
    Site,
    Value,
)
from medpro_audit.model.subjects import EnvironmentValue

if TYPE_CHECKING:
    import yaml

_MODULE = re.compile(r"(?:^|/)(?:(?:knexfile|ormconfig)|config/(?:config|database|sequelize))\.[cm]?[jt]s")
_JSON = re.compile(r"(?:^|/)(?:ormconfig\.json|database\.json|config/config\.json)")
_FORMS: tuple[tuple[str, Options], ...] = (
    ("client", KNEX),
    ("dialect", SEQUELIZE),
    ("type", TYPEORM),
    ("driver", SEQUELIZE),
)
"""The key that says which database it is, with how the rest is given."""
_STEPS = 100_000
_MAX_NODES = 5_000

LineOf = Callable[[str], int]
"""Line of the part of a file with this name; of its whole for the empty name."""


def is_orm_json(path: str) -> bool:
    """Whether a settings file belongs to an ORM, by its name."""
    return _JSON.search(path) is not None


def is_orm_module(path: str) -> bool:
    """Whether a source file may be the configuration of an ORM, by its name."""
    return _MODULE.search(path) is not None


def read_orm_json(interpreter: Interpreter, path: str, content: bytes) -> list[Outside] | Notice:
    """Databases in a JSON file; read as YAML, of which JSON is a part, because that knows lines."""
    root = read_node(path, content.replace(b"\t", b" "))
    if isinstance(root, Notice):
        return root

    def line(name: str) -> int:
        node = entries_of(root).get(name, root)
        port = entries_of(node).get("port") or node
        return line_of(port) if port is not None else 0

    site = Site(Module.empty(path), 0)
    return list(_databases(interpreter, _value_of(root, [_MAX_NODES]), site, line))


def read_orm_module(interpreter: Interpreter, path: str) -> list[Outside]:
    """Databases in what a module exports."""
    module = interpreter.module(path)
    if module is None:
        return []
    site = Site(module, 0)
    exported: Value = NULL
    interpreter.budget = _STEPS
    with suppress(Thrown, Exhausted):
        exported = interpreter.export_of(module, "default", site)
    interpreter.settle()
    statements = interpreter.code.module(path)

    def line(name: str) -> int:
        nodes = (
            node.value for node in ir.walk(statements) if isinstance(node, ir.Property) and (node.key == name or not name)
        )
        found = next((node for node in nodes), None)
        return module.facts.line_of(offset_of(found)) if found is not None else 1

    interpreter.budget = _STEPS
    return list(_databases(interpreter, exported, site, line))
