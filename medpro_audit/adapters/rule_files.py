"""Reads rule packs and rule fixtures from disk; what they mean is decided in `rules.loading` and `rules.testing`.

A folder of rules comes from a stranger in a pull request: symlinks are refused, sizes and numbers are capped.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from medpro_audit.adapters.reading import read_file, reason_of
from medpro_audit.adapters.shipped import shipped
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.notice import Notice
from medpro_audit.rules.rule_file import PACK_FILE

_MAX_FILES = 2000
_MAX_RULE_BYTES = 128 * 1024
_MAX_FIXTURE_BYTES = 1_000_000
_MAX_DEPTH = 12


def read_packs(folders: Iterable[Path] = ()) -> dict[str, bytes]:
    """Contents of the shipped packs' files and of those in a user's folders, by path as messages should show it.

    Raises:
        ConfigurationError: A folder holds no pack, or something in it can't be read.
    """
    files = _read_pack_folder(shipped("rules"), shown="rules")
    for folder in folders:
        files |= _read_pack_folder(folder, shown=folder.as_posix())
    return files


def read_fixtures(folder: Path) -> dict[str, dict[str, bytes]]:
    """Files of each fixture below a folder, by path, by the fixture's name; folders that are packs are no fixtures.

    Raises:
        ConfigurationError: The folder or something in it can't be read.
    """
    shown = folder.as_posix()
    subfolders = [name for name, is_folder in _list(folder, shown) if is_folder]
    fixtures = [name for name in subfolders if not os.path.lexists(folder / name / PACK_FILE)]
    return {name: _read(folder / name, _below(folder / name, f"{shown}/{name}"), shown) for name in fixtures}


def _read_pack_folder(folder: Path, shown: str) -> dict[str, bytes]:
    """Read the rule files of the packs in a folder, or of the folder itself where that is a pack."""
    found: list[str] = []
    for name, is_folder in _list(folder, shown):
        inside = (
            [(f"{name}/{file}", deeper) for file, deeper in _list(folder / name, f"{shown}/{name}")]
            if is_folder
            else []
        )
        found += [path for path, deeper in [(name, is_folder), *inside] if not deeper and path.endswith(".yaml")]
    if not any(path.endswith(PACK_FILE) for path in found):
        raise ConfigurationError([f"{shown}: there is no rule pack here; a pack is a folder with a {PACK_FILE}"])
    return {f"{shown}/{path}": content for path, content in _read(folder, found, shown, _MAX_RULE_BYTES).items()}


def _read(folder: Path, paths: Iterable[str], shown: str, limit: int = _MAX_FIXTURE_BYTES) -> dict[str, bytes]:
    contents = {path: read_file(folder / path, shown=f"{shown}/{path}", limit=limit) for path in paths}
    problems = [
        f"{shown}/{path}: {content.message}" for path, content in contents.items() if isinstance(content, Notice)
    ]
    if problems:
        raise ConfigurationError(problems)
    return {path: content for path, content in contents.items() if isinstance(content, bytes)}


def _below(folder: Path, shown: str, prefix: str = "") -> Iterator[str]:
    """Name all files below a folder."""
    if prefix.count("/") > _MAX_DEPTH:
        raise ConfigurationError([f"{shown}: more than {_MAX_DEPTH} folders deep"])
    for name, is_folder in _list(folder, shown):
        if is_folder:
            yield from _below(folder / name, f"{shown}/{name}", f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}"


def _list(folder: Path, shown: str) -> list[tuple[str, bool]]:
    """Names in a folder, sorted, each with whether it is a folder; hidden ones are kept, links count as files."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        raise ConfigurationError([f"{shown}: this folder can't be read: {reason_of(error)}"]) from error
    if len(found) > _MAX_FILES:
        raise ConfigurationError([f"{shown}: more than {_MAX_FILES} files; is this the right folder?"])
    return found
