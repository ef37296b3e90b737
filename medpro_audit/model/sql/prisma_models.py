"""Tables and indexes in a Prisma schema: https://www.prisma.io/docs/orm/reference/prisma-schema-reference."""

from __future__ import annotations

import re

from medpro_audit.core.place import Place
from medpro_audit.model.sql.schema import Column, Schema, Table

_MODEL = re.compile(r"^[ \t]*model[ \t]+(?P<name>\w+)[ \t]*\{(?P<body>.*?)^[ \t]*\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^[ \t]*(?P<name>\w+)[ \t]+(?P<type>\w+)(?P<list>\[\])?\??(?P<rest>[^\n]*)$", re.MULTILINE)
_BLOCK = re.compile(r"^[ \t]*@@(?P<kind>id|unique|index)\((?:fields:[ \t]*)?\[(?P<fields>[^\]]*)\]", re.MULTILINE)
_TABLE = re.compile(r'@@map\((?:name:[ \t]*)?"(?P<name>[^"]+)"\)')
_COLUMN = re.compile(r'@map\((?:name:[ \t]*)?"(?P<name>[^"]+)"\)')
_RELATION = re.compile(r"@relation\([^)]*fields:[ \t]*\[(?P<fields>[^\]]*)\]")
_COMMENT = re.compile(r"//[^\n]*")
_TYPES = {"Boolean": "BOOLEAN", "Json": "JSON"}


def learn_prisma(schema: Schema, text: str, path: str) -> None:
    """Take the models of a Prisma schema into a schema."""
    plain = _COMMENT.sub("", text)
    models = {found["name"] for found in _MODEL.finditer(plain)}
    for found in _MODEL.finditer(plain):
        body = found["body"]
        mapped = _TABLE.search(body)
        place = Place(path, plain.count("\n", 0, found.start("name")) + 1)
        _learn_model(schema.create(mapped["name"] if mapped else found["name"], place), body, models)


def _learn_model(table: Table, body: str, models: set[str]) -> None:
    columns: dict[str, str] = {}
    for field in _FIELD.finditer(body):
        relation = _RELATION.search(field["rest"])
        if relation is not None:
            table.references.append(tuple(columns.get(name, name).lower() for name in _names(relation["fields"])))
        if relation is not None or field["type"] in models or field["list"]:
            continue
        mapped = _COLUMN.search(field["rest"])
        name = mapped["name"] if mapped else field["name"]
        columns[field["name"]] = name
        table.columns[name.lower()] = Column(name, _TYPES.get(field["type"], ""))
        if re.search(r"@(id|unique)\b", field["rest"]):
            table.add([name], is_unique=True)
    for block in _BLOCK.finditer(body):
        names = [columns.get(name, name) for name in _names(block["fields"])]
        table.add(names, is_unique=block["kind"] != "index")


def _names(fields: str) -> list[str]:
    """Names of fields, without the length or order that may follow one."""
    return re.findall(r"\w+", re.sub(r"\([^)]*\)", "", fields))
