"""Prisma schemas: https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource."""

from __future__ import annotations

import re

from medpro_audit.model.database.families import family_of
from medpro_audit.model.database.files.outside import Address, Outside, address_of
from medpro_audit.model.evaluation.values import Constant, Environment, Value

_DATASOURCE = re.compile(r"^[ \t]*datasource[ \t]+(?P<name>\w+)[ \t]*\{(?P<body>[^{}]*)\}", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*(?P<key>\w+)[ \t]*=[ \t]*(?P<value>[^\r\n]*)", re.MULTILINE)
_TEXT = re.compile(r'"(?P<text>[^"]*)"')
_VARIABLE = re.compile(r'env\([ \t]*"(?P<name>\w+)"[ \t]*\)')


def read_prisma(content: bytes) -> Outside | None:
    """The datasource of a schema; None when it has none."""
    text = content.decode("utf-8-sig", "replace")
    found = _DATASOURCE.search(text)
    if found is None:
        return None
    fields = {field["key"]: field for field in _FIELD.finditer(text, *found.span("body"))}
    provider = _TEXT.match(fields["provider"]["value"]) if "provider" in fields else None
    url = _url(fields["url"]["value"]) if "url" in fields else None
    address = (address_of(str(url.value)) if isinstance(url, Constant) else None) or Address()
    at = fields["url"].start("key") if "url" in fields else found.start("name")
    return Outside(
        line=text.count("\n", 0, at) + 1,
        source="prisma",
        family=(family_of(provider["text"]) if provider is not None else None) or address.family,
        host=address.host,
        port=address.port,
        database=address.database,
        name=found["name"],
        variable=url.name if isinstance(url, Environment) else None,
    )


def datasource_url(content: bytes) -> Value | None:
    """The address in a schema, as code would give it to a driver; it may hold a password."""
    text = content.decode("utf-8-sig", "replace")
    found = _DATASOURCE.search(text)
    fields = _FIELD.finditer(text, *found.span("body")) if found is not None else ()
    return next((_url(field["value"]) for field in fields if field["key"] == "url"), None)


def _url(text: str) -> Value | None:
    literal, variable = _TEXT.match(text), _VARIABLE.match(text)
    if variable is not None:
        return Environment(variable["name"])
    return Constant(literal["text"]) if literal is not None else None
