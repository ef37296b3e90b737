"""What makes two installations alike: one lockfile, the version of Node, editors that indent alike, updates.

https://docs.npmjs.com/cli/configuring-npm/package-json#engines, https://editorconfig.org
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from medpro_audit.core.place import Step
from medpro_audit.model.modules.jsonc import as_object
from medpro_audit.model.modules.paths import joined
from medpro_audit.model.subjects.ci_run import CiRun
from medpro_audit.model.subjects.tooling_setup import Practice, ToolingSetup
from medpro_audit.model.tooling.enforcement import enforcement
from medpro_audit.model.tooling.scope import Scope

_LOCKFILES = {
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "yarn.lock": "yarn",
    "pnpm-lock.yaml": "pnpm",
    "bun.lock": "bun",
    "bun.lockb": "bun",
}
_NO_LOCKFILE = re.compile(rb"^\s*package-lock\s*=\s*false\b", re.MULTILINE)
_VERSION_FILE = re.compile(r"\.nvmrc|\.node-version|\.tool-versions|mise\.toml|\.mise\.toml|\.prototools")
_UPDATES = re.compile(r"\.github/dependabot\.ya?ml|(\.github/|\.gitlab/)?renovate\.json5?|\.renovaterc(\.json5?)?")
_AUDITS = frozenset(("audit-ci", "better-npm-audit", "snyk", "osv-scanner", "auditjs", "trivy", "npm-audit-resolver"))
_AUDIT_ACTIONS = re.compile(
    r"uses:(snyk/.*|actions/dependency-review-action|google/osv-scanner.*|aquasecurity/trivy.*)"
)


def lockfile(scope: Scope) -> ToolingSetup:
    """Which lockfile pins what a back end installs: its own, or that of the workspace that it is part of."""
    found = next((files for folder in _installing_folders(scope) if (files := _lockfiles(scope, folder))), [])
    managers = sorted({_LOCKFILES[path.rpartition("/")[2]] for path in found})
    hidden = next((path for folder in _installing_folders(scope) for path in _hidden(scope, folder)), None)
    problem = "" if found else "no lockfile is kept"
    if not found and hidden is not None:
        problem = f"a .gitignore names {hidden}, which is there: git may have it all the same"
    refusing = next((path for folder in _installing_folders(scope) for path in _refusing(scope, folder)), None)
    if not found and hidden is None and refusing is not None:
        problem = f"{refusing} says that none is to be kept"
    if len(managers) > 1:
        problem = f"{len(found)} lockfiles stand side by side, of {' and '.join(managers)}"
    return ToolingSetup(
        file=found[-1] if found else scope.file,
        line=1,
        backend=scope.backend,
        practice="lockfile",
        tool=" and ".join(managers),
        is_set_up=bool(found) or (None if hidden is not None or refusing is not None else False),
        problem=problem,
        trail=tuple(Step(path, 1, "pins what is installed") for path in found),
    )


def _installing_folders(scope: Scope) -> Iterable[str]:
    """The back end's own folder, then those whose workspace takes it in."""
    yield scope.folder
    yield from (folder for folder in scope.folders[1:] if scope.is_workspace(folder))


def _lockfiles(scope: Scope, folder: str) -> list[str]:
    return [path for name in _LOCKFILES if (path := joined(folder, name)) in scope.paths]


def _hidden(scope: Scope, folder: str) -> list[str]:
    """Lockfiles that are there, though a ``.gitignore`` names them."""
    paths = [path for name in _LOCKFILES if (path := joined(folder, name)) not in scope.paths]
    return [path for path in paths if scope.read_asset(path) is not None]


def _refusing(scope: Scope, folder: str) -> list[str]:
    """A ``.npmrc`` by which npm writes no lockfile, as some packages that others install have it on purpose."""
    path = joined(folder, ".npmrc")
    return [path] if _NO_LOCKFILE.search(scope.read_asset(path) or b"") else []


def node_version(scope: Scope) -> ToolingSetup:
    """Whether a package.json says for which Node it is written."""
    engines = next(
        (package for package in scope.packages if "node" in as_object(scope.fields(package).get("engines"))), None
    )
    file = next(scope.named(_VERSION_FILE), None) or (f[0].path if (f := scope.field("volta")) else None)
    found = engines.path if engines is not None else file
    problem = f"no package.json has engines.node; only {file} names a version" if file else "nothing names a version"
    return ToolingSetup(
        file=found or scope.file,
        line=1,
        backend=scope.backend,
        practice="node-version",
        tool="engines" if engines is not None else "",
        is_set_up=engines is not None,
        problem="" if engines is not None else problem,
    )


def editor_settings(scope: Scope) -> ToolingSetup:
    """Whether an EditorConfig is there."""
    found = next(scope.named(re.compile(r"\.editorconfig")), None)
    return _by_file(scope, "editor-settings", "EditorConfig", found, problem="there is no .editorconfig")


def dependency_updates(scope: Scope) -> ToolingSetup:
    """Whether anybody is told of faults in what is installed: by Dependabot, Renovate, or an audit in CI."""
    file = next((path for path in sorted(scope.paths) if _UPDATES.fullmatch(path.removeprefix("../"))), None)
    field = scope.field("renovate")
    audit = enforcement(scope, _is_audit)
    if file is None and field is None and audit.holds is not False:
        return ToolingSetup(
            file=audit.trail[0].file if audit.trail else scope.file,
            line=audit.trail[0].line if audit.trail else 1,
            backend=scope.backend,
            practice="dependency-updates",
            tool="an audit in CI" if audit.holds else "",
            is_set_up=audit.holds,
            is_enforced=audit.holds,
            problem=audit.gap,
            trail=audit.trail,
        )
    tool = "Dependabot" if file is not None and "dependabot" in file else "Renovate"
    found = file or (field[0].path if field is not None else None)
    problem = "neither Dependabot or Renovate nor an audit in CI is set up"
    return _by_file(scope, "dependency-updates", tool, found, problem=problem)


def _is_audit(run: CiRun) -> bool:
    words = {*run.arguments[:2]}
    return (
        run.program in _AUDITS
        or (run.program in _LOCKFILES.values() and "audit" in words)
        or _AUDIT_ACTIONS.fullmatch(run.program) is not None
    )


def _by_file(scope: Scope, practice: Practice, tool: str, found: str | None, *, problem: str) -> ToolingSetup:
    """A practice that a file of a known name settles."""
    return ToolingSetup(
        file=found or scope.file,
        line=1,
        backend=scope.backend,
        practice=practice,
        tool=tool if found else "",
        is_set_up=bool(found),
        problem="" if found else problem,
        trail=(Step(found, 1, f"{tool} is configured here"),) if found else (),
    )
