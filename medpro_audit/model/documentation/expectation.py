"""Which endpoints need no documentation, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medpro_audit.model.documentation.interfaces import INTERFACES, Interface
from medpro_audit.model.documentation.templates import Template
from medpro_audit.model.evaluation.values import External, FunctionValue
from medpro_audit.model.paths import covers
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import Endpoint

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

PAGE = "it answers with a page"
"""Why what people look at needs no documentation."""
_DOCUMENT = re.compile(r"/(?:swagger|open-?api|api-?docs?|docs|redoc)(?:[.-](?:json|ya?ml|html))?/?$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:css|gif|html?|ico|jpe?g|js|map|mjs|png|svg|txt|webmanifest|webp|woff2?|xml)$", re.IGNORECASE)
_MAKERS = frozenset(("@hono/zod-openapi",))
"""Packages whose own handlers answer with a document."""
_PAGE = re.compile(r"\.\s*(?:render|sendFile|redirect)\s*\(")
_ANSWER = re.compile(r"\.\s*(?:json|jsonp|send|end|write|pipe|sendStatus)\s*\(|\breturn\s+\{|\.body\s*=[^=]")


def exemption(known: Known, endpoint: Endpoint, row: Row, template: Template, interfaces: list[Interface]) -> str:
    """Why an endpoint needs no documentation; empty when it does."""
    if endpoint.kind == "use":
        return "it is a function for everything below its path"
    if endpoint.method in {"OPTIONS", "HEAD"}:
        return "it goes with another method of its path"
    if template.prefix is not None:
        return "OpenAPI has no paths with wildcards"
    if any(getattr(layer.value, "package", None) in INTERFACES for layer in row.items):
        return "it is the documentation itself"
    if row.items and isinstance(last := row.items[-1].value, External) and last.package in _MAKERS:
        return "it is the documentation itself"
    shown = [one.path for one in interfaces if one.path not in {"", "/"}]
    if _DOCUMENT.search(endpoint.path) or any(covers(path, endpoint.path) for path in shown):
        return "it is the documentation itself"
    if _FILE.search(endpoint.path):
        return "it answers with a file"
    return PAGE if _is_page(known, endpoint, row) else ""


def _is_page(known: Known, endpoint: Endpoint, row: Row) -> bool:
    """Whether all that the handler's own code answers with is pages for people."""
    if endpoint.handler.file is None:
        return False
    found = known.base.endpoint_builder.passage(row).found
    if found is None or not isinstance(found.value, FunctionValue):
        return False
    node = found.value.node
    text = known.base.interpreter.code.snippet(found.value.module.path, node.start, node.end)
    return _PAGE.search(text) is not None and _ANSWER.search(text) is None
