"""What the keywords of JSON Schema ask of a value, wherever they stand: in code, or in an OpenAPI document.

Source: JSON Schema 2020-12, "Validation"; OpenAPI 3.0.3, "Schema Object" (``nullable``, boolean ``exclusiveMinimum``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from medpro_audit.model.subjects.facets.contract import BoundKind
from medpro_audit.model.terms import EVERY_TYPE, Terms

Keywords = Mapping[str, object]
"""As plain values; schemas within it are not looked into."""

_BOUNDS: dict[str, BoundKind] = {
    "minimum": "least",
    "maximum": "most",
    "minLength": "shortest",
    "maxLength": "longest",
    "minItems": "shortest",
    "maxItems": "longest",
    "minProperties": "shortest",
    "maxProperties": "longest",
}
_EXCLUSIVE: dict[str, tuple[BoundKind, str]] = {
    "exclusiveMinimum": ("least", "minimum"),
    "exclusiveMaximum": ("most", "maximum"),
}
_NAMED = ("pattern", "multipleOf")
_OPAQUE = (
    "not",
    "if",
    "then",
    "else",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "propertyNames",
)
_FORMATS_OF_SIZE = frozenset(("int32", "int64", "float", "double", "byte", "binary", "password"))
"""Formats that say how a value is kept, which nobody checks."""


def terms_of(schema: Keywords) -> Terms:
    """What is asked of a value."""
    terms = Terms(_types(schema))
    if "const" in schema:
        terms = terms._replace(values=frozenset((_word(schema["const"]),)))
    listed = schema.get("enum")
    if isinstance(listed, list | tuple):
        terms = terms._replace(values=frozenset(map(_word, listed)))
    for keyword, kind in _BOUNDS.items():
        number = _number(schema.get(keyword))
        terms = terms.bounded(kind, number) if number is not None else terms
    for keyword, (kind, other) in _EXCLUSIVE.items():
        given = schema.get(keyword)
        number = _number(schema.get(other)) if given is True else _number(given)
        terms = terms.bounded(kind, number, is_exclusive=True) if number is not None else terms
    checks = [f"{name}:{schema[name]}" for name in _NAMED if name in schema]
    checks += [f"{name}:{_digest(schema[name])}" for name in _OPAQUE if name in schema]
    form = schema.get("format")
    if isinstance(form, str) and form not in _FORMATS_OF_SIZE:
        checks.append(form)
    return terms.checked(*checks, *(["unique"] if schema.get("uniqueItems") is True else []))


def _types(schema: Keywords) -> frozenset[str] | None:
    given = schema.get("type")
    names = given if isinstance(given, list | tuple) else [given] if given is not None else []
    types = {name for name in names if isinstance(name, str)}
    if not types:
        types = {"object"} if "properties" in schema else {"array"} if "items" in schema else set(EVERY_TYPE)
    return frozenset(types | {"null"} if schema.get("nullable") is True else types)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _word(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _digest(value: object) -> str:
    return hashlib.sha256(_word(value).encode()).hexdigest()[:8]
