"""How validation libraries report: by throwing, by a result, or as a middleware that answers by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import argument
from medpro_audit.model.evaluation.members import promise_member
from medpro_audit.model.evaluation.values import (
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Proposition,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.base import FromRequest
from medpro_audit.model.request.data import Data, Request
from medpro_audit.model.request.exchange import Next
from medpro_audit.model.request.outcome import Check, Outcome
from medpro_audit.model.schemas import Schema
from medpro_audit.model.subjects import RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


def insist(analysis: Analysis, schema: Schema, value: Value, site: Site, *, is_promised: bool = False) -> Value:
    """Validate and throw unless the value conforms: what follows only runs on checked data.

    With a promise that nobody waits for, it runs on anything.
    """
    result, check = analysis.validate(schema, value, schema.label, site)
    if is_promised and analysis.interpreter.is_floating(site):
        return result
    check.is_acted_upon = True
    analysis.grant(check.holdings)
    return result


class CheckResult(FromRequest):
    """A result that says whether a value conforms: ``{ success, error, data }`` and the like."""

    __slots__ = ("_bad", "_check", "_good", "_result", "_value")

    def __init__(  # noqa: PLR0913 - what tells libraries apart
        self, check: Check, result: Value, *, good: str, bad: str, value: Collection[str], is_always_there: bool = False
    ) -> None:
        """A result; ``is_always_there`` when a failed validation yields the value as well."""
        self._check = check
        self._result = _claimed(result) if is_always_there else result
        self._good = good
        """Property that is truthy when the value conforms; empty when there is none."""
        self._bad = bad
        self._value = frozenset(value)
        """Properties that hold what was checked."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """The verdict, or what was checked."""
        if name and name in {self._good, self._bad}:
            return Outcome(self._check, is_success=name == self._good)
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        if name in self._value:
            self._check.is_acted_upon = True
            return self._result
        return Unknown(f"property {name} of a validation result", site.place)

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """Other code may look at it."""
        self._check.is_acted_upon = True


def _claimed(result: Value) -> Value:
    """What was validated, with the verdict still to be looked at."""
    if isinstance(result, Data):
        return result.claimed()
    if isinstance(result, ObjectValue):
        made = ObjectValue()
        made.properties.update((name, _claimed(value)) for name, value in result.properties.items())
        made.unknown.extend(_claimed(value) for value in result.unknown)
        made.is_open = result.is_open
        return made
    return result


class Findings(Proposition, FromRequest):
    """The list of what a validation has found wrong; true where there is anything, as its ``length`` tells.

    An element of it is there where anything is, and a list made of it element by element is as long.
    """

    __slots__ = ("_outcome",)

    def __init__(self, check: Check) -> None:
        self._outcome = Outcome(check, is_success=False)

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``length`` decides; a promise of the list is the list."""
        if name == "length":
            return self
        if name.isdigit():
            return self._outcome
        if name in {"at", "pop", "shift"}:
            return NativeFunction(lambda _i, _a, _s: self._outcome)
        if name == "map":
            return NativeFunction(self._mapped)
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        return self._outcome.member(interpreter, name, site)

    def _mapped(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        interpreter.call(self._outcome.member(interpreter, "map", site), arguments, site)
        return self

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Without errors, the data is checked."""
        self._outcome.assume(interpreter, holds=holds)


class SchemaMiddleware(Native):
    """A middleware that checks request parts by schemas and answers itself when they don't conform."""

    __slots__ = ("_replaces", "_schemas", "package")

    def __init__(self, package: str, schemas: Mapping[RequestPart, Schema], *, replaces: bool) -> None:
        self.package = package
        self._schemas = schemas
        self._replaces = replaces

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Check each part, then pass on."""
        analysis, request = interpreter.request, argument(arguments)
        if not isinstance(analysis, Analysis) or not isinstance(request, Request):
            return Unknown("a middleware that is called by hand", site.place)
        for part, schema in self._schemas.items():
            result = insist(analysis, schema, request.member(interpreter, part, site), schema.site)
            if self._replaces:
                request.assign(interpreter, part, result, site)
        following = argument(arguments, 2)
        return following.call(interpreter, (), site) if isinstance(following, Next) else Unknown("no next", site.place)
