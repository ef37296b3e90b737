"""Endpoints that tell whether a server works, and whether they ask the database.

https://kubernetes.io/docs/concepts/workloads/pods/probes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from medpro_audit.core.place import Place, Step
from medpro_audit.facts import ir
from medpro_audit.model.database.collector import member_path
from medpro_audit.model.drivers import drivers, is_cache
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.evaluation.values import External, FunctionValue
from medpro_audit.model.observability.packages import HEALTH
from medpro_audit.model.observability.probes import Probe
from medpro_audit.model.observability.reach import Reach
from medpro_audit.model.observability.sphere import Parts, Sphere
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup

_PATH = re.compile(
    r"(/[^/:*]+)*/[_-]?((check[_-]?)?health([_-]?check)?z?|live(z|ness)|(am[_-]?i[_-]?|is[_-]?)?alive|ready(z|ness)?|heart-?beat"
    r"|gesundheit|salud|salute|sant[eé]|sa[uú]de|zdrowie)/?"
    r"|(/[^/:*]+)*/[_-]?health([_-]?check)?s?/[^/:*]+/?"
    r"|(/(api|v\d+|internal|system|monitor(ing)?|server|-|_[^/]*))*/(ping|live|status|up)/?",
    re.IGNORECASE,
)
_OF_PACKAGE = "the package "
"""So begins the reason where a package registers routes of its own, which are for records."""
_ROOT = re.compile(r"/?(api)?(/v\d+)?/?(\*|\{\*\w+\})?")
"""Where a server greets whoever comes."""
_SHOWING = frozenset(("download", "redirect", "render", "sendFile", "sendfile"))
_STATES = frozenset(("readyState", "isInitialized"))
_ASKING = frozenset(("$queryRaw", "$queryRawUnsafe", "$runCommandRaw", "ping", "authenticate"))
_STATEMENT = re.compile(r"\s*select\s+(1|now\(\)|version\(\)|current_)", re.IGNORECASE)
_HARMLESS = re.compile(
    r"(res|response|reply|ctx|c|req|request|next|process|os|performance|Date|Math|JSON|Object|Array|String|Number|Boolean"
    r"|Promise|Buffer|Intl|console|log|logger|winston|pino|path|fs|require|parseInt|parseFloat|setTimeout|Error)\b.*"
    r"|new (Date|Error|Map|Set|Promise)\b.*"
    r"|.*\.(toISOString|toFixed|toString|join|map|filter|round|getTime|status|json|send)"
)


_SURROUNDINGS = frozenset(("process", "undefined", "Array", "Object", "Date", "Math", "Number", "String", "Boolean"))
"""Names whose value tells nothing of the database."""


class _Check(NamedTuple):
    endpoint: Endpoint
    is_open: bool
    """It answers whoever asks."""
    asks: bool | None
    """It asks the database."""
    reason: str
    steps: tuple[Step, ...]


def health_check(sphere: Sphere, probes: Sequence[Probe]) -> ObservabilitySetup:
    """Whether a back end tells that it works, and how much that is worth; ``probes`` are those of the repository."""
    checks = list(_checks(sphere, {probe.path: probe.step for probe in probes if probe.path}))
    open_ones = [check for check in checks if check.is_open]
    order = {True: 0, None: 1, False: 2}
    best = min(open_ones or checks, key=lambda check: (order[check.asks], check.endpoint.path), default=None)
    used = sphere.uses(HEALTH)
    if used is not None and (best is None or not best.asks):
        problem = f"whether what {used.package} answers depends on the database is not known"
        return sphere.setup("health-check", used.place, tool=used.package, is_set_up=True, problem=problem)
    if best is None:
        is_doubtful = any(not probe.path for probe in probes) or _has_unknown_paths(sphere) or any(_greetings(sphere))
        is_set_up = None if is_doubtful else False
        problem = "no endpoint tells whether the server works"
        return sphere.setup("health-check", sphere.home, is_set_up=is_set_up, problem=problem)
    endpoint = best.endpoint
    name = f"{endpoint.method} {endpoint.path}"
    problem = best.reason if best.is_open else f"{name} asks for authentication, which no probe has"
    parts = Parts(tool=name, is_set_up=best.is_open, is_wired=best.asks, problem=problem, trail=best.steps)
    return sphere.setup("health-check", Place(endpoint.file, endpoint.line), **parts)


def _checks(sphere: Sphere, asked: Mapping[str, Step]) -> Iterator[_Check]:
    """Endpoints that are health checks by their path, or because a probe asks them."""
    base = sphere.known.base
    own = frozenset(sphere.endpoints)
    reach = Reach(base.interpreter.code, base.resolver)
    for endpoint, row in zip(base.endpoints, base.rows, strict=True):
        probe = asked.get(endpoint.path.rstrip("/").lower())
        if endpoint not in own or endpoint.method not in {"GET", "ALL"}:
            continue
        if probe is not None or _PATH.fullmatch(endpoint.path):
            is_open = "authentication" not in endpoint.roles and "authorization" not in endpoint.roles
            asks, reason, steps = _asks(sphere, row, reach)
            yield _Check(endpoint, is_open, asks, reason, (*([probe] if probe is not None else []), *steps))


def _has_unknown_paths(sphere: Sphere) -> bool:
    """Whether it answers at paths that are not known: of settings, or of a table that is not followed."""
    lost = (one for one in sphere.known.base.unresolved_routes if one.method in {"GET", "ALL"})
    return any(one.place.file in sphere.files and not one.reason.startswith(_OF_PACKAGE) for one in lost)


def _greetings(sphere: Sphere) -> Iterator[Endpoint]:
    """Endpoints at the root that tell everybody that the server runs: a probe can ask them.

    A page is meant for people, and may well be there while nothing works.
    """
    base = sphere.known.base
    own = frozenset(sphere.endpoints)
    reach = Reach(base.interpreter.code, base.resolver)
    for endpoint, row in zip(base.endpoints, base.rows, strict=True):
        if endpoint in own and endpoint.method in {"GET", "ALL"} and _ROOT.fullmatch(endpoint.path):
            passage = base.endpoint_builder.passage(row)
            function = passage.found.value if passage.found is not None else None
            if isinstance(function, FunctionValue) and "authentication" not in endpoint.roles:
                nodes = [node for _, node in reach.of(function.module.path, (function.node,)).nodes]
                if not any(isinstance(node, ir.Member) and node.name in _SHOWING for node in nodes):
                    yield endpoint


def _asks(sphere: Sphere, row: Row, reach: Reach) -> tuple[bool | None, str, tuple[Step, ...]]:
    """Whether a handler asks the database, what it does instead, and where it asks."""
    base = sphere.known.base
    passage = base.endpoint_builder.passage(row)
    if passage.found is None or not isinstance(passage.found.value, FunctionValue):
        return None, "what its handler does is not known", ()
    function = passage.found.value
    summary = base.endpoint_builder.summary(row.items[-1].value, row.items[-1])
    called = _driver_call(summary)
    if called is not None:
        return True, "", (called,)
    reached = reach.of(function.module.path, (function.node,))
    for path, node in reached.nodes:
        if _is_question(node):
            line = base.facts[path].line_of(getattr(node, "at", 0)) if path in base.facts else 0
            return True, "", (Step(path, line, "asks the database"),)
    lost = next((name for name in reached.lost if not _HARMLESS.fullmatch(name)), None)
    if lost is not None or summary.reason:
        return None, f"whether {lost or 'it'} asks the database is not known", ()
    state = _state(reached.nodes)
    if state is not None:
        return None, f"it answers by {state}, and whether that is about the database is not known", ()
    return False, "it answers without asking the database", ()


def _state(nodes: Sequence[tuple[str, ir.Node]]) -> str | None:
    """What a handler decides by that is kept outside of it: a timer, or an event, may ask the database."""
    own = {name for _, node in nodes for name in bound_names(_targets(node))} | _SURROUNDINGS
    for _, node in nodes:
        if isinstance(node, ir.If | ir.Conditional):
            names = [inner.id for inner in ir.walk(node.test) if isinstance(inner, ir.Name)]
            kept = next((name for name in names if name not in own), None)
            if kept is not None:
                return kept
    return None


def _targets(node: ir.Node) -> Sequence[ir.Pattern | None]:
    match node:
        case ir.Function(parameters=parameters):
            return [parameter.target for parameter in parameters]
        case ir.Declare(target=target) | ir.Loop(target=target) | ir.Try(parameter=target):
            return [target]
    return []


def _driver_call(summary: Summary) -> Step | None:
    for call in summary.calls:
        if isinstance(call.callee, External):
            root, _ = member_path(call.callee)
            if root.package in drivers() and not is_cache(root.package):
                place = call.site.place
                return Step(place.file, place.line, f"asks the database through {root.package}")
    return None


def _is_question(node: ir.Node) -> bool:
    match node:
        case ir.Member(name=name) if name in _STATES:
            return True
        case ir.Call(callee=ir.Member(name=name), arguments=arguments) if name in _ASKING:
            return not arguments or name.startswith("$")
        case ir.Tagged(tag=ir.Member(name=name)) if name in _ASKING:
            return True
        case ir.Literal(value=str() as text) | ir.Template(parts=(str() as text, *_)):
            return _STATEMENT.match(text) is not None
    return False
