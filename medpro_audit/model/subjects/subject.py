"""What all subjects have."""

from typing import Protocol

from medpro_audit.core.place import Step


class Subject(Protocol):
    """Something that rules ask about."""

    @property
    def file(self) -> str:
        """Where it stands."""

    @property
    def line(self) -> int:
        """Where it stands, from 1."""

    @property
    def backend(self) -> str:
        """Folder of its back end."""

    @property
    def identity(self) -> str:
        """What makes it the same subject after code has moved."""

    @property
    def trail(self) -> tuple[Step, ...]:
        """The places that led to it."""
