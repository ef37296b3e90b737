"""A promise that nobody waits for, or whose rejection nobody catches."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class FloatingPromise(Struct, frozen=True):
    """A promise that a handler makes and goes on without, or that a middleware waits for and nobody catches."""

    file: str
    line: int
    backend: str
    serves: str
    """Method and path of an endpoint; of a middleware, how many more are behind it."""
    is_handled: bool | None
    """Its failure is handled: by ``.catch(…)``, by the function that makes it, or, where the answer does not need it,
    by a listener of the process; None when it can't be seen whether that lets the process go on."""
    by: Literal["handler", "middleware"] = "handler"
    """Whose it is; of a middleware, Express 4 does not look at the promise that it returns."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the line's own source."""
        return f"{self.file} {self.snippet}"


SUBJECT = FloatingPromise
