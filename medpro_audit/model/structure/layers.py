"""Which way an import goes: from the request towards the database, or back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from medpro_audit.model.structure.vocabulary import FolderRole, roles_of_file, roles_of_path, words_of
from medpro_audit.model.subjects.module import Layer, Module

Direction = Literal["down", "level", "up", "unknown"]

_RANKS: Mapping[Layer, int] = {"entry": 0, "routes": 1, "controllers": 2, "middleware": 2, "services": 3, "data": 4}
_RANKS_OF_FOLDERS: Mapping[FolderRole, int] = {"config": 0, "routes": 1, "controllers": 2, "middleware": 2}
"""What a folder may use that is named so, whatever its modules do: a folder for set-up puts everything together."""
_LOWEST = 5
_COMPOSING = (("app",), ("application",), ("server",))
"""Last words of the names of modules that put the application together: ``createApp.js``."""
_ENTRANCES = frozenset(
    "gql graphql grpc mutation mutations resolver resolvers rpc soap socket sockets trpc websocket websockets".split()  # noqa: SIM905 - words
)
"""Words for modules that calls of another protocol come in by: they stand beside the controllers."""
_SERVING = frozenset(("entry", "routes", "controllers"))
"""Layers that only what serves requests may use."""


class Layers:
    """Answers for the imports among the modules of a repository."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self._modules = modules

    def direction(self, source: Module, target: Module) -> Direction:
        """The direction of an import at run time.

        Up means: what serves requests is used by what it should itself use, or a service by the data layer. A module
        that nothing below the target imports puts the application together, and may use what it likes.
        """
        if "unknown" in {source.layer, target.layer}:
            return "unknown"
        wanted, rank = _RANKS.get(target.layer), _rank(source)
        if wanted is None:
            return "level"
        if rank > wanted and self._is_forbidden(source, target) and self._is_below(source, wanted):
            return "up"
        return "down" if rank < wanted else "level"

    @staticmethod
    def _is_forbidden(source: Module, target: Module) -> bool:
        roles = roles_of_path(target.file)
        if target.layer in _SERVING:
            return not {"middleware", "services"} & set(roles)
        return source.layer == "data" and target.layer == "services" and "services" in roles

    def _is_below(self, source: Module, wanted: int) -> bool:
        """Whether a module is used by something that is below a layer."""
        users = (self._modules[user] for user in source.used_by if user in self._modules)
        return any(_rank(user) > wanted for user in users)


def _rank(module: Module) -> int:
    """How far a module is from the request, by its kind, its folder or its name, whichever is nearest."""
    roles = (*roles_of_path(module.file), *roles_of_file(module.file))
    ranks = [_RANKS_OF_FOLDERS[role] for role in roles if role in _RANKS_OF_FOLDERS]
    ranks += [0] if words_of(module.file.rpartition("/")[2].partition(".")[0])[-1:] in _COMPOSING else []
    ranks += [_RANKS["controllers"]] if _is_entrance(module.file) else []
    return min([_RANKS.get(module.layer, _LOWEST), *ranks])


def _is_entrance(path: str) -> bool:
    """Whether a file, or a folder around it, says by its last word that calls come in there."""
    names = path.partition(".")[0].split("/")
    return any(_ENTRANCES.intersection(words_of(name)[-1:]) for name in names)
