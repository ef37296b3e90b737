"""Which files there are, before any is parsed."""

from typing import Literal

from msgspec import Struct

from medpro_audit.core.notice import Notice

Language = Literal["javascript", "typescript", "tsx"]

LANGUAGES: dict[str, Language] = {
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
"""Grammar by file suffix."""


class SourceFile(Struct, frozen=True, order=True):
    """A source file to analyse."""

    path: str
    """Relative to the scanned directory, POSIX separators; begins with ``../`` only when `linked`."""
    size: int
    language: Language
    linked: bool = False
    """Stands outside the scanned directory, in a workspace package that it depends on; read only when imported."""


class Exclusion(Struct, frozen=True, order=True):
    """A file or folder that is left out, with the reason for ``scan --explain-files``."""

    path: str
    reason: str


class Inventory(Struct, frozen=True):
    """Everything discovery found below the scanned directory."""

    sources: tuple[SourceFile, ...]
    """Sorted by path."""
    paths: frozenset[str]
    """Every file's path, sources included; what import resolution and directory loaders look names up in."""
    settings: dict[str, bytes]
    """Contents of files that steer resolution or hold settings: package.json, tsconfig*.json, .env*, compose files."""
    exclusions: tuple[Exclusion, ...]
    notices: tuple[Notice, ...]
    location: str = ""
    """Where the scanned directory stands below the outermost folder that was read, such as ``packages/api``."""
    links: dict[str, str] = {}
    """Symlinks inside the tree with the file or folder that each leads to, both relative to the scanned directory.

    Files are listed under their real path only; as in Node, a path through a link means the file it leads to.
    """
    folders: frozenset[str] = frozenset()
    """Folders in which a new file would be found, the scanned one as an empty text."""
    around: tuple[str, ...] = ()
    """Files directly in the folders above the scanned one, and in those of CI and of hooks at the repository's root."""
