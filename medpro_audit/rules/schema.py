"""The JSON Schema of rule files, computed from the types of the subjects, for editors and for whoever writes rules."""

from msgspec import Struct

from medpro_audit.core.finding import SEVERITIES
from medpro_audit.model.subjects import SUBJECTS
from medpro_audit.rules.attributes import Attribute, Shape, attributes_of
from medpro_audit.rules.conditions import COMBINATORS
from medpro_audit.rules.fields import Key
from medpro_audit.rules.operators import Operator, operators_for
from medpro_audit.rules.patterns import MAX_PATTERN
from medpro_audit.rules.rule_file import (
    CLAIM_KEYS,
    EFFORT_PATTERN,
    ID_PATTERN,
    MAX_WEIGHT,
    METRICS,
    NAME_PATTERN,
    NO_METRIC,
    PACK_KEYS,
    PHRASE_PATTERN,
    RULE_KEYS,
    SYNTAX,
    TAG_PATTERN,
)

Schema = dict[str, object]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string", "minLength": 1}
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


def rule_schema() -> Schema:
    """Build the schema of one rule file."""
    return {
        "$schema": _DIALECT,
        "title": "A rule of medpro-audit",
        "type": "object",
        "properties": {name: {"description": key.doc, **_VALUES.get(name, _TEXT)} for name, key in RULE_KEYS.items()},
        "required": _required(RULE_KEYS),
        "additionalProperties": False,
        "allOf": [_of_subject(kind) for kind in SUBJECTS],
        "$defs": {declared.__name__: _condition(declared) for declared in _structures()},
    }


def pack_schema() -> Schema:
    """Build the schema of a pack file."""
    return {
        "$schema": _DIALECT,
        "title": "A rule pack of medpro-audit",
        "type": "object",
        "properties": {
            name: {"description": key.doc, **(_CLAIMS if name == "claims" else _TEXT)}
            for name, key in PACK_KEYS.items()
        },
        "required": _required(PACK_KEYS),
        "additionalProperties": False,
    }


_EXAMPLE: Schema = {"anyOf": [_TEXT, {"type": "object", "minProperties": 1, "additionalProperties": _TEXT}]}

_CLAIM_VALUES = {"words": PHRASE_PATTERN, "rules": NAME_PATTERN}
_CLAIMS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            name: {
                "description": key.doc,
                "type": "array",
                "items": {"type": "string", "pattern": f"^{_CLAIM_VALUES[name]}$"},
            }
            for name, key in CLAIM_KEYS.items()
        },
        "required": list(CLAIM_KEYS),
        "additionalProperties": False,
    },
}

_VALUES: dict[str, Schema] = {
    "id": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
    "subject": {"enum": list(SUBJECTS)},
    "severity": {"enum": list(SEVERITIES)},
    "metric": {"enum": [*METRICS, NO_METRIC]},
    "weight": {"type": "integer", "minimum": 1, "maximum": MAX_WEIGHT},
    "where": {"type": "object"},
    "require": {"type": "object"},
    "told_by": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
    "bad": _EXAMPLE,
    "good": _EXAMPLE,
    "effort": {"type": "string", "pattern": f"^({EFFORT_PATTERN})$"},
    "tags": {"type": "array", "items": {"type": "string", "pattern": f"^({TAG_PATTERN})$"}},
}


def _required(keys: dict[str, Key]) -> list[str]:
    return [name for name, key in keys.items() if key.required]


def _of_subject(kind: str) -> Schema:
    """Say which conditions a rule about this kind of subject can have."""
    condition = {"$ref": f"#/$defs/{SUBJECTS[kind].__name__}"}
    then: Schema = {"properties": {"where": condition, "require": condition, "query": False}}
    then["anyOf"] = [{"required": ["where"]}, {"required": ["require"]}]
    if kind == SYNTAX:
        then = {"properties": {"where": condition, "metric": {"const": NO_METRIC}, "require": False}}
        then["required"] = ["query"]
    return {"if": {"properties": {"subject": {"const": kind}}, "required": ["subject"]}, "then": then}


def _structures() -> list[type[Struct]]:
    """List the types that a condition can be about: the subjects, and the structures in their lists."""
    found: dict[type[Struct], None] = dict.fromkeys(SUBJECTS.values())
    queue = list(found)
    while queue:
        for attribute in attributes_of(queue.pop()).values():
            item = attribute.shape.item
            if item and item.struct and item.struct not in found:
                found[item.struct] = None
                queue.append(item.struct)
    return sorted(found, key=lambda declared: declared.__name__)


def _condition(declared: type[Struct]) -> Schema:
    itself: Schema = {"$ref": f"#/$defs/{declared.__name__}"}
    several: Schema = {"type": "array", "minItems": 1, "items": itself}
    properties: dict[str, Schema] = {
        name: {"description": doc, **(itself if name == "not" else several)} for name, doc in COMBINATORS.items()
    }
    for attribute in attributes_of(declared).values():
        if operators_for(attribute.shape):
            properties[attribute.name] = _attribute(attribute)
    return {"type": "object", "minProperties": 1, "properties": properties, "additionalProperties": False}


def _attribute(attribute: Attribute) -> Schema:
    """Say how one attribute can be tested."""
    shape = attribute.shape
    tests = {operator.name: _operand(operator, shape) for operator in operators_for(shape)}
    forms: list[Schema] = [
        {"type": "object", "minProperties": 1, "properties": tests, "additionalProperties": False},
    ]
    if shape.has_scalar:
        value = _value(shape)
        forms += [value, {"type": "array", "minItems": 1, "items": value}]
    return {"description": attribute.doc, "anyOf": forms}


def _operand(operator: Operator, shape: Shape) -> Schema:
    tested = shape.item or shape
    match operator.operand:
        case "condition":
            assert tested.struct is not None
            form: Schema = {"$ref": f"#/$defs/{tested.struct.__name__}"}
        case "value":
            form = _value(tested)
        case "values":
            form = {"type": "array", "minItems": 1, "items": _value(tested)}
        case "pattern":
            form = {"type": "string", "format": "regex", "maxLength": MAX_PATTERN}
        case "text":
            form = {"type": "string"}
        case "number":
            form = {"type": "number"}
        case "boolean":
            form = {"type": "boolean"}
    return {"description": operator.doc, **form}


def _value(shape: Shape) -> Schema:
    forms: list[Schema] = [{"type": _TYPES[scalar]} for scalar in shape.scalars]
    if shape.choices:
        forms.append({"enum": list(shape.choices)})
    return forms[0] if len(forms) == 1 else {"anyOf": forms}
