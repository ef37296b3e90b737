"""Modules that nothing loads which runs."""

from __future__ import annotations

from collections.abc import Mapping

from medpro_audit.model.subjects.module import Module


def idle_modules(modules: Mapping[str, Module]) -> frozenset[str]:
    """Modules that nothing is seen to load, and those that only such ones load."""
    idle = {path for path, module in modules.items() if module.is_used is not True}
    waiting = set(modules) - idle
    while new := {path for path in waiting if _is_left_to(idle, modules[path])}:
        idle |= new
        waiting -= new
    return frozenset(idle)


def _is_left_to(idle: set[str], module: Module) -> bool:
    return module.kind != "entry" and bool(module.used_by) and idle.issuperset(module.used_by)
