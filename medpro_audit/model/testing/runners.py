"""The runs of test runners: which framework, by which script or CI step, with which settings, on which files."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct, structs

from medpro_audit.model.ci.following import Follower, Run
from medpro_audit.model.known import Known
from medpro_audit.model.modules.jsonc import as_text
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.subjects.ci_run import OPAQUE, CiRun
from medpro_audit.model.testing import selection
from medpro_audit.model.testing.loading import started_by
from medpro_audit.model.testing.selection import Command, Selection, command_of
from medpro_audit.model.testing.settings import Settings, section_of, settings_in

MAX_SCRIPTS = 100
"""Further scripts of a package.json are not looked at."""

Purpose = Literal["unit", "end-to-end", "load"]


class Framework(NamedTuple):
    """A program that runs tests."""

    name: str
    purpose: Purpose
    select: Callable[[str, Settings, Command], Selection]
    configs: tuple[str, ...] = ()
    """Names of its configuration files, the one that it looks for first first."""
    section: str = ""
    """Its section of the package.json."""
    valued: tuple[str, ...] = ()
    """Options that are followed by a value."""


_CODE = ("js", "ts", "mjs", "cjs", "mts", "cts")


def _named(stem: str, suffixes: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{stem}.{suffix}" for suffix in suffixes)


JEST = Framework("jest", "unit", selection.jest, _named("jest.config", (*_CODE, "json")), "jest", selection.JEST_VALUED)
VITEST = Framework(
    "vitest",
    "unit",
    selection.vitest,
    (*_named("vitest.config", _CODE), *_named("vite.config", _CODE)),
    valued=selection.VITEST_VALUED,
)
MOCHA = Framework(
    "mocha",
    "unit",
    selection.mocha,
    _named(".mocharc", ("js", "cjs", "mjs", "yaml", "yml", "jsonc", "json")),
    "mocha",
    selection.MOCHA_VALUED,
)
NODE = Framework("node:test", "unit", selection.node_test, valued=selection.NODE_VALUED)
_VALUED = (
    "-c",
    "--config",
    "--config-file",
    "-C",
    "--project",
    "-p",
    "--grep",
    "-g",
    "--reporter",
    "--browser",
    "--spec",
)
"""Options of the others that are followed by a value."""
AVA = Framework("ava", "unit", selection.ava, _named("ava.config", ("js", "cjs", "mjs")), "ava", _VALUED)
JASMINE = Framework("jasmine", "unit", selection.jasmine, ("spec/support/jasmine.json", "jasmine.json"), valued=_VALUED)
PLAYWRIGHT = Framework(
    "playwright", "end-to-end", selection.playwright, _named("playwright.config", _CODE), valued=_VALUED
)
CYPRESS = Framework(
    "cypress", "end-to-end", selection.cypress, (*_named("cypress.config", _CODE), "cypress.json"), valued=_VALUED
)


def _others(purpose: Purpose, *names: str) -> dict[str, Framework]:
    """Programs of which only the name is known."""
    return {name: Framework(name, purpose, selection.unknown) for name in names}


FRAMEWORKS: Mapping[str, Framework] = {
    "jest": JEST,
    "jest-cli": JEST,
    "vitest": VITEST,
    "mocha": MOCHA,
    "_mocha": MOCHA,
    "ts-mocha": MOCHA,
    "ava": AVA,
    "jasmine": JASMINE,
    "jasmine-ts": JASMINE,
    "playwright": PLAYWRIGHT,
    "cypress": CYPRESS,
    **_others("unit", "tap", "tape", "uvu", "lab", "qunit", "borp", "poku", "japa", "react-scripts"),
    **_others("end-to-end", "newman", "bru", "testcafe", "nightwatch", "cucumber-js", "wdio", "karate"),
    **_others("load", "k6", "artillery", "autocannon", "loadtest", "wrk", "vegeta", "gatling"),
}
"""By program."""
_PACKAGES: Mapping[str, Framework] = {
    **{name: each for name, each in FRAMEWORKS.items() if name != "playwright"},
    "@playwright/test": PLAYWRIGHT,
}
"""By dependency that tells the framework of a project."""
_AROUND = frozenset(("nyc", "c8", "istanbul", "dotenv-cli", "start-server-and-test", "react-app-rewired"))
"""Programs that run another one."""
STARTING = frozenset(("babel-node", "bun", "node", "nodejs", "ts-node", "tsx"))
"""Programs that run a file."""
_OPAQUE = OPAQUE | STARTING | {"ng"}
"""Programs that may run tests in a way that is not seen."""
_PAGE_RUNNERS = frozenset(("karma", "ng", "vue-cli-service", "web-test-runner", "wtr"))
"""Runners of tests of pages, by configurations that are not read."""
COVERAGE_PROGRAMS = frozenset(("nyc", "c8", "istanbul"))
_FILE = Framework("node", "unit", selection.unknown)
_LISTING = frozenset(
    ("open", "install", "init", "show-report", "codegen", "verify", "--version", "--help", "list-reporters")
)


class TestRun(Struct, frozen=True):
    """A run of a test runner."""

    framework: Framework
    folder: str
    """In which it is started."""
    file: str
    """Where it is written: a package.json, or a file of CI."""
    script: str | None
    """The script of the package.json; None for a step of CI."""
    selection: Selection
    config: str | None
    """Its configuration file."""
    settings: Settings
    command: Command
    has_coverage: bool
    """It collects coverage."""
    step: CiRun | None = None
    """The step of CI that makes it; None for a script by itself."""

    def takes(self, path: str) -> bool:
        """Whether it takes a file, or may."""
        return self.selection.has(path) is not False


class TestRuns(Struct, frozen=True):
    """All runs of test runners."""

    runs: tuple[TestRun, ...]
    opaque: tuple[str, ...]
    """Folders of packages with a test script of which it isn't known what it runs."""
    pages: tuple[str, ...] = ()
    """Folders of packages with a test script that runs, beside others, tests of pages by a configuration not read."""

    def has(self, path: str) -> bool | None:
        """Whether a file's tests are run; None when that can't be told."""
        runs = [run for run in self.runs if run.framework.purpose != "load"]
        verdicts = [run.selection.has(path) for run in runs]
        if True in verdicts:
            return True
        is_opaque = any(_is_below(path, folder) for folder in (*self.opaque, *self.pages))
        is_around = any(_is_below(path, run.folder) for run in runs)  # else it is run from a folder that isn't scanned
        return None if None in verdicts or is_opaque or not is_around else False


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def test_runs(known: Known) -> TestRuns:
    """Runs by scripts of package.json files and by steps of CI."""
    return _Reading(known).read()


