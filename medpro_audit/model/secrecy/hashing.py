"""How strong a password hash is.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html: bcrypt with a cost of 10 or more,
PBKDF2 with 1,300,000 iterations of SHA-1, 600,000 of SHA-256 or 210,000 of SHA-512; scrypt and Argon2 by default.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from medpro_audit.facts import ir

_PASSWORD = re.compile(r"pass(?:word|wd|code)$|(?:^|[^a-z])pwd$", re.IGNORECASE)
_ITERATIONS = {"sha1": 1_300_000, "sha256": 600_000, "sha384": 210_000, "sha512": 210_000}
_LEAST_COST = 10
_DIGEST_AT = 4
_FAST = frozenset(("md5", "sha1", "sha256", "sha512", "MD5", "SHA1", "SHA256", "SHA512"))

Number = Callable[[ir.Expression], int | None]
"""The number that an expression stands for; None when that isn't known."""


class Hash(NamedTuple):
    """One call that hashes a password."""

    strength: Literal["strong", "weak", "unknown"]
    algorithm: str
    rounds: int | None = None
    minimum: int | None = None
    reason: str | None = None


def is_password(name: str) -> bool:
    """Whether a name is that of a password."""
    return _PASSWORD.search(name) is not None


def names_password(node: ir.Expression) -> bool:
    """Whether an expression is, or is made of, something that is named as a password."""
    match node:
        case ir.Name(id=name) | ir.Member(name=name) | ir.Index(key=ir.Literal(value=str() as name)):
            return is_password(name)
        case ir.Binary(operator="+", left=left, right=right):
            return names_password(left) or names_password(right)
        case ir.Template(parts=parts):
            return any(names_password(part) for part in parts if not isinstance(part, str))
        case ir.Call(callee=ir.Member(object=inner, name="toString" | "trim" | "concat"), arguments=arguments):
            return names_password(inner) or any(map(names_password, arguments))
        case ir.Call(callee=ir.Name(id="String") | ir.Member(name="from"), arguments=arguments):
            return any(map(names_password, arguments))
    return False


def hash_of(call: ir.Call | ir.New, number: Number) -> Hash | None:
    """What a call hashes a password with; None when it hashes something else, or nothing."""
    name = call.callee.name if isinstance(call.callee, ir.Member) else getattr(call.callee, "id", "")
    arguments = call.arguments
    if name in {"genSalt", "genSaltSync"}:
        return _bcrypt(arguments[0], number) if arguments else Hash("strong", "bcrypt", _LEAST_COST, _LEAST_COST)
    if name in {"hash", "hashSync"}:
        owner = call.callee.object if isinstance(call.callee, ir.Member) else None
        if isinstance(owner, ir.Name) and owner.id.lower().startswith("argon2"):
            return Hash("strong", "argon2")
        return _bcrypt(arguments[1], number) if len(arguments) > 1 else Hash("strong", "bcrypt")
    if not arguments or not names_password(arguments[0]):
        return None
    if name.startswith("pbkdf2"):
        return _pbkdf2(arguments, number)
    if name.startswith("scrypt"):
        return Hash("strong", "scrypt")
    algorithm = _algorithm_of(call) if name == "update" else name.lower() if name in _FAST else ""
    return Hash("weak", algorithm) if algorithm else None


def _bcrypt(rounds: ir.Expression, number: Number) -> Hash | None:
    """By its second argument, the cost; a salt was made where its cost was given."""
    cost = number(rounds)
    if cost is None:
        is_cost = isinstance(rounds, ir.Name | ir.Member) and "round" in _name_of(rounds).lower()
        return Hash("unknown", "bcrypt", reason="its cost is not known") if is_cost else Hash("strong", "bcrypt")
    return Hash("strong" if cost >= _LEAST_COST else "weak", "bcrypt", cost, _LEAST_COST)


def _pbkdf2(arguments: tuple[ir.Expression, ...], number: Number) -> Hash:
    digest = arguments[_DIGEST_AT] if len(arguments) > _DIGEST_AT else None
    named = str(digest.value).lower().replace("-", "") if isinstance(digest, ir.Literal) else ""
    rounds, least = number(arguments[2]) if len(arguments) > 2 else None, _ITERATIONS.get(named)  # noqa: PLR2004
    algorithm = f"pbkdf2 with {named}" if named else "pbkdf2"
    if rounds is None or least is None:
        return Hash("unknown", algorithm, rounds, least, "its iterations or its digest are not known")
    return Hash("strong" if rounds >= least else "weak", algorithm, rounds, least)


def _algorithm_of(update: ir.Call | ir.New) -> str:
    """Of ``createHash('sha256').update(x)``."""
    made = update.callee.object if isinstance(update.callee, ir.Member) else None
    if isinstance(made, ir.Call) and made.arguments:
        first = made.arguments[0]
        return str(first.value) if isinstance(first, ir.Literal) else "a general hash"
    return ""


def _name_of(node: ir.Expression) -> str:
    return node.id if isinstance(node, ir.Name) else node.name if isinstance(node, ir.Member) else ""
