"""What all values that depend on the request have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from medpro_audit.model.evaluation.values import Native

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.request.analysis import Analysis


class FromRequest(Native):
    """A value that depends on the request."""

    __slots__ = ()


def current(interpreter: Interpreter) -> Analysis | None:
    """The analysis that is under way: nothing else listens to an interpreter."""
    return cast("Analysis | None", interpreter.request)
