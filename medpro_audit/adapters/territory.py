"""How far above the scanned folder may be read: its git repository, or the workspace that it belongs to."""

import os
from collections.abc import Sequence
from pathlib import Path
from posixpath import relpath

from msgspec import Struct

from medpro_audit.adapters.ignoring import Patterns
from medpro_audit.adapters.reading import read_file
from medpro_audit.core.notice import Notice
from medpro_audit.model.modules.jsonc import read_object
from medpro_audit.model.modules.manifest import manifest_of
from medpro_audit.model.modules.workspaces import Workspace, read_workspaces

MAX_MANIFEST_BYTES = 1_000_000
_WORKSPACE_FILES = ("package.json", "pnpm-workspace.yaml", "lerna.json")


class Territory(Struct, frozen=True):
    """The part of the disk that discovery may look at; paths inside are relative to ``top``, with POSIX separators."""

    top: Path
    """The git root, else the workspace root, else the scanned folder; nothing above it is read."""
    root: str
    """The scanned folder; empty when it is ``top``."""
    workspaces: tuple[Workspace, ...]
    """Workspaces of one folder above, of which the scanned folder is a package or stands in one."""
    is_repository: bool

    def shown(self, path: str) -> str:
        """The path relative to the scanned folder."""
        if not self.root:
            return path
        if path.startswith(self.root + "/"):
            return path[len(self.root) + 1 :]
        found = relpath("/" + path, "/" + self.root)  # the slashes keep it from asking for the working directory
        return "" if found == "." else found

    def patterns(self, lines: Sequence[str], folder: str) -> Patterns:
        """Patterns that are relative to a folder, which may stand above the top: ``..``."""
        levels = folder.split("/").count("..")
        if not levels:
            return Patterns(lines, folder=folder)
        return Patterns(lines, lead="".join(f"{name}/" for name in self.top.parts[-levels:]))

    def content(self, path: str, limit: int = MAX_MANIFEST_BYTES) -> bytes:
        """Content of a small file; empty when it can't be read."""
        content = read_file(self.top / path, shown=path, limit=limit)
        return b"" if isinstance(content, Notice) else content


def survey(folder: Path) -> Territory:
    """Find the territory of a folder, given by its real path."""
    repository = next((parent for parent in (folder, *folder.parents) if os.path.lexists(parent / ".git")), None)
    root, found = _workspaces_above(folder, repository)
    top = repository or root
    at = _relative(root, top)
    workspaces = tuple(Workspace(f"{at}/{item.path}" if at else item.path, item.globs) for item in found)
    return Territory(top, _relative(folder, top), workspaces, is_repository=repository is not None)


def folders_above(path: str) -> list[str]:
    """Folders above a path, outermost first."""
    parts = path.split("/") if path else []
    return ["/".join(parts[:length]) for length in range(len(parts))]


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or stands below it."""
    return not folder or path == folder or path.startswith(folder + "/")


def _workspaces_above(folder: Path, repository: Path | None) -> tuple[Path, list[Workspace]]:
    """Nearest folder above, in the repository, with workspaces that take in ``folder`` or a folder around it.

    Without one it is ``folder`` itself, with no workspace.
    """
    for parent in folder.parents:
        if repository is not None and not parent.is_relative_to(repository):
            break
        inside = _relative(folder, parent)
        workspaces = _workspaces_in(parent)
        if any(item.has_member(path) for item in workspaces for path in (*folders_above(inside), inside)):
            return parent, workspaces
    return folder, []


def _workspaces_in(folder: Path) -> list[Workspace]:
    """The workspaces that a folder's files declare; their paths are the files' names."""
    contents = ((name, read_file(folder / name, shown=name, limit=MAX_MANIFEST_BYTES)) for name in _WORKSPACE_FILES)
    settings = {name: content for name, content in contents if not isinstance(content, Notice)}
    fields = read_object("package.json", settings.get("package.json", b""))
    manifests = [] if isinstance(fields, Notice) else [manifest_of("package.json", fields)]
    return [workspace for found in read_workspaces(manifests, settings)[0].values() for workspace in found]


def _relative(path: Path, start: Path) -> str:
    relative = path.relative_to(start).as_posix()
    return "" if relative == "." else relative
