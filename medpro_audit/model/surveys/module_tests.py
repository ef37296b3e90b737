"""Unit tests of each module that holds logic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.module_tests import ModuleTests
from medpro_audit.model.testing.files import Tests, test_files
from medpro_audit.model.testing.modules import LOGIC, Verdict, kinds
from medpro_audit.model.testing.passing_on import is_index, origins_of
from medpro_audit.model.testing.running import is_run


def survey(known: Known) -> Iterable[ModuleTests]:
    """Every module of server code that holds logic, by path."""
    by_module: dict[str, list[tuple[Tests, tuple[str, ...] | None]]] = {}
    mocking: dict[str, list[str]] = {}
    for tests in known.shared(test_files).values():
        for path, called in tests.called.items():
            for origin, names in origins_of(known, path, called):
                by_module.setdefault(origin, []).append((tests, names))
        for path in tests.mocked:
            mocking.setdefault(path, []).append(tests.path)
    for path, kind in sorted(known.shared(kinds).items()):
        if kind in LOGIC and not is_index(known, path):
            yield _module(known, path, kind, by_module.get(path, ()), mocking.get(path, ()))


def _module(
    known: Known,
    path: str,
    kind: str,
    importing: Sequence[tuple[Tests, tuple[str, ...] | None]],
    mocking: Sequence[str],
) -> ModuleTests:
    running = [each for each in importing if each[0].suite.is_running and is_run(known, each[0].path) is not False]
    calling = [(one.path, called) for one, called in running if called]
    unclear = [one.path for one, called in running if called is None]
    status: Verdict = "tested" if calling else "unknown" if unclear else "untested"
    return ModuleTests(
        file=path,
        backend=known.base.backend_of(path),
        kind=kind,
        status=status,
        files=tuple(sorted({test for test, _ in calling})),
        called=tuple(sorted({name for _, called in calling for name in called})),
        reason=_reason(importing, unclear, mocking) if not calling else None,
        trail=tuple(Step(test, 0, f"calls {', '.join(called[:3])}") for test, called in sorted(calling)[:3]),
    )


def _reason(
    importing: Sequence[tuple[Tests, tuple[str, ...] | None]], unclear: Sequence[str], mocking: Sequence[str]
) -> str | None:
    if unclear:
        return f"{unclear[0]} imports it in a way that is not followed"
    if importing:
        one, called = importing[0]
        return f"{one.path} {'calls it and does not run' if called else 'imports it and calls nothing of it'}"
    return f"{mocking[0]} replaces it by a mock" if mocking else None
