"""What a middleware records of the requests that pass it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.database.collector import member_path
from medpro_audit.model.evaluation.values import External, FunctionValue, Value
from medpro_audit.model.known import Known
from medpro_audit.model.logs.levels import SERIOUS
from medpro_audit.model.observability.packages import CORRELATING, LOGGING, MEASURING
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Layer

_TELLS_REQUEST = re.compile(
    r"(?:(?P<owner>\w+(?:\??\.\w+)*)\??\.)?"
    r"\b(?P<word>method|originalUrl|baseUrl|url|path|statusCode|duration|elapsed|latency|responseTime)\b(?!\s*[:(])"
)
"""Words of a request, and whose they are."""
_HOW_LONG = frozenset(("duration", "elapsed", "latency", "responseTime"))
"""Anything that takes its time may be logged with these."""
_REQUEST = frozenset(("req", "request", "res", "response", "ctx", "context", "this"))
_SENT = frozenset(("file", "files", "body", "params", "query"))
"""Parts of a request that a client fills as it likes: ``req.file.path`` says nothing of the request."""
_ID = re.compile(r"(req(uest)?|correlation|trace|transaction)_?id|id|reqid", re.IGNORECASE)
_HEADER = re.compile(r"(x-)?(request|correlation|trace)-id", re.IGNORECASE)
_QUIET = frozenset(("error", "warn", "warning", "fatal", "critical"))
"""Levels for what went wrong: there one word of the request does not make it a line for each request."""
_MAY_LOG = re.compile(
    r"logRequest|requestLog|accessLog|logAccess|\blog(?!in|out|on|off)\w*\([^()]*\breq\b[^()]*\bres\b"
    r"|\bres(?:ponse)?\.(?:end|writeHead)\s*=(?!=)",
    re.IGNORECASE,
)
"""Names of functions that log requests, ``log(req, res)``, and what takes the place of an answer's end, as they do."""


class Recorded(Struct, frozen=True):
    """What a middleware records; None where that isn't known."""

    logs: bool | None = False
    correlates: bool | None = False
    measures: bool | None = False


class Layers:
    """Judges each middleware once."""

    def __init__(self, known: Known) -> None:
        self._code = known.base.interpreter.code
        self._builder = known.base.endpoint_builder
        self._logs = {(call.file, call.line): call for call in known.base.log_calls}
        self._judged: dict[int, tuple[Value, Recorded]] = {}

    def recorded(self, layer: Layer) -> Recorded:
        """What a middleware records."""
        key = id(layer.value)
        if key not in self._judged:
            self._judged[key] = (layer.value, self._judge(layer))  # the value is kept so that its identity stays taken
        return self._judged[key][1]

    def may_log(self, handler: Layer) -> bool:
        """Whether a function around a handler calls something with the name of a request log."""
        value = handler.value
        return isinstance(value, FunctionValue) and self._doubts_log(value, doubt=False) is None

    def told_by(self, handler: Layer) -> bool | None:
        """Whether a handler writes a line by a logger for each request; None when it may, in one of its branches."""
        value = handler.value
        if not isinstance(value, FunctionValue):
            return False
        facts, node = value.module.facts, value.node
        told = {
            fact.call.at
            for fact in facts.log_calls
            if node.start < fact.call.at < node.end
            and not fact.caught
            and (call := self._logs.get((facts.path, facts.line_of(fact.call.at)))) is not None
            and call.logger != "console"
            and call.level not in SERIOUS
        }
        body = self._code.body(facts.path, node.start, node.end) if told else ()
        return True if any(at in told for at in _always_called(body)) else None if told else False

    def step(self, layer: Layer, what: str) -> Step:
        """A step of a trail."""
        place = layer.site.place
        return Step(place.file, place.line, f"{layer.name} {what}")

    def _judge(self, layer: Layer) -> Recorded:
        if isinstance(layer.value, External):
            return _of_package(layer.value)
        summary = self._builder.summary(layer.value, layer)
        if not isinstance(layer.value, FunctionValue):
            return Recorded(None, None, None) if summary.reason else Recorded()
        calls = [_of_package(call.callee) for call in summary.calls if isinstance(call.callee, External)]
        logs = self._logs_requests(layer.value) or any(one.logs for one in calls)
        correlates = self._gives_id(layer.value, summary) or any(one.correlates for one in calls)
        measures = any(one.measures for one in calls)
        doubt = None if summary.reason else False
        return Recorded(logs or self._doubts_log(layer.value, doubt=doubt), correlates or doubt, measures or doubt)

    def _doubts_log(self, function: FunctionValue, *, doubt: bool | None) -> bool | None:
        """None where it may log requests on a way that isn't followed."""
        text = self._code.snippet(function.module.path, function.node.start, function.node.end)
        return None if _MAY_LOG.search(text) else doubt

    def _logs_requests(self, function: FunctionValue) -> bool:
        """Whether a log call in it tells of the request, not only of a failure."""
        facts, node = function.module.facts, function.node
        own = _REQUEST.union(one.target.id for one in node.parameters if isinstance(one.target, ir.Name))
        for fact in facts.log_calls:
            call = fact.call
            is_own = node.start <= call.at < node.end and not fact.caught
            if is_own and (facts.path, facts.line_of(call.at)) in self._logs:
                level = call.callee.name if isinstance(call.callee, ir.Member) else ""
                words = _words(self._code.snippet(facts.path, call.at, call.end), own)
                if not words <= _HOW_LONG and len(words) > (level in _QUIET):
                    return True
        return False

    def _gives_id(self, function: FunctionValue, summary: Summary) -> bool:
        if any(_ID.fullmatch(name.rpartition(".")[2]) and name != "id" for name, _ in summary.writes):
            return True
        texts = function.module.facts.texts.get("request-id", ())
        own = (text for text in texts if function.node.start <= text.at < function.node.end)
        names_id = any(_HEADER.fullmatch(text.text) for text in own)
        return names_id or any(name == "id" for name, _ in summary.writes)


def _words(text: str, own: frozenset[str]) -> set[str]:
    """What a log call says of the request that these names stand for."""
    found: set[str] = set()
    for match in _TELLS_REQUEST.finditer(text):
        owners = re.findall(r"\w+", match["owner"] or "")
        if not owners or (owners[0] in own and _SENT.isdisjoint(owners)) or match["word"] in _HOW_LONG:
            found.add(match["word"])
    return found


def _always_called(body: Sequence[ir.Statement]) -> Iterator[int]:
    """The calls that are statements of a function, up to the first that may end it."""
    for statement in body:
        match statement:
            case ir.Evaluate(value=ir.Call(at=at) | ir.Await(value=ir.Call(at=at))):
                yield at
            case ir.Try(body=inner):
                yield from _always_called(inner)
        if any(isinstance(node, ir.Return) for node in ir.walk(statement)):
            return


def _of_package(value: External) -> Recorded:
    """What a package's middleware, or a call of a package within one, records."""
    root, path = member_path(value)
    names = {root.package, f"{root.package}.{path.partition('(')[0]}", f"{root.package}.{path.rpartition('.')[2]}"}
    return Recorded(bool(names & LOGGING), bool(names & CORRELATING), bool(names & MEASURING))
