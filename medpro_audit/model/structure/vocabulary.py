"""The words by which folders and files say what they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from medpro_audit.model.subjects.module import ModuleKind

FolderRole = Literal[
    "routes",
    "controllers",
    "services",
    "data",
    "middleware",
    "config",
    "helpers",
    "validators",
    "types",
    "constants",
    "errors",
    "logging",
]
"""What a folder is for."""

_WORDS: Mapping[FolderRole, str] = {
    "routes": "api apis endpoint endpoints http presentation rest route router routers routes routing web",
    "controllers": "action actions api controller controllers ctrl ctrls handler handlers presentation resolvers",
    "services": "application business interactors logic manager managers provider providers service services usecase "
    "usecases",
    "data": "dal dao daos data database databases db domain entities entity infra infrastructure model models orm "
    "persistence prisma queries repo repos repositories repository schema schemas store stores",
    "middleware": "guard guards interceptors middleware middlewares policies policy",
    "config": "bootstrap config configs configuration env init loader loaders setting settings setup start startup",
    "helpers": "common core func funcs functions helper helpers lib libraries libs shared support tools util utilities "
    "utils",
    "validators": "dto dtos request requests rules schema schemas validate validation validations validator validators",
    "types": "contracts interface interfaces type types typings",
    "constants": "const constant constants consts enum enums",
    "errors": "error errors exception exceptions",
    "logging": "log logger loggers logging logs",
}
_ROLES: dict[str, tuple[FolderRole, ...]] = {}
for _role, _words in _WORDS.items():
    for _word in _words.split():
        _ROLES[_word] = (*_ROLES.get(_word, ()), _role)

CONTAINERS = frozenset(("app", "backend", "lib", "server", "source", "src"))
"""Names of folders that hold a whole back end."""
FEATURES = frozenset(
    "api apps components domain domains entities features modules plugins resources".split()  # noqa: SIM905 - words
)
"""Names of folders that hold a folder for each feature."""
WEAK = CONTAINERS | FEATURES | frozenset(("common", "core", "data", "http", "rest", "shared", "store", "stores", "web"))
"""Folders whose names leave room for everything."""

REFUSED: Mapping[FolderRole, frozenset[ModuleKind]] = {
    "routes": frozenset(("connection", "data-access", "logger")),
    "controllers": frozenset(("connection", "data-access", "logger", "routes")),
    "services": frozenset(("controller", "routes")),
    "data": frozenset(("controller", "middleware", "routes")),
    "middleware": frozenset(("connection", "data-access", "routes")),
    "config": frozenset(("controller", "data-access")),
    "helpers": frozenset(("controller", "data-access", "routes")),
    "validators": frozenset(("connection", "controller", "data-access", "routes")),
    "types": frozenset(("connection", "controller", "data-access", "middleware", "routes")),
    "constants": frozenset(("connection", "controller", "data-access", "middleware", "routes", "service")),
    "errors": frozenset(("connection", "controller", "data-access", "routes")),
    "logging": frozenset(("connection", "controller", "data-access", "routes")),
}
"""Kinds of module that surely do not belong into a folder; everything else may."""

HOMES: Mapping[ModuleKind, str] = {
    "routes": "routes",
    "controller": "controllers",
    "middleware": "middleware",
    "service": "services",
    "data-access": "models",
    "connection": "config",
    "config": "config",
    "schema": "validators",
    "helper": "utils",
    "constants": "utils",
    "types": "types",
    "error": "utils",
    "logger": "utils",
}
"""The folder below the root that a kind of module belongs into, where a back end has no habit of its own."""
ROLES_OF_KINDS: Mapping[ModuleKind, tuple[FolderRole, ...]] = {
    "routes": ("routes",),
    "controller": ("controllers",),
    "middleware": ("middleware",),
    "service": ("services",),
    "data-access": ("data",),
    "connection": ("config", "data"),
    "config": ("config",),
    "schema": ("validators",),
    "helper": ("helpers",),
    "constants": ("constants", "config", "helpers"),
    "types": ("types",),
    "error": ("errors", "helpers"),
    "logger": ("logging", "config", "helpers"),
}
"""The folders that are at home for a kind, likeliest first."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=10_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


def roles_of_folder(name: str) -> tuple[FolderRole, ...]:
    """What a folder is for by its whole name, ``use-cases`` as one word; empty when it doesn't say."""
    return _ROLES.get("".join(words_of(name)), ())


def roles_of_path(path: str) -> tuple[FolderRole, ...]:
    """What the innermost folder around a file that says so is for; empty when none does."""
    for folder in reversed(path.split("/")[:-1]):
        roles = roles_of_folder(folder)
        if roles:
            return roles
    return ()


def roles_of_file(path: str) -> tuple[FolderRole, ...]:
    """What the last word of a file's name says: ``patient.routes.js``, ``patientController.ts``, ``routes.js``."""
    words = words_of(path.rpartition("/")[2].partition(".d.")[0].rpartition(".")[0])
    return _ROLES.get(words[-1], ()) if words else ()
