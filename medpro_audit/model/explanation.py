"""How an endpoint came to its path, its middleware, its handler and each verdict, step by step.

Like a stack trace: every step has its place, what happens there in a reader's words, and the source text that does it.
"""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.model.subjects import Endpoint, MiddlewareUse


class SourceStep(Struct, frozen=True):
    """One step."""

    file: str
    line: int
    text: str
    """What happens there."""
    source: str
    """The code there in one line, as it stands in the file: hostile like everything of the repository."""


class PathStep(SourceStep, frozen=True):
    """One step from the application to the registration."""

    adds: str | None = None
    """The piece of the path that it adds; None for a step that adds none."""
    path: str | None = None
    """The path from the application's root up to here."""
    condition: str | None = None
    """Under which it is done."""


class MiddlewareSteps(Struct, frozen=True):
    """One middleware, and how it came to stand before the handler."""

    middleware: MiddlewareUse
    written: str
    """Source expression with its arguments, shortened."""
    steps: tuple[SourceStep, ...]
    """Where it is registered, made and defined, and what gives it its roles."""
    does: tuple[str, ...]
    """What it does with a request."""
    reason: str | None = None
    """Why it can't be followed; None when it can."""


class ValidationSteps(Struct, frozen=True):
    """For each request part: where it is checked, by which schema, and where it is read."""

    body: tuple[SourceStep, ...]
    params: tuple[SourceStep, ...]
    query: tuple[SourceStep, ...]
    headers: tuple[SourceStep, ...]


class Explanation(Struct, frozen=True):
    """Everything that is known of one endpoint."""

    endpoint: Endpoint
    """The endpoint with all verdicts, as in the list of endpoints."""
    path: tuple[PathStep, ...]
    """From the application to the registration."""
    parameter_functions: tuple[MiddlewareSteps, ...]
    """Functions of ``param()`` for parameters of the path; they run first."""
    middleware: tuple[MiddlewareSteps, ...]
    """In effect, outermost first."""
    inactive_middleware: tuple[MiddlewareSteps, ...]
    """In effect in another configuration than the default only."""
    handler: tuple[SourceStep, ...]
    """From the outermost wrapper to the function that does the work."""
    validation: ValidationSteps
    open_questions: tuple[SourceStep, ...]
    """What was not read or not followed in the files of the steps above: there may be more than is shown."""


class Explanations(Struct, frozen=True):
    """What ``medpro-audit endpoints --explain TARGET --format json`` prints."""

    schema_version: int
    target: str
    explanations: tuple[Explanation, ...]
    """In the order of the source; several when the target names several endpoints."""
