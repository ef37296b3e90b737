"""Agents and OpenTelemetry: whether they are started, and whether before what they instrument is loaded.

https://opentelemetry.io/docs/languages/js/getting-started/nodejs/#setup, https://docs.datadoghq.com/tracing,
https://docs.newrelic.com/docs/apm/agents/nodejs-agent
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from medpro_audit.core.place import Place, Step
from medpro_audit.model.known import Known
from medpro_audit.model.libraries import is_framework
from medpro_audit.model.modules.entry_points import entry_points
from medpro_audit.model.modules.resolution import ExternalPackage, SourceModule
from medpro_audit.model.modules.specifier import package_and_subpath
from medpro_audit.model.observability.packages import AGENTS, TELEMETRY, TELEMETRY_PARTS
from medpro_audit.model.observability.sphere import Sphere

_PRELOAD = re.compile(r"(?:-r|--require|--import)[ =]+['\"]?([^\s'\"]+)")
_DISTRIBUTION = re.compile(r"opentelemetry|\botel\b")
_RUN_TIME = frozenset(("import", "require"))


class Agent(NamedTuple):
    """An agent, or OpenTelemetry, that is started."""

    package: str
    place: Place
    is_preloaded: bool
    """A script loads it before the program: ``node --require``."""


def agents(known: Known) -> Mapping[str, Step]:
    """By back end, what records every request by itself."""
    found: dict[str, Step] = {}
    for backend in known.base.backends:
        agent = agent_of(Sphere(known, backend))
        if agent is not None:
            text = f"{agent.package} is started and records each request"
            found[backend.root] = Step(agent.place.file, agent.place.line, text)
    return found


def agent_of(sphere: Sphere) -> Agent | None:
    """The agent of a back end."""
    for specifier in _PRELOAD.findall(sphere.scripts):
        package = _package_of(specifier)
        if package is not None:
            return Agent(package, Place(sphere.backend.file, 1), is_preloaded=True)
    used = sphere.uses(AGENTS)
    if used is not None:
        return Agent(used.package, used.place, is_preloaded=False)
    return _telemetry(sphere)


def _package_of(specifier: str) -> str | None:
    """The agent that a preloaded specifier means; distributions of OpenTelemetry have that in their name."""
    name = (package_and_subpath(specifier) or ("",))[0]
    is_known = name in {*AGENTS, *TELEMETRY, *TELEMETRY_PARTS} or _DISTRIBUTION.search(name) is not None
    return name if is_known else None


def _telemetry(sphere: Sphere) -> Agent | None:
    """OpenTelemetry, where it traces requests and is not only imported but made."""
    used = sphere.uses(TELEMETRY)
    if used is not None:
        return Agent(used.package, used.place, is_preloaded=False)
    used = sphere.uses(TELEMETRY_PARTS)
    if used is None:
        return None
    if used.specifier.endswith("/register"):
        return Agent(used.package, used.place, is_preloaded=False)
    path, call = next(sphere.calls("telemetry-start"), (None, None))
    if path is None or call is None:
        return None
    return Agent("@opentelemetry", sphere.place(path, call.call.at), is_preloaded=_is_preloaded(sphere, path))


def _is_preloaded(sphere: Sphere, path: str) -> bool:
    """Whether a script loads a file, or the build of it, before the program."""
    name = path.rpartition("/")[2].partition(".")[0]
    return any(re.search(rf"(^|/){re.escape(name)}(\.|$)", one) is not None for one in _PRELOAD.findall(sphere.scripts))


def starts_first(sphere: Sphere, agent: Agent) -> bool | None:
    """Whether an agent is started before a framework is loaded; None when the order can't be seen."""
    if agent.is_preloaded:
        return True
    base = sphere.known.base
    package = base.resolver.projects.package_of("" if sphere.backend.root == "." else sphere.backend.root)
    entries = [entry.path for entry in entry_points(package, base.resolver)] if package is not None else []
    entry = next((path for path in entries if path in sphere.files), None)
    if entry is None:
        return None
    order = _load_order(sphere, entry)
    is_loaded_by_import = agent.package in AGENTS
    if not is_loaded_by_import and agent.place.file == entry:
        return None  # it depends on where in the file it is started
    started = order.get(f"package:{agent.package}" if is_loaded_by_import else agent.place.file)
    framework = min((at for name, at in order.items() if name.startswith("framework:")), default=None)
    if started is None or framework is None:
        return None
    return started < framework


def _load_order(sphere: Sphere, entry: str) -> Mapping[str, int]:
    """When each file and each package is first loaded, as imports stand from the entry on."""
    base = sphere.known.base
    order: dict[str, int] = {}
    visited: set[str] = set()

    def visit(path: str) -> None:
        if path in visited or path not in base.facts:
            return
        visited.add(path)
        for fact in base.facts[path].imports:
            if fact.kind not in _RUN_TIME:
                continue
            answer = base.resolver.resolve(path, fact.specifier, fact.kind)
            if isinstance(answer, SourceModule):
                visit(answer.path)
            elif isinstance(answer, ExternalPackage):
                kind = "framework" if is_framework(answer.name) else "package"
                order.setdefault(f"{kind}:{answer.name}", len(order))
        order.setdefault(path, len(order))

    visit(entry)
    return order
