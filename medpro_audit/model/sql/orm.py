"""Calls of ORMs and query builders in the functions that serve requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.text import start_of
from medpro_audit.model.evaluation.values import External, Value
from medpro_audit.model.performance.reach import Reach
from medpro_audit.model.performance.routines import Called, Routine
from medpro_audit.model.sql.dialects import ORMS, remoteness
from medpro_audit.model.sql.methods import METHODS
from medpro_audit.model.subjects.query import Kind, Query, Repetition, repeated

if TYPE_CHECKING:
    from medpro_audit.model.known import Known


_FOUND = r"\b(?:const|let)\s+{name}\s*(?:of\b|=\s*await\s[\w.()]*\.(?:find|get)\w*\()"
"""What declares a variable for a row, or for one of a list of them."""
_BROKEN = re.compile(r" \.(?!\.)")
"""Where a line was broken in a chain."""
_FILTER_FIRST = frozenset(("mongodb", "mongoose", "typeorm"))
"""Packages whose updates are told first which records they are for."""


def orm_queries(known: Known) -> Iterator[Query]:
    """Each of them once, by the functions that the endpoints lead to."""
    reach = known.shared(Reach)
    seen: set[tuple[str, int]] = set()
    for routine in reach.all:
        asking = [(call, kind) for call in routine.calls if (kind := _kind(call)) is not None]
        continued = {id(inner) for call, _ in asking for inner in _before(call)}
        for call, kind in asking:
            if id(call.node) not in continued and (routine.path, call.at) not in seen:
                seen.add((routine.path, call.at))
                yield _query(known, reach, routine, call, kind)


def _before(call: Called) -> Iterator[ir.Node]:
    """The calls that a call continues, of which it is the end: ``select()`` of ``select().first()``."""
    node: ir.Node | None = call.node
    while isinstance(node, ir.Call | ir.Member):
        node = node.callee if isinstance(node, ir.Call) else node.object
        if isinstance(node, ir.Call):
            yield node


def _query(known: Known, reach: Reach, routine: Routine, call: Called, kind: Kind) -> Query:
    kind = "update" if kind == "insert" and _stores_again(known, routine, call) else kind
    functions = (routine.function.node.start,)
    facts = routine.function.module.facts
    place = facts.place(call.at)
    owner = _model(call)
    start = call.at if owner or not isinstance(call.node, ir.Call) else start_of(call.node)
    snippet = known.base.interpreter.code.snippet(routine.path, start, getattr(call.node, "end", call.at))
    text = _BROKEN.sub(".", " ".join(f"{owner}{snippet}".split()))[:160]
    return Query(
        file=routine.path,
        line=place.line,
        backend=known.base.backend_of(routine.path),
        role=known.base.roles.get(routine.path, "server"),
        via="orm",
        kind=kind,
        is_remote=_is_remote(known, routine.path, call),
        statement=text,
        run_by=call.name,
        repetition=_repetition(reach, routine, call),
        endpoints=reach.names(reach.endpoints(routine.path, functions)),
        answers=reach.names(reach.answering(routine.path, functions)),
        has_own_values=kind == "update" and _has_own_values(call),
        takes_values=not text.endswith("findMany()"),  # other calls without arguments are built upon
        snippet=text,
    )


def _stores_again(known: Known, routine: Routine, call: Called) -> bool:
    """Whether TypeORM's ``save`` is given what was found before: it updates a row, by values of its own."""
    match call.node:
        case ir.Call(callee=ir.Member(name="save"), arguments=(*_, ir.Name(id=name))) if _package(call) == "typeorm":
            start = routine.function.node.start
            before = known.base.interpreter.code.snippet(routine.path, start, max(start, call.at))
            return re.search(_FOUND.format(name=re.escape(name)), before) is not None
    return False


def _repetition(reach: Reach, routine: Routine, call: Called) -> Repetition:
    if call.loops:
        place = routine.function.module.facts.place(call.loop)
        each = reach.round(routine.path, call.loop)
        return repeated(place, "for each element of this, it runs once more", each)
    return reach.repetition(routine.path, (routine.function.node.start,), call.at) or Repetition(in_loop=False)


def _kind(call: Called) -> Kind | None:
    """What a call asks of a database; None when it asks nothing, or isn't known to."""
    return METHODS.get(_package(call), {}).get(call.name) if not _is_of_list(call) else None


def _is_of_list(call: Called) -> bool:
    """Whether it looks through a list of what was found before: ``found.find((one) => …)``."""
    match call.node:
        case ir.Call(callee=ir.Member(name="find"), arguments=(ir.Function(parameters=(_,)), *_)):
            return True
    return False


def _package(call: Called) -> str:
    value: Value | None = call.value
    return value.package if isinstance(value, External) else ""


def _is_remote(known: Known, path: str, call: Called) -> bool | None:
    """Whether an ORM asks a server; of Prisma, its schema says it."""
    backend = known.base.backend_of(path)
    if _package(call) == "@prisma/client":
        named = {
            each.driver for each in known.base.settings_files if (each.source, each.backend) == ("prisma", backend)
        }
        return named != {"sqlite"}
    return known.shared(remoteness).get(backend, True) if _package(call) in ORMS else True


def _has_own_values(call: Called) -> bool:
    """Whether an update sets what the call is given; what it sets to a constant, one statement sets for all rows."""
    arguments = call.node.arguments if isinstance(call.node, ir.Call) else ()
    is_second = _package(call) in _FILTER_FIRST
    match arguments[1:] if is_second else arguments:
        case (ir.Object(properties=properties), *_):
            written = [each.value for each in properties if each.key == "data"] or [each.value for each in properties]
            return any(_is_given(value) for value in written)
    return True


def _is_given(value: ir.Expression) -> bool:
    """Whether a value is made of a variable: not of literals, enumerations and the time."""
    names = [node.id for node in ir.walk(value) if isinstance(node, ir.Name)]
    return any(name != "undefined" and not name[:1].isupper() for name in names)


def _model(call: Called) -> str:
    """What stands before the method."""
    match call.node:
        case node if hasattr(node, "callee"):
            owner = getattr(node.callee, "object", None)
            name = getattr(owner, "id", "") or getattr(owner, "name", "")
            return f"{name}." if name else ""
    return ""