def _of_step(run: TestRun, step: CiRun) -> TestRun:
    """A run as a step of CI; in a folder above the scanned one it may take any file of that."""
    is_above = bool(run.folder) and set(run.folder.split("/")) == {".."}
    selection = run.selection._replace(folder="", is_known=False) if is_above else run.selection
    return structs.replace(run, step=step, selection=selection)


class _Reading:
    def __init__(self, known: Known) -> None:
        self._known = known
        self._packages = known.base.resolver.projects.packages
        self._follower = Follower(self._packages, known.base.read_asset)
        self._paths = known.base.inventory.paths
        self._settings: dict[str, Settings | None] = {}

    def read(self) -> TestRuns:
        found: list[TestRun] = []
        opaque: list[str] = []
        pages: list[str] = []
        for folder in sorted(self._packages):
            package = self._packages[folder]
            own = list(self._of_package(package))
            found += own
            if not any(run.script == "test" for run in own) and self._starts(package, _OPAQUE, or_nothing=True):
                opaque.append(folder)
            elif own and self._starts(package, _PAGE_RUNNERS):
                pages.append(folder)
        for step in self._known.found("ci-run"):
            if isinstance(step, CiRun):
                run = Run(step.program, step.arguments, "" if step.folder == "." else step.folder, 0)
                found += (_of_step(one, step) for one in self._runs(run, step.file, None))
        return TestRuns(tuple(found), tuple(opaque), tuple(pages))

    def _of_package(self, package: Manifest) -> Iterator[TestRun]:
        for name in list(package.scripts)[:MAX_SCRIPTS]:
            for run in self._follower.script(name, package.folder):
                yield from self._runs(run, package.path, name)
        for name in self._follower.targets(package.folder)[:MAX_SCRIPTS]:
            for run in self._follower.runs(f"make {shlex.quote(name)}", package.folder):
                yield from self._runs(run, joined(package.folder, "Makefile"), None)

    def _starts(self, package: Manifest, programs: Collection[str], *, or_nothing: bool = False) -> bool:
        """Whether the test script starts one of some programs, or a script that is not there."""
        runs = self._follower.script("test", package.folder) if "test" in package.scripts else ()
        return any(run.program in programs or (or_nothing and run.is_script) for run in runs)

    def _runs(self, run: Run, file: str, script: str | None, *, has_coverage: bool = False) -> Iterator[TestRun]:
        framework = self._framework(run)
        started = None if framework is not None else self._started(run)
        if framework is not None:
            if not _LISTING.intersection(run.arguments[:1]):
                yield self._run(framework, run, file, script, has_coverage=has_coverage)
        elif started is not None:
            yield _of_file(started, run, file, script, has_coverage=has_coverage)
        elif run.program in _AROUND:
            inner = _inner(run.arguments)
            has_coverage = has_coverage or run.program in COVERAGE_PROGRAMS
            for each in self._follower.runs(shlex.join(inner), run.folder) if inner else ():
                yield from self._runs(each, file, script, has_coverage=has_coverage)

    def _started(self, run: Run) -> Selection | None:
        """What a file of the tests loads that is started as a program: ``node test/``."""
        package = self._known.base.resolver.projects.package_of(run.folder)
        word = next((word for word in run.arguments if not word.startswith("-")), None)
        if run.program not in STARTING or word is None or package is None:
            return None
        path = self._known.base.resolver.program(package, word, run.folder)
        return started_by(self._known, path) if path is not None else None

    @staticmethod
    def _framework(run: Run) -> Framework | None:
        if run.program in STARTING and "--test" in run.arguments:
            return NODE
        if run.program == "bun" and run.arguments[:1] == ("test",):
            return Framework("bun", "unit", selection.unknown)
        return FRAMEWORKS.get(run.program)

    def _run(self, framework: Framework, run: Run, file: str, script: str | None, *, has_coverage: bool) -> TestRun:
        arguments = run.arguments[1:] if run.arguments[:1] in {("test",), ("run",)} else run.arguments
        command = command_of(arguments, framework.valued)
        config = self._config(framework, run.folder, command)
        settings = self._settings_of(framework, config) or {}
        folder = folder_of(config) if config is not None and framework.name in {"jest", "playwright"} else run.folder
        if framework is VITEST and config is not None and "--root" not in command.options:
            folder = folder_of(config)
        selected = framework.select(folder, settings, command)
        if not command.is_clear or (config is not None and self._settings_of(framework, config) is None):
            selected = selected._replace(is_known=False)
        return TestRun(
            framework=framework,
            folder=run.folder,
            file=file,
            script=script,
            selection=selected,
            config=config,
            settings=settings,
            command=command,
            has_coverage=has_coverage or _collects(framework, settings, command),
        )

    def _config(self, framework: Framework, folder: str, command: Command) -> str | None:
        """The configuration file: named on the command line, else found in the folder; a package.json for a section."""
        named = command.value("-c", "--config", "--config-file")
        if named and not named.startswith("{"):
            return joined(folder, named)
        for name in framework.configs:
            path = joined(folder, name)
            if path in self._paths:
                return path
        manifest = joined(folder, "package.json")
        if framework.section and section_of(self._known, manifest, framework.section) is not None:
            return manifest
        return None

    def _settings_of(self, framework: Framework, config: str | None) -> Settings | None:
        if config is None:
            return None
        key = f"{framework.name} {config}"
        if key not in self._settings:
            is_section = config.rpartition("/")[2] == "package.json"
            self._settings[key] = (
                section_of(self._known, config, framework.section) if is_section else settings_in(self._known, config)
            )
        return self._settings[key]


