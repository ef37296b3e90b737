"""A coverage report."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class CoverageReport(Struct, frozen=True):
    """A coverage report, held against the sources as they are."""

    file: str
    backend: str
    files: int
    """Source files of the repository that it measures."""
    strangers: tuple[str, ...]
    """Files in it that the repository doesn't have."""
    outdated: tuple[str, ...]
    """Sources that have changed since, with what shows it."""
    line: int = 1
    trail: tuple[Step, ...] = ()

    @property
    def is_stale(self) -> bool:
        """It was made of other sources than those that stand here."""
        return bool(self.strangers or self.outdated) or not self.files

    @property
    def evidence(self) -> str:
        """What shows that it is stale, in words; empty when nothing does."""
        if self.outdated:
            return self.outdated[0]
        if self.strangers:
            others = f" and {len(self.strangers) - 1} more" if len(self.strangers) > 1 else ""
            return f"there is no {self.strangers[0]}{others}"
        return "" if self.files else "it measures no file of this repository"

    @property
    def identity(self) -> str:
        """File."""
        return self.file


SUBJECT = CoverageReport
