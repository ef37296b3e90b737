"""Connections by which no program gets at its records: of code that nothing loads, and for migrations only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from medpro_audit.facts import ir
from medpro_audit.model.database.surroundings import Surroundings
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.module_roles import ModuleRole
from medpro_audit.model.modules.entry_points import entry_points

_MIGRATING = frozenset(("migrate", "seed", "runMigrations", "undoLastMigration"))
_NEUTRAL = frozenset(("close", "connect", "destroy", "end", "initialize", "isInitialized", "on", "once"))


class SiteRoles:
    """What each file is for that opens a connection."""

    def __init__(self, known: Surroundings, opened: Collection[str]) -> None:
        """Decide by ``opened``, the files of which the programs opened a connection while they were run."""
        self._known = known
        self._opened = opened
        self._importers = known.importers()

    def role(self, path: str) -> ModuleRole:
        """The role of the file, but of server code that nothing loads: at most somebody runs that by hand."""
        role = self._known.roles.get(path, "server")
        return "script" if role == "server" and self._is_idle(path) else role

    def _is_idle(self, path: str) -> bool:
        """Whether nothing is seen to load a file, in a back end that has its connections elsewhere."""
        if path in self._opened or self._importers[path] or path in self._entries:
            return False
        backend = self._known.backend_of(path)
        return any(self._known.backend_of(other) == backend for other in self._opened)

    @cached_property
    def _entries(self) -> frozenset[str]:
        resolver = self._known.resolver
        packages = resolver.projects.packages.values()
        return frozenset(entry.path for package in packages for entry in entry_points(package, resolver))


def is_migrating(code: Code, path: str, at: int) -> bool:
    """Whether all that a file does with what a call makes is to bring the schema up to date."""
    nodes = list(_nodes(code, path))
    names = {name for node in nodes for name in _given(node, at)}
    if not names:
        return False
    used = [node.name for node in nodes if isinstance(node, ir.Member) and _is_one_of(node.object, names)]
    mentions = sum(_is_one_of(node, names) for node in nodes) - len(names)
    return mentions == len(used) and not _MIGRATING.isdisjoint(used) and set(used) <= _MIGRATING | _NEUTRAL


def _nodes(code: Code, path: str) -> Iterator[ir.Node]:
    """Every node of a file, functions included."""
    for node in ir.walk(code.module(path)):
        yield node
        if isinstance(node, ir.Function) and node.body is None:
            yield from ir.walk(code.body(path, node.start, node.end))


def _given(node: ir.Node, at: int) -> Iterator[str]:
    match node:
        case ir.Declare(target=ir.Name(id=name), value=ir.Call() | ir.New() as made) if made.at == at:
            yield name


def _is_one_of(node: ir.Node, names: Collection[str]) -> bool:
    return isinstance(node, ir.Name) and node.id in names
