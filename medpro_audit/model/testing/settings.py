"""Settings of test runners, read without running them: JSON, YAML, and JavaScript, followed like other code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, read_node, text_of
from medpro_audit.model.evaluation.control import Exhausted, Fruitless, Thrown
from medpro_audit.model.evaluation.handing_over import call_from_outside
from medpro_audit.model.evaluation.imports import export_of
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    Constant,
    Deferred,
    External,
    FunctionValue,
    ObjectValue,
    Pattern,
    Site,
    Value,
)
from medpro_audit.model.known import Known
from medpro_audit.model.modules.jsonc import Json, as_object, read_object

if TYPE_CHECKING:
    import yaml

Settings = Mapping[str, Json]

UNREAD = "\0unread"
"""Stands for a value that can't be told from the text."""
STEPS = 20_000
"""Budget of one configuration file."""
MAX_DEPTH = 8


def settings_in(known: Known, path: str) -> Settings | None:
    """The settings of a file; None when it can't be read, or is no object."""
    if path.endswith((".json", ".jsonc", ".json5")) or path.rpartition("/")[2] in {".mocharc", ".nycrc", ".c8rc"}:
        content = known.base.inventory.settings.get(path) or known.base.read_asset(path)
        found = read_object(path, content) if content is not None else None
        return None if found is None or isinstance(found, Notice) else found
    if path.endswith((".yml", ".yaml")):
        return _yaml(known, path)
    return _code(known, path)


def section_of(known: Known, manifest: str, name: str) -> Settings | None:
    """A section of a package.json, such as ``jest``; None when there is none."""
    fields = settings_in(known, manifest)
    section = fields.get(name) if fields is not None else None
    return section if isinstance(section, dict) else None


def is_unread(value: Json) -> bool:
    """Whether something of a value can't be told."""
    match value:
        case str():
            return UNREAD in value
        case list():
            return any(map(is_unread, value))
        case dict():
            return any(map(is_unread, value.values()))
    return False


def _yaml(known: Known, path: str) -> Settings | None:
    content = known.base.read_asset(path)
    root = read_node(path, content) if content is not None else None
    if root is None or isinstance(root, Notice):
        return None
    return {key: _scalars(node) for key, node in entries_of(root).items()}


def _scalars(node: yaml.Node) -> Json:
    """A scalar, or the scalars of a list: runners have no deeper settings in YAML."""
    items = items_of(node)
    if items:
        return [text_of(item) for item in items]
    text = text_of(node) or ""
    flags: Mapping[str, Json] = {"true": True, "false": False}
    return flags.get(text, text)


def _code(known: Known, path: str) -> Settings | None:
    """What a module exports, functions such as ``defineConfig`` looked through."""
    interpreter = known.base.interpreter
    with interpreter.aside():
        interpreter.budget = STEPS
        interpreter.effect()
        module = interpreter.module(path)
        if module is None:
            return None
        try:
            value = export_of(interpreter, module, "default", Site(module, 0))
            settled = _settled(value, known)
            return as_object(_plain(settled, 0)) if isinstance(settled, ObjectValue) else None
        except (Exhausted, Fruitless, Thrown):
            return None


def _settled(value: Value, known: Known) -> Value:
    """The object that a configuration is, or that it is made from."""
    for _ in range(MAX_DEPTH):
        if isinstance(value, Deferred):
            value = value.force()
        elif isinstance(value, External) and value.call is not None and value.call.arguments:
            value = value.call.arguments[-1].value  # defineConfig({ … }), mergeConfig(base, { … })
        elif isinstance(value, FunctionValue):
            value = call_from_outside(known.base.interpreter, value, Site(value.module, value.node.start))
        elif isinstance(value, Choice):
            value = next((one for one, _ in value.options if isinstance(one, ObjectValue)), value.options[0][0])
        else:
            break
    return value


def _plain(value: Value, depth: int) -> Json:
    if isinstance(value, Deferred):
        value = value.force()
    if depth > MAX_DEPTH:
        return UNREAD
    match value:
        case Constant(value=plain):
            return plain
        case Pattern(source=source):
            return source
        case ArrayValue(items=items, is_open=is_open):
            return [*(_plain(item.value, depth + 1) for item in items), *([UNREAD] if is_open else [])]
        case ObjectValue(properties=properties):
            return {name: _plain(inner, depth + 1) for name, inner in properties.items()}
        case External(call=call) if call is not None and call.arguments and depth < 2:  # noqa: PLR2004 - defineProject
            inner = call.arguments[-1].value
            return _plain(inner, depth + 1) if isinstance(inner, ObjectValue) else UNREAD
    return UNREAD
