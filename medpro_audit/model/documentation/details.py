"""What an operation says: parameters, body, responses, examples; None for what can't be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from medpro_audit.model.documentation.document import Document, Operation, fields_of
from medpro_audit.model.documentation.nodes import UNSEEN, Node
from medpro_audit.model.schemas import Shape

Names = frozenset[str]
MAX_NODES = 20_000
"""Nodes of one operation that are looked at for examples."""
_EXAMPLES = frozenset({"example", "examples", "x-example", "x-examples"})
_SAMPLES = frozenset({"x-codeSamples", "x-code-samples", "x-codesamples"})
_NOTHING = Node(None, "", 0)


class Details(NamedTuple):
    """The parts of an operation."""

    has_summary: bool | None
    query: Names | None
    undeclared: Names
    """Parameters in its path that it does not declare."""
    has_body: bool | None
    body: Names | None
    """Fields of its body."""
    types: Mapping[str, str]
    """What JSON holds in them, where the documentation says one type: an integer is a ``number``."""
    is_form: bool
    """The body is, or may be, a form, with files that no schema sees."""
    statuses: Names | None
    has_content: bool | None
    """It takes or answers with something that an example could show."""
    has_examples: bool | None
    answered: Names = frozenset()
    """Fields of what it answers when it succeeds, at their top."""


def details_of(operation: Operation) -> Details:
    """Read an operation, whatever it is written as."""
    if operation.document.source == "apidoc":
        return _of_apidoc(operation)
    if operation.document.source == "zod-to-openapi":
        return _of_registration(operation)
    parameters = parameters_of(operation)
    places = [(parameter.text("in"), parameter.text("name")) for parameter in parameters or ()]
    declared = frozenset(name for place, name in places if place == "path")
    slots = frozenset(re.findall(r"\{([^{}/]+)\}", operation.path))
    body = body_of(operation, parameters or ())
    responses = operation.part("responses")
    found = Details(
        has_summary=_has_summary(operation.node),
        query=None if parameters is None else _query(operation.document, parameters),
        undeclared=slots - declared if parameters is not None else frozenset(),
        has_body=body is not None or (None if parameters is None or operation.node.is_open else False),
        body=_fields(operation.document, body),
        types=_types(operation.document, body),
        is_form=_is_form(operation, body),
        statuses=_statuses(responses),
        has_content=body is not None or _answers(operation, responses),
        has_examples=_has_examples(operation),
        answered=frozenset(_answered(operation.document, responses)),
    )
    return _shortened(found) if getattr(operation.node.find("deprecated"), "value", False) is True else found


def _shortened(found: Details) -> Details:
    """What is deprecated need not say all: its readers are sent elsewhere."""
    return found._replace(query=None, has_body=found.has_body or None, body=None, types={}, statuses=None)


def _of_apidoc(operation: Operation) -> Details:
    has_examples = operation.node.find("x-codeSamples") is not None
    return Details(_has_summary(operation.node), None, frozenset(), None, None, {}, False, None, True, has_examples)  # noqa: FBT003 - a record


def _of_registration(operation: Operation) -> Details:
    node = operation.node
    request = node.find("request") or (_NOTHING if not node.is_open else Node(UNSEEN, "", 0))
    body = request.find("body")
    content = body.find("content") if body is not None else None
    schema = next((media.find("schema") for media in content.entries.values()), None) if content is not None else None
    query = request.find("query")
    responses = node.find("responses")
    return Details(
        has_summary=_has_summary(node),
        query=frozenset() if query is None and request.is_seen else _shape_names(query),
        undeclared=frozenset(),
        has_body=body is not None or (False if request.is_seen else None),
        body=_shape_names(schema),
        types={},
        is_form=False,
        statuses=_statuses(responses),
        has_content=body is not None or _answers(operation, responses) or None,
        has_examples=_has_examples(operation),
    )


def _shape_names(node: Node | None) -> Names | None:
    if node is None or not isinstance(node.value, Shape):
        return None
    names, is_exact = names_of(node.value)
    return names if is_exact else None


def names_of(shape: Shape) -> tuple[Names, bool]:
    """Fields that a shape names at its top, and whether it lets no others through."""
    names: set[str] = set()
    is_exact = True
    waiting, seen = [shape], {id(shape)}
    for part in waiting:
        inner = [each for each in (*part.any_of, *part.all_of) if id(each) not in seen]
        seen.update(map(id, inner))
        waiting.extend(inner)
        if not (part.any_of or part.all_of):
            names.update(part.fields or ())
            is_closed = part.is_certain and part.extra in {"stripped", "rejected"} and part.element is None
            is_exact &= is_closed and part.fields is not None
    return frozenset(names), is_exact


def _has_summary(node: Node) -> bool | None:
    for key in ("summary", "description"):
        found = node.find(key)
        if found is not None and (found.value is UNSEEN or (isinstance(found.value, str) and found.value.strip())):
            return True
    return None if node.is_open else False


def parameters_of(operation: Operation) -> list[Node] | None:
    """The parameters of an operation and of its path; None when they can't be seen."""
    found: list[Node] = []
    for holder in (operation.item, operation.node):
        listed = holder.find("parameters")
        if listed is None:
            continue
        listed = operation.document.follow(listed)
        own = [operation.document.follow(item) for item in listed.items]
        if not listed.is_seen or any(not (item.is_seen and item.text("in")) for item in own):
            return None  # one that does not say where it is sent may be a field of the body
        found += own
    return None if operation.node.is_open else found


