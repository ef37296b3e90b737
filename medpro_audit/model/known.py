"""What surveys and facets build upon: the model as far as it stands, and what they find themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar, cast

from msgspec import Struct, structs

from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.model import facets as facet_folder
from medpro_audit.model import surveys as survey_folder

if TYPE_CHECKING:
    from medpro_audit.core.config import Config
    from medpro_audit.facts.file import FileFacts
    from medpro_audit.facts.inventory import Inventory
    from medpro_audit.model.endpoints import EndpointBuilder
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.module_roles import ModuleRole
    from medpro_audit.model.modules.resolver import Resolver
    from medpro_audit.model.routing import Row
    from medpro_audit.model.subjects import (
        Backend,
        CatchClause,
        Connection,
        Endpoint,
        ImportGraph,
        LogCall,
        SettingsFile,
        Subject,
        UnresolvedRoute,
    )


T = TypeVar("T")


class Base(Struct, frozen=True):
    """The part of the model that everything else depends on."""

    inventory: Inventory
    config: Config
    facts: Mapping[str, FileFacts]
    """By path, in their order, of the files that can be read."""
    read_asset: Callable[[str], bytes | None]
    """The content of a file of the repository that is no source; None when it can't be read."""
    resolver: Resolver
    graph: ImportGraph
    roles: Mapping[str, ModuleRole]
    """What each source file is for."""
    interpreter: Interpreter
    """It has run the wiring and followed the endpoints."""
    endpoint_builder: EndpointBuilder
    rows: Sequence[Row]
    """Of each endpoint, in the order of `endpoints`: its chain of functions as values."""
    endpoints: Sequence[Endpoint]
    """Without their facets."""
    unresolved_routes: Sequence[UnresolvedRoute]
    """Registrations whose path, router or method could not be determined."""
    backends: Sequence[Backend]
    connections: Sequence[Connection]
    settings_files: Sequence[SettingsFile]
    log_calls: Sequence[LogCall]
    catches: Sequence[CatchClause]
    backend_of: Callable[[str], str]
    """Folder of the package that a file belongs to."""


class Known:
    """Runs each survey and each facet when it is asked for, and once: they may ask for each other's."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.notices: set[Notice] = set()
        """What surveys and facets could not understand."""
        self._surveyed: dict[str, tuple[Subject, ...]] = {}
        self._facets: dict[str, Sequence[Struct]] = {}
        self._shared: dict[Callable[[Known], object], object] = {}

    def shared(self, make: Callable[[Known], T]) -> T:
        """What several surveys or facets build upon, made when the first of them asks."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast("T", self._shared[make])

    def found(self, kind: str) -> Sequence[Subject]:
        """What the survey for a kind of subject finds."""
        if kind not in self._surveyed:
            module = import_module(f"{survey_folder.__name__}.{kind.replace('-', '_')}")
            self._surveyed[kind] = self._careful(kind, lambda: tuple(module.survey(self)), ())
        return self._surveyed[kind]

    def facet(self, name: str) -> Sequence[Struct]:
        """A facet of each endpoint, in their order."""
        if name not in self._facets:
            module = import_module(f"{facet_folder.__name__}.{name}")
            silent = tuple(getattr(endpoint, name) for endpoint in self.base.endpoints)
            self._facets[name] = self._careful(name, lambda: tuple(module.facet(self)), silent)
        return self._facets[name]

    def forget(self) -> None:
        """Let go of all that was found and of what it was built upon: it refers to one another, and would stay."""
        self._surveyed.clear()
        self._facets.clear()
        self._shared.clear()

    def _careful(self, name: str, look: Callable[[], T], nothing: T) -> T:
        """What is found; a fault of one survey must not hide what the others find, and fails every gate."""
        with stage("surveys", name):
            try:
                return look()
            except Exception as error:
                if os.environ.get("MEDPRO_AUDIT_DEBUG"):
                    raise
                text = f"the survey of {name} broke down: {type(error).__name__}: {error}"
                self.notices.add(Notice("internal", text))
                return nothing

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints with all their facets; not for facets, nor for surveys that facets ask for."""
        facets = {name: self.facet(name) for name in _files(facet_folder)}
        return tuple(
            structs.replace(endpoint, **{name: values[index] for name, values in facets.items()})
            for index, endpoint in enumerate(self.base.endpoints)
        )

    def all_found(self) -> dict[str, Sequence[Subject]]:
        """What all surveys find, by kind of subject."""
        return {kind: self.found(kind) for kind in (name.replace("_", "-") for name in _files(survey_folder))}


def _files(folder: ModuleType) -> Sequence[str]:
    return sorted(module.name for module in iter_modules(folder.__path__) if not module.ispkg)
