"""The path modules of express-openapi: files of folders, by whose names the paths go, and modules that are listed.

Source: openapi-framework 12, `index.ts`, and fs-routes, `index.ts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.builtins import ROOT
from medpro_audit.model.evaluation.imports import require
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    External,
    FunctionValue,
    Item,
    Pattern,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.modules.patterns import matches_glob

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_GLOB = "**/*.js"
_ENDING = r"(?:index)?\.js$"
_MAX_FILES = 1000


class PathModule(NamedTuple):
    """A module that has the operations of one path."""

    path: str
    """As OpenAPI writes it: ``/patients/{id}``."""
    module: Value
    site: Site
    """The start of its file, or where it is listed."""


class Unlisted(NamedTuple):
    """Path modules that can't be told, and why."""

    reason: str


def path_modules(interpreter: Interpreter, given: Mapping[str, Value], site: Site) -> Iterator[PathModule | Unlisted]:
    """What ``paths`` stands for: a folder, or a list of folders and of modules with their paths."""
    paths = given.get("paths", UNDEFINED)
    if paths is UNDEFINED:
        return
    items = items_of(interpreter, paths, site) if isinstance(paths, ArrayValue) else [Item(paths)]
    for item in [Item(Unknown("the list is computed"))] if items is None else items:
        value = item.value
        if isinstance(value, Constant) and isinstance(value.value, str):
            yield from _files(interpreter, value.value, given, site)
            continue
        path = interpreter.member(value, "path", site)
        module = interpreter.member(value, "module", site)
        if isinstance(path, Constant) and isinstance(path.value, str):
            yield PathModule(path.value, _exported(interpreter, module, given, site), site)
        else:
            yield Unlisted("the folder of its path modules is computed while the program runs")


def _files(
    interpreter: Interpreter, folder: str, given: Mapping[str, Value], site: Site
) -> Iterator[PathModule | Unlisted]:
    pattern, ending, ignored = given.get("routesGlob"), _expression(given, "routesIndexFileRegExp"), None
    glob = pattern.value if isinstance(pattern, Constant) else _GLOB if pattern is None else None
    ending = ending if "routesIndexFileRegExp" in given else re.compile(_ENDING)
    if "pathsIgnore" in given:
        ignored = _expression(given, "pathsIgnore")
        if ignored is None:
            yield Unlisted("which files are no path modules is computed while the program runs")
            return
    below = _existing(interpreter, folder, site)
    if below is None or ending is None or not isinstance(glob, str):
        yield Unlisted(f"no path modules are found at {folder.removeprefix(ROOT).lstrip('/')}")
        return
    found = 0
    for path in interpreter.linker.files():
        name = path[len(below) :].lstrip("/")
        compiled = _as_loaded(name, glob) if not below or path.startswith(f"{below}/") else None
        route = f"/{ending.sub('', compiled, count=1)}" if compiled is not None else ""
        if not route or (ignored is not None and ignored.search(route)) or found >= _MAX_FILES:
            continue
        found += 1
        module = require(interpreter, site.module, f"{ROOT}/{path}", site)
        loaded = interpreter.module(path)
        start = Site(loaded, 0) if loaded is not None else site
        yield PathModule(route, _exported(interpreter, module, given, start), start)
    if not found:
        yield Unlisted(f"no path modules are found at {below}")


def _as_loaded(name: str, glob: str) -> str | None:
    """The name of a path module as the program loads it; of a TypeScript source, that of the compiled file."""
    if name.endswith(".d.ts"):
        return None
    names = (name, re.sub(r"\.([cm]?)ts$", r".\1js", name))
    return next((each for each in names if matches_glob(each, glob)), None)


def _existing(interpreter: Interpreter, folder: str, site: Site) -> str | None:
    """A folder from the scanned directory; one that is relative is from where the program is started."""
    if folder.startswith(ROOT):
        below = normpath(folder.removeprefix(ROOT).lstrip("/"))
        return below if interpreter.linker.directory(below) is not None else None
    start = dirname(site.module.path)
    while True:
        below = normpath(f"{start}/{folder}".lstrip("/"))
        if interpreter.linker.directory(below) is not None:
            return below
        if not start:
            return None
        start = dirname(start)


def _expression(given: Mapping[str, Value], name: str) -> re.Pattern[str] | None:
    """A regular expression among the options; None where there is none that can be read."""
    value = given.get(name)
    if isinstance(value, External) and value.name == "RegExp" and value.call is not None and value.call.arguments:
        value = value.call.arguments[0].value
        value = Pattern(str(value.value), "") if isinstance(value, Constant) else None
    return compiled(value) if isinstance(value, Pattern) else None


def compiled(pattern: Pattern) -> re.Pattern[str] | None:
    """A regular expression of JavaScript, where it means the same in Python."""
    try:
        return re.compile(pattern.source, re.IGNORECASE if "i" in pattern.flags else 0)
    except re.error:
        return None


def _exported(interpreter: Interpreter, module: Value, given: Mapping[str, Value], site: Site) -> Value:
    """The operations that a module exports; a function is called with the dependencies that it names."""
    default = interpreter.member(module, "default", site)
    exported = module if default is UNDEFINED or isinstance(default, Unknown) else default
    if not isinstance(exported, FunctionValue):
        return exported
    dependencies = given.get("dependencies", UNDEFINED)
    arguments = tuple(
        Item(_dependency(interpreter, parameter, dependencies, site)) for parameter in exported.node.parameters
    )
    return interpreter.call_function(exported, arguments, site)


def _dependency(interpreter: Interpreter, parameter: ir.Parameter, dependencies: Value, site: Site) -> Value:
    if isinstance(parameter.target, ir.Name) and dependencies is not UNDEFINED:
        return interpreter.member(dependencies, parameter.target.id, site)
    return Unknown("a dependency that is not given", site.place)
