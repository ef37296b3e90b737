"""Modules of server code that tests are to run, and which kind each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from medpro_audit.model.known import Known
from medpro_audit.model.subjects.module import Module, ModuleKind

LOGIC: frozenset[ModuleKind] = frozenset(("service", "controller", "data-access", "middleware", "helper", "mixed"))
"""Kinds of modules that hold what a unit test can call."""
_WITHOUT_CODE: frozenset[ModuleKind] = frozenset(("types", "constants", "index"))
"""Kinds that have nothing to run."""

Kinds = Mapping[str, ModuleKind]


def kinds(known: Known) -> Kinds:
    """The kind of each module of server code, by path."""
    return {module.file: module.kind for module in known.found("module") if isinstance(module, Module)}


def runnable(known: Known) -> Kinds:
    """Those that have something to run."""
    return {path: kind for path, kind in known.shared(kinds).items() if kind not in _WITHOUT_CODE}


Verdict = Literal["tested", "untested", "unknown"]
