"""Which packages outside the scanned folder its own ones use: members of one workspace, or given by their place."""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from posixpath import normpath

from medpro_audit.adapters.territory import Territory, folders_above, is_within
from medpro_audit.core.notice import Notice
from medpro_audit.model.modules.jsonc import read_object
from medpro_audit.model.modules.manifest import Manifest, manifest_of

_MAX_WORKSPACE_DEPTH = 6
_MAX_WORKSPACE_FOLDERS = 20_000
_LOCATIONS = frozenset({"file", "link", "portal"})


def linked_folders(territory: Territory, packages: Iterable[str]) -> list[str]:
    """Folders of the packages that ``packages`` depend on, directly or not, and that stand outside the root; sorted.

    Args:
        territory: What may be read.
        packages: Folders of the packages in the scanned folder; when there is none, the one around it counts.
    """
    if not territory.root:
        return []
    waiting = _manifests(territory, packages) or _manifests(territory, reversed(folders_above(territory.root)))[:1]
    neighbours = {manifest.name: manifest for manifest in _manifests(territory, _members(territory)) if manifest.name}
    found: set[str] = set()
    while waiting:
        for package in _linked_by(waiting.pop(), territory, neighbours):
            if package.folder not in found and _is_apart(package.folder, territory.root):
                found.add(package.folder)
                waiting.append(package)
    return sorted(folder for folder in found if found.isdisjoint(folders_above(folder)))


def _linked_by(manifest: Manifest, territory: Territory, neighbours: dict[str, Manifest]) -> Iterator[Manifest]:
    """Packages on disk that a manifest's dependencies mean: by name within the workspace, or by their place."""
    for name, version in (manifest.dependencies | manifest.dev_dependencies).items():
        protocol, _, place = version.partition(":")
        if protocol in _LOCATIONS:
            folder = normpath(f"{manifest.folder}/{place}" if manifest.folder else place)
            yield from _manifests(territory, [folder])
        elif name in neighbours:
            yield neighbours[name]


def _manifests(territory: Territory, folders: Iterable[str]) -> list[Manifest]:
    """Manifests of those folders that are packages; one behind a symlink, above the top or installed is none."""
    found = []
    for folder in folders:
        path = f"{folder}/package.json" if folder else "package.json"
        if (
            folder.startswith(("..", "/"))
            or _is_behind_link(territory.top, folder)
            or "node_modules" in path.split("/")
        ):
            continue
        fields = read_object(path, territory.content(path))
        if fields and not isinstance(fields, Notice):
            found.append(manifest_of(path, fields))
    return found


def _is_behind_link(top: Path, folder: str) -> bool:
    return os.path.realpath(top / folder) != os.path.normpath(top / folder)


def _is_apart(folder: str, root: str) -> bool:
    """Whether neither folder holds the other."""
    return not is_within(folder, root) and not is_within(root, folder)


def _members(territory: Territory) -> list[str]:
    """Packages of the workspaces above, last path first: of two packages of one name the first path is to win."""
    if not territory.workspaces:
        return []
    folders = islice(_folders_below(territory, territory.workspaces[0].folder, 0), _MAX_WORKSPACE_FOLDERS)
    members = (folder for folder in folders if any(item.has_member(folder) for item in territory.workspaces))
    return sorted(members, reverse=True)


def _folders_below(territory: Territory, folder: str, depth: int) -> Iterator[str]:
    """Folders below a folder; symlinks, hidden folders and installed packages are passed over."""
    try:
        with os.scandir(territory.top / folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in names:
        if name != "node_modules" and not name.startswith("."):
            path = f"{folder}/{name}" if folder else name
            yield path
            if depth + 1 < _MAX_WORKSPACE_DEPTH:
                yield from _folders_below(territory, path, depth + 1)
