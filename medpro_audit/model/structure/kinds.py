"""What each module is, judged by what it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from medpro_audit.core.place import Step
from medpro_audit.model.structure.evidence import Evidence, Surroundings
from medpro_audit.model.structure.serving import Serving
from medpro_audit.model.structure.shapes import Form
from medpro_audit.model.structure.vocabulary import ROLES_OF_KINDS, roles_of_path
from medpro_audit.model.subjects.module import Layer, ModuleKind

MANY_HELPERS = 3
"""A module that mounts routers and exports more than this is there for more than that."""
OWN_ENDPOINTS = 5
"""An application's own module may handle fewer endpoints than this, such as for health; to list those that other
modules handle is to put it together."""

LAYERS: Mapping[ModuleKind, Layer] = {
    "entry": "entry",
    "routes": "routes",
    "controller": "controllers",
    "middleware": "middleware",
    "service": "services",
    "data-access": "data",
    "mixed": "unknown",
    "unknown": "unknown",
}
"""Layer by kind; all others support every layer."""

DEFINES_MODEL = "defines a data model"
_SERVERS = frozenset(("http", "https", "http2", "node:http", "node:https", "node:http2", "spdy"))
_FRAMEWORKS = frozenset(("express", "hono", "koa"))
_SERVING = frozenset(("entry", "routes", "controller", "mixed", "unknown"))
"""Kinds that make it matter which of the modules behind an index is meant."""
_WORKING = frozenset(("service", "data-access", "connection", "mixed"))
"""A module that uses one of these reaches outside by it."""

_HANDLING: Sequence[Form] = ("controller", "handler", "value")
"""Forms of exports that don't speak against a controller."""


class Verdict(NamedTuple):
    """What a module is, and what tells it."""

    kind: ModuleKind
    evidence: str
    line: int = 1
    does: tuple[ModuleKind, ...] = ()
    reason: str | None = None
    is_sure: bool = True
    """False where only the form of its functions tells."""

    def step(self, path: str) -> Step:
        """The evidence as a step of a trail."""
        return Step(path, self.line, self.evidence)


def judge_all(found: Surroundings) -> dict[str, Verdict]:
    """What each module is; those that only hand on take after what they hand on to."""
    verdicts = {path: _judged(evidence, found) for path, evidence in found.modules.items()}
    _spread(verdicts, found)
    _start(verdicts, found)
    for path, verdict in verdicts.items():
        if verdict.kind == "index":
            kinds = {verdicts[target].kind for target in found.modules[path].modules if target in verdicts}
            if len(kinds) == 1:
                verdicts[path] = verdict._replace(kind=kinds.pop())
            else:
                verdicts[path] = verdict._replace(is_sure=kinds.isdisjoint(_SERVING))
    return verdicts


def layer_of(verdict: Verdict) -> Layer:
    """Where a module stands between request and database."""
    return LAYERS.get(verdict.kind, "support") if verdict.is_sure else "unknown"


def _judged(evidence: Evidence, found: Surroundings) -> Verdict:
    tasks = list(_tasks(evidence, found))
    if tasks:
        does = tuple(dict.fromkeys(task.kind for task in tasks))
        apart = tuple(kind for kind in does if kind in {"routes", "controller", "data-access", "entry"})
        has_own = found.serving.handled.get(evidence.path, 0) >= OWN_ENDPOINTS
        if {"data-access"} < set(apart) or ({"entry", "routes"} <= set(apart) and has_own):
            told = " and ".join(task.evidence for task in tasks if task.kind in apart)
            return Verdict("mixed", told, tasks[0].line, tuple(sorted(apart)))
        roles = roles_of_path(evidence.path)
        at_home = (
            task for task in tasks if task.kind != "entry" and set(ROLES_OF_KINDS.get(task.kind, ())) & set(roles)
        )
        if tasks[0].kind in {"entry", "routes"}:
            return tasks[0]
        judged = next(at_home, tasks[0])
        is_sure = judged.is_sure and (judged.kind != "middleware" or not evidence.shape.exports["class"])
        return judged._replace(is_sure=is_sure)
    return _by_shape(evidence)


