"""Values whose presence proves that the caller is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from medpro_audit.core.place import Place
from medpro_audit.model.access.packages import verifier_of
from medpro_audit.model.access.provenance import (
    is_of_keys,
    is_signed,
    looks_up_secret,
    shows_secret,
    takes_anything,
)
from medpro_audit.model.access.standing import Scheme, Standing, either
from medpro_audit.model.access.values import Granted, Held
from medpro_audit.model.evaluation.conditions import truth_of
from medpro_audit.model.evaluation.values import (
    Choice,
    External,
    ObjectValue,
    Value,
    is_same,
)

_DEPTH = 4

_EMPTY = frozenset(("isEmpty", "isNil", "isNull", "isUndefined"))

STANDING = "standing"
"""Under which key a path of execution keeps what is known of the caller."""

Known = Mapping[str, object]
"""What is known of the caller on a path, by key."""
Returned = tuple[Value, Known]
"""A value that a function has returned, and what was known there."""


class Proofs:
    """Remembers what values of one analysis were made of."""

    def __init__(self) -> None:
        self._promises: dict[int, tuple[Value, Standing]] = {}
        self._returned: dict[int, tuple[Value, Sequence[Returned]]] = {}

    def promise(self, value: Value, standing: Standing) -> None:
        """A promise that is only kept where the caller is known."""
        self._promises[id(value)] = (value, standing)

    def promised(self, value: Value | None) -> Standing | None:
        """What is known where a promise is kept."""
        kept = self._promises.get(id(value))
        return kept[1] if kept is not None else None

    def forget(self, value: Value) -> None:
        """Somebody takes care of its failure."""
        self._promises.pop(id(value), None)

    def returned(self, result: Value, returns: Sequence[Returned]) -> None:
        """What was known wherever one of several possible values was returned."""
        self._returned[id(result)] = (result, returns)

    def where(self, value: Value, *, truth: bool) -> Standing | None:
        """What is known of the caller where a value is truthy, or where it isn't."""
        if isinstance(value, Choice):
            return self._of_choice(value, truth=truth)
        if isinstance(value, Held):
            return value.standing if truth else None
        if not truth:
            asked = asked_to_be_empty(value)
            return self.where(asked, truth=True) if asked is not None else None
        return _of_call(value)

    def _of_choice(self, value: Choice, *, truth: bool) -> Standing | None:
        _, returns = self._returned.get(id(value), (None, ()))
        possible = [option for option, _ in value.options if truth_of(option) is not (not truth)]
        found = [self._of_option(option, returns, truth=truth) for option in possible]
        known = [standing for standing in found if standing is not None]
        return either(known) if known and len(known) == len(found) else None

    def _of_option(self, option: Value, returns: Sequence[Returned], *, truth: bool) -> Standing | None:
        known = [facts.get(STANDING) for value, facts in returns if is_same(value, option)]
        sure = [standing for standing in known if isinstance(standing, Standing)]
        if sure and len(sure) == len(known):
            return either(sure)
        if isinstance(option, Granted):
            return option.standing if truth else None
        return self.where(option, truth=truth)

    def known_where(self, value: Value, *, truth: bool) -> Known:
        """What was known on every path that has returned a value which may be truthy, or may not be."""
        _, returns = self._returned.get(id(value), (None, ()))
        first, *others = [facts for one, facts in returns if truth_of(one) is not (not truth)] or [{}]
        return {key: fact for key, fact in first.items() if all(other.get(key) == fact for other in others)}


def asked_to_be_empty(value: Value) -> Value | None:
    """Of what a package was asked whether it is empty: ``_.isNil(value)``."""
    is_question = isinstance(value, External) and value.name.rpartition(".")[2] in _EMPTY
    call = value.call if isinstance(value, External) and is_question else None
    return call.arguments[0].value if call is not None and call.arguments else None


def _of_call(value: Value, depth: int = _DEPTH) -> Standing | None:
    """What the result of a package's call proves: that a verification has succeeded, or that a session was found."""
    if not isinstance(value, External) or depth == 0:
        return None
    for call in value.calls():
        if isinstance(call.callee, External):
            verifier = verifier_of(call.callee)
            is_secret_right = verifier is not None and verifier.way == "secret" and shows_secret(call.arguments)
            is_verified = verifier is not None and verifier.way in {"throws", "value"}
            if verifier is not None and ((is_verified and not takes_anything(call.arguments)) or is_secret_right):
                scheme: Scheme = (
                    "signature" if verifier.way == "secret" and is_signed(call.arguments) else verifier.scheme
                )
                return Standing(frozenset((scheme,)), places=frozenset((call.site.place,)))
        for item in call.arguments:
            found = _of_argument(item.value, depth - 1)
            if found is not None:
                return found
    if looks_up_secret(value):
        scheme = "api-key" if is_of_keys(value) else "custom"
        return Standing(frozenset((scheme,)), places=_places(value))
    return None


def _of_argument(value: Value, depth: int) -> Standing | None:
    """What is known since something that a verification has yielded was handed on."""
    match value:
        case External():
            return _of_call(value, depth)
        case Held(kind="verified"):
            return value.standing
        case ObjectValue(properties=properties) if depth > 0:
            found = [_of_argument(inner, depth - 1) for inner in properties.values()]
            return next((standing for standing in found if standing is not None), None)
    return None


def _places(value: External) -> frozenset[Place]:
    return frozenset(call.site.place for call in list(value.calls())[:1])


def may_be_true(value: Value) -> bool:
    """Whether a value may be truthy."""
    return truth_of(value) is not False