def _of_file(selected: Selection, run: Run, file: str, script: str | None, *, has_coverage: bool) -> TestRun:
    """A file that runs its tests by itself."""
    return TestRun(
        framework=_FILE,
        folder=run.folder,
        file=file,
        script=script,
        selection=selected,
        config=None,
        settings={},
        command=command_of(run.arguments, ()),
        has_coverage=has_coverage,
    )


def _inner(arguments: Sequence[str]) -> Sequence[str]:
    """The command that a program such as nyc is to run."""
    for at, word in enumerate(arguments):
        name = word.rpartition("/")[2]
        if name in FRAMEWORKS or name in {"npm", "npx", "yarn", "pnpm", "node", "tsx", "cross-env", "ts-node", "bun"}:
            return arguments[at:]
    return ()


def _collects(framework: Framework, settings: Settings, command: Command) -> bool:
    """Whether a run collects coverage by itself; tap does unless it is told not to."""
    if framework.name == "tap":
        return not {"--no-cov", "--no-coverage", "--disable-coverage"}.intersection(command.options)
    given = command.value("--coverage", "--coverage.enabled", "--collectCoverage", "--experimental-test-coverage")
    if given:
        return given != "false"
    test = settings.get("test")
    nested = test.get("coverage") if framework is VITEST and isinstance(test, dict) else None
    return settings.get("collectCoverage") is True or (isinstance(nested, dict) and nested.get("enabled") is True)


def declared_frameworks(package: Manifest) -> list[Framework]:
    """Frameworks among the dependencies of a package."""
    declared = {**package.dependencies, **package.dev_dependencies}
    return list({each.name: each for name, each in _PACKAGES.items() if name in declared}.values())


def is_placeholder(package: Manifest) -> bool:
    """Whether the test script is the one that npm writes, or none."""
    text = as_text(package.scripts.get("test", "")).strip()
    return not text or "no test specified" in text
