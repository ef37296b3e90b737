"""The model of a repository."""

from __future__ import annotations

from collections.abc import Sequence
from types import GenericAlias

import msgspec
from msgspec import Raw, Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.subjects.backend import Backend
from medpro_audit.model.subjects.catch import CatchClause
from medpro_audit.model.subjects.connection import Connection
from medpro_audit.model.subjects.endpoint import Endpoint
from medpro_audit.model.subjects.graph import ImportGraph, UnresolvedRoute
from medpro_audit.model.subjects.input import Input
from medpro_audit.model.subjects.kinds import subject_types
from medpro_audit.model.subjects.log_call import LogCall
from medpro_audit.model.subjects.settings_file import SettingsFile
from medpro_audit.model.subjects.subject import Subject


class Repository(Struct, frozen=True):
    """Everything that rules, metrics and reports ask about."""

    graph: ImportGraph
    backends: tuple[Backend, ...]
    endpoints: tuple[Endpoint, ...]
    inputs: tuple[Input, ...]
    connections: tuple[Connection, ...]
    settings_files: tuple[SettingsFile, ...]
    log_calls: tuple[LogCall, ...]
    catches: tuple[CatchClause, ...]
    unresolved_routes: tuple[UnresolvedRoute, ...]
    routers: int
    """Routers that the code makes, applications included."""
    routers_mounted: int
    """Of these, the ones that an application reaches."""
    unmounted_routers: tuple[Place, ...]
    """Where the others are made."""
    files_parsed: int
    """Files read without a syntax error."""
    imports: int
    notices: tuple[Notice, ...]
    surveyed: dict[str, Raw] = {}
    """What the surveys found, as MessagePack, by kind of subject: few readers of a model need all of it."""

    @property
    def subjects(self) -> dict[str, Sequence[Subject]]:
        """What rules ask about, by the word they use for it."""
        own: dict[str, Sequence[Subject]] = {
            "endpoint": self.endpoints,
            "input": self.inputs,
            "connection": self.connections,
            "settings-file": self.settings_files,
            "log-call": self.log_calls,
            "catch": self.catches,
            "backend": self.backends,
        }
        return own | {kind: self.found(kind) for kind in self.surveyed}

    def found(self, kind: str) -> Sequence[Subject]:
        """What a survey found, all of one kind."""
        several = GenericAlias(tuple, (subject_types()[kind], ...))
        found: Sequence[Subject] = msgspec.msgpack.decode(self.surveyed[kind], type=several)
        return found