def _tasks(evidence: Evidence, found: Surroundings) -> Iterator[Verdict]:
    """What it surely does, the most telling first."""
    path, serving = evidence.path, found.serving
    started = _started(evidence, found)
    if started is not None:
        yield started
    if evidence.is_controller:
        yield Verdict("controller", "holds a class whose methods are endpoints")
    elif path in serving.registration:
        is_sure = path not in serving.applications or not _may_be_part(evidence, serving)
        is_sure = is_sure and not _is_mounting_by_the_way(evidence, serving)
        yield Verdict("routes", _registering(path, found), serving.registration[path], is_sure=is_sure)
    if path in serving.handlers:
        handled = serving.handlers[path]
        handling = f"handles {_count(handled, 'endpoint')} of other modules"
        yield Verdict("controller", handling, is_sure=_is_mostly_for_handlers(evidence, handled))
    if evidence.is_logger:
        yield Verdict("logger", "makes the logger that others use")
    opened = None if evidence.asks is not None and evidence.shape.functions else evidence.connects
    told: tuple[tuple[int | None, ModuleKind, str], ...] = (
        (opened, "connection", "opens a database connection"),
        (evidence.models, "data-access", DEFINES_MODEL),
        (serving.middleware.get(path), "middleware", "holds functions that run before or around handlers"),
        (evidence.guards, "middleware", "exports middleware of a package, set up"),
        (evidence.schemas, "schema", "exports schemas"),
    )
    yield from (Verdict(kind, text, line) for line, kind, text in told if line is not None)


def _is_mostly_for_handlers(evidence: Evidence, handled: int) -> bool:
    """Whether a module is there for its handlers: among many other functions, one may be registered by the way.

    A class counts as a controller by its methods; of one with many others, a few may handle requests.
    """
    exports = evidence.shape.exports
    others = exports.total() - sum(exports[form] for form in _HANDLING)
    return "controllers" in roles_of_path(evidence.path) or (not exports["class"] and others <= 2 * handled)


def _started(evidence: Evidence, found: Surroundings) -> Verdict | None:
    """What tells that it starts the application; None when nothing does."""
    line, entry = found.serving.applications.get(evidence.path), found.entries.get(evidence.path)
    listens = any(maker.name == "listen" for maker in evidence.shape.makers)
    if line is not None and not _may_be_part(evidence, found.serving):
        return Verdict("entry", "makes the application", line)
    if entry is not None and (entry.is_serving or listens):
        return Verdict("entry", f"is started by {entry.named_by}")
    return Verdict("entry", "starts to listen") if listens and not evidence.shape.exports.total() else None


def _may_be_part(evidence: Evidence, serving: Serving) -> bool:
    """Whether the application that a function makes may be mounted on another, where that can't be followed.

    The other one mounts routers; this one only has endpoints.
    """
    path = evidence.path
    is_of_module = any(maker.specifier in _FRAMEWORKS for maker in evidence.shape.makers)
    others = serving.applications.keys() & serving.mounts.keys() - {path}
    return bool(others) and not is_of_module and path in serving.endpoints and path not in serving.mounts


def _is_mounting_by_the_way(evidence: Evidence, serving: Serving) -> bool:
    """Whether a module of helpers mounts what it is given in one of them, and has no endpoint of its own."""
    is_of_helpers = evidence.shape.exports.total() > MANY_HELPERS and "routes" not in roles_of_path(evidence.path)
    return is_of_helpers and evidence.path not in serving.endpoints


def _registering(path: str, found: Surroundings) -> str:
    endpoints, mounts = found.serving.endpoints.get(path, 0), found.serving.mounts.get(path, 0)
    parts = [f"registers {_count(endpoints, 'endpoint')}"] if endpoints else []
    return " and ".join([*parts, *([f"mounts {_count(mounts, 'router')}"] if mounts else [])])


