"""Secrets and personal data among what is logged, by the names under which they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from medpro_audit.facts import ir
from medpro_audit.model.logs.arguments import REQUESTS

_PRINTING = frozenset(("flat", "toJSON", "toString", "trim", "valueOf"))
"""Methods that change the form of a value and leave what it says."""
_TESTING = frozenset(["==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof"])
_DENYING = frozenset(
    [
        "has",
        "is",
        "no",
        "not",
        "without",
        "missing",
        "invalid",
        "use",
        "uses",
        "should",
        "must",
        "can",
        "with",
        "needs",
        "num",
        "total",
        "next",
        "page",
        "continuation",
        "cancel",
        "expire",
        "expires",
        "expiry",
        "expiration",
        "lifetime",
        "ttl",
    ]
)
"""First words of names that tell of a secret, or mean another kind of token, and don't hold it."""
_SETTINGS = re.compile("env|config|setting|secret|credential")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class SensitiveNames:
    """The configured names of what must not be logged."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset("".join(_words(name)) for name in names)

    def __contains__(self, name: str) -> bool:
        """Whether a name is one of them, or ends in one: ``newPassword`` for ``password``."""
        words = _words(name)
        if not words or words[0] in _DENYING:
            return False
        return any("".join(words[start:]) in self._names for start in range(len(words)))

    def among(self, arguments: Collection[ir.Expression], *, has_secret_body: bool) -> tuple[str, ...]:
        """The names among what is logged, as they are written, sorted.

        Args:
            arguments: Of the log call.
            has_secret_body: The body of the request is known to hold one of these.
        """
        found = {name for argument in arguments for name in self._logged(argument, has_secret_body)}
        return tuple(sorted(found))

    def _logged(self, node: ir.Expression, has_secret_body: bool) -> Iterator[str]:
        match node:
            case ir.Name(id=name):
                yield from self._named(name)
            case ir.Member(object=ir.Name(id=owner), name=name) if owner in REQUESTS or _is_constant(owner, name):
                yield from self._of_request(owner, name, has_secret_body)
            case ir.Member(name=name) | ir.Index(key=ir.Literal(value=str() as name)):
                yield from self._named(name)
            case ir.Index(key=ir.Member(object=ir.Name(id=owner), name=name)) if owner[:1].isupper():
                yield from self._named(name)  # ``token[Field.expiresAt]``: a constant that names the field
            case ir.Object(properties=properties):
                for entry in properties:
                    yield from self._property(entry, has_secret_body)
            case _:
                for part in carried(node):
                    yield from self._logged(part, has_secret_body)

    def _of_request(self, owner: str, name: str, has_secret_body: bool) -> Iterator[str]:
        """All headers hold the credentials; the body holds what its endpoint is known to read."""
        is_secret = name in self
        if name == "headers":
            is_secret = "authorization" in self
        elif name == "body":
            is_secret = has_secret_body
        if is_secret and owner in REQUESTS:
            yield name if name in self else f"{owner}.{name}"

    def _property(self, entry: ir.Property, has_secret_body: bool) -> Iterator[str]:
        inner = list(self._logged(entry.value, has_secret_body)) if entry.kind in {"value", "spread"} else []
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


def _is_constant(owner: str, name: str) -> bool:
    """``ErrorCode.EXPIRED_TOKEN`` is no token; ``Config.API_TOKEN`` is one."""
    return owner[:1].isupper() and name.isupper() and not _SETTINGS.search(owner.lower())


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
        case ir.Call():
            return _printed(node)
    return ()


def _printed(call: ir.Call) -> tuple[ir.Expression, ...]:
    """What a call prints in another form."""
    match call.callee:
        case ir.Name(id="String" | "inspect"):
            return call.arguments[:1]
        case ir.Member(object=ir.Name(id="JSON" | "util"), name="stringify" | "inspect"):
            return call.arguments[:1]
        case ir.Name(id="format") | ir.Member(object=ir.Name(id="util"), name="format"):
            return call.arguments
        case ir.Member(object=owner, name=name) if name in _PRINTING:
            return (owner,)
    return ()


def _may_hold(node: ir.Expression) -> bool:
    """Whether the value of a field can be the secret that its name promises: ``'[REDACTED]'`` and ``mask(x)`` can't."""
    match node:
        case ir.Name(id="undefined"):
            return False
        case ir.Name() | ir.Member() | ir.Index():
            return True
    return any(_may_hold(part) for part in carried(node))
