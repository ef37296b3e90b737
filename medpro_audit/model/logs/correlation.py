"""What ties a log line to its request: the request's own logger, its id, or a context that the logger asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.logs.arguments import reads_id_of_request
from medpro_audit.model.logs.packages import CONTEXTS, REQUEST_IDS, REQUEST_LOGGERS
from medpro_audit.model.module_roles import ModuleRole, packages_of
from medpro_audit.model.subjects import ImportGraph

_ASKED = CONTEXTS | REQUEST_IDS


class Correlation:
    """Knows how the back ends of a repository tell their requests apart."""

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        graph: ImportGraph,
        roles: Mapping[str, ModuleRole],
        backend_of: Callable[[str], str],
    ) -> None:
        self._backend_of = backend_of
        self._packages = {path: packages_of(facts) for path, facts in files.items() if roles.get(path) == "server"}
        self._imports: defaultdict[str, set[str]] = defaultdict(set)
        for source, target, kind in graph.edges:
            if kind == "import":
                self._imports[source].add(target)
        self._identified = self._backends_with(REQUEST_IDS).keys() | self._backends_with(REQUEST_LOGGERS).keys()
        carrying = self._backends_with(REQUEST_LOGGERS)
        self.carriers = {path: package for path in files if (package := carrying.get(backend_of(path))) is not None}
        """Of files where requests have a logger of their own, the package that it comes from."""

    def _backends_with(self, packages: Collection[str]) -> dict[str, str]:
        """Back ends whose server code uses one of some packages, with the first of these by name."""
        found: dict[str, str] = {}
        for path, imported in self._packages.items():
            used = min(imported & frozenset(packages), default=None)
            if used is not None:
                backend = self._backend_of(path)
                found[backend] = min(used, found.get(backend, used))
        return found

    def expects(self, backend: str) -> bool:
        """Whether the requests of a back end have an id that a log call could carry."""
        return backend in self._identified

    def learn(self, backend: str, arguments: Collection[ir.Expression], makers: Iterable[str]) -> None:
        """Learn from a log call of server code: that it reads the id of a request, or that its logger knows it."""
        if reads_id_of_request(arguments) or self.is_fed(makers):
            self._identified = self._identified | {backend}

    def is_fed(self, makers: Iterable[str]) -> bool:
        """Whether a logger asks a context of the request by itself: where it is made, or in what is imported there."""
        return any(
            self._packages.get(module, frozenset()) & _ASKED
            for maker in makers
            for module in (maker, *sorted(self._imports.get(maker, ())))
        )
