"""What a back end does for its speed."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class PerformanceSetup(Struct, frozen=True):
    """What a back end as a whole does for its speed: one for each back end with endpoints."""

    file: str
    line: int
    backend: str
    compresses: bool | None
    """Its answers are compressed, by itself or by the proxy whose configuration is in the repository; None when a
    package for it is installed and its use can't be seen, or a platform serves it."""
    caches: bool | None
    """It keeps something under keys, in Redis or in memory; None when a package for it is installed and no use of it is
    seen."""
    cache: str | None = None
    """The package that keeps it."""
    reads: int = 0
    """GET endpoints that ask a database."""
    cached_reads: int = 0
    """Those of them that keep what they read."""
    startup_modules: int = 0
    """Files of the project that are loaded before it serves."""
    startup_packages: int = 0
    """Packages that these files load."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Folder of the back end."""
        return self.backend


SUBJECT = PerformanceSetup
