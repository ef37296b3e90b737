"""Subjects for the rules of the structure pack, by what each rule says of them."""

from typing import Any

from msgspec import structs

from medpro_audit.model.subjects import Subject
from medpro_audit.model.subjects.database_call import DatabaseCall
from medpro_audit.model.subjects.dependency import Dependency
from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.function import Function
from medpro_audit.model.subjects.module import Module

_MODULE = Module(
    file="services/patients.js",
    backend=".",
    kind="service",
    layer="services",
    evidence="asks the database",
    folder="services",
    in_place=True,
)
_DIRECTORY = Directory(
    file="billingHelper/totals.js",
    path="billingHelper",
    backend=".",
    is_at_root=True,
    modules=2,
    in_place=0,
    unknown=0,
    kinds=("helper",),
    is_helper_folder=False,
)
_DEPENDENCY = Dependency(
    file="services/patients.js",
    line=1,
    backend=".",
    specifier="../config/db",
    target="config/db.js",
    kind="require",
    resolves=True,
    levels=1,
    direction="level",
)
_CALL = DatabaseCall("services/patients.js", 4, ".", "pool.query", "mysql2", "server", in_routes=False)
_FUNCTION = Function("services/patients.js", 3, 20, ".", "list", 12)


def _module(**changes: Any) -> Module:
    return structs.replace(_MODULE, **changes)


def _dependency(**changes: Any) -> Dependency:
    return structs.replace(_DEPENDENCY, **changes)


HOLDS: list[tuple[str, Subject]] = [
    ("structure/misplaced-module", _module(layout="configured")),
    ("structure/stray-module", _module()),
    ("structure/stray-module", _module(layout="default")),
    ("structure/root-helper-folder", _DIRECTORY),
    ("structure/mixed-module", _module()),
    ("structure/query-in-route", structs.replace(_CALL, has_layer=True)),
    ("structure/unseparated-query", _CALL),
    ("structure/upward-import", _dependency()),
    ("structure/upward-import", _dependency(direction="down")),
    ("structure/import-cycle", _dependency()),
    ("structure/latent-import-cycle", _dependency()),
    ("structure/unused-module", _module()),
    ("structure/unresolved-import", _dependency()),
    ("structure/uncompilable-module", _dependency(is_loaded=False)),
    ("structure/deep-relative-import", _dependency(levels=2)),
    ("structure/duplicate-function", _FUNCTION),
]
BROKEN: list[tuple[str, Subject]] = [
    ("structure/misplaced-module", _module(in_place=False, destination="src/services/a.js", layout="configured")),
    ("structure/stray-module", _module(in_place=False, destination="src/services/patients.js", layout="default")),
    ("structure/stray-module", _module(in_place=False, kind="mixed", used_by=("a.js", "b.js"))),
    ("structure/root-helper-folder", structs.replace(_DIRECTORY, is_helper_folder=True, used_by=("a.js",))),
    ("structure/mixed-module", _module(kind="mixed", does=("entry", "routes"))),
    ("structure/query-in-route", structs.replace(_CALL, in_routes=True, has_layer=True)),
    ("structure/unseparated-query", structs.replace(_CALL, in_routes=True)),
    ("structure/upward-import", _dependency(direction="up")),
    ("structure/import-cycle", _dependency(cycle=("a.js", "b.js"), cycle_size=2, is_needed=True)),
    ("structure/latent-import-cycle", _dependency(cycle=("a.js", "b.js"), cycle_size=2)),
    ("structure/unused-module", _module(is_used=False)),
    ("structure/unresolved-import", _dependency(resolves=False, target=None, reason="no file at config/db")),
    ("structure/uncompilable-module", _dependency(resolves=False, target=None, reason="gone", is_loaded=False)),
    ("structure/uncompilable-module", _dependency(resolves=False, target=None, reason="gone", kind="type")),
    ("structure/deep-relative-import", _dependency(specifier="../../../x", levels=3)),
    ("structure/duplicate-function", structs.replace(_FUNCTION, copy_of="utils/list.js:3")),
]
UNKNOWN: list[tuple[str, Subject]] = [
    ("structure/misplaced-module", _module(in_place=None, reason="it stands alone", layout="configured")),
    ("structure/stray-module", _module(in_place=None, reason="it stands alone")),
    ("structure/mixed-module", _module(kind="unknown")),
    ("structure/upward-import", _dependency(direction="unknown")),
    ("structure/unused-module", _module(is_used=None)),
    ("structure/unresolved-import", _dependency(resolves=None, target=None)),
]
LEFT_ALONE: list[tuple[str, Subject]] = [
    ("structure/unresolved-import", _dependency(resolves=False, target=None, reason="gone", is_loaded=False)),
    ("structure/uncompilable-module", _dependency(resolves=False, target=None, reason="gone")),
    ("structure/unresolved-import", _dependency(resolves=False, target=None, reason="gone", kind="type")),
    ("structure/root-helper-folder", structs.replace(_DIRECTORY, is_at_root=False)),
    ("structure/query-in-route", structs.replace(_CALL, in_routes=True, has_layer=True, role="script")),
    ("structure/query-in-route", structs.replace(_CALL, in_routes=True)),
    ("structure/unseparated-query", structs.replace(_CALL, in_routes=True, has_layer=True)),
    ("structure/upward-import", _dependency(kind="type", direction="up")),
    ("structure/deep-relative-import", _dependency(specifier="#x/y", levels=0)),
]
