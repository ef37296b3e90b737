"""What is loaded before a back end serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.modules.resolution import ExternalPackage
from medpro_audit.model.performance.walking import visits

if TYPE_CHECKING:
    from medpro_audit.facts.file import ImportFact
    from medpro_audit.model.known import Known


class Heavy(NamedTuple):
    """A package that takes long to load."""

    milliseconds: int
    instead: str


HEAVY = {
    "@faker-js/faker": Heavy(300, "import one locale (@faker-js/faker/locale/en), in scripts and tests only"),
    "aws-sdk": Heavy(400, "use the client of one service, such as @aws-sdk/client-s3: version 2 loads them all"),
    "exceljs": Heavy(500, "load it where a workbook is made: await import('exceljs')"),
    "googleapis": Heavy(1500, "use the package of one API, such as @googleapis/calendar: this one loads them all"),
    "natural": Heavy(600, "load the one part that is used, such as natural/lib/natural/stemmers, or load it later"),
    "puppeteer": Heavy(300, "load it where a page is printed: await import('puppeteer')"),
}
"""Packages whose ``require`` took 200 ms or more, measured with Node.js 20, with what to do instead."""


def startup_files(known: Known, backend: str) -> set[str]:
    """Files that the applications of a back end load at start-up, by imports that nothing puts off."""
    imports: dict[str, list[str]] = {}
    for source, target, kind in known.base.graph.edges:
        if kind == "import":
            imports.setdefault(source, []).append(target)
    applications = {
        endpoint.application.rpartition(":")[0] for endpoint in known.base.endpoints if endpoint.backend == backend
    }
    waiting = sorted(applications)
    found = set(waiting)
    for path in waiting:
        for target in imports.get(path, ()):
            if target not in found and target in known.base.facts:
                found.add(target)
                waiting.append(target)
    return found


def packages_of(known: Known, path: str) -> list[tuple[str, ImportFact]]:
    """What a file loads at run time of packages."""
    found = []
    for fact in known.base.facts[path].imports:
        if fact.kind in {"import", "require", "dynamic", "re-export"}:
            answer = known.base.resolver.resolve(path, fact.specifier, fact.kind)
            if isinstance(answer, ExternalPackage):
                found.append((answer.name, fact))
    return found


def is_eager(known: Known, path: str, fact: ImportFact) -> bool:
    """Whether an import runs when its file is loaded."""
    if fact.kind != "require":
        return fact.kind != "dynamic"
    top = visits(known.base.interpreter.code.module(path), lambda _function: ())
    return any(_requires(visit.node, fact) and not visit.functions for visit in top)


def _requires(node: ir.Node, fact: ImportFact) -> bool:
    match node:
        case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=value), *_)):
            return value == fact.specifier
    return False
