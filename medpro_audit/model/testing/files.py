"""The test files of a repository, and what each of them replaces by mocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.tests import TestBlock
from medpro_audit.model.known import Known
from medpro_audit.model.module_roles import packages_of
from medpro_audit.model.modules.resolution import SourceModule
from medpro_audit.model.package_kinds import PAGE_FRAMEWORKS
from medpro_audit.model.testing.clients import CLIENTS
from medpro_audit.model.testing.suite import Suite

GLOBALS = frozenset(
    (  # noqa: SIM905 - a table of words
        "Array BigInt Boolean Buffer Date Error JSON Map Math Number Object Promise RegExp Set String Symbol URL "
        "clearInterval clearTimeout decodeURIComponent encodeURIComponent import parseFloat parseInt queueMicrotask "
        "console jest process require setImmediate setInterval setTimeout structuredClone"
    ).split()
)
"""Names of the language and of Node.js that assert nothing."""
_PAGE_TESTS = frozenset(
    (
        *("@angular/core", "@angular/platform-browser", "@testing-library/angular", "@testing-library/react"),
        *("@testing-library/svelte", "@testing-library/vue", "@vue/test-utils", "enzyme", "react-test-renderer"),
    )
)
"""Packages by which tests look at parts of a page."""
DRIVERS = ("selenium-webdriver", "webdriverio", "nightwatch", "protractor", "puppeteer", "testcafe", "taiko")
"""Packages by which tests use pages as a person does, without a runner of their own."""
_ASSERTING = re.compile(r"(?:node:)?assert(?:/strict)?|power-assert|uvu/assert|tiny-invariant|should")
"""Libraries whose functions assert."""


class Tests(Struct, frozen=True):
    """One file with test cases."""

    path: str
    facts: FileFacts
    suite: Suite
    mocked: frozenset[str]
    """Modules of the repository that it replaces by mocks as a whole."""
    called: Mapping[str, tuple[str, ...] | None]
    """By module that it imports and does not mock: exports that it calls; None when that can't be told."""

    foreign: frozenset[str] = frozenset()
    """Names that it imports from files that are no tests, and from packages."""
    asserting: frozenset[str] = frozenset()
    """Names that it imports from a library of assertions, each of which asserts when it is called."""

    def has_helpers(self, calls: Iterable[str]) -> bool:
        """Whether something of the tests is among what is called: a function of theirs, or a method of a variable."""
        return any(call.partition(".")[0] not in (self.foreign | GLOBALS) for call in calls)

    @property
    def blocks(self) -> tuple[TestBlock, ...]:
        """Its suites, cases and hooks."""
        return self.facts.tests.blocks if self.facts.tests is not None else ()

    @property
    def has_paths(self) -> bool:
        """A string in it begins like a path."""
        return self.facts.tests is not None and self.facts.tests.has_paths


def test_files(known: Known) -> Mapping[str, Tests]:
    """Files with test cases, by path, in their order; those of pages, which a package of both may have, left out."""
    base = known.base
    found = {}
    for path, facts in base.facts.items():
        if base.roles[path] == "test" and facts.tests is not None:
            tests = _imports(known, path, facts)
            if not _is_of_pages(known, tests):
                found[path] = tests
    return found


def _is_of_pages(known: Known, tests: Tests) -> bool:
    """Whether a file tests what a browser shows, and nothing of a server."""
    roles = {known.base.roles.get(path) for path in (*tests.called, *tests.mocked)} - {"test"}
    packages = packages_of(tests.facts)
    is_page = "browser" in roles or not packages.isdisjoint(PAGE_FRAMEWORKS)
    return not packages.isdisjoint(_PAGE_TESTS) or (is_page and "server" not in roles)


def browser_drivers(known: Known) -> Mapping[str, str]:
    """The package by which a test file, or a helper of the tests that it imports, drives a browser."""
    base, helpers = known.base, _helpers(known)
    driving: dict[str, str] = {}
    for path, facts in base.facts.items():
        packages = packages_of(facts) if base.roles[path] == "test" else ()
        driving.update((path, name) for name in DRIVERS if name in packages)
    found: dict[str, str] = {}
    for path in known.shared(test_files) if driving else ():
        name = next((driving[one] for one in sorted(_reached(path, helpers)) if one in driving), None)
        if name is not None:
            found[path] = name
    return found


def asking_files(known: Known) -> list[str]:
    """Test files that may make requests: by a client of their own, or by a helper of the tests that they import."""
    base = known.base
    tests = known.shared(test_files)
    helpers = _helpers(known)
    asking = {path for path, facts in base.facts.items() if base.roles[path] == "test" and _has_client(facts)}
    return [
        path
        for path, one in tests.items()
        if path in asking or (one.has_paths and not asking.isdisjoint(_reached(path, helpers)))
    ]


def _helpers(known: Known) -> Mapping[str, set[str]]:
    """Files of the tests that each file imports."""
    roles = known.base.roles
    helpers: dict[str, set[str]] = {}
    for source, target, kind in known.base.graph.edges:
        if kind == "import" and roles.get(target) == "test" and source in roles:
            helpers.setdefault(source, set()).add(target)
    return helpers


def _has_client(facts: FileFacts) -> bool:
    """Whether it has a client that it does not mock."""
    mocked = {fact.specifier for fact in facts.imports if fact.kind == "mock"}
    names = {*packages_of(facts), *(facts.tests.clients if facts.tests is not None else ())} - mocked
    return not names.isdisjoint(CLIENTS)


def _reached(path: str, helpers: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {path}, [path]
    while waiting:
        for target in helpers.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _imports(known: Known, path: str, facts: FileFacts) -> Tests:
    """A test file with what its imports lead to."""
    uses = {use.start: use for use in facts.tests.uses} if facts.tests is not None else {}
    mocked: set[str] = set()
    foreign: set[str] = set()
    asserting: set[str] = set()
    called: dict[str, tuple[str, ...] | None] = {}
    for fact in facts.imports:
        answer = known.base.resolver.resolve(path, fact.specifier, fact.kind)
        use = uses.get(fact.start)
        target = answer.path if isinstance(answer, SourceModule) else ""
        if use is not None and known.base.roles.get(target) != "test":
            foreign.update(use.names)
        if use is not None and _ASSERTING.fullmatch(fact.specifier):
            asserting.update(use.names)
        if target and fact.kind == "mock" and use is None:
            mocked.add(target)
        elif target and use is not None:
            before = called.get(target, ())
            called[target] = None if before is None or use.called is None else (*before, *use.called)
    mocked -= {target for target, names in called.items() if names and "*" in names}
    own = {target: names for target, names in called.items() if target not in mocked}
    return Tests(path, facts, Suite(facts), frozenset(mocked), own, frozenset(foreign), frozenset(asserting))
