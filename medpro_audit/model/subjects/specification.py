"""A document that describes the API."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Specification(Struct, frozen=True):
    """An OpenAPI document, in files or put together from code."""

    file: str
    """Of its first fault, else where it begins."""
    line: int
    backend: str
    """That it is about."""
    source: Literal["openapi", "swagger-jsdoc", "zod-to-openapi", "object", "express-jsdoc-swagger"]
    begins: str
    """File in which it begins."""
    version: str
    """``2.0``, ``3.0.3``, ``3.1.0``; empty where it says none."""
    operations: int
    is_about_backend: bool
    """At least one of its operations is an endpoint, or the program serves it."""
    is_valid: bool | None
    """It is what the OpenAPI specification allows; None when too much of it is computed."""
    faults: int
    fault: str
    """The first fault."""
    trail: tuple[Step, ...] = ()
    """All its faults, as far as they are shown."""

    @property
    def identity(self) -> str:
        """Where it begins."""
        return f"{self.source} {self.begins}"


SUBJECT = Specification
