"""What each source file is for: server code, a script, a test, or code for the browser.

What imports a file says more than its name: what an application loads while it runs is server code wherever it stands,
and a file of a package that serves nothing is none. Names decide only where imports say nothing.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Literal

from medpro_audit.facts.file import FileFacts
from medpro_audit.model.libraries import is_framework
from medpro_audit.model.modules.entry_points import EntryPoint
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.modules.specifier import package_and_subpath
from medpro_audit.model.package_kinds import PAGE_FRAMEWORKS, SERVER_FRAMEWORKS, TEST_PACKAGES
from medpro_audit.model.subjects import ImportGraph

ModuleRole = Literal["server", "script", "test", "browser"]

_TEST = re.compile(
    r"(^|/)(__([a-z]+_)?tests?__|__mocks__|__fixtures__|tests?|e2e|cypress|specs?"
    r"|tests?[-_](utils?|utilities|support|helpers?|fixtures?|setup|data|lib|kit)|testing[-_](utils?|support|helpers?))/"
    r"|[.-](test|tests|spec|e2e|e2e-spec|cy|stories|mock)\.[^./]+$"
    r"|(^|/)(jest|vitest|mocha|karma|cypress|playwright)\.[^/]*$"
    r"|(^|/)_*((jest|vitest|mocha|tests?)[-_.]?[sS]etup|[sS]etup[-_.]?([jJ]est|[vV]itest|[mM]ocha|[tT]ests?))_*"
    r"(/|\.[cm]?[jt]sx?$)"
)
_SCRIPT = re.compile(
    r"(^|/)(scripts?|bin|([\w-]+[_-])?migrations?|seed(er)?s?|tools?|benchmarks?)/"
    r"|(^|/)\.[\w-]+/"  # of tools: of sites of documentation, of hooks, of editors
    r"|(^|/)(seed(er|s)?|migrate|(gulp|grunt|knex|jake)file|[^/]+\.config|\.[^/]+rc)\.[cm]?[jt]s$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(^|/)(public|static|assets|wwwroot)/|\.[jt]sx$")

_PAGE_BUILD = re.compile(r"(^|/)(astro|next|nuxt|svelte|vite|vue)\.config\.[cm]?[jt]s$")
"""What builds the pages below its folder."""

_RUN_TIME = frozenset(("import", "require", "dynamic", "re-export"))


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests, by where it stands and how it is called."""
    return _TEST.search(path) is not None


def module_roles(
    files: Mapping[str, FileFacts],
    graph: ImportGraph,
    resolver: Resolver,
    *,
    applications: Collection[str],
    entries: Iterable[EntryPoint],
) -> dict[str, ModuleRole]:
    """Say of each file what it is for.

    Args:
        files: Facts by path.
        graph: Who imports whom.
        resolver: Knows which package a folder belongs to.
        applications: Files that make an application.
        entries: Files that are started.
    """
    return _Roles(files, graph, resolver, applications, tuple(entries)).roles()


