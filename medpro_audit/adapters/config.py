"""Finds the configuration of a scanned folder, proves it and says where each value comes from."""

import os
import re
from pathlib import Path

import msgspec
from msgspec import Struct

from medpro_audit.adapters.config_check import Fault, KeyPath, dotted, find_faults, leaf_keys
from medpro_audit.adapters.reading import read_file
from medpro_audit.core.config import CONFIG_SOURCES, Config
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.notice import Notice
from medpro_audit.model.modules.jsonc import Json, read_object
from medpro_audit.model.modules.paths import joined
from medpro_audit.rules.problems import shorten

DEFAULT_ORIGIN = "default"
_MAX_BYTES = 1_000_000
_MAX_DOTS = 100
"""The time that ``tomllib`` takes for a dotted key grows with the square of its length."""
_TABLES: dict[str, KeyPath] = {"pyproject.toml": ("tool", "medpro-audit"), "package.json": ("medpro-audit",)}
"""Where the configuration stands in files that hold other things too."""
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class LoadedConfig(Struct, frozen=True):
    """A configuration with where it comes from."""

    config: Config
    path: Path | None
    """The file; None when there is none and all values are defaults."""
    origins: dict[str, str]
    """``file:line`` or `DEFAULT_ORIGIN` by dotted key."""
    patterns_from: str = ""
    """The folder of the file as seen from the scanned one (``..``): what its patterns and paths are relative to."""


class _Document(Struct, frozen=True):
    """A configuration as it stands in a file."""

    path: Path
    shown: str
    """How the file is named in messages."""
    table: Json
    lines: dict[KeyPath, int]
    """Line by key; empty for JSON."""

    def place(self, key: KeyPath) -> str:
        """``file:line`` of a key; the file alone for JSON."""
        line = self.lines.get(key)
        return f"{self.shown}:{line}" if line else self.shown


def load_config(root: Path, explicit: Path | None = None) -> LoadedConfig:
    """Read the configuration of ``root``: the explicit file, else the nearest one up to the root of the repository.

    In each folder, `CONFIG_SOURCES` are asked in order. One of the shared files that can't be read or parsed counts as
    holding no configuration unless it mentions medpro-audit; so a broken package.json doesn't prevent a scan.

    Raises:
        ConfigurationError: A file can't be read, or with everything that is wrong in it.
    """
    document = _explicit(explicit) if explicit else _nearest(root)
    if document is None:
        return LoadedConfig(Config(), None, dict.fromkeys(map(dotted, leaf_keys()), DEFAULT_ORIGIN))
    faults = find_faults(document.table)
    if faults:
        raise ConfigurationError([_problem(document, fault) for fault in faults])
    return LoadedConfig(
        config=msgspec.convert(document.table, Config),
        path=document.path,
        origins=_origins(document),
        patterns_from=_seen_from(root, document.path.parent),
    )


def _explicit(path: Path) -> _Document:
    """The document of a file that the caller names, which may be a symlink."""
    content = read_file(path.resolve(), shown=str(path), limit=_MAX_BYTES)
    if isinstance(content, Notice):
        reason = "there is no such file" if content.kind == "vanished" else content.message
        raise ConfigurationError([f"{path}: {reason}; check the path given by --config"])
    document = _parse(path, str(path), content)
    if document is None:
        table = ".".join(_TABLES[path.name])
        raise ConfigurationError([f'{path}: it holds no "{table}"; add that table, or name another file by --config'])
    return document


def _nearest(root: Path) -> _Document | None:
    for folder in _folders_searched(root.resolve()):
        for name in CONFIG_SOURCES:
            shown = joined(_seen_from(root, folder), name)
            content = read_file(folder / name, shown=shown, limit=_MAX_BYTES)
            if isinstance(content, bytes):
                if name not in _TABLES or b"medpro-audit" in content:
                    document = _parse(folder / name, shown, content)
                    if document is not None:
                        return document
            elif content.kind != "vanished" and name not in _TABLES:
                raise ConfigurationError([f"{shown}: {content.message}; mend it, or name another file by --config"])
    return None


