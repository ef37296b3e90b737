"""An environment variable that a database connection is read from."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class EnvironmentVariable(Struct, frozen=True):
    """An environment variable that a database connection is read from, and for which the code has no default."""

    name: str
    file: str
    line: int
    """Of the connection."""
    backend: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    driver: str
    defined: tuple[str, ...]
    """``file:line`` where files of the repository set or list it: ``.env`` files and their examples, Compose, Docker,
    CI, deployment."""
    trail: tuple[Step, ...] = ()

    @property
    def is_defined(self) -> bool:
        """Some file of the repository sets or lists it."""
        return bool(self.defined)

    @property
    def identity(self) -> str:
        """Back end and name."""
        return f"{self.backend} {self.name}"


SUBJECT = EnvironmentVariable
