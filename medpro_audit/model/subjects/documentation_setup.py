"""What a back end does about the documentation of its API as a whole."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class DocumentationSetup(Struct, frozen=True):
    """The documentation of one back end that has endpoints to document."""

    file: str
    line: int
    backend: str
    name: str
    """Of the back end's package."""
    has_documentation: bool | None
    """There is a document or a generator; None when one is written where it can't be seen, see `reason`."""
    reason: str
    sources: tuple[str, ...]
    """How it is written: ``openapi``, ``swagger-jsdoc``, ``zod-to-openapi``, ``object``, ``apidoc``, a generator."""
    endpoints: int
    """Endpoints that ought to be documented."""
    is_site: bool
    """More of its endpoints answer with pages for people than with anything that a program asks for."""
    documented: int
    has_interface: bool | None
    """People can read it in a browser: Swagger UI, Redoc, Scalar or a page."""
    interface: str
    """Its name."""
    interface_path: str
    """Where it is served; empty when it isn't known."""
    drifts: bool
    """It is written apart from the code, so that the two can come to differ."""
    checked_by: str
    """A linter, validator or contract test that the package or a pipeline names; empty when there is none."""
    trail: tuple[Step, ...] = ()

    @property
    def is_checked(self) -> bool:
        """Something checks the document."""
        return bool(self.checked_by)

    @property
    def identity(self) -> str:
        """Folder of the back end."""
        return self.backend


SUBJECT = DocumentationSetup
