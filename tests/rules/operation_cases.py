"""Hand-made subjects for the rules of the packs tooling and observability, and for what is done with connections."""

from typing import Any

import msgspec

from medpro_audit.model.subjects import Endpoint, Subject
from medpro_audit.model.subjects.connection_use import ConnectionUse
from medpro_audit.model.subjects.environment_variable import EnvironmentVariable
from medpro_audit.model.subjects.facets.tracking import Tracking
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup
from medpro_audit.model.subjects.tooling_setup import ToolingSetup
from rules.builders import build

Cases = list[tuple[str, Subject]]

_TOOL = ToolingSetup("package.json", 1, ".", "linter", "ESLint", is_set_up=True, is_enforced=True)
_WATCHED = ObservabilitySetup("server.js", 3, ".", "metrics", "prom-client", is_set_up=True, is_wired=True)
_USE = ConnectionUse("db.js", 7, ".", "checkout", "server", "connection", is_ended=True)
_VARIABLE = EnvironmentVariable("DB_HOST", "db.js", 3, ".", "server", "mysql2", (".env.example:1",))


def _tool(practice: str, **changes: Any) -> ToolingSetup:
    return msgspec.structs.replace(_TOOL, practice=practice, **changes)


def _watched(practice: str, **changes: Any) -> ObservabilitySetup:
    return msgspec.structs.replace(_WATCHED, practice=practice, **changes)


def _tracked(**verdicts: Any) -> Endpoint:
    known = Tracking("yes", "yes", "yes", others_logged=True, others_correlated=True, others_measured=True)
    return build.endpoint(tracking=msgspec.structs.replace(known, **verdicts))


def _use(**changes: Any) -> ConnectionUse:
    return msgspec.structs.replace(_USE, **changes)


def _changed(subject: ToolingSetup | ObservabilitySetup, **changes: Any) -> Subject:
    found: ToolingSetup | ObservabilitySetup = msgspec.structs.replace(subject, **changes)
    return found


_SET_UP: dict[str, ToolingSetup | ObservabilitySetup] = {
    "tooling/missing-linter": _tool("linter"),
    "tooling/missing-formatter": _tool("formatter"),
    "tooling/missing-commit-hook": _tool("commit-hooks"),
    "tooling/missing-lockfile": _tool("lockfile"),
    "tooling/missing-engines": _tool("node-version"),
    "tooling/missing-editor-settings": _tool("editor-settings"),
    "tooling/loose-types": _tool("strict-types"),
    "tooling/unwatched-dependencies": _tool("dependency-updates"),
    "observability/missing-request-log": _watched("request-logging"),
    "observability/missing-request-id": _watched("correlation"),
    "observability/missing-metrics": _watched("metrics"),
    "observability/missing-health-check": _watched("health-check"),
    "observability/missing-error-tracking": _watched("error-tracking"),
    "observability/missing-alerts": _watched("alerting"),
    "observability/missing-dashboard": _watched("dashboard"),
    "observability/abrupt-shutdown": _watched("shutdown"),
}
"""What a rule asks for that only wants a practice to be set up."""
_WIRED: dict[str, ToolingSetup | ObservabilitySetup] = {
    "observability/unexposed-metrics": _watched("metrics"),
    "observability/shallow-health-check": _watched("health-check", has_database=True),
    "observability/unwired-error-tracking": _watched("error-tracking"),
    "observability/late-instrumentation": _watched("tracing"),
}
"""What a rule asks for that wants it to reach what it is for."""
_TRACKED = {
    "observability/unlogged-endpoint": "logged",
    "observability/unidentified-endpoint": "correlated",
    "observability/unmeasured-endpoint": "measured",
}

HOLDS: Cases = [
    *_SET_UP.items(),
    *_WIRED.items(),
    *((rule, _tracked()) for rule in _TRACKED),
    ("tooling/unenforced-linter", _tool("linter")),
    ("tooling/unenforced-formatter", _tool("formatter")),
    ("tooling/conflicting-lockfiles", _tool("lockfile")),
    ("database/unheard-error", build.connection(error_listener=True)),
    ("database/unnoticed-failure", build.connection(reports_failure=True)),
    ("database/unreleased-connection", _use()),
    ("database/missing-rollback", _use(kind="transaction")),
    ("database/undefined-variable", _VARIABLE),
]
BROKEN: Cases = [
    *((rule, _changed(subject, is_set_up=False, problem="it lacks")) for rule, subject in _SET_UP.items()),
    *((rule, _changed(subject, is_wired=False, problem="it lacks")) for rule, subject in _WIRED.items()),
    *((rule, _tracked(**{field: "no"})) for rule, field in _TRACKED.items()),
    ("tooling/unenforced-linter", _tool("linter", is_enforced=False, gap="no step runs it")),
    ("tooling/unenforced-formatter", _tool("formatter", is_enforced=False, gap="no step runs it")),
    ("tooling/conflicting-lockfiles", _tool("lockfile", problem="2 lockfiles stand side by side")),
    ("observability/abrupt-shutdown", _watched("shutdown", is_wired=False, problem="it does not close")),
    ("database/unheard-error", build.connection(error_listener=False)),
    ("database/unnoticed-failure", build.connection(reports_failure=False)),
    ("database/unreleased-connection", _use(is_ended=False, problem="it is never given back")),
    ("database/missing-rollback", _use(kind="transaction", is_ended=False, problem="nothing rolls it back")),
    ("database/undefined-variable", msgspec.structs.replace(_VARIABLE, defined=())),
]
UNKNOWN: Cases = [
    *((rule, _changed(subject, is_set_up=None, problem="unseen")) for rule, subject in _SET_UP.items()),
    *((rule, _changed(subject, is_wired=None)) for rule, subject in _WIRED.items()),
    *((rule, _tracked(**{field: "unknown"})) for rule, field in _TRACKED.items()),
    ("tooling/unenforced-linter", _tool("linter", is_enforced=None)),
    ("database/unheard-error", build.connection()),
    ("database/unnoticed-failure", build.connection()),
    ("database/unreleased-connection", _use(is_ended=None)),
    ("database/missing-rollback", _use(kind="transaction", is_ended=None)),
]
LEFT_ALONE: Cases = [
    ("tooling/unenforced-linter", _tool("linter", is_set_up=False, is_enforced=False)),
    ("tooling/conflicting-lockfiles", _tool("lockfile", is_set_up=False, problem="no lockfile is kept")),
    ("observability/unexposed-metrics", _watched("metrics", is_set_up=False, is_wired=None)),
    ("observability/shallow-health-check", _watched("health-check", is_wired=False)),
    ("observability/unlogged-endpoint", _tracked(logged="no", others_logged=False)),
    ("observability/unlogged-endpoint", msgspec.structs.replace(_tracked(logged="no"), path="/*")),
    ("observability/unmeasured-endpoint", _tracked(measured="no", others_measured=False)),
    ("database/unheard-error", build.connection(error_listener=False, role="script")),
    ("database/unreleased-connection", _use(is_ended=False, role="test")),
    ("database/unreleased-connection", _use(is_ended=False, role="script")),
    ("database/unreleased-connection", _use(kind="transaction", is_ended=False)),
]
