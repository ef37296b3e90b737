"""Whether the tests of a file run."""

from __future__ import annotations

from medpro_audit.model.known import Known
from medpro_audit.model.modules.paths import folder_of, relative_to
from medpro_audit.model.testing.loading import loaded, seeks
from medpro_audit.model.testing.runners import test_runs

_MANY = 4
"""Test files of which some are surely run where tests are run at all."""


def is_run(known: Known, path: str) -> bool | None:
    """Whether the tests of a file run: a run takes it, or loads it with another; None when that can't be told."""
    surely, perhaps = known.shared(_running)
    return True if path in surely else None if path in perhaps else known.shared(test_runs).has(path)


def _running(known: Known) -> tuple[frozenset[str], frozenset[str]]:
    """Files of the tests that run, with all that they load of the tests; and those of which that can't be told."""
    runs = known.shared(test_runs)
    verdicts = {path: runs.has(path) for path, role in known.base.roles.items() if role == "test"}
    if len(verdicts) >= _MANY and True not in verdicts.values():  # rather a pattern was misread than none is ever run
        verdicts = dict.fromkeys(verdicts, None)
    taken = [path for path, verdict in verdicts.items() if verdict]
    seeking = {folder_of(path) for path in taken if seeks(known, path)}
    doubtful = [
        path
        for path, verdict in verdicts.items()
        if verdict is None or any(relative_to(path, folder) is not None for folder in seeking)
    ]
    surely, perhaps = loaded(known, taken), loaded(known, doubtful)
    return surely, perhaps - surely