def _by_shape(evidence: Evidence) -> Verdict:
    """What the form of its exports tells."""
    shape, exports = evidence.shape, evidence.shape.exports
    if not evidence.is_understood and not exports.total():
        return Verdict("unknown", "could not be read", reason="it could not be read as code")
    is_plain = not shape.functions and not exports["class"]
    told: tuple[tuple[bool, ModuleKind, str], ...] = (
        (shape.is_empty, "types", "declares types only"),
        (shape.is_index, "index", "only passes on what other modules export"),
        (_is_mostly(exports, "error", besides=("value", "function")), "error", "exports error classes"),
        (exports["error-handler"] > 0, "middleware", "exports an error handler"),
        (is_plain and (evidence.reads_settings or shape.environment is not None), "config", "reads settings"),
        (exports.total() == exports["value"] > 0 and not evidence.modules, "constants", "exports constants"),
    )
    sure = next((Verdict(kind, text) for holds, kind, text in told if holds), None)
    return sure or _by_parameters(evidence) or _working(evidence)


def _is_mostly(exports: Counter[Form], form: Form, *, besides: Sequence[Form]) -> bool:
    return 0 < exports[form] >= exports.total() - sum(exports[other] for other in besides)


def _by_parameters(evidence: Evidence) -> Verdict | None:
    """What the parameters of its functions tell, which is never sure; None when they tell nothing."""
    exports = evidence.shape.exports
    handlers = exports["handler"] + exports["controller"]
    if handlers and 2 * handlers >= exports.total() - exports["value"]:
        return Verdict("controller", "exports functions that take a request and a response", is_sure=False)
    return _middleware_or_handlers(evidence.path) if 0 < exports["middleware"] == exports.total() else None


def _middleware_or_handlers(path: str) -> Verdict:
    """Of functions with the form of both, where they stand decides."""
    told, roles = "exports functions that take a request, a response and next", roles_of_path(path)
    if "middleware" in roles or "controllers" in roles:
        return Verdict("middleware" if "middleware" in roles else "controller", told, is_sure=False)
    return Verdict("unknown", told, reason=_NOT_REGISTERED)


_NOT_REGISTERED = "its functions may be handlers or middleware, and nothing registers them"


def _working(evidence: Evidence) -> Verdict:
    """A module with functions, classes or objects: whether it reaches outside or only helps."""
    exports, functions = evidence.shape.exports, evidence.shape.functions
    if not exports.total():
        return Verdict("unknown", "exports nothing", reason="it exports nothing and is loaded for what it does")
    if evidence.asks is not None:
        return Verdict(_asking(evidence), "asks the database", evidence.asks)
    if evidence.reaches_out:
        return Verdict("service", "uses something outside of the process")
    if exports["class"]:
        return Verdict("service", "exports a class that does work")
    if functions:
        return Verdict("helper", "exports functions that reach nothing outside")
    return Verdict("config", "exports what other code makes, set up", is_sure=False)


def _asking(evidence: Evidence) -> ModuleKind:
    """Of a module that asks the database and fits two kinds, where it stands decides."""
    return "data-access" if "data" in roles_of_path(evidence.path) else "service"


def _spread(verdicts: dict[str, Verdict], found: Surroundings) -> None:
    """A module that would pass for a helper and uses one that reaches outside does work itself."""
    users: dict[str, list[str]] = {}
    for path, evidence in found.modules.items():
        for target in evidence.modules:
            users.setdefault(target, []).append(path)
    waiting = [path for path, verdict in sorted(verdicts.items()) if verdict.kind in _WORKING]
    while waiting:
        target = waiting.pop()
        for user in users.get(target, ()):
            if verdicts[user].kind == "helper":
                verdicts[user] = Verdict("service", f"uses {target}")
                waiting.append(user)


def _start(verdicts: dict[str, Verdict], found: Surroundings) -> None:
    """A module that makes a server of Node's for an application starts it."""
    for path, evidence in found.modules.items():
        if verdicts[path].kind in {"service", "helper"} and not evidence.packages.isdisjoint(_SERVERS):
            target = next((target for target in evidence.modules if target in found.serving.applications), None)
            if target is not None:
                verdicts[path] = Verdict("entry", f"serves {target}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
