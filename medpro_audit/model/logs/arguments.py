"""What a log call is given: how its message is built, which secrets and which correlation id are in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from medpro_audit.facts import ir

REQUESTS = frozenset(("req", "request"))
"""Names by which handlers know the request."""

_IDS = frozenset("correlationid reqid requestid spanid traceid transactionid xcorrelationid xrequestid".split())
_PRINTING = frozenset(("String", "inspect", "format", "stringify", "toString", "toJSON", "trim", "valueOf", "flat"))
"""Calls that change the form of a value and leave what it says."""
_TESTING = frozenset("== === != !== < > <= >= in instanceof".split())
_DENYING = frozenset(
    "has is no not without missing invalid use uses should must can with needs num total next page continuation "
    "cancel".split()
)
"""First words of names that tell of a secret, or mean another kind of token, and don't hold it."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


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


# Secrets


class SensitiveNames:
    """The configured names of what must not be logged."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(tuple(_words(name)) for name in names)
        self._joined = frozenset("".join(name) for name in self._names)

    def __contains__(self, name: str) -> bool:
        """Whether a name is one of them, or ends in one: ``newPassword`` for ``password``."""
        words = _words(name)
        if not words or words[0] in _DENYING:
            return False
        return any("".join(words[start:]) in self._joined for start in range(len(words)))

    def among(self, arguments: Collection[ir.Expression], secret_bodies: bool) -> tuple[str, ...]:
        """The names among what is logged, as they are written, sorted.

        Args:
            arguments: Of the log call.
            secret_bodies: The body of the request is known to hold one of these.
        """
        found = {name for argument in arguments for name in self._logged(argument, secret_bodies)}
        return tuple(sorted(found))

    def _logged(self, node: ir.Expression, secret_bodies: bool) -> Iterator[str]:  # noqa: C901 - one case per kind of expression
        match node:
            case ir.Name(id=name):
                yield from self._named(name)
            case ir.Member(object=ir.Name(id=owner), name="body" | "headers" as part) if owner in REQUESTS:
                if secret_bodies if part == "body" else "authorization" in self:
                    yield f"{owner}.{part}"
            case ir.Member(name=name) | ir.Index(key=ir.Literal(value=str() as name)):
                yield from self._named(name)
            case ir.Object(properties=properties):
                for entry in properties:
                    yield from self._property(entry, secret_bodies)
            case _:
                for part in carried(node):
                    yield from self._logged(part, secret_bodies)

    def _property(self, entry: ir.Property, secret_bodies: bool) -> Iterator[str]:
        inner = list(self._logged(entry.value, secret_bodies)) if entry.kind in {"value", "spread"} else []
        yield from inner
        is_secret = isinstance(entry.key, str) and entry.key in self
        if is_secret and not inner and _may_hold(entry.value) and isinstance(entry.key, str):
            yield entry.key

    def _named(self, name: str) -> Iterator[str]:
        if name in self:
            yield name


@lru_cache(maxsize=10_000)
def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def carried(node: ir.Expression) -> tuple[ir.Expression, ...]:
    """The parts of an expression whose values are in its own: not what is compared, tested, or handed to a function."""
    match node:
        case ir.Template(parts=parts):
            return tuple(part for part in parts if not isinstance(part, str))
        case ir.Binary(operator="&&", right=right):
            return (right,)
        case ir.Binary(operator=operator, left=left, right=right) if operator not in _TESTING:
            return (left, right)
        case ir.Conditional(then=then, otherwise=otherwise):
            return (then, otherwise)
        case ir.Await(value=value) | ir.Spread(value=value) | ir.Index(object=value):
            return (value,)
        case ir.Array(items=items):
            return tuple(item for item in items if item is not None)
        case ir.Sequence(items=(*_, last)):
            return (last,)
        case ir.Call(callee=ir.Name(id=name), arguments=arguments) if name in _PRINTING:
            return arguments[:1] if name != "format" else arguments
        case ir.Call(callee=ir.Member(object=ir.Name(id="JSON" | "util" | "inspect"), name=name), arguments=arguments):
            return arguments[:1] if name in {"stringify", "inspect"} else arguments if name == "format" else ()
        case ir.Call(callee=ir.Member(object=owner, name=name)) if name in _PRINTING:
            return (owner,)
    return ()


def _may_hold(node: ir.Expression) -> bool:
    """Whether the value of a field can be the secret that its name promises: ``'[REDACTED]'`` and ``mask(x)`` aren't."""
    match node:
        case ir.Name(id="undefined"):
            return False
        case ir.Name() | ir.Member() | ir.Index():
            return True
    return any(_may_hold(part) for part in carried(node))


# Correlation


def carries_id(nodes: Collection[ir.Expression]) -> bool:
    """Whether an id of the request is among these, or the request itself, of which loggers write the id."""
    return any(_carries_id(inner) for node in nodes for inner in ir.walk(node))


def _carries_id(node: ir.Node) -> bool:
    match node:
        case ir.Name(id=name):
            return _joined(name) in _IDS or name in REQUESTS
        case ir.Member(name=name) | ir.Property(key=str() as name):
            return _joined(name) in _IDS
    return False


def reads_id_of_request(nodes: Collection[ir.Expression]) -> bool:
    """Whether ``req.id``, ``req.correlationId`` or the like is among these: something gives every request an id."""
    return any(
        isinstance(inner, ir.Member)
        and isinstance(inner.object, ir.Name)
        and inner.object.id in REQUESTS
        and _joined(inner.name) in {"id", *_IDS}
        for node in nodes
        for inner in ir.walk(node)
    )


def _joined(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