def _query(document: Document, parameters: Sequence[Node]) -> Names | None:
    """Names of the query: those of an object are its properties, one parameter each, unless its style says otherwise.

    https://spec.openapis.org/oas/v3.0.3#style-values
    """
    names: set[str] = set()
    for parameter in (each for each in parameters if each.text("in") == "query"):
        schema = parameter.find("schema")
        schema = document.follow(schema) if schema is not None else _NOTHING
        explode, style = parameter.find("explode"), parameter.text("style")
        is_apart = style in {"", "form"} and (explode is None or explode.value is not False)
        is_object = schema.text("type") == "object" or schema.find("properties") is not None
        inner = fields_of(document, schema) if is_apart and is_object else {parameter.text("name"): parameter}
        if inner is None or not (schema.is_seen or schema.text("type")):
            return None
        names.update(inner)
    return frozenset(names)


def body_of(operation: Operation, parameters: Sequence[Node]) -> Node | None:
    """The schema of the body, or what stands for it."""
    body = operation.part("requestBody")
    if body is not None:
        content = body.find("content")
        media = sorted((content or _NOTHING).entries.items(), key=lambda entry: "json" not in entry[0])
        return media[0][1].find("schema") or Node({}, body.file, body.line) if media else body
    for parameter in parameters:
        if parameter.text("in") == "body":
            return parameter.find("schema") or parameter
    form = {each.text("name"): each for each in parameters if each.text("in") == "formData"}
    return Node({"properties": Node(form, operation.node.file, operation.node.line)}, "", 0) if form else None


def _is_form(operation: Operation, body: Node | None) -> bool:
    requested = operation.part("requestBody")
    content = requested.find("content") if requested is not None else None
    return any("form" in kind for kind in (content or _NOTHING).entries) or (body is not None and not body.file)


def _fields(document: Document, schema: Node | None) -> Names | None:
    """Fields that a caller sends: those that only stand in answers are left out."""
    found = fields_of(document, schema)
    if found is None:
        return None
    return frozenset(name for name, node in found.items() if getattr(node.find("readOnly"), "value", False) is not True)


def _types(document: Document, schema: Node | None) -> Mapping[str, str]:
    """The types of the fields of a body."""
    found: dict[str, str] = {}
    for name, node in (fields_of(document, schema) or {}).items():
        field = document.follow(node)
        written = field.find("type")
        listed = [item.value for item in written.items] if written is not None else []
        kinds = {each for each in listed or [getattr(written, "value", None)] if each != "null"}
        kind = kinds.pop() if len(kinds) == 1 else None
        if isinstance(kind, str) and not any(field.find(word) for word in ("allOf", "anyOf", "oneOf")):
            found[name] = "number" if kind == "integer" else kind
    return found


def _statuses(responses: Node | None) -> Names | None:
    if responses is None:
        return frozenset()
    return frozenset(responses.entries) if responses.is_seen and isinstance(responses.value, dict) else None


def _answers(operation: Operation, responses: Node | None) -> bool | None:
    """Whether it answers with something; who asks by GET and succeeds gets something, documented or not."""
    if responses is None:
        return operation.method == "GET"
    if operation.method == "GET" and any(_has_something(status) for status in responses.entries):
        return True
    found = [operation.document.follow(response) for response in responses.entries.values()]
    if any(response.find("content") or response.find("schema") for response in found):
        return True
    return False if responses.is_seen and all(response.is_seen for response in found) else None


def _answered(document: Document, responses: Node | None) -> Iterator[str]:
    """Fields of the objects, or of the list's elements, that it answers with when it succeeds."""
    for status, response in responses.entries.items() if responses is not None else ():
        node = document.follow(response)
        media = (node.find("content") or _NOTHING).entries.values() if _has_something(status) else ()
        for schema in (each.find("schema") for each in (*media, node)):
            listed = document.follow(schema).find("items") if schema is not None else None
            yield from fields_of(document, listed or schema) or ()


def _has_something(status: str) -> bool:
    return status == "default" or (status.startswith("2") and status not in {"204", "205"})


def _has_examples(operation: Operation) -> bool | None:
    """Whether any part of it shows an example; those of the schemas that it refers to count."""
    is_certain = not operation.node.is_open
    for node, key in _keyed(operation):
        if key in _EXAMPLES | _SAMPLES:
            return True
        is_certain &= node.is_seen and not isinstance(node.value, Shape)
    return False if is_certain else None


def _keyed(operation: Operation) -> Iterator[tuple[Node, str]]:
    """Everything in an operation, behind references too, with its key; names of fields are no keys."""
    waiting: list[tuple[Node, str, bool]] = [(operation.node, "", False)]
    seen: set[int] = set()
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node, key, is_field = waiting.pop()
        yield node, "" if is_field else key
        if "$ref" in node.entries:
            node = operation.document.follow(node)
        if id(node.value) in seen:
            continue
        if isinstance(node.value, dict | list):
            seen.add(id(node.value))
        holds_fields = key in {"properties", "patternProperties"} and not is_field
        waiting.extend((inner, name, holds_fields) for name, inner in node.entries.items())
        waiting.extend((inner, "", False) for inner in node.items)
