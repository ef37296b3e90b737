"""Packages that list or load the files of a folder: glob, fast-glob, globby, require-all, require-directory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import ROOT, Namespace, argument, functions
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.imports import require
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Constant,
    Item,
    ObjectValue,
    Pattern,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.modules.patterns import matches_glob

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

MAX_FILES = 1000


def _glob(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """Paths that match: absolute for an absolute pattern, else relative to ``cwd``."""
    first = argument(arguments)
    items = items_of(interpreter, first, site) if isinstance(first, ArrayValue) else [Item(first)]
    patterns = [item.value.value for item in items or () if isinstance(item.value, Constant)]
    if not patterns or len(patterns) != len(items or ()):
        return ArrayValue((), is_open=True)
    base = _folder(argument(arguments, 1), "cwd") or ROOT
    files = interpreter.linker.files()
    folders = _folders(files) if any(str(pattern).endswith("/") for pattern in patterns) else []
    found = []
    for path, is_folder in (*((path, False) for path in files), *((path, True) for path in folders)):
        for pattern in map(str, patterns):
            if pattern.endswith("/") != is_folder:
                continue
            wanted = normpath(str(PurePosixPath(base, pattern)))
            if matches_glob(path, wanted.removeprefix(ROOT).lstrip("/")):
                shown = f"{ROOT}/{path}" if pattern.startswith(ROOT) or _is_absolute(argument(arguments, 1)) else path
                found.append(shown if pattern.startswith(ROOT) else _from(base, path, shown))
                break
    listed = ArrayValue([Item(Constant(path)) for path in sorted(found)[:MAX_FILES]])
    if len(arguments) > 1 and not isinstance(arguments[-1].value, ObjectValue):
        hand_over(interpreter, arguments[-1:], site)  # glob(pattern, callback) of old
    return listed


def _folders(files: Iterable[str]) -> list[str]:
    """All folders with files in them: what a pattern with a slash at its end asks for."""
    found = {str(folder) for folder in {PurePosixPath(path).parent for path in files}}
    return sorted({str(above) for folder in found for above in (folder, *PurePosixPath(folder).parents)} - {"."})


def _from(base: str, path: str, shown: str) -> str:
    if shown.startswith(ROOT):
        return shown
    prefix = base.removeprefix(ROOT).strip("/")
    return path.removeprefix(f"{prefix}/") if prefix else path


def _folder(options: Value, name: str) -> str | None:
    if isinstance(options, ObjectValue):
        value = options.properties.get(name)
        if isinstance(value, Constant) and isinstance(value.value, str):
            return value.value if value.value.startswith(ROOT) else f"{ROOT}/{value.value}"
    return None


def _is_absolute(options: Value) -> bool:
    value = options.properties.get("absolute") if isinstance(options, ObjectValue) else None
    return isinstance(value, Constant) and value.value is True


def _require_all(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """An object of modules by the name of their file; a ``filter`` may name the part that is the key."""
    options = argument(arguments)
    folder = options.value if isinstance(options, Constant) else _folder(options, "dirname")
    if not isinstance(folder, str) or not folder.startswith(ROOT):
        return Unknown("modules of a folder that is not known", site.place)
    ending = _ending(options)
    made = ObjectValue()
    below = folder.removeprefix(ROOT).strip("/")
    for name, is_file in interpreter.linker.directory(below) or ():
        path = f"{below}/{name}".lstrip("/")
        if is_file and name.endswith(ending) and path != site.module.path:
            value = require(interpreter, site.module, f"{ROOT}/{path}", site)
            made.properties[name.removesuffix(ending) if ending not in {"", ".js"} else PurePosixPath(name).stem] = (
                value
            )
    return made


def _ending(options: Value) -> str:
    r"""What file names end in, by a filter such as ``/(.+)\.controller\.js$/``."""
    wanted = options.properties.get("filter") if isinstance(options, ObjectValue) else None
    if isinstance(wanted, Pattern):
        return wanted.source.rpartition(")")[2].rstrip("$").replace("\\", "")
    return ".js"


def _globs(name: str) -> Value:
    return Namespace(name, functions(sync=_glob, globSync=_glob, glob=_glob, globby=_glob, globbySync=_glob), _glob)


PACKAGES = {
    "glob": lambda: _globs("glob"),
    "fast-glob": lambda: _globs("fast-glob"),
    "globby": lambda: _globs("globby"),
    "tiny-glob": lambda: _globs("tiny-glob"),
    "require-all": lambda: Namespace("require-all", {}, _require_all),
    "require-dir": lambda: Namespace("require-dir", {}, _require_all),
    "require-directory": lambda: Namespace("require-directory", {}, _require_all),
}
