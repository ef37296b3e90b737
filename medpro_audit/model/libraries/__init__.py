"""Models of npm packages and Node modules that wiring code depends on.

A model is one file in `libraries`, `frameworks` or `validators` with a mapping ``PACKAGES``: package name (with its
subpath) → function that makes the value which ``require`` of it yields. Files are found by being there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from medpro_audit.model.evaluation.values import External, Value

Maker = Callable[[], Value]

_FOLDERS = ("libraries", "frameworks", "validators")


@cache
def models() -> Mapping[str, Maker]:
    """All modelled packages."""
    found: dict[str, Maker] = {}
    for folder in _FOLDERS:
        package = import_module(f"medpro_audit.model.{folder}")
        for module in sorted(iter_modules(package.__path__), key=lambda module: module.name):
            found.update(getattr(import_module(f"{package.__name__}.{module.name}"), "PACKAGES", {}))
    return found


def library_value(package: str, subpath: str = "") -> Value:
    """What ``require`` of a package yields: its model's value, else an external one."""
    name = f"{package}/{subpath}" if subpath else package
    maker = models().get(name) or models().get(package)
    return maker() if maker is not None else External(package, "")


@cache
def frameworks() -> frozenset[str]:
    """Packages that are web frameworks: modules that use one may wire an application."""
    package = import_module("medpro_audit.model.frameworks")
    names = (module.name for module in iter_modules(package.__path__))
    return frozenset(
        name for module in names for name in getattr(import_module(f"{package.__name__}.{module}"), "PACKAGES", {})
    )