def _folders_searched(root: Path) -> list[Path]:
    """The scanned folder and those above it up to the root of its repository; outside one, only itself."""
    folders = [root, *root.parents]
    for length, folder in enumerate(folders, start=1):
        if os.path.lexists(folder / ".git"):
            return folders[:length]
    return [root]


def _seen_from(root: Path, folder: Path) -> str:
    """The folder as seen from the scanned one when it is that or stands above it; otherwise as if it were that."""
    root, folder = root.resolve(), folder.resolve()
    return "/".join([".."] * len(root.relative_to(folder).parts)) if root.is_relative_to(folder) else ""


def _parse(path: Path, shown: str, content: bytes) -> _Document | None:
    """The configuration in a file's content; None when a shared file holds none."""
    is_json = path.suffix == ".json"
    whole, lines = (_parse_json(shown, content), {}) if is_json else _parse_toml(shown, content)
    where = _TABLES.get("package.json" if is_json else path.name, ())
    table: Json = whole
    for name in where:
        if not isinstance(table, dict) or name not in table:
            return None
        table = table[name]
    inside = {key[len(where) :]: line for key, line in lines.items() if key[: len(where)] == where}
    return _Document(path, shown, table, inside)


def _parse_json(shown: str, content: bytes) -> dict[str, Json]:
    fields = read_object(shown, content)
    if isinstance(fields, Notice):
        raise ConfigurationError([f"{fields.place}: {fields.message}; correct it"])
    return fields


def _parse_toml(shown: str, content: bytes) -> tuple[dict[str, Json], dict[KeyPath, int]]:
    if line := next((number for number, text in enumerate(content.split(b"\n"), 1) if text.count(b".") > _MAX_DOTS), 0):
        raise ConfigurationError([f"{shown}:{line}: more than {_MAX_DOTS} dots in one line; break it up"])

    import tomllib  # noqa: PLC0415 - heavy, and most projects have no file to read with it

    from medpro_audit.adapters.toml_lines import key_lines  # noqa: PLC0415 - the same

    try:
        text = content.decode("utf-8-sig")
        return tomllib.loads(text), key_lines(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{shown}:{line}: this is not UTF-8, as TOML has to be; save it as UTF-8"
    except RecursionError:
        message = f"{shown}: nested too deeply; flatten it"
    except ValueError as error:
        message = _toml_problem(shown, str(error), content)
    raise ConfigurationError([message])


def _toml_problem(shown: str, fault: str, content: bytes) -> str:
    """Put the line that ``tomllib`` names at the end of its sentence where a reader looks for it."""
    place = _TOML_PLACE.search(fault)
    reason = _TOML_PLACE.sub("", fault)
    last = content.count(b"\n") + 1
    line = f":{place[1] or last}" if place else ""
    return f"{shown}{line}: this is not TOML: {reason[:1].lower()}{reason[1:]}; correct it"


def _problem(document: _Document, fault: Fault) -> str:
    key = f"key {shorten(dotted(fault.key))}: " if fault.key else ""
    return f"{document.place(fault.key)}: {key}{fault.message}"


def _origins(document: _Document) -> dict[str, str]:
    """Origin of every key that holds a value, of the entries of tables with free keys too."""
    origins = {}
    for key in leaf_keys():
        value = _value_at(document.table, key)
        origins[dotted(key)] = DEFAULT_ORIGIN if value is None else document.place(key)
        for name in value if isinstance(value, dict) else ():
            origins[dotted((*key, name))] = document.place((*key, name))
    return origins


def _value_at(table: Json, key: KeyPath) -> Json:
    """The value of a key; None when it isn't set."""
    for name in key:
        table = table.get(name) if isinstance(table, dict) else None
    return table
