"""Who is asked while a request is followed: what it takes to get past a check, such as knowing a secret.

The base listens to nothing. `model.access` has the one that tells who may call an endpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import (
    ArrayValue,
    CallRecord,
    Deferred,
    FunctionValue,
    Item,
    Proposition,
    Site,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.control import Completion

Sides = tuple[tuple[Callable[[], None], ...], tuple[Callable[[], None], ...]]
"""What to assume where a condition holds, and where it doesn't."""

NEITHER: Sides = ((), ())


class Witness:
    """Told of what happens on the paths of a function that serves a request."""

    @property
    def account(self) -> object:
        """What has been seen; None for a witness that keeps nothing."""
        return None

    def result_of(self, record: CallRecord) -> Value | None:
        """What a call that leaves the program yields; None for what calls of packages yield."""
        return None

    def called_unknown(self, callee: Unknown, record: CallRecord) -> None:
        """Something is called of which nothing is known."""

    def supposed(self, value: Value, site: Site, holds: Callable[[], bool | None]) -> Sides:
        """A value whose truth isn't known is a condition; ``holds`` tells whether it does by default."""
        return NEITHER

    def compared(self, left: Value, right: Value, site: Site, holds: Callable[[], bool | None]) -> Sides:
        """It is asked whether two values are equal."""
        return NEITHER

    def made_of(self, values: Sequence[Value]) -> Value | None:
        """What is known of a number or a verdict that is computed of these values."""
        return None

    def included(self, owner: ArrayValue, wanted: Value, site: Site) -> Value | None:
        """It is asked whether a list holds a value."""
        return None

    def matched(self, pattern: Value, text: Value, site: Site) -> Value | None:
        """It is asked whether a regular expression, or a text that one is made of, matches a value."""
        return None

    def looked_up(self, key: Value, site: Site) -> Value | None:
        """Something is looked up in a collection of the program by a key that isn't known."""
        return None

    def stored_for_others(self, values: Sequence[Value]) -> None:
        """Something is kept, under these keys, in a collection that may be there for other requests, too."""

    def one_of(self, verdicts: Sequence[Proposition]) -> None:
        """At least one of these holds from here on."""

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site) -> None:
        """A function is called."""

    def lost(self, arguments: tuple[Item, ...], site: Site) -> None:
        """A call is nested too deeply to be followed."""

    def returning(self, value: Value, call: Site | None = None) -> None:
        """The function that was entered last returns a value on the present path.

        ``call`` is where that was called whose promise is returned, on every path that comes here.
        """

    def left(self, result: Value) -> None:
        """The function that was entered last is done, and yields what its paths have returned."""

    def awaited(self, value: Value, site: Site) -> None:
        """A promise is waited for."""

    def resolved(self, value: Value, run: Callable[[], Value]) -> Value:
        """Something runs where a promise was kept: ``.then(…)``."""
        return run()

    def caught(self, value: Value) -> None:
        """What goes wrong with a promise is taken care of, so that to wait for it says nothing."""

    def threw(self, value: Value) -> None:
        """The present path ends by throwing this."""

    def settling(self, arguments: tuple[Item, ...]) -> None:
        """The promise that is made is kept on the present path."""

    def promising(self, make: Callable[[], Completion]) -> None:
        """Make a promise by calling its executor: what comes after it only happens where it was kept."""
        make()

    def postponed(self, value: Deferred) -> None:
        """A call is put off until somebody asks for its result."""

    def property(self, name: str, site: Site) -> Value | None:
        """What middleware, that isn't known, has put on the request."""
        return None

    def put(self, name: str, value: Value) -> Value:
        """A property is set on the request: what is to be read there."""
        return value

    def kept(self, name: str, value: Value) -> Value:
        """What middleware has put on the request is read again."""
        return value

    def passed(self, properties: dict[str, Value]) -> None:
        """The request is passed on, with what was set on it."""

    def failed(self, error: Value) -> None:
        """The request ends with an error."""

    def responded(self, method: str, arguments: tuple[Item, ...], site: Site) -> None:
        """A method of the response is called."""

    def answered(self, method: str, status: Value | None, arguments: tuple[Item, ...]) -> None:
        """The request is answered."""
