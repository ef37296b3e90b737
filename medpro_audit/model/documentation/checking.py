"""What keeps documentation in step with the code: linters of documents, validation by them, contract tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

MAX_FILES = 100
"""Pipelines that are looked into."""

_TOOL = re.compile(
    rb"@redocly/cli|redocly lint|@stoplight/(?:spectral|prism)[\w-]*|spectral lint|swagger-cli|vacuum lint|tcort/oas"
    rb"|@apidevtools/swagger-parser|@readme/openapi-parser|(?:express|koa)-openapi-validator|openapi-backend|oasdiff"
    rb"|(?:jest|vitest)-openapi|chai-openapi-response-validator|openapi-diff|\bdredd\b|schemathesis"
)
_PIPELINE = re.compile(
    r"^(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.pre-commit-config\.yaml|lefthook\.ya?ml)$"
)


def checks(known: Known, backend: str) -> Iterator[tuple[str, str]]:
    """Tools that check documents, each with the file that names it: a manifest or a pipeline."""
    prefix = "" if backend == "." else f"{backend}/"
    for path in dict.fromkeys((f"{prefix}package.json", "package.json")):
        yield from _named(path, known.base.inventory.settings.get(path))
    pipelines = sorted(path for path in known.base.inventory.paths if _PIPELINE.search(path))
    for path in pipelines[:MAX_FILES]:
        yield from _named(path, known.base.read_asset(path))


def _named(path: str, content: bytes | None) -> Iterator[tuple[str, str]]:
    found = _TOOL.search(content) if content is not None else None
    if found is not None:
        yield found[0].decode(), path