class _Roles:
    def __init__(
        self,
        files: Mapping[str, FileFacts],
        graph: ImportGraph,
        resolver: Resolver,
        applications: Collection[str],
        entries: tuple[EntryPoint, ...],
    ) -> None:
        self._files = files
        self._resolver = resolver
        self._applications = applications
        self._entries = entries
        self._imports: dict[str, list[str]] = {}
        for source, target, kind in graph.edges:
            if kind == "import" and target in files:
                self._imports.setdefault(source, []).append(target)
        self._loaded = {target for targets in self._imports.values() for target in targets}
        self._packages = {path: packages_of(facts) for path, facts in files.items()}
        self._started = self._started_otherwise()
        self._tests = {path for path, packages in self._packages.items() if packages & TEST_PACKAGES}

    def roles(self) -> dict[str, ModuleRole]:
        serving = self._reached(path for path in self._roots() if not self._looks_tested(path))
        pages = self._reached(path for path in self._files if path not in serving and self._is_page(path))
        run = {path for path in self._files if path not in serving and self._is_run(path)}
        run_too = self._reached(run)
        tops = self._tops(serving)
        built = self._built()
        rules: tuple[tuple[ModuleRole, Callable[[str], bool]], ...] = (
            ("test", self._tests.__contains__),
            ("server", serving.__contains__),
            ("test", is_test),
            ("script", run.__contains__),
            ("browser", pages.__contains__),
            ("script", lambda path: path in run_too or _SCRIPT.search(path) is not None),
            ("browser", lambda path: self._is_beside(path, tops) or path.startswith(built)),
            ("server", self._may_serve),
            ("browser", lambda path: bool(_dependencies(self._package(path)) & PAGE_FRAMEWORKS)),
        )
        return {path: next((role for role, holds in rules if holds(path)), "script") for path in self._files}

    def _looks_tested(self, path: str) -> bool:
        return is_test(path) or path in self._tests

    def _roots(self) -> Iterator[str]:
        """Files from which server code is loaded: those that make an application or are started to serve."""
        yield from self._applications
        for entry in self._entries:
            if entry.is_serving and self._may_serve(entry.path) and not _SCRIPT.search(entry.path):
                yield entry.path

    def _started_otherwise(self) -> set[str]:
        """Files that are started for another purpose than to serve."""
        serving = {entry.path for entry in self._entries if entry.is_serving or entry.named_by.endswith("main")}
        return {entry.path for entry in self._entries} - serving

    def _reached(self, roots: Iterable[str]) -> set[str]:
        """The files among these and all that they load, tests left out."""
        waiting = [path for path in roots if path in self._files]
        reached = set(waiting)
        while waiting:
            for target in self._imports.get(waiting.pop(), ()):
                if target not in reached and target not in self._tests:
                    reached.add(target)
                    waiting.append(target)
        return reached

    def _is_page(self, path: str) -> bool:
        if self._looks_tested(path):
            return False
        return (
            self._files[path].uses_page
            or _PAGE.search(path) is not None
            or bool(self._packages[path] & PAGE_FRAMEWORKS)
        )

    def _is_run(self, path: str) -> bool:
        """Whether a file is run by itself: it is started, or neither offers anything, nor is loaded, nor serves."""
        facts = self._files[path]
        if self._looks_tested(path):
            return False
        if path in self._started or facts.shebang:
            return True
        offers = facts.exports and not facts.asks_if_started
        is_loaded = path in self._loaded or offers or self._is_page(path)
        return not (is_loaded or _serves(self._packages[path]))

    def _tops(self, paths: Iterable[str]) -> dict[str, set[str]]:
        """The outermost folders of some files within their package, by package."""
        found: dict[str, set[str]] = {}
        for path in paths:
            package = self._package(path)
            if package is not None and _dependencies(package) & PAGE_FRAMEWORKS:
                found.setdefault(package.path, set()).add(_top(package.folder, path))
        return found

    def _built(self) -> tuple[str, ...]:
        """Folders inside packages with pages that have a build of pages of their own."""
        found = {folder_of(path) for path in self._files if _PAGE_BUILD.search(path)}
        inner = {folder for folder in found if (package := self._package(f"{folder}/x")) and package.folder != folder}
        paged = {folder for folder in inner if _dependencies(self._package(f"{folder}/x")) & PAGE_FRAMEWORKS}
        return tuple(sorted(f"{folder}/" for folder in paged))

    def _is_beside(self, path: str, tops: Mapping[str, Collection[str]]) -> bool:
        """Whether it stands in a folder of a package with pages of which nothing serves, while others do.

        Modules that only single-file components load are loaded by nothing that is read.
        """
        package = self._package(path) if tops else None
        top = _top(package.folder, path) if package is not None else ""
        return bool(top) and package is not None and top not in tops.get(package.path, {top})

    def _may_serve(self, path: str) -> bool:
        """Whether its package serves; where no package.json says, it may."""
        package = self._package(path)
        return package is None or _serves(_dependencies(package))

    def _package(self, path: str) -> Manifest | None:
        return self._resolver.projects.package_of(folder_of(path))


def _top(folder: str, path: str) -> str:
    """The outermost folder that a file of a package stands in; empty for one that stands in the package itself."""
    first, slash, _ = (path.removeprefix(f"{folder}/") if folder else path).partition("/")
    return first if slash else ""


def packages_of(facts: FileFacts) -> frozenset[str]:
    """Names of the packages that a file imports at run time, Node's own ones among them."""
    names = (package_and_subpath(fact.specifier) for fact in facts.imports if fact.kind in _RUN_TIME)
    builtins = {fact.specifier for fact in facts.imports if fact.specifier.startswith("node:")}
    return frozenset(name[0] for name in names if name is not None) | builtins


def _serves(packages: Iterable[str]) -> bool:
    return any(name in SERVER_FRAMEWORKS or is_framework(name) for name in packages)


def _dependencies(package: Manifest | None) -> set[str]:
    return {*package.dependencies, *package.dev_dependencies} if package is not None else set()
