"""What a request holds of its caller: cookies, the session, what middleware has found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from medpro_audit.model.access.spots import Question, Spot, Way
from medpro_audit.model.access.standing import Permission, Standing
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.members import promise_member
from medpro_audit.model.evaluation.values import (
    TRUE,
    Choice,
    Constant,
    FunctionValue,
    Item,
    NativeFunction,
    Pattern,
    Proposition,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.base import FromRequest

if TYPE_CHECKING:
    from medpro_audit.model.access.paths import Paths
    from medpro_audit.model.access.witness import AccessWitness
    from medpro_audit.model.evaluation.interpreter import Interpreter

_ASKING = re.compile(r"^(?:has|is|can|includes|some|check|allow|may|in|contains)", re.IGNORECASE)


class Held(Proposition, FromRequest):
    """A cookie, the session, a property that middleware has set, or what a verification has yielded."""

    __slots__ = ("kind", "path", "standing")

    def __init__(
        self,
        kind: Literal["cookie", "session", "property", "verified"],
        path: tuple[str, ...],
        standing: Standing | None = None,
    ) -> None:
        self.kind = kind
        self.path = path
        """From the request, or from what was verified."""
        self.standing = standing
        """What is known of the caller where this is there."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A property of it."""
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        witness = _listening(interpreter)
        member = witness.member_of(self, name, site) if witness is not None else None
        return member or Held(self.kind, (*self.path, name), self.standing)

    def element(self, interpreter: Interpreter, site: Site) -> Value:
        """Any element of it."""
        return Held(self.kind, (*self.path, "*"), self.standing)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """``req.session.userId = …``."""
        witness = _listening(interpreter)
        if witness is not None:
            witness.stored(self, name)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """A method of it: callbacks see its elements; what asks for a constant is a question about the caller."""
        owner, name = Held(self.kind, self.path[:-1], self.standing), self.path[-1] if self.path else ""
        witness = _listening(interpreter)
        told = witness.asked(owner, name, arguments, site) if witness is not None else None
        if told is not None:
            return told
        for item in arguments:
            if isinstance(item.value, FunctionValue):
                found = interpreter.call(item.value, (Item(owner.element(interpreter, site)),), site)
                if isinstance(found, Granted) and _ASKING.match(name):
                    return found
            else:
                hand_over(interpreter, (item,), site)
        return owner

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Where it is there, somebody has found out who the caller is."""
        witness = _listening(interpreter)
        if holds and witness is not None:
            witness.found(self)
        elif witness is not None:
            witness.missed(self)


class Address(FromRequest):
    """Where a request goes: ``req.path``, ``req.originalUrl``; or a part of that, or something that was made of it."""

    __slots__ = ("is_part", "is_whole")

    def __init__(self, *, is_whole: bool = False, is_part: bool = False) -> None:
        self.is_whole = is_whole
        """It is not what is left of it below a mount."""
        self.is_part = is_part
        """What it is held against tells nothing of the address that could be followed."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method of the text; those that only tidy it up leave it as it is."""
        if name in _TIDYING:
            return NativeFunction(lambda _interpreter, _arguments, _site: self)
        if name in _ASKED:
            return NativeFunction(lambda _interpreter, arguments, where: self._asked(name, arguments, where))
        return Address(is_whole=self.is_whole, is_part=True)

    def element(self, interpreter: Interpreter, site: Site) -> Value:
        """A part of it."""
        return Address(is_whole=self.is_whole, is_part=True)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """A method that makes something else of it."""
        hand_over(interpreter, arguments, site)
        return Address(is_whole=self.is_whole, is_part=True)

    def _asked(self, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """``req.path.startsWith('/public')``."""
        return self.held_against(arguments[0].value if arguments else TRUE, _ASKED[name], site)

    def held_against(self, other: Value, way: Way, site: Site) -> AtSpot:
        """The answer to a question about it."""
        text = other.source if isinstance(other, Pattern) else other.value if isinstance(other, Constant) else None
        if self.is_part or not isinstance(text, str):
            return AtSpot((Question(str(site.place), "unknown"),))
        return AtSpot((Question(text, "matches" if isinstance(other, Pattern) else way, self.is_whole),))


class AtSpot(Proposition, FromRequest):
    """Whether a request goes to one of these places."""

    __slots__ = ("questions",)

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = frozenset(questions)
        """Of which one is answered by yes."""

    @property
    def is_answer(self) -> bool:
        """It is nothing but the answer."""
        return True

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Where it goes to one of them, and where it goes to none."""
        witness = _listening(interpreter)
        if witness is not None:
            witness.know(Standing(unless=frozenset((Spot(self.questions, is_one=holds),))))


class Circumstance(FromRequest):
    """Where a request comes from, such as ``req.ip``, and what the program keeps under that: it may be asked whether
    that is allowed, or whether it was blocked.
    """

    __slots__ = ()

    @property
    def truth(self) -> None:
        """There may be nothing under it."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A property of it, or a method."""
        return promise_member(self, name) if name in {"then", "catch", "finally"} else self

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """A method of it."""
        hand_over(interpreter, arguments, site)
        return self


_ASKED: Mapping[str, Way] = {
    "endsWith": "ends",
    "includes": "holds",
    "match": "matches",
    "search": "unknown",
    "startsWith": "starts",
}
"""Methods that ask what is in an address."""
_TIDYING = frozenset(("toLowerCase", "toString", "trim", "valueOf"))


def is_circumstance(value: Value) -> bool:
    """Whether a value is where a request comes from, by whatever the program learns it, or what is kept under that."""
    options = [option for option, _ in value.options] if isinstance(value, Choice) else [value]
    return any(isinstance(one, Circumstance) for one in options) and not any(isinstance(one, Held) for one in options)


class Granted(Proposition, FromRequest):
    """The answer to whether the caller is known or may do something."""

    __slots__ = ("_permission", "_standing", "_when")

    def __init__(
        self, standing: Standing | None = None, permission: Permission | None = None, *, when: bool = True
    ) -> None:
        self._standing = standing
        self._permission = permission
        self._when = when
        """The side on which it is granted: an error that is not there grants, too."""

    @property
    def is_answer(self) -> bool:
        """It is no error."""
        return self._when

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """Details of an error, or of what was found."""
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        return Unknown("details of a verification", site.place, name)

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """On its side the caller is known, or may do what it asks for."""
        witness = _listening(interpreter)
        if holds is self._when and witness is not None:
            self.grant(witness)

    def grant(self, witness: Paths) -> None:
        """Make it known."""
        if self._standing is not None:
            witness.know(self._standing)
        if self._permission is not None:
            witness.allow(self._permission)

    @property
    def standing(self) -> Standing | None:
        """What is known of the caller where it holds."""
        return self._standing if self._when else None

    @property
    def permission(self) -> Permission | None:
        """What is granted where it holds."""
        return self._permission if self._when else None


def _listening(interpreter: Interpreter) -> AccessWitness | None:
    """Who is told; nobody while something is computed that the request has nothing to do with."""
    from medpro_audit.model.access.witness import AccessWitness  # noqa: PLC0415 - it is built on this module

    witness = interpreter.request.witness if interpreter.request is not None else None
    return witness if isinstance(witness, AccessWitness) else None


def constant(arguments: tuple[Item, ...]) -> str | None:
    """The first argument, where it is a text."""
    value = arguments[0].value if arguments else TRUE
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None
