"""What the analysis itself could not do."""

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Place

NoticeKind = Literal[
    "budget",
    "configuration",
    "encoding",
    "internal",
    "limit",
    "no-endpoint",
    "symlink",
    "syntax-error",
    "unreadable",
    "unresolved-import",
    "unresolved-route",
    "vanished",
]


class Notice(Struct, frozen=True):
    """Something that was not read or not followed, and why; data, never an exception."""

    kind: NoticeKind
    message: str
    place: Place | None = None
    """None when the notice is about the repository as a whole."""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sort key that makes the order of notices a function of their content."""
        place = self.place or Place("", 0)
        return (place.file, place.line, place.column, self.kind, self.message)
