"""Database settings outside the code."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class SettingsFile(Struct, frozen=True):
    """Database settings outside the code: ``.env*``, ``docker-compose*.yml``, knexfile, Prisma schema."""

    file: str
    line: int
    source: Literal["env", "compose", "prisma", "orm"]
    driver: str | None
    host: str | None
    port: int | None
    database: str | None
    port_expected: int | None
    port_conflict: bool
    backend: str
    trail: tuple[Step, ...] = ()
    environment: str = ""
    """The deployment that it is for, such as ``production``; empty when it is for any."""

    @property
    def identity(self) -> str:
        """Source and file."""
        return f"{self.source} {self.file}"


SUBJECT = SettingsFile
