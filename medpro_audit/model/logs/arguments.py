"""What a log call is given: how its message is built, and whether an id of the request is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from medpro_audit.facts import ir

REQUESTS = frozenset(("req", "request"))
"""Names by which handlers know the request."""

_IDS = frozenset(
    ["correlationid", "reqid", "requestid", "spanid", "traceid", "transactionid", "xcorrelationid", "xrequestid"]
)


def is_concatenated(arguments: Collection[ir.Expression]) -> bool:
    """Whether a message is put together by ``+`` or a template with values."""
    return any(_is_built(argument) for argument in arguments)


def _is_built(node: ir.Expression) -> bool:
    match node:
        case ir.Template(parts=parts):
            return any(not isinstance(part, str | ir.Literal) for part in parts)
        case ir.Binary(operator="+"):
            operands = list(_operands(node))
            has_text = any(isinstance(operand, ir.Template) or _is_text(operand) for operand in operands)
            return has_text and any(not isinstance(operand, ir.Literal) for operand in operands)
    return False


def _operands(node: ir.Expression) -> Iterator[ir.Expression]:
    match node:
        case ir.Binary(operator="+", left=left, right=right):
            yield from (*_operands(left), *_operands(right))
        case _:
            yield node


def _is_text(node: ir.Expression) -> bool:
    return isinstance(node, ir.Literal) and isinstance(node.value, str)


def carries_id(nodes: Collection[ir.Expression]) -> bool:
    """Whether an id of the request is among these, or the request itself, of which loggers write the id."""
    return any(_is_request(node) or any(_is_id(inner) for inner in ir.walk(node)) for node in nodes)


def _is_request(node: ir.Expression) -> bool:
    match node:
        case ir.Name(id=name):
            return name in REQUESTS
        case ir.Object(properties=properties):
            return any(_is_request(entry.value) for entry in properties)
    return False


def _is_id(node: ir.Node) -> bool:
    match node:
        case ir.Member(object=ir.Name(id=owner), name="id"):
            return owner in REQUESTS
        case ir.Name(id=name) | ir.Member(name=name) | ir.Property(key=str() as name):
            return _joined(name) in _IDS
    return False


def reads_id_of_request(nodes: Collection[ir.Expression]) -> bool:
    """Whether ``req.id``, ``req.correlationId`` or the like is among these: something gives every request an id.

    ``request.id`` may as well be that of a request for a report, or for an examination.
    """
    return any(
        isinstance(inner, ir.Member)
        and isinstance(inner.object, ir.Name)
        and inner.object.id in REQUESTS
        and (_joined(inner.name) in _IDS or (inner.name == "id" and inner.object.id == "req"))
        for node in nodes
        for inner in ir.walk(node)
    )


def _joined(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
