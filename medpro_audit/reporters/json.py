"""The whole result as JSON: the contract that other programs read."""

import msgspec

from medpro_audit.reporters.document import encode
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult


def render(result: AuditResult, options: RenderOptions) -> str:  # noqa: ARG001 - every format takes both
    """The result with all its fields."""
    return encode(result)


def schema() -> dict[str, object]:
    """JSON Schema of what `render` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result of medpro-audit scan",
        **msgspec.json.schema(AuditResult),
    }
