"""A source file of server code: what it is, where it stands, and where it belongs."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

ModuleKind = Literal[
    "entry",
    "routes",
    "controller",
    "middleware",
    "service",
    "data-access",
    "connection",
    "schema",
    "config",
    "constants",
    "types",
    "error",
    "logger",
    "helper",
    "index",
    "mixed",
    "unknown",
]
"""What a module is by what it does; its name decides nothing."""

Layer = Literal["entry", "routes", "controllers", "middleware", "services", "data", "support", "unknown"]
"""Calls lead from the left to the right; ``support`` is what everything may use."""


class Module(Struct, frozen=True):
    """One source file of server code."""

    file: str
    backend: str
    kind: ModuleKind
    """entry: makes or starts the application; routes: registers endpoints or mounts routers; controller: holds
    handlers; service: does the work that reaches outside; data-access: defines models or makes queries; index: only
    passes on what other modules export; helper: only functions that reach nothing; mixed: does what belongs apart."""
    layer: Layer
    """Where it stands between request and database."""
    evidence: str
    """What tells its kind, in words: ``registers 5 endpoints``."""
    folder: str
    """The folder that it stands in, empty for the scanned one."""
    in_place: bool | None
    """It stands where the layout of its back end has modules of its kind; None when that can't be told."""
    destination: str | None = None
    """Where it belongs, for one that is not in its place; None also for one that has to be taken apart first."""
    used_by: tuple[str, ...] = ()
    """Modules that import it at run time, sorted, tests left out."""
    is_used: bool | None = True
    """Something imports or starts it; None when that can't be told."""
    layout: Literal["configured", "inferred", "default"] = "inferred"
    """What its place is judged by: what is configured, what most modules follow, or ``src/`` with a folder a kind."""
    does: tuple[ModuleKind, ...] = ()
    """Of a mixed module: what it does at once."""
    in_helper_folder: bool = False
    """It stands in a folder at the root that holds only helpers and services, outside of the layout."""
    reason: str | None = None
    """Why something is unknown."""
    trail: tuple[Step, ...] = ()
    line: int = 1

    @property
    def is_mixed(self) -> bool | None:
        """It does at once what belongs into modules of its own; None when it isn't known what it does."""
        return None if self.kind == "unknown" else self.kind == "mixed"

    @property
    def tasks(self) -> str:
        """What a mixed module does at once, in words."""
        return " and ".join(_TASKS.get(kind, kind) for kind in self.does)

    @property
    def users(self) -> str:
        """How many modules import it, in words."""
        count = len(self.used_by)
        return f"{count} modules import it" if count > 1 else "one module imports it" if count else "nothing imports it"

    @property
    def belongs(self) -> str:
        """Where it belongs, in words."""
        return self.destination or "several modules, one for each of its tasks"

    @property
    def identity(self) -> str:
        """Its path."""
        return self.file


_TASKS: dict[ModuleKind, str] = {
    "connection": "connects to the database",
    "controller": "handles requests",
    "data-access": "defines data models",
    "entry": "starts the application",
    "routes": "registers endpoints",
}

SUBJECT = Module
