"""What imports what, and what could not be resolved."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place


class UnresolvedRoute(Struct, frozen=True):
    """A registration whose path, router or method could not be determined."""

    place: Place
    method: str
    reason: str


class UnresolvedImport(Struct, frozen=True, order=True):
    """An import specifier that leads to no file and no package."""

    file: str
    line: int
    specifier: str
    reason: str


class ImportGraph(Struct, frozen=True):
    """Import edges between files, sorted; kind is import, type, mock, resolve or asset."""

    edges: tuple[tuple[str, str, str], ...]
    unresolved: tuple[UnresolvedImport, ...]
    notices: tuple[Notice, ...] = ()
    """Packages that are imported and declared nowhere, once each."""
