"""Modules that nothing loads which runs."""

from __future__ import annotations

from collections.abc import Mapping

from medpro_audit.model.subjects.module import Module


def idle_modules(modules: Mapping[str, Module]) -> frozenset[str]:
    """Modules that surely nothing loads, and those that only such ones lead to, in circles as well."""
    unused = {path for path, module in modules.items() if module.is_used is False}
    below = _spread(unused, modules, set(modules))
    entries = {path for path in below - unused if modules[path].kind == "entry"}
    loaded = {*modules, *(user for module in modules.values() for user in module.used_by)} - below | entries
    return frozenset(below - _spread(loaded, modules, below - unused))


def _spread(start: set[str], modules: Mapping[str, Module], among: set[str]) -> set[str]:
    """These, and what they load among some modules, directly or over others."""
    found = set(start)
    while new := {path for path in among - found if not found.isdisjoint(modules[path].used_by)}:
        found |= new
    return found
