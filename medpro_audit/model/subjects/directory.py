"""A folder of server code."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.module import ModuleKind


class Directory(Struct, frozen=True):
    """A folder that holds modules of server code, those in folders below it not counted."""

    file: str
    """Its first module by name."""
    path: str
    """Empty for the scanned folder."""
    backend: str
    is_at_root: bool
    """It stands directly in the folder of its back end."""
    modules: int
    in_place: int
    """How many of them stand in their place."""
    unknown: int
    """Of how many that can't be told."""
    kinds: tuple[ModuleKind, ...]
    """Of its modules, most frequent first."""
    is_helper_folder: bool
    """It stands at the root and holds only helpers and services, outside of the layout."""
    destinations: tuple[str, ...] = ()
    """Folders that its modules belong into, the one for most of them first."""
    used_by: tuple[str, ...] = ()
    """Modules outside of it that import from it, sorted, tests left out."""
    trail: tuple[Step, ...] = ()
    line: int = 1

    @property
    def files(self) -> str:
        """How many modules it holds, in words."""
        return f"{self.modules} modules" if self.modules != 1 else "one module"

    @property
    def users(self) -> str:
        """How many modules use it, in words."""
        count = len(self.used_by)
        return f"{count} modules" if count > 1 else "one module" if count else "no module"

    @property
    def identity(self) -> str:
        """Its path."""
        return self.path


SUBJECT = Directory
