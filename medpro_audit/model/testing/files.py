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
    """Files with test cases, by path, in their order."""
    base = known.base
    found = {}
    for path, facts in base.facts.items():
        if base.roles[path] == "test" and facts.tests is not None:
            found[path] = _imports(known, path, facts)
    return found


def asking_files(known: Known) -> list[str]:
    """Test files that may make requests: by a client of their own, or by a helper of the tests that they import."""
    base = known.base
    tests = known.shared(test_files)
    helpers: dict[str, set[str]] = {}
    for source, target, kind in base.graph.edges:
        if kind == "import" and base.roles.get(target) == "test" and source in base.roles:
            helpers.setdefault(source, set()).add(target)
    asking = {path for path, facts in base.facts.items() if base.roles[path] == "test" and _has_client(facts)}
    return [
        path
        for path, one in tests.items()
        if path in asking or (one.has_paths and not asking.isdisjoint(_reached(path, helpers)))
    ]


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
