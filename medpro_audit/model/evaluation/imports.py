"""What modules import and export: ``require()``, ``import`` and namespaces of modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.control import Thrown
from medpro_audit.model.evaluation.program import Export, Module
from medpro_audit.model.evaluation.values import UNDEFINED, Deferred, Item, Native, ObjectValue, Site, Unknown, Value

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


class ModuleNamespace(Native):
    """All exports of a module as one object: ``import * as x``, or ``require`` of an ECMAScript module."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """An exported value; ``default`` stands for the namespace when there is no default export."""
        if name == "then":  # of the promise that ``import()`` yields
            return UNDEFINED
        value = export_of(interpreter, self.module, name, site)
        if value is UNDEFINED and name == "default":
            return self
        return value

    def entries(self, interpreter: Interpreter, site: Site) -> Iterable[tuple[str, Item]]:
        """Names and values, for code that loops over them."""
        names = export_names(interpreter, self.module)
        return [(name, Item(export_of(interpreter, self.module, name, site))) for name in names]

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Calling a namespace means its default export."""
        value = export_of(interpreter, self.module, "default", site)
        if value is UNDEFINED:
            return Unknown("a module is called that exports no function", site.place)
        return interpreter.call(value, arguments, site)

    construct = call


def require(interpreter: Interpreter, module: Module, specifier: str, site: Site) -> Value:
    """The value of ``require(specifier)`` in a module."""
    interpreter.leads += 1  # a function that loads modules may load other ones with other arguments
    target = interpreter.linker.link(interpreter, module, specifier, site)
    if not isinstance(target, Module):
        if interpreter.tries and isinstance(target, Unknown) and specifier.startswith("."):
            raise Thrown  # there is no such file: this is what the block around it is for
        return target
    interpreter.start(target)
    is_namespace = target.is_ecmascript and not target.is_replaced
    return ModuleNamespace(target) if is_namespace else target.common_exports


def imported(interpreter: Interpreter, module: Module, specifier: str, name: str, site: Site) -> Value:
    """The value that ``import { name } from specifier`` binds."""
    target = interpreter.linker.link(interpreter, module, specifier, site)
    if not isinstance(target, Module):
        return target if name == "*" else interpreter.member(target, name, site)
    interpreter.start(target)
    return ModuleNamespace(target) if name == "*" else export_of(interpreter, target, name, site)


def export_of(interpreter: Interpreter, module: Module, name: str, site: Site) -> Value:
    """An exported value of a module, whatever kind of module it is."""
    interpreter.start(module)
    export = module.exports.get(name)
    if export is not None and not (name == "default" and module.is_replaced):
        return _exported(interpreter, module, export, site)
    if module.stars and name != "default":
        value = _exported_again(interpreter, module, name, site)
        if value is not None:
            return value
    common = module.common_exports
    if module.is_ecmascript and isinstance(common, ObjectValue) and not common.properties:
        return UNDEFINED
    if name == "default":
        return _default_of(interpreter, common, site)
    return interpreter.member(common, name, site)


def _exported_again(interpreter: Interpreter, module: Module, name: str, site: Site) -> Value | None:
    """What a module exports because another one does; of a package it isn't known what it exports."""
    elsewhere: Value | None = None
    for target in _starred(interpreter, module):
        if isinstance(target, Module):
            if name in target.exports:
                return _exported(interpreter, target, target.exports[name], site)
            if name in _names_in(target.common_exports):
                return interpreter.member(target.common_exports, name, site)
        elif elsewhere is None and not isinstance(target, Unknown):
            elsewhere = interpreter.member(target, name, site)
    return elsewhere


def _starred(interpreter: Interpreter, module: Module) -> Iterator[Module | Value]:
    """What a module exports all of, and what that exports all of in turn, each once."""
    seen, pending = {module.path}, [module]
    for owner in pending:
        for specifier in owner.stars:
            target = interpreter.linker.link(interpreter, owner, specifier, Site(owner, 0))
            if not isinstance(target, Module):
                yield target
            elif target.path not in seen:
                seen.add(target.path)
                pending.append(target)
                interpreter.start(target)
                yield target


def _default_of(interpreter: Interpreter, common: Value, site: Site) -> Value:
    """``import x from`` a CommonJS module: its ``default`` if a compiler made it, else all of it."""
    if isinstance(common, ObjectValue) and "__esModule" in common.properties:
        return interpreter.member(common, "default", site)
    return common


def _exported(interpreter: Interpreter, module: Module, export: Export, site: Site) -> Value:
    if export.value is not None:
        return export.value
    if export.source:
        return imported(interpreter, module, export.source, export.local, site)
    scope = export.scope.find(export.local) if export.scope is not None else None
    if scope is None:
        return Unknown(f"{export.local} is exported before it has a value", site.place)
    value = scope.names[export.local]
    return value.force() if isinstance(value, Deferred) else value


def export_names(interpreter: Interpreter, module: Module) -> list[str]:
    """Names that a module exports, in the order of its source."""
    interpreter.start(module)
    names: dict[str, None] = {}
    for one in (module, *_starred(interpreter, module)):
        if isinstance(one, Module):
            names.update(dict.fromkeys(name for name in one.exports if name != "default"))
            names.update(dict.fromkeys(_names_in(one.common_exports)))
    return list(names)


def _names_in(exports: Value) -> Sequence[str]:
    """Names that a CommonJS module exports."""
    return (*exports.properties, *exports.accessors) if isinstance(exports, ObjectValue) else ()
