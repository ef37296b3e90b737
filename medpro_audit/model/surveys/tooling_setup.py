"""The tools of code quality of each back end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.model.known import Known
from medpro_audit.model.subjects.tooling_setup import ToolingSetup
from medpro_audit.model.tooling.hooks import commit_hooks
from medpro_audit.model.tooling.linters import formatter, linter
from medpro_audit.model.tooling.packaging import dependency_updates, editor_settings, lockfile, node_version
from medpro_audit.model.tooling.scope import Scope
from medpro_audit.model.tooling.strictness import strict_types


def survey(known: Known) -> Iterable[ToolingSetup]:
    """Every practice in every back end that has a package.json, sorted."""
    scopes = [scope for backend in known.base.backends if (scope := Scope(known, backend)).has_package]
    workspaces = {scope.folder for scope in scopes if scope.is_workspace(scope.folder)}
    found = (
        setup for scope in scopes for setup in _practices(scope, is_inner=not workspaces.isdisjoint(scope.folders[1:]))
    )
    return sorted(found, key=lambda setup: (setup.backend, setup.practice))


def _practices(scope: Scope, *, is_inner: bool) -> Iterator[ToolingSetup]:
    """``is_inner``: the workspace around it is a back end too, and is asked what is settled for both at once."""
    for own in (linter, formatter):
        yield own(scope)
    for shared in (commit_hooks, lockfile, node_version, editor_settings, dependency_updates):
        if not is_inner:
            yield shared(scope)
    strict = strict_types(scope)
    if strict is not None:
        yield strict
