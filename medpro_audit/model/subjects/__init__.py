"""The subjects that rules ask about, and the only view of the model that rules, metrics and reporters have.

A kind of subject is one file in this folder, named as rules name it (``log_call.py`` for ``log-call``), with its type
as ``SUBJECT``; files are found by being there. The field types are the schema against which a rule is proved when it is
loaded, and the docstrings under the fields are its documentation. Each subject has ``file`` and ``line`` (where a
finding is shown), ``identity`` (what makes it the same subject after code has moved; goes into the fingerprint),
``backend`` (folder of its back end) and ``trail``.
"""

from collections.abc import Mapping

from msgspec import Struct

from medpro_audit.model.subjects.backend import Backend
from medpro_audit.model.subjects.catch import CatchClause
from medpro_audit.model.subjects.connection import Connection, EnvironmentValue, SettingValue
from medpro_audit.model.subjects.endpoint import (
    PARTS,
    Endpoint,
    EndpointValidation,
    Handler,
    MiddlewareUse,
    RequestPart,
    Role,
    Scope,
    Validation,
)
from medpro_audit.model.subjects.graph import ImportGraph, UnresolvedImport, UnresolvedRoute
from medpro_audit.model.subjects.input import Input
from medpro_audit.model.subjects.kinds import subject_types
from medpro_audit.model.subjects.log_call import LogCall
from medpro_audit.model.subjects.repository import Repository
from medpro_audit.model.subjects.settings_file import SettingsFile
from medpro_audit.model.subjects.subject import Subject
from medpro_audit.model.subjects.syntax import SyntaxMatch

__all__ = [
    "PARTS",
    "SUBJECTS",
    "Backend",
    "CatchClause",
    "Connection",
    "Endpoint",
    "EndpointValidation",
    "EnvironmentValue",
    "Handler",
    "ImportGraph",
    "Input",
    "LogCall",
    "MiddlewareUse",
    "Repository",
    "RequestPart",
    "Role",
    "Scope",
    "SettingValue",
    "SettingsFile",
    "Subject",
    "SyntaxMatch",
    "UnresolvedImport",
    "UnresolvedRoute",
    "Validation",
]

SUBJECTS: Mapping[str, type[Struct]] = subject_types()
"""Kinds of subject by the word that rules use, sorted."""
