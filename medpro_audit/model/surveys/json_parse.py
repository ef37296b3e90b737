"""Texts of requests that functions parse as JSON by themselves.

``JSON.parse`` throws a ``SyntaxError`` (https://tc39.es/ecma262/#sec-json.parse), to which Express gives the status
500; that of body-parser has the status 400 with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import spots_of
from medpro_audit.model.errors.central import Covers
from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue
from medpro_audit.model.known import Known
from medpro_audit.model.performance.reach import functions_of_row
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.json_parse import JsonParse

_CLIENT_ERROR = re.compile(r"\b40[0-9]\b|BAD_REQUEST")
_SERVER_ERROR = re.compile(r"\b500\b|INTERNAL|status")
_ERROR = "SyntaxError"
MAX_SHOWN = 160
MAX_BYTES = 1_000_000


def survey(known: Known) -> Iterable[JsonParse]:
    """One for each call, by place."""
    found: dict[tuple[str, int], JsonParse] = {}
    if not any(facts.calls.get("request-json") for facts in known.base.facts.values()):
        return ()
    seen: set[FunctionKey] = set()
    covers = Covers()
    for endpoint, row in zip(known.base.endpoints, known.base.rows, strict=True):
        for function in _functions(known, row):
            path = function.module.path
            is_new = function.key not in seen and known.base.roles.get(path) == "server"
            seen.add(function.key)
            for each in _parses(known, function, endpoint, row, covers) if is_new else ():
                found.setdefault((each.file, each.line), each)
    return [each for _, each in sorted(found.items())]


def _functions(known: Known, row: Row) -> Iterator[FunctionValue]:
    """What is called with the request itself."""
    yield from functions_of_row(row)
    handler = known.base.endpoint_builder.passage(row).found
    if handler is not None and isinstance(handler.value, FunctionValue):
        yield handler.value


def _parses(known: Known, function: FunctionValue, endpoint: Endpoint, row: Row, covers: Covers) -> Iterator[JsonParse]:
    path, node = function.module.path, function.node
    calls = {fact.call.at for fact in known.base.facts[path].calls.get("request-json", ())}
    if not any(node.start <= at < node.end for at in calls):
        return
    for spot in spots_of(known.base.interpreter.code, function):
        call = spot.node
        if not isinstance(call, ir.Call) or call.at not in calls:
            continue
        snippet = known.base.interpreter.code.snippet(path, call.at, call.end)
        source = snippet.partition("(")[2].strip().rstrip(")").strip()
        reason = "" if spot.is_tried else _doubt(known, function, endpoint, row, covers)
        line = function.module.facts.line_of(call.at)
        yield JsonParse(
            file=path,
            line=line,
            backend=known.base.backend_of(path),
            serves=endpoint.identity,
            source=" ".join(source.split())[:MAX_SHOWN],
            is_guarded=True if spot.is_tried else None if reason else False,
            reason=reason or None,
            snippet=" ".join(snippet.split())[:MAX_SHOWN],
            trail=(Step(endpoint.file, endpoint.line, f"serves {endpoint.identity}"),),
        )


def _doubt(known: Known, function: FunctionValue, endpoint: Endpoint, row: Row, covers: Covers) -> str:
    """Why a text that is no JSON may be refused nevertheless."""
    if endpoint.framework not in {"express", "routing-controllers"}:
        return "what the framework answers is not known"
    own = known.base.interpreter.code.snippet(function.module.path, function.node.start, function.node.end)
    if any("validation" in each.roles and each.name not in own for each in endpoint.middleware):
        return "what is sent is validated before, and perhaps as JSON"
    cover = covers.of(row)
    if cover.verdict == "unknown":
        return "what the error handler answers is not known"
    if endpoint.backend in known.shared(_naming):
        return f"the back end knows a {_ERROR}, and may answer it as what it is"
    handler = cover.by.value if cover.by is not None else None
    if isinstance(handler, FunctionValue):
        text = known.base.interpreter.code.snippet(handler.module.path, handler.node.start, handler.node.end)
        if _CLIENT_ERROR.search(text) and not _SERVER_ERROR.search(text):
            return "the error handler takes everything for a fault of the client"
    return ""


def _naming(known: Known) -> frozenset[str]:
    """Back ends whose code names the error; read only where that matters."""
    code, roles = known.base.interpreter.code, known.base.roles
    server = [path for path in known.base.facts if roles.get(path) == "server"]
    return frozenset(known.base.backend_of(path) for path in server if _ERROR in code.snippet(path, 0, MAX_BYTES))
