"""The log calls of a repository, and the logger that each back end has settled on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from medpro_audit.core.config import LoggingConfig
from medpro_audit.core.place import Step
from medpro_audit.core.stages import stage
from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact, FileFacts
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.evaluation.text import name_of, start_of
from medpro_audit.model.logs.arguments import carries_id, is_concatenated
from medpro_audit.model.logs.circumstances import Circumstances
from medpro_audit.model.logs.consoles import Consoles, consoles
from medpro_audit.model.logs.correlation import Correlation
from medpro_audit.model.logs.failures import tells_error
from medpro_audit.model.logs.levels import SERIOUS, level_of
from medpro_audit.model.logs.loggers import Receiver
from medpro_audit.model.logs.packages import TRACED, TRACERS
from medpro_audit.model.logs.receivers import Receivers
from medpro_audit.model.logs.sensitive import SensitiveNames
from medpro_audit.model.logs.settled import Settled, Use, settle
from medpro_audit.model.logs.telling import tells_failure
from medpro_audit.model.module_roles import ModuleRole, packages_of
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.subjects import Endpoint, ImportGraph, LogCall

SNIPPET_LENGTH = 160
_SOON = 200
"""Bytes after a call in which the process may end."""
_ENDING = re.compile(r"[^{}]*?\bprocess\.exit\(")
_FEWEST_FIELDS = 2
_TERMINAL = frozenset(("@clack/prompts", "@inquirer/prompts", "commander", "enquirer", "inquirer", "prompts", "yargs"))
"""Packages that ask questions or take commands at a terminal."""
_LOGGER_MODULE = re.compile(r"(^|/)(logg(er|ing)|log)\.[cm]?[jt]s$", re.IGNORECASE)
"""The project's own logger, whatever its methods are called."""


class Sources(NamedTuple):
    """The model so far, as far as log calls depend on it."""

    files: Mapping[str, FileFacts]
    code: Code
    resolver: Resolver
    graph: ImportGraph
    interpreter: Interpreter
    """It has followed the endpoints, so that it knows what serves requests."""
    roles: Mapping[str, ModuleRole]
    backend_of: Callable[[str], str]
    endpoints: Sequence[Endpoint]


class LogModel(NamedTuple):
    """What the code logs."""

    calls: tuple[LogCall, ...]
    """Sorted by place."""
    loggers: dict[str, str]
    """Of each back end, the module or package of the logger that it has settled on."""


@stage("logs")
def build_log_calls(sources: Sources, config: LoggingConfig) -> LogModel:
    """Find what every file logs."""
    correlation = Correlation(sources.files, sources.graph, sources.roles, sources.backend_of)
    receivers = Receivers(sources.files, sources.resolver, sources.interpreter, correlation.carriers)
    found = _find(sources, receivers)
    served = [each for each in found if sources.roles.get(each.path) == "server"]
    for each in served:
        correlation.learn(each.backend, each.fact.call.arguments, each.receiver.makers)
    loggers = settle((Use(each.backend, each.path, each.receiver) for each in served), config.logger)
    printing = {each.path for each in served if each.receiver.kind == "console"}
    modules = [(sources.backend_of(path), path) for path in sources.files if sources.roles.get(path) == "server"]
    own = consoles(modules if printing else (), sources.files, sources.code, receivers, loggers)
    describe = _Description(sources, config, correlation, loggers, own)
    calls = tuple(describe.log_call(each) for each in found)
    return LogModel(calls, {backend: settled.name for backend, settled in sorted(loggers.items())})


class _Found(NamedTuple):
    backend: str
    path: str
    fact: CallFact
    receiver: Receiver


def _find(sources: Sources, receivers: Receivers) -> list[_Found]:
    """All log calls by place, without those in which the project's own loggers write."""
    found = [
        _Found(sources.backend_of(path), path, fact, receiver)
        for path in sorted(sources.files)
        for fact in sources.files[path].log_calls
        if (receiver := receivers.receiver(path, fact)) is not None
    ]
    return [each for each in found if (each.path, each.fact.call.at) not in receivers.implementations]


