"""An operation of the API's documentation."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.facets.contract import Contract


class Operation(Struct, frozen=True):
    """A method and path that the API's documentation describes, held against the endpoint that answers it."""

    method: str
    """Upper case."""
    path: str
    """As documented, with the path of its server."""
    file: str
    line: int
    backend: str
    """That it is about."""
    source: Literal["openapi", "swagger-jsdoc", "zod-to-openapi", "object", "express-jsdoc-swagger", "apidoc"]
    """How it is written: in an OpenAPI file, in comments, as a registration of schemas, as an object, in JSDoc, for
    apiDoc."""
    specification: str
    """Where the document begins that it belongs to."""
    matches: bool | None
    """An endpoint answers it; None when that isn't known, see `reason`."""
    reason: str = ""
    endpoints: tuple[str, ...] = ()
    """Method and path of the endpoints that it documents."""
    has_summary: bool | None = None
    """It says what it is for."""
    has_content: bool | None = None
    """It takes a body or answers with one, so that there is something to show."""
    has_examples: bool | None = None
    """It, or a schema that it refers to, has an example or a code sample."""
    has_security: bool | None = None
    """It says how callers authenticate."""
    is_guarded: bool = False
    """A middleware of its endpoint authenticates."""
    parameters_agree: bool | None = None
    """Its path and query parameters are those that the endpoint has and takes."""
    undeclared_parameters: tuple[str, ...] = ()
    """Parameters in its path that it does not declare."""
    undocumented_parameters: tuple[str, ...] = ()
    """Query parameters that the endpoint takes and that it does not have."""
    stale_parameters: tuple[str, ...] = ()
    """Query parameters that it has and that the endpoint does not take."""
    body_agrees: bool | None = None
    """The fields of its body are those that the endpoint takes."""
    undocumented_fields: tuple[str, ...] = ()
    """Fields of the body that the endpoint's schema, or without one its code, has and the operation has not."""
    stale_fields: tuple[str, ...] = ()
    """Fields of the body that the operation has and the endpoint does not take."""
    types_agree: bool | None = None
    """What it says of the types of the body's fields is what the validating schema says; None where the two say nothing
    of the same field."""
    mistyped_fields: tuple[str, ...] = ()
    """Fields of the body that it says are of one type and that the validating schema takes in another."""
    statuses_agree: bool | None = None
    """It has all statuses that the handler answers with, from 500 on left out."""
    undocumented_statuses: tuple[str, ...] = ()
    contract: Contract = Contract()
    """What it promises to clients."""
    trail: tuple[Step, ...] = ()

    @property
    def parameter_differences(self) -> str:
        """What differs in its parameters, in words."""
        return _joined(
            _told("does not declare {}, which its path has", self.undeclared_parameters),
            _told("lacks {}", self.undocumented_parameters),
            _told("has {}, which nothing reads", self.stale_parameters),
        )

    @property
    def field_differences(self) -> str:
        """What differs in its body, in words."""
        return _joined(
            _told("lacks {}", self.undocumented_fields),
            _told("has {}, which nothing takes", self.stale_fields),
        )

    @property
    def type_differences(self) -> str:
        """Which fields are documented with another type than the endpoint takes, in words."""
        return "; ".join(self.mistyped_fields)

    @property
    def identity(self) -> str:
        """Method, path and the document."""
        return f"{self.method} {self.path} {self.specification}"


def _told(sentence: str, names: tuple[str, ...]) -> str:
    return sentence.format(", ".join(names)) if names else ""


def _joined(*sentences: str) -> str:
    return ", and ".join(filter(None, sentences))


SUBJECT = Operation
