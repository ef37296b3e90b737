"""Every function that is registered for errors on an application or router of Express."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import body_of
from medpro_audit.model.errors.central import PARAMETERS, Registered
from medpro_audit.model.errors.serving import error_handlers, summary_of
from medpro_audit.model.evaluation.values import FunctionValue, Unknown
from medpro_audit.model.known import Known
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects.error_handler import ErrorHandler
from medpro_audit.model.subjects.facets.errors import Errors

_SAYING = frozenset(("end", "json", "send", "sendStatus", "set", "status", "type"))
"""Methods of a response that don't fail with a plain value."""
_TO_ANSWER = 2
"""Parameters by which an error handler can answer: the response and ``next``."""


def survey(known: Known) -> Iterable[ErrorHandler]:
    """One for each registration, sorted; what can't be seen is left out."""
    errors = cast("tuple[Errors, ...]", known.facet("errors"))
    uncovered = [
        row for row, each in zip(known.base.rows, errors, strict=True) if each.central == "no" and _may_fail(known, row)
    ]
    found = {
        handler
        for registered in error_handlers(known.base)
        if not isinstance(registered.value, Unknown)
        for handler in (_handler(known, registered, uncovered),)
    }
    return sorted(found, key=lambda handler: (handler.file, handler.line, handler.name, handler.scope))


def _may_fail(known: Known, row: Row) -> bool:
    """Whether a handler does more than to answer with what is there: ``(req, res) => res.send(version)``."""
    value = row.items[-1].value if row.items else None
    if not isinstance(value, FunctionValue) or value.node.is_async:
        return True
    for node in ir.walk(tuple(body_of(known.base.interpreter.code, value))):
        match node:
            case ir.Throw() | ir.New() | ir.Await() | ir.Function():
                return True
            case ir.Call(callee=callee, arguments=arguments):
                if not _is_answer(callee) or any(isinstance(each, ir.Member | ir.Index) for each in arguments):
                    return True
    return False


def _is_answer(callee: ir.Expression) -> bool:
    """Whether a call says something to the client: ``res.status(200).send``."""
    match callee:
        case ir.Member(object=ir.Name(id=name), name=method):
            return name in {"res", "response"} and method in _SAYING
        case ir.Member(object=ir.Call(callee=inner), name=method):
            return method in _SAYING and _is_answer(inner)
    return False


def _handler(known: Known, registered: Registered, uncovered: list[Row]) -> ErrorHandler:
    place = registered.entry.site.place
    late = [row for row in uncovered if _is_after(row, registered)]
    summary = summary_of(known.base, registered) if registered.parameters == PARAMETERS else None
    function = registered.value
    own = (
        (Step(function.place.file, function.place.line, "the function"),) if isinstance(function, FunctionValue) else ()
    )
    after = tuple(Step(row.site.place.file, row.site.place.line, f"{row.method} {row.path}") for row in late[:3])
    return ErrorHandler(
        file=place.file,
        line=place.line,
        backend=known.base.backend_of(place.file),
        name=registered.name,
        scope="application" if registered.router.is_application else "router",
        parameters=registered.parameters,
        deals=_deals(known, registered, summary),
        late_endpoints=len(late) if registered.is_sure else 0,
        trail=(*own, *after),
    )


def _deals(known: Known, registered: Registered, summary: Summary | None) -> Literal["yes", "no", "unknown"]:
    """``no`` only where it does not even mention the response and ``next``."""
    if summary is None or not isinstance(registered.value, FunctionValue):
        return "unknown"
    if summary.responds or summary.failures or summary.passes:
        return "yes"
    body = body_of(known.base.interpreter.code, registered.value)
    targets = [parameter.target for parameter in registered.value.node.parameters[-_TO_ANSWER:]]
    names = {target.id for target in targets if isinstance(target, ir.Name)}
    is_mentioned = any(isinstance(node, ir.Name) and node.id in names for node in ir.walk(tuple(body)))
    return "unknown" if is_mentioned or len(names) < len(targets) else "no"


def _is_after(row: Row, registered: Registered) -> bool:
    """Whether an endpoint is registered after an error handler, on the same router or below it."""
    entries = [row.entry, *(mount.entry for mount in row.mounts)]
    positions = [
        index for index, one in enumerate(registered.router.registrations) if any(one is entry for entry in entries)
    ]
    return bool(positions) and min(positions) > registered.position
