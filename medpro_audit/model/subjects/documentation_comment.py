"""A comment that holds documentation of the API."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class DocumentationComment(Struct, frozen=True):
    """A ``@swagger`` or ``@openapi`` comment."""

    file: str
    line: int
    """On which what is read begins; of one that is no YAML, where it goes wrong."""
    backend: str
    is_read: bool | None
    """Something makes documentation of it; None when that can't be seen."""
    patterns: tuple[str, ...]
    """Of the files whose comments are read in its back end."""
    is_wellformed: bool
    fault: str = ""
    """Why it is no YAML."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def readers(self) -> str:
        """What reads comments, in words."""
        return f"swagger-jsdoc reads {', '.join(self.patterns)}" if self.patterns else "nothing here reads comments"

    @property
    def identity(self) -> str:
        """File and what it says first."""
        return f"{self.file} {self.snippet}"


SUBJECT = DocumentationComment
