"""The whole result as JSON: the contract that other programs read."""

from collections.abc import Iterator

import msgspec

from medpro_audit.reporters import document
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult


def render(result: AuditResult, options: RenderOptions) -> str:
    """The result with all its fields."""
    return "".join(pieces(result, options))


def pieces(result: AuditResult, options: RenderOptions) -> Iterator[str]:  # noqa: ARG001 - every format takes both
    """The same in pieces: of thousands of files it is some 60 MB."""
    return document.pieces(result)


def schema() -> dict[str, object]:
    """JSON Schema of what `render` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result of medpro-audit scan",
        **msgspec.json.schema(AuditResult),
    }
