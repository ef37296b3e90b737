"""Options of calls, as far as they are known: yes, no, or not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.clauses import by_default, holds_by_default
from medpro_audit.model.evaluation.conditions import Judgement, truth_of
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    Choice,
    Constant,
    Deferred,
    Environment,
    Item,
    ObjectValue,
    Text,
    Undefined,
    Value,
    options_of,
)
from medpro_audit.model.subjects.token import SecretSource

_NO_OPTIONS: Mapping[str, Value] = {}


def forced(value: Value) -> Value:
    """A value that may have been put off."""
    return value.force() if isinstance(value, Deferred) else value


def options(items: tuple[Item, ...], index: int) -> Mapping[str, Value] | None:
    """The properties of an argument; empty when it isn't given, None when it isn't known."""
    value = forced(items[index].value) if index < len(items) else UNDEFINED
    if isinstance(value, Undefined):
        return _NO_OPTIONS
    return properties_of(value)


def properties_of(value: Value) -> Mapping[str, Value] | None:
    """The properties of an object all of which are known; None for anything else."""
    value = forced(value)
    if isinstance(value, ObjectValue) and not value.is_open and not value.unknown:
        return value.properties
    return None


def truth(value: Value | None) -> bool | None:
    """Whether an option is on in the default configuration; None where it isn't known."""
    value = forced(value) if value is not None else UNDEFINED
    match value:
        case Judgement():
            return holds_by_default(value.condition.text)
        case Environment():
            return truth_of(by_default(value))
        case Choice(options=several):
            found = {truth(option) for option, _ in several}
            return found.pop() if len(found) == 1 else None
    return truth_of(value)


def is_given(properties: Mapping[str, Value] | None, *names: str) -> bool | None:
    """Whether one of several options is given; None where that isn't known."""
    if properties is None:
        return None
    values = [forced(properties[name]) for name in names if name in properties]
    return any(not isinstance(value, Undefined) and truth_of(value) is not False for value in values)


class Provenance(NamedTuple):
    """Where a secret comes from."""

    source: SecretSource
    variable: str | None = None
    """The environment variable that holds it."""
    written: Place | None = None
    """The text in the code that is it, or that stands in for it."""


def secret_of(value: Value) -> Provenance:
    """Where a secret comes from; of several possibilities the worst."""
    found = [_secret_of(forced(option)) for option, _ in options_of(forced(value))]
    worst = min(found, key=lambda one: _ORDER.index(one.source))
    return worst._replace(variable=next((one.variable for one in found if one.variable is not None), None))


_ORDER: tuple[SecretSource, ...] = ("literal", "fallback", "unknown", "environment")


def _secret_of(value: Value) -> Provenance:
    match value:
        case Environment(name=name, default=None):
            return Provenance("environment", name)
        case Environment(name=name, default=default) if default is not None:
            inner = secret_of(default)
            return inner._replace(source="fallback" if inner.source == "literal" else inner.source, variable=name)
        case Constant(value=str() as text) if text:
            return Provenance("literal", written=_written(value))
        case Text(parts=parts):
            return _of_parts([part for part in parts if isinstance(part, Value)])
    return Provenance("unknown")


def _written(value: Constant) -> Place | None:
    match value.origin:
        case (Module() as module, int() as at):
            return module.facts.place(at)
    return None


def _of_parts(parts: Iterable[Value]) -> Provenance:
    found = [secret_of(part) for part in parts]
    return next((one for one in found if one.source == "environment"), Provenance("unknown"))
