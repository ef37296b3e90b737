"""The JSON Schema of configuration files, for editors; made from the types that also prove them."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, inspect

from medpro_audit.adapters.config_check import ROLES, bare
from medpro_audit.core.config import Config
from medpro_audit.core.docstrings import attribute_docs

JsonSchema = dict[str, object]


def config_schema() -> JsonSchema:
    """JSON Schema of ``medpro-audit.toml``, with the documentation of each key."""
    schema = _with_vocabularies(msgspec.json.schema(Config))
    if not isinstance(schema, dict):
        raise TypeError("the schema of a struct is an object")
    definitions = schema["$defs"]
    for declared in _structs(inspect.type_info(Config)):
        properties = definitions[declared.__name__]["properties"]
        for field, text in attribute_docs(declared).items():
            properties[field.replace("_", "-")]["description"] = text.replace("``", "`")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "medpro-audit.toml", **schema}


def _structs(kind: inspect.Type) -> Iterator[type[Struct]]:
    """A struct type and those of its fields."""
    kind = bare(kind)
    if isinstance(kind, inspect.StructType):
        yield kind.cls
        for field in kind.fields:
            yield from _structs(field.type)


def _with_vocabularies(node: object) -> object:
    """The schema with the words that a comment in it stands for."""
    if isinstance(node, list):
        return [_with_vocabularies(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("$comment") == "role":
        return {"enum": sorted(ROLES)}
    return {key: _with_vocabularies(item) for key, item in node.items() if key != "$comment"}
