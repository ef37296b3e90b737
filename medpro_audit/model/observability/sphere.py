"""The server code of one back end, with what it imports from elsewhere in the repository."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, TypedDict, Unpack

from medpro_audit.core.place import Place, Step
from medpro_audit.facts.file import CallFact, FileFacts, TextFact
from medpro_audit.model.drivers import is_cache
from medpro_audit.model.known import Known
from medpro_audit.model.modules.specifier import package_and_subpath
from medpro_audit.model.subjects import Backend, Endpoint
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup, Practice

_RUN_TIME = frozenset(("import", "require", "dynamic", "re-export"))


class Used(NamedTuple):
    """A package that is imported, and where first."""

    package: str
    specifier: str
    place: Place


class Parts(TypedDict, total=False):
    """What is said of a practice; without a tool and a verdict it is not set up."""

    tool: str
    is_set_up: bool | None
    is_wired: bool | None
    problem: str
    trail: tuple[Step, ...]


class Sphere:
    """Answers what the server code of a back end imports and calls."""

    def __init__(self, known: Known, backend: Backend) -> None:
        self.known = known
        self.backend = backend
        self.endpoints: tuple[Endpoint, ...] = tuple(
            endpoint
            for endpoint in known.base.endpoints
            if endpoint.reached and known.base.backend_of(endpoint.application.rpartition(":")[0]) == backend.root
        )
        """Those that its applications answer, wherever their routes stand."""

    def setup(self, practice: Practice, at: Place, **parts: Unpack[Parts]) -> ObservabilitySetup:
        """How one practice is done, or that it isn't."""
        return ObservabilitySetup(
            file=at.file,
            line=at.line,
            backend=self.backend.root,
            practice=practice,
            tool=parts.get("tool", ""),
            is_set_up=parts.get("is_set_up", False),
            is_wired=parts.get("is_wired"),
            problem=parts.get("problem", ""),
            has_database=self.database is not None,
            trail=parts.get("trail", ()),
        )

    @cached_property
    def files(self) -> Mapping[str, FileFacts]:
        """Facts of its server files and of all that they load, by path, in order."""
        base = self.known.base
        own = [path for path in base.facts if base.backend_of(path) == self.backend.root]
        waiting = [path for path in own if base.roles[path] == "server"]
        waiting += [endpoint.file for endpoint in self.endpoints]
        reached = set(waiting)
        imports = _imports(self.known)
        while waiting:
            for target in imports.get(waiting.pop(), ()):
                if target not in reached and base.roles.get(target) != "test":
                    reached.add(target)
                    waiting.append(target)
        return {path: facts for path, facts in base.facts.items() if path in reached}

    @cached_property
    def packages(self) -> Mapping[str, Used]:
        """Packages that it imports at run time, each with the first place."""
        found: dict[str, Used] = {}
        for path, facts in self.files.items():
            for fact in facts.imports:
                name = package_and_subpath(fact.specifier)
                if fact.kind in _RUN_TIME and name is not None:
                    found.setdefault(name[0], Used(name[0], fact.specifier, Place(path, facts.line_of(fact.start))))
        return found

    def uses(self, packages: Collection[str]) -> Used | None:
        """The first of some packages that it imports."""
        return next((self.packages[name] for name in packages if name in self.packages), None)

    def importers(self, package: str) -> Sequence[str]:
        """Files that import a package."""
        return [
            path
            for path, facts in self.files.items()
            if any((package_and_subpath(fact.specifier) or ("",))[0] == package for fact in facts.imports)
        ]

    def calls(self, kind: str) -> Iterator[tuple[str, CallFact]]:
        """Calls that `extract.interests.observability` took, with their file."""
        for path, facts in self.files.items():
            yield from ((path, call) for call in facts.calls.get(kind, ()))

    def texts(self, kind: str) -> Iterator[tuple[str, TextFact]]:
        """The same of strings."""
        for path, facts in self.files.items():
            yield from ((path, text) for text in facts.texts.get(kind, ()))

    def place(self, path: str, at: int) -> Place:
        """Line of a byte offset."""
        return self.files[path].place(at)

    @cached_property
    def home(self) -> Place:
        """Where a server-wide practice would be set up: where its application with most endpoints is made."""
        made = [endpoint.application for endpoint in self.endpoints]
        if not made:
            return Place(self.backend.file, 1)
        file, _, line = max(sorted(set(made)), key=made.count).rpartition(":")
        return Place(file, int(line))

    @cached_property
    def database(self) -> str | None:
        """A driver by which its server code connects to a database, caches left out."""
        sites = self.known.base.connections
        found = (
            site.driver
            for site in sites
            if site.role == "server" and (site.backend == self.backend.root or site.file in self.files)
        )
        return next((driver for driver in found if not is_cache(driver)), None)

    @cached_property
    def scripts(self) -> str:
        """The scripts of its package.json, which may load a module before the program."""
        package = self.known.base.resolver.projects.package_of("" if self.backend.root == "." else self.backend.root)
        return "\n".join(package.scripts.values()) if package is not None else ""


def _imports(known: Known) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, target, kind in known.base.graph.edges:
        if kind == "import":
            found.setdefault(source, []).append(target)
    return found
