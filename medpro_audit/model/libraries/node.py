"""Node's own modules, as far as wiring code computes with them: ``path``, ``fs``, ``url``, ``util``."""

from __future__ import annotations

from pathlib import PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import PROCESS, ROOT, Namespace, argument, functions
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    ClassValue,
    Constant,
    FunctionValue,
    Item,
    JoinedPath,
    ObjectValue,
    Site,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from medpro_audit.model.evaluation.interpreter import Interpreter


def _constants(arguments: tuple[Item, ...]) -> list[str] | None:
    found = [item.value.value for item in arguments if isinstance(item.value, Constant)]
    texts = [value for value in found if isinstance(value, str)]
    return texts if len(texts) == len(arguments) else None


def _join(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    parts = _constants(arguments)
    if parts is not None:
        joined = normpath("/".join(part for part in parts if part)) if any(parts) else "."
        return Constant(joined, [item.value for item in arguments])
    pieces: list[str | Value] = []
    for item in arguments:
        pieces.extend((item.value, "/"))
    made = concatenated(pieces[:-1])
    return JoinedPath(made.parts) if isinstance(made, Text) else made


def _resolve(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    parts = _constants(arguments)
    if parts is None:
        return _join(interpreter, arguments, site)
    joined = PurePosixPath(ROOT, *parts)
    return Constant(normpath(str(joined)))


def _on_path(function: Callable[[PurePosixPath], str]) -> Callable[[Interpreter, tuple[Item, ...], Site], Value]:
    def apply(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        match argument(arguments):
            case Constant(value=str() as path):
                return Constant(function(PurePosixPath(path)))
        return Unknown("a part of a path that is not known", site.place)

    return apply


def _basename(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    parts = _constants(arguments)
    if not parts:
        return Unknown("a part of a path that is not known", site.place)
    name = PurePosixPath(parts[0]).name
    return Constant(name.removesuffix(parts[1]) if len(parts) > 1 else name)


def _parse(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant(value=str() as path):
            made, pure = ObjectValue(), PurePosixPath(path)
            for name, part in (
                ("name", pure.stem),
                ("base", pure.name),
                ("ext", pure.suffix),
                ("dir", str(pure.parent)),
            ):
                made.properties[name] = Constant(part)
            return made
    return Unknown("the parts of a path that is not known", site.place)


def _path() -> Value:
    made = Namespace(
        "path",
        {
            "sep": Constant("/"),
            **functions(
                join=_join,
                resolve=_resolve,
                normalize=_join,
                basename=_basename,
                parse=_parse,
                dirname=_on_path(lambda path: str(path.parent)),
                extname=_on_path(lambda path: path.suffix),
            ),
        },
    )
    made.members["posix"] = made
    return made


def _read_directory(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant(value=str() as folder):
            names = interpreter.linker.directory(_below_root(folder))
            if names is not None:
                with_types = len(arguments) > 1 and isinstance(arguments[1].value, ObjectValue)
                return ArrayValue(
                    [Item(_entry(name, is_file) if with_types else Constant(name)) for name, is_file in names]
                )
    hand_over(interpreter, arguments[1:], site)
    return ArrayValue((), is_open=True)


def _below_root(path: str) -> str:
    """A path from the scanned directory, which is also where a program is taken to be started."""
    return normpath(path.removeprefix(ROOT).lstrip("/")).removeprefix(".").lstrip("/")


def _entry(name: str, is_file: bool) -> Value:
    made = ObjectValue()
    made.properties["name"] = Constant(name)
    made.properties.update(
        functions(
            isFile=lambda _i, _a, _s: Constant(is_file),
            isDirectory=lambda _i, _a, _s: Constant(not is_file),
        )
    )
    return made


def _stat(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant(value=str() as path) if path.startswith(ROOT):
            is_folder = interpreter.linker.directory(_below_root(path)) is not None
            return _entry(PurePosixPath(path).name, not is_folder)
    return Unknown("a file's state", site.place)


def _exists(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    return Unknown("whether a file exists", site.place)


def _fs() -> Value:
    members = functions(readdirSync=_read_directory, statSync=_stat, lstatSync=_stat, existsSync=_exists)
    promises = functions(readdir=_read_directory, stat=_stat)
    return Namespace("fs", {**members, "promises": Namespace("fs/promises", promises)})


def _fs_promises() -> Value:
    return Namespace("fs/promises", functions(readdir=_read_directory, stat=_stat))


def _file_url(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant(value=str() as url):
            return Constant(url.removeprefix("file://"))
    return Unknown("a file URL that is not known", site.place)


def _url() -> Value:
    return Namespace("url", functions(fileURLToPath=_file_url, pathToFileURL=lambda _i, a, _s: argument(a)))


def _inherits(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    child, parent = argument(arguments), argument(arguments, 1)
    if isinstance(child, FunctionValue):
        prototype = interpreter.member(child, "prototype", site)
        if isinstance(prototype, ObjectValue) and isinstance(parent, FunctionValue | ClassValue):
            prototype.prototype = parent
    return UNDEFINED


def _util() -> Value:
    return Namespace("util", functions(promisify=lambda _i, a, _s: argument(a), inherits=_inherits))


def _module() -> Value:
    from medpro_audit.model.evaluation.builtins import GLOBALS  # noqa: PLC0415 - only here

    return Namespace("module", functions(createRequire=lambda _i, _a, _s: GLOBALS["require"]))


PACKAGES = {
    "path": _path,
    "fs": _fs,
    "fs/promises": _fs_promises,
    "fs-extra": _fs,
    "url": _url,
    "util": _util,
    "module": _module,
    "process": lambda: PROCESS,
}
