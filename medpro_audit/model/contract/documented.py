"""What a documented operation promises: its parameters, its body, and what it answers with when nothing fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from medpro_audit.model.contract.fields import MAX_DEPTH, fields_of, merged
from medpro_audit.model.documentation.details import body_of, parameters_of
from medpro_audit.model.documentation.document import Document, Operation
from medpro_audit.model.documentation.nodes import Node, plain
from medpro_audit.model.json_schema import terms_of
from medpro_audit.model.schemas import UNCERTAIN, Shape
from medpro_audit.model.subjects.facets.contract import Accepted, Contract, Field, Sent
from medpro_audit.model.terms import Terms

_UNSEEN = "its documentation can't be followed"
_OTHER = "documentation of this kind is not held against itself"
_MAX_NODES = 2_000
"""Schemas of one operation; what lies beyond can't be followed."""


def promised(operation: Operation) -> Contract:
    """What clients can rely on by the documentation."""
    if operation.document.source == "apidoc":
        other = Accepted("unknown", _OTHER)
        return Contract(other, other, other, other, unseen_answers=_OTHER)
    schemas = _Schemas(operation.document)
    if operation.document.source == "zod-to-openapi":
        return _registered(operation, schemas)
    parameters = parameters_of(operation)
    body = body_of(operation, parameters or ())
    accepted = _known(fields_of(schemas.shape(body))) if body is not None else Accepted("not-read")
    answers = tuple(_answers(operation, schemas))
    return Contract(
        body=accepted,
        params=_parameters(parameters, "path", schemas),
        query=_parameters(parameters, "query", schemas),
        headers=_parameters(parameters, "header", schemas),
        answers=answers,
    )


def _registered(operation: Operation, schemas: _Schemas) -> Contract:
    """By schemas of the code, which stand where OpenAPI lists parameters."""
    request = operation.node.find("request")
    is_seen = request.is_seen and not request.is_open if request is not None else not operation.node.is_open
    given = request.entries if request is not None else {}
    body = given.get("body")
    content = body.find("content") if body is not None else None
    media = sorted((content.entries if content is not None else {}).items(), key=lambda each: "json" not in each[0])
    schema = media[0][1].find("schema") if media else None
    return Contract(
        body=_by_schema(schema if media else body, schemas, is_seen=is_seen),
        params=_by_schema(given.get("params"), schemas, is_seen=is_seen, is_given=True),
        query=_by_schema(given.get("query"), schemas, is_seen=is_seen),
        headers=_by_schema(given.get("headers"), schemas, is_seen=is_seen),
        answers=tuple(_answers(operation, schemas)),
    )


def _by_schema(schema: Node | None, schemas: _Schemas, *, is_seen: bool, is_given: bool = False) -> Accepted:
    if schema is None:
        return Accepted("not-read") if is_seen else Accepted("unknown", _UNSEEN)
    if not isinstance(schema.value, Shape):
        return Accepted("unknown", _UNSEEN)
    fields = fields_of(schemas.shape(schema))
    return _known([structs.replace(each, is_required=None) if is_given else each for each in fields])


def _known(fields: Sequence[Field]) -> Accepted:
    return Accepted(
        "known", fields=tuple(structs.replace(each, is_required=None) if not each.path else each for each in fields)
    )


def _parameters(parameters: Sequence[Node] | None, place: str, schemas: _Schemas) -> Accepted:
    if parameters is None:
        return Accepted("unknown", _UNSEEN)
    own = [each for each in parameters if each.text("in") == place]
    # Servers compare names of headers whatever their case.
    named = [(each.text("name").lower() if place == "header" else each.text("name"), each) for each in own]
    fields = merged(field for name, each in named for field in _parameter(name, each, schemas))
    # A path that lacks a parameter is another path.
    is_given = place == "path"
    return (
        _known([structs.replace(each, is_required=None) if is_given else each for each in fields])
        if own
        else Accepted("not-read")
    )


def _parameter(name: str, parameter: Node, schemas: _Schemas) -> Sequence[Field]:
    required = parameter.find("required")
    shape = schemas.shape(parameter.find("schema") or parameter)
    is_optional = required is None or required.value is not True
    return fields_of(shape.asking(shape.terms._replace(is_optional=is_optional)), name)


def _answers(operation: Operation, schemas: _Schemas) -> Iterator[Sent]:
    """Answers that say that all went well."""
    responses = operation.part("responses")
    for status, response in sorted(responses.entries.items()) if responses is not None else ():
        if status.startswith("2"):
            followed = operation.document.follow(response)
            content = followed.find("content")
            media = sorted((content.entries if content else {}).items(), key=lambda each: "json" not in each[0])
            schema = media[0][1].find("schema") if media else followed.find("schema")
            yield Sent(status, fields_of(schemas.shape(schema)) if schema is not None else ())


class _Schemas:
    """Schemas of a document as shapes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = _MAX_NODES

    def shape(self, schema: Node | None, above: tuple[int, ...] = ()) -> Shape:
        """What a schema says; one that refers to itself can't be followed further."""
        node = self._document.follow(schema) if schema is not None else None
        if node is not None and isinstance(node.value, Shape):
            return node.value
        self._left -= 1
        if node is None or not isinstance(node.value, dict) or len(above) > MAX_DEPTH or self._left < 0:
            return UNCERTAIN
        if id(node.value) in above:
            return Shape().asking(Terms(frozenset(("object",)), checks=frozenset(("refers to itself",))))
        return self._made(node, (*above, id(node.value)))

    def _made(self, node: Node, above: tuple[int, ...]) -> Shape:
        keywords = {name: plain(inner) for name, inner in node.entries.items() if name not in _SCHEMAS}
        keywords |= {name: {} for name in ("properties", "items") if name in node.entries}
        terms = terms_of(keywords)
        properties, items = node.find("properties"), node.find("items")
        additional = node.find("additionalProperties")
        if properties is not None or "object" in (terms.types or ()):
            shape = self._object(properties, additional, keywords.get("required"), above)
        else:
            shape = Shape(element=self.shape(items, above)) if items is not None else Shape()
        shape = shape.asking(terms)
        parts = [self.shape(each, above) for each in (node.find("allOf") or node).items]
        options = [self.shape(each, above) for key in ("anyOf", "oneOf") for each in (node.find(key) or node).items]
        if not (parts or options):
            return shape
        union = [Shape(any_of=options)] if options else []
        return Shape(all_of=[shape, *parts, *union]).asking(Terms()) if parts or properties else union[0]

    def _object(
        self, properties: Node | None, additional: Node | None, required: object, above: tuple[int, ...]
    ) -> Shape:
        needed = frozenset(map(str, required)) if isinstance(required, list) else frozenset[str]()
        fields: dict[str, Shape] = {}
        for name, inner in (properties.entries if properties is not None else {}).items():
            shape = self.shape(inner, above)
            fields[name] = shape.asking(shape.terms._replace(is_optional=name not in needed))
        is_closed = additional is not None and additional.value is False
        element = self.shape(additional, above) if additional is not None and additional.entries else None
        is_seen = properties is None or properties.is_seen
        return Shape(fields, element=element, extra="rejected" if is_closed else "kept", is_certain=is_seen)


_SCHEMAS = frozenset(
    ("properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf", "example", "examples", "description")
)
