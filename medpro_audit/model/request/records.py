"""What is recorded of a request: what is used of it, what checks it, what a function does with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.answers import Answer
from medpro_audit.model.evaluation.values import CallRecord, Form, FunctionKey, FunctionValue, Site, Value
from medpro_audit.model.schemas import DOUBTFUL, Shape
from medpro_audit.model.subjects import RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.flows.arrival import Arrival
    from medpro_audit.model.flows.watching import Comparison


ASSIGNED = "an assignment"
"""What may check a field that the program has written itself."""


PUT = "put "
"""Before the name of a field that a middleware replaces by something that was not sent there."""


Writes = Iterable[tuple[str, Value]]
"""Properties that middleware has set on the request."""


class Holding(NamedTuple):
    """A request path is checked by a schema."""

    part: RequestPart
    path: tuple[str, ...]
    shape: Shape
    library: str
    schema: str
    """Source name of the schema."""
    place: Place
    """Of the call that validates."""
    made: Site | None = None
    """Where the schema is made; None when it is no schema that is known."""
    is_claim: bool = False
    """It comes with what a failed validation yields as well: it holds where the program has looked at the verdict."""

    @property
    def key(self) -> str:
        """Key among the facts of a path of execution."""
        return ".".join((self.part, *self.path))

    @property
    def goes_by_value(self) -> bool:
        """A value may tell the paths on which it holds from the others: that of a flag, a list of errors or null."""
        return True

    def either(self, other: object) -> Holding:
        """What is known where this one or another of the same path holds: what both check."""
        if not isinstance(other, Holding) or other.shape is self.shape or other.shape in self.shape.any_of:
            return self
        return self._replace(shape=Shape(any_of=(self.shape, other.shape)))

    def together_with(self, other: Holding) -> Holding:
        """What is known where this one and another of the same path hold; a doubt adds nothing."""
        if other.shape in {self.shape, DOUBTFUL} or other.shape in self.shape.all_of:
            return self
        return other if self.shape is DOUBTFUL else self._replace(shape=Shape(all_of=(self.shape, other.shape)))

    def covers(self, part: RequestPart, path: Sequence[str]) -> bool | None:
        """Whether this checks what is at a path; None when that isn't known."""
        if part != self.part or len(path) < len(self.path):
            return False
        if any(own not in {"*", step} for own, step in zip(self.path, path, strict=False)):
            return False
        return self.shape.covers(path[len(self.path) :])


class Origin(NamedTuple):
    """Which schema a shape comes from."""

    library: str
    name: str
    made: Site


Purpose = Literal["answer", "call", "comparison", "other", "text"]
"""What request data is used for: it is sent back, handed to a call that leaves the program, asked whether it equals
something, put into a text; anything else."""


class Narrowed(NamedTuple):
    """The program has asked whether request data is what it allows, and on the present path it is."""

    part: RequestPart
    path: tuple[str, ...]
    form: Form
    """In which it was asked: of a number that was made of it nothing follows for what it was made of."""
    place: Place

    @property
    def key(self) -> str:
        """Key among the facts of a path of execution."""
        return ".".join((f"{self.form} {self.part}", *self.path))

    def tells_of(self, use: Use) -> bool:
        """Whether it was asked of what is used, or of what that is in, in its present form or as it was sent."""
        is_within = use.part == self.part and use.path[: len(self.path)] == self.path
        return is_within and self.form in {"anything", use.form}


class Called(NamedTuple):
    """A call that leaves the program."""

    package: str = ""
    """Empty where it isn't known what is called."""
    name: str = ""
    """Its last name."""


NOTHING_CALLED = Called()


class Use(NamedTuple):
    """Request data is used."""

    part: RequestPart
    path: tuple[str, ...]
    place: Place
    holding: Holding | None
    """What checks it at this point, within the same function."""
    doubt: Holding | None = None
    """What may or may not check it."""
    is_test: bool = False
    """It is only asked whether it is there: what follows may well be its validation."""
    was_tried: bool = False
    """Its validation was tried before, in the same function."""
    leaves: bool = False
    """It is answered, kept for other requests, or handed to code that isn't part of the program, whole or in a text."""
    purpose: Purpose = "other"
    called: Called = NOTHING_CALLED
    """The call that it is handed to."""
    field: str = ""
    """Of the first argument of that call, where it is the value of a property."""
    form: Form = "anything"
    """What is left of what was sent."""
    takes_anything: bool = True
    """What was made of it can be made of any value; ``.trim()`` and ``.length`` can not."""
    narrowed: Narrowed | None = None
    """What the program asked of it before, so that only what it allows comes here."""
    is_direct: bool = False
    """It is read right there, not by a name under which it may go elsewhere as well."""
    is_told: bool = False
    """It is said in an answer that refuses the request, or in an error that is thrown."""


class Attempt(NamedTuple):
    """A schema was applied to request data, whatever came of it."""

    holding: Holding
    is_ignored: bool
    is_afterwards: bool = False
    """What follows had its turn by then."""


class Escape(NamedTuple):
    """The whole request is handed to code that isn't part of the program."""

    name: str
    place: Place


class Summary(NamedTuple):
    """What a middleware or handler does with a request."""

    uses: tuple[Use, ...]
    attempts: tuple[Attempt, ...]
    grants: tuple[Holding, ...]
    """What is validated whenever it passes on."""
    writes: tuple[tuple[str, Value], ...]
    """Properties of the request that it sets before it passes on."""
    passes: bool
    responds: bool
    statuses: tuple[int, ...]
    """Constant status codes it answers with."""
    delegations: tuple[tuple[FunctionValue | None, FunctionValue], ...]
    """Which function handed request and response on to which, in order."""
    given: tuple[tuple[FunctionValue, FunctionValue], ...]
    """Which function called which that it had been made with: ``wrap(handler)`` calls the handler, with whatever."""
    readers: frozenset[FunctionKey]
    """Functions that look at the request themselves."""
    answerers: frozenset[FunctionKey]
    """Functions that touch the response themselves."""
    calls: tuple[CallRecord, ...]
    """Calls that leave the program."""
    escapes: tuple[Escape, ...]
    reason: str | None = None
    """Why it could not be followed."""
    is_foreign: bool = False
    """It is the code of a package, of which nothing else is known."""
    answers: tuple[Answer, ...] = ()
    """What it sends to the client, in order."""
    failures: tuple[CallRecord, ...] = ()
    """Calls of ``next`` with an error, in order."""
    arrivals: tuple[Arrival, ...] = ()
    """Calls that leave the program in which request data may do harm, in order."""
    tested: frozenset[str] = frozenset()
    """Request data that it holds against something."""
    comparisons: tuple[Comparison, ...] = ()
    """Request data that it compares with something of the program's own."""
    skips: bool = False
    """It may leave the rest of its route or router to what comes after: by ``next('route')``, or by a ``next`` that is
    given an error on some paths only."""
    narrowed: tuple[Narrowed, ...] = ()
    """What the program has asked of the request whenever it passes on, so that only what it allows gets further."""
    account: object = None
    """What it does about its caller, as `model.access` keeps it."""
