"""Endpoints as Express registers them and as ``medpro-audit endpoints`` prints them: one shape, so they compare."""

import re
from typing import Literal

import msgspec
from msgspec import Struct


class Middleware(Struct, frozen=True):
    """A middleware in effect on an endpoint; ``name`` is None where Express and the source can't tell it."""

    name: str | None
    file: str | None
    line: int | None
    scope: Literal["application", "router", "route"]
    mount: str = "/"
    conditional: bool = False
    function: str | None = None
    """What tells it from others in all runs of the oracle, which may know its name in one of them only."""


class Handler(Struct, frozen=True):
    """The function that does the work; without a file when it is a package's or can't be told at run time."""

    name: str | None = None
    file: str | None = None
    line: int | None = None


class Part(Struct, frozen=True):
    """The verdict on one request part, as far as fixtures state it."""

    status: str
    by: str | None = None
    uncovered: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    """One endpoint, in the shape that ``medpro-audit endpoints --format json`` has as well."""

    method: str
    path: str
    file: str | None
    line: int | None
    kind: Literal["route", "use"] = "route"
    mounted: bool = True
    conditional: bool | None = None
    """None where only one environment was run, so that it can't be known."""
    application: str | None = None
    middleware: tuple[Middleware, ...] = ()
    inactive_middleware: tuple[Middleware, ...] = ()
    """Registered in another configuration than the default; the oracle has it as conditional among the others."""
    handler: Handler = Handler()
    validation: dict[str, Part] = {}
    reached: bool = True
    """Express's own routing arrives at the handler."""

    @property
    def identity(self) -> str:
        """Method and path, the latter with single slashes and none at the end."""
        return f"{self.method} {normal_path(self.path)}" + (" (use)" if self.kind == "use" else "")

    @property
    def place(self) -> str:
        """Where it is registered."""
        return f"{self.file}:{self.line}"

    @property
    def inherited(self) -> tuple[Middleware, ...]:
        """Middleware of its routers and application."""
        return tuple(one for one in self.middleware if one.scope != "route")

    @property
    def own(self) -> tuple[Middleware, ...]:
        """Route-level middleware."""
        return tuple(one for one in self.middleware if one.scope == "route")


def extracted(output: bytes) -> list[Row]:
    """Return the rows of ``medpro-audit endpoints --format json``."""
    rows = msgspec.json.decode(output, type=dict[str, msgspec.Raw])
    return msgspec.json.decode(rows["endpoints"], type=list[Row])


def normal_path(path: str) -> str:
    """Same path for the same route: one slash at the beginning and between, none at the end."""
    return re.sub(r"/{2,}", "/", f"/{path}").rstrip("/") or "/"
