"""Calls that sign and verify tokens in server code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Constant,
    External,
    FunctionValue,
    Undefined,
    Unknown,
    Value,
)
from medpro_audit.model.known import Known
from medpro_audit.model.protection.calls import SeenCall, calls_of
from medpro_audit.model.protection.choices import forced, is_given, options, properties_of, secret_of
from medpro_audit.model.secrecy.startup import Startup
from medpro_audit.model.subjects.token import Token

_UNKNOWN = Unknown("an argument that isn't given")


def survey(known: Known) -> Iterable[Token]:
    """One for each call, sorted."""
    startup = known.shared(Startup)
    found = [startup.settled(token) for call in calls_of(known, "token") for token in _tokens(known, call)]
    return sorted(found, key=lambda token: (token.file, token.line, token.kind, token.snippet))


def _tokens(known: Known, call: SeenCall) -> Iterator[Token]:
    callee = forced(call.callee)
    if not isinstance(callee, External):
        return
    read = _READERS.get((callee.package, callee.name.rpartition(".")[2]))
    token = read(call, callee, known.base.backend_of(call.path)) if read is not None else None
    if token is not None:
        yield token


def _argument(call: SeenCall, index: int) -> Value:
    return forced(call.arguments[index].value) if index < len(call.arguments) else _UNKNOWN


def _signed(call: SeenCall, callee: External, backend: str) -> Token:
    """``jwt.sign(payload, secret, options)``."""
    payload = properties_of(_argument(call, 0))
    given = options(call.arguments, 2)
    if isinstance(_argument(call, 2), FunctionValue):
        given = {}
    in_options, in_payload = is_given(given, "expiresIn"), is_given(payload, "exp")
    expires = True if in_options or in_payload else None if None in {in_options, in_payload} else False
    secret = secret_of(_argument(call, 1))
    return Token(
        call.path, call.line, backend, "sign", callee.package,
        expires=expires, secret=secret.source, variable=secret.variable, cause=secret.written, snippet=call.snippet,
    )  # fmt: skip


def _verified(call: SeenCall, callee: External, backend: str) -> Token:
    """``jwt.verify(token, secret, options)``."""
    third = _argument(call, 2)
    given = {} if isinstance(third, FunctionValue) or len(call.arguments) < 3 else options(call.arguments, 2)  # noqa: PLR2004 - the options
    return _verifying(call, callee, backend, given, _argument(call, 1))


def _verifying(call: SeenCall, callee: External, backend: str, given: Mapping[str, Value] | None, key: Value) -> Token:
    """A place that verifies with these options."""
    secret = secret_of(key)
    return Token(
        call.path, call.line, backend, "verify", callee.package,
        has_fixed_algorithms=is_given(given, "algorithms"),
        allows_none=_allows_none(given),
        ignores_expiration=_is_true(given, "ignoreExpiration"),
        secret=secret.source,
        variable=secret.variable,
        cause=secret.written,
        snippet=call.snippet,
    )  # fmt: skip


def _verified_by_jose(call: SeenCall, callee: External, backend: str) -> Token:
    """``jwtVerify(token, key, options)``: the kind of key limits the algorithms, and ``none`` is never one."""
    return Token(
        call.path, call.line, backend, "verify", callee.package,
        has_fixed_algorithms=True, snippet=call.snippet,
    )  # fmt: skip


def _signed_by_jose(call: SeenCall, callee: External, backend: str) -> Token | None:
    """``new SignJWT(payload).setExpirationTime('2h').sign(key)``."""
    if "SignJWT" not in callee.name:
        return None
    return Token(
        call.path, call.line, backend, "sign", callee.package,
        expires="setExpirationTime" in callee.name, snippet=call.snippet,
    )  # fmt: skip


def _strategy(call: SeenCall, callee: External, backend: str) -> Token:
    """``new JwtStrategy({ secretOrKey, algorithms }, verify)`` of passport-jwt."""
    given = options(call.arguments, 0)
    return _verifying(call, callee, backend, given, (given or {}).get("secretOrKey", _UNKNOWN))


def _allows_none(given: Mapping[str, Value] | None) -> bool:
    several = forced(given["algorithms"]) if given is not None and "algorithms" in given else None
    values = [item.value for item in several.items] if isinstance(several, ArrayValue) else []
    return any(isinstance(value, Constant) and str(value.value).lower() == "none" for value in values)


def _is_true(given: Mapping[str, Value] | None, name: str) -> bool:
    value = forced(given[name]) if given is not None and name in given else Undefined()
    return isinstance(value, Constant) and value.value is True


_READERS: Mapping[tuple[str, str], Callable[[SeenCall, External, str], Token | None]] = {
    ("jsonwebtoken", "sign"): _signed,
    ("jsonwebtoken", "verify"): _verified,
    ("jose", "jwtVerify"): _verified_by_jose,
    ("jose", "sign"): _signed_by_jose,
    ("passport-jwt", "Strategy"): _strategy,
}
