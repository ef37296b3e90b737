"""Finds the imports among the modules of server code: where they lead, which way, and which close circles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from msgspec import structs

from medpro_audit.core.place import Step
from medpro_audit.facts.file import ImportFact
from medpro_audit.model.known import Known
from medpro_audit.model.modules.resolution import AssetFile, SourceModule, Unresolved
from medpro_audit.model.modules.specifier import is_relative
from medpro_audit.model.structure.absence import Absence
from medpro_audit.model.structure.circles import Circle, Edge, circles, on_circles
from medpro_audit.model.structure.erasure import Erasure
from medpro_audit.model.structure.idleness import idle_modules
from medpro_audit.model.structure.kinds import DEFINES_MODEL
from medpro_audit.model.structure.layers import Direction, Layers
from medpro_audit.model.structure.needs import Needs
from medpro_audit.model.subjects.dependency import Dependency
from medpro_audit.model.subjects.module import Module

_KINDS = frozenset(("import", "require", "dynamic", "re-export", "type"))
_UP = re.compile(r"(?:\./)?((?:\.\./)*)")


def survey(known: Known) -> Iterator[Dependency]:
    """Every import of server code that names a module of the project, by place."""
    yield from _Survey(known).dependencies()


class _Survey:
    def __init__(self, known: Known) -> None:
        self._base = known.base
        self._modules = {each.file: each for each in known.found("module") if isinstance(each, Module)}
        self._layers = Layers(self._modules)
        self._absence = Absence(known.base)
        self._erasure = Erasure(known.base)
        self._needs = Needs(known.base)
        self._idle = idle_modules(self._modules)

    def dependencies(self) -> Iterator[Dependency]:
        circles_by_edge = self._circles()
        for path in sorted(self._modules):
            for fact in sorted(self._base.facts[path].imports, key=lambda fact: fact.start):
                dependency = self._dependency(fact, self._modules[path])
                if dependency is None:
                    continue
                edge = (path, dependency.target or "")
                circle = circles_by_edge.pop(edge, None) if dependency.kind != "type" else None
                yield dependency if circle is None else self._closing(dependency, circle)

    def _circles(self) -> dict[Edge, Circle]:
        """Circles of imports that exist when modules load, by the import that closes each."""
        modules, erasure = self._modules, self._erasure
        edges = [
            (source, target)
            for source, target, kind in self._base.graph.edges
            if kind == "import" and source in modules and target in modules and source != target
        ]
        kept = [
            edge
            for edge in sorted(on_circles(edges))
            if not (self._is_mutual(*edge) or erasure.is_erased(*edge) or erasure.is_late(*edge))
        ]
        upward = {edge: self._layers.direction(modules[edge[0]], modules[edge[1]]) == "up" for edge in kept}
        return {circle.edge: circle for circle in circles(kept, upward)}

    def _may_fail(self, module: Module, fact: ImportFact) -> bool:
        """Whether something is seen to load an import, which types are for nobody, or the compiler looks at it."""
        is_loaded = module.is_used is True and module.file not in self._idle and fact.kind != "type"
        return is_loaded or self._erasure.is_checked(module.file)

    def _closing(self, dependency: Dependency, circle: Circle) -> Dependency:
        steps = tuple(Step(path, 0, "imports the next one of the circle") for path in circle.way)
        is_needed = any(map(self._needs.is_needed, circle.way, (*circle.way[1:], circle.way[0])))
        return structs.replace(dependency, cycle=circle.way, cycle_size=circle.size, is_needed=is_needed, trail=steps)

    def _is_mutual(self, source: str, target: str) -> bool:
        """Whether one model names another, as those that are related do of each other: ``() => Visit``."""
        both = (self._modules[source], self._modules[target])
        return source.endswith(".ts") and all(each.evidence == DEFINES_MODEL for each in both)

    def _direction(self, source: Module, target: Module, fact: ImportFact) -> Direction:
        direction = self._layers.direction(source, target)
        if direction != "up" or fact.kind != "import":
            return direction
        if self._erasure.is_erased(source.file, target.file):
            return "level"
        return "unknown" if self._erasure.is_base(source.file, target.file) else "up"

    def _dependency(self, fact: ImportFact, source: Module) -> Dependency | None:
        """An import as a subject; None for one of a package, and for what is no import."""
        if fact.kind not in _KINDS:
            return None
        target: str | None = None
        resolves: bool | None = True
        reason: str | None = None
        match self._base.resolver.resolve(source.file, fact.specifier, fact.kind):
            case SourceModule(path=found) | AssetFile(path=found):
                target = found
            case Unresolved(reason=why):
                resolves, doubt = self._absence.judge(source.file, fact, why)
                reason = doubt or why
                if resolves is False and not self._may_fail(source, fact):
                    resolves, reason = None, "nothing is seen to load it"
            case _:
                return None
        place = self._base.facts[source.file].place(fact.start)
        other = self._modules.get(target) if target is not None and fact.kind != "type" else None
        return Dependency(
            file=source.file,
            line=place.line,
            column=place.column,
            backend=source.backend,
            specifier=fact.specifier,
            target=target,
            kind=cast("Literal['import', 'require', 'dynamic', 're-export', 'type']", fact.kind),
            resolves=resolves,
            levels=_levels(fact.specifier),
            direction=self._direction(source, other, fact) if other is not None else "level",
            from_kind=source.kind,
            to_kind=other.kind if other is not None else "unknown",
            reason=reason,
            is_loaded=source.file not in self._idle,
            trail=(*source.trail[:1], *other.trail[:1]) if other is not None else (),
        )


def _levels(specifier: str) -> int:
    found = _UP.match(specifier) if is_relative(specifier) else None
    return len(found[1]) // 3 if found is not None else 0