class _Description:
    """Says of a log call all that rules ask."""

    def __init__(
        self,
        sources: Sources,
        config: LoggingConfig,
        correlation: Correlation,
        loggers: Mapping[str, Settled],
        own: Consoles,
    ) -> None:
        self._sources = sources
        self._correlation = correlation
        self._loggers = loggers
        self._own = own
        self._is_configured = config.logger is not None
        self._sensitive = SensitiveNames(config.sensitive)
        self._secret_bodies = set(_places_with_secrets(sources.endpoints, self._sensitive))
        self._circumstances = Circumstances(sources.code)
        self._loads: dict[str, frozenset[str]] = {}
        self._links: dict[str, set[str]] = {}
        for source, target, kind in sources.graph.edges:
            if kind == "import":
                self._links.setdefault(source, set()).add(target)

    def log_call(self, found: _Found) -> LogCall:
        path, fact, receiver = found.path, found.fact, found.receiver
        call, facts = fact.call, self._sources.files[path]
        takes_fields = None if receiver.kind == "unknown" and not receiver.takes_fields else receiver.takes_fields
        level = level_of(call)
        in_request = any((path, start) in self._sources.interpreter.served for start in fact.enclosing)
        expects = self._correlation.expects(found.backend)
        return LogCall(
            file=path,
            line=facts.line_of(call.at),
            backend=found.backend,
            logger=self._kind(found),
            logger_name=name_of(call.callee.object) if isinstance(call.callee, ir.Member) else "",
            package=receiver.package,
            level=level,
            role=self._sources.roles.get(path, "server"),
            concatenates=takes_fields is not False and is_concatenated(call.arguments),
            in_catch=bool(fact.caught),
            logs_error=not fact.caught or level not in SERIOUS or tells_error(fact, facts.catches),
            sensitive=self._secrets(found),
            has_correlation=self._has_correlation(found) if in_request and expects else True,
            in_request=in_request,
            snippet=first_line(self._sources.code.snippet(path, start_of(call), call.end)),
            trail=self._trail(found),
            expects_correlation=expects,
            takes_fields=takes_fields,
            has_logger=self._is_configured or found.backend in {*self._loggers, *self._own.written},
            is_beyond_logger=receiver.kind == "console" and self._is_beyond_logger(found),
            is_for_terminal=receiver.kind == "console" and self._talks(found.path),
            is_switched_on=receiver.kind == "console" and self._circumstances.is_switched_on(path, call),
            is_structured=_is_structured(call),
            tells_failure=tells_failure(fact, level),
            at_start=not fact.caught and level not in SERIOUS and self._is_at_start(found),
        )

    def _secrets(self, found: _Found) -> tuple[str, ...]:
        call, path = found.fact.call, found.path
        names = self._sensitive.among(call.arguments, has_secret_body=self._has_secret_body(found))
        if not names or self._circumstances.is_for_developers(path, call):
            return ()
        packages = packages_of(self._sources.files[path])
        is_told_once = found.receiver.kind == "console" and not packages.isdisjoint(_TERMINAL)
        return tuple(
            name
            for name in names
            if not self._circumstances.is_of_verification(path, name)
            and not (is_told_once and self._circumstances.is_generated(path, name))
        )

    def _is_beyond_logger(self, found: _Found) -> bool:
        """Whether a line can't go through the logger, which is not made yet or would lose it."""
        settled = self._loggers.get(found.backend)
        logger = settled.name if settled is not None else self._own.written.get(found.backend, "")
        if logger and found.path in self._loaded_by(logger):
            return True
        if _LOGGER_MODULE.search(found.path) or self._talks(found.path):
            return True
        circumstances, call = self._circumstances, found.fact.call
        if circumstances.is_last_resort(found.path, call) or circumstances.is_own_writer(found.path, call):
            return True
        rest = self._sources.code.snippet(found.path, found.fact.call.end, found.fact.call.end + _SOON)
        return _ENDING.match(rest) is not None

    def _talks(self, path: str) -> bool:
        """Whether a module talks with whoever sits at the terminal."""
        return bool(packages_of(self._sources.files[path]) & _TERMINAL)

    def _is_at_start(self, found: _Found) -> bool:
        """Whether it stands at the top of a module, or in functions that run with that and serve no request."""
        around = [(found.path, start) for start in found.fact.enclosing]
        interpreter = self._sources.interpreter
        serving = interpreter.served | interpreter.handlers
        if not around:
            return True
        is_run = around[0] in interpreter.called and serving.isdisjoint(around)
        return is_run and self._circumstances.is_run_at_once(found.path, found.fact.call)

    def _loaded_by(self, path: str) -> frozenset[str]:
        """A module, with all that it loads."""
        if path not in self._loads:
            found, waiting = {path}, [path]
            while waiting:
                new = self._links.get(waiting.pop(), set()) - found
                found |= new
                waiting += new
            self._loads[path] = frozenset(found if path in self._sources.files else ())
        return self._loads[path]

    def _kind(self, found: _Found) -> Literal["console", "canonical", "other", "unknown"]:
        callee = found.fact.call.callee
        if found.receiver.kind == "console" and isinstance(callee, ir.Member):
            return "canonical" if (found.backend, callee.name) in self._own.replaced else "console"
        if found.receiver.kind != "logger":
            return found.receiver.kind
        settled = self._loggers.get(found.backend)
        return "canonical" if settled is not None and settled.covers(found.path, found.receiver) else "other"

    def _has_correlation(self, found: _Found) -> bool | None:
        receiver, call = found.receiver, found.fact.call
        if receiver.is_of_request or receiver.is_identified or carries_id((call.callee, *call.arguments)):
            return True
        if self._correlation.is_fed(receiver.makers):
            return True
        is_doubtful = receiver.kind == "unknown" or receiver.has_mixin or self._is_traced(found)
        return None if is_doubtful else False

    def _is_traced(self, found: _Found) -> bool:
        """Whether a package may add the id of a trace to what this logger writes."""
        projects = self._sources.resolver.projects
        package = projects.package_of(folder_of(found.path))
        declared = {*package.dependencies, *package.dev_dependencies} if package is not None else set()
        return found.receiver.package in TRACED and bool(declared & TRACERS)

    def _has_secret_body(self, found: _Found) -> bool:
        facts = self._sources.files[found.path]
        lines = ((found.path, facts.line_of(start)) for start in found.fact.enclosing)
        return bool(self._secret_bodies) and any(line in self._secret_bodies for line in lines)

    def _trail(self, found: _Found) -> tuple[Step, ...]:
        """Where the logger is that the call should have been made on."""
        settled = self._loggers.get(found.backend)
        logger = settled.name if settled is not None else self._own.written.get(found.backend, "")
        if logger not in self._sources.files or self._kind(found) == "canonical":
            return ()
        return (Step(logger, 0, "the logger that this back end uses"),)


def first_line(source: str) -> str:
    """The first line of a piece of code, cut to a length that identifies it."""
    return source.strip().partition("\n")[0].rstrip()[:SNIPPET_LENGTH]


def _is_structured(call: ir.Call | ir.New) -> bool:
    """Whether a line is ``JSON.stringify({ level: 'info', event: 'connected' })``, and nothing else."""
    match call.arguments:
        case (
            ir.Call(callee=ir.Member(object=ir.Name(id="JSON"), name="stringify"), arguments=(ir.Object() as line, *_)),
        ):
            return len(line.properties) >= _FEWEST_FIELDS
    return False


def _places_with_secrets(endpoints: Sequence[Endpoint], sensitive: SensitiveNames) -> Iterator[tuple[str, int]]:
    """Functions that see a request body in which a secret is known to be: file and line."""
    for endpoint in endpoints:
        if any(field in sensitive for field in endpoint.validation.body.fields):
            handler = endpoint.handler
            if handler.file is not None and handler.line is not None:
                yield handler.file, handler.line
            yield from ((use.file, use.line) for use in endpoint.middleware)
