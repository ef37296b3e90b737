"""Models of npm packages and Node modules that wiring code depends on.

A model is one file in `libraries`, `frameworks` or `validators` with a mapping ``PACKAGES``: package name (with its
subpath) → function that makes the value which ``require`` of it yields. Files are found by being there. Those of
frameworks are loaded when a package is met whose name holds the file's name as a word: ``koa.py`` for ``@koa/router``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from medpro_audit.model.evaluation.values import External, Value

Maker = Callable[[], Value]

_FOLDERS = ("libraries", "validators")
_FRAMEWORKS = "medpro_audit.model.frameworks"
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@cache
def models() -> Mapping[str, Maker]:
    """All modelled packages but those of frameworks."""
    found: dict[str, Maker] = {}
    for folder in _FOLDERS:
        package = f"medpro_audit.model.{folder}"
        for name in _files(package):
            found.update(_makers_of(import_module(f"{package}.{name}")))
    return found


def library_value(package: str, subpath: str = "") -> Value:
    """What ``require`` of a package yields: its model's value, else an external one."""
    name = f"{package}/{subpath}" if subpath else package
    maker = _maker(name) or _maker(package)
    return maker() if maker is not None else External(package, "")


@cache
def is_framework(package: str) -> bool:
    """Whether a package is, or belongs to, a web framework: modules that use it may wire an application."""
    return any(package in _makers_of(module) for module in _frameworks_named_in(package))


def _makers_of(module: ModuleType) -> Mapping[str, Maker]:
    """Packages that a file models."""
    makers: Mapping[str, Maker] = getattr(module, "PACKAGES", {})
    return makers


def _maker(name: str) -> Maker | None:
    found = [models().get(name), *(_makers_of(module).get(name) for module in _frameworks_named_in(name))]
    return next((maker for maker in found if maker is not None), None)


@cache
def _frameworks_named_in(package: str) -> tuple[ModuleType, ...]:
    words = f"_{_NOT_A_WORD.sub('_', package.lower())}_"
    names = [name for name in _files(_FRAMEWORKS) if f"_{name}_" in words]
    return tuple(import_module(f"{_FRAMEWORKS}.{name}") for name in names)


@cache
def _files(package: str) -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(import_module(package).__path__)))
