"""Documentation that is made from the code itself: whatever is registered by a framework is documented by it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.documentation.calls import calls_of, importers
from medpro_audit.model.documentation.globs import files_matching
from medpro_audit.model.evaluation.values import Constant
from medpro_audit.model.request.exchange import ServingFunction
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import Endpoint

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

GENERATORS: Mapping[str, tuple[str, ...]] = {
    "routing-controllers-openapi": ("routing-controllers",),
    "tsoa": ("tsoa", "@tsoa/runtime"),
}
"""Packages that make documentation of what other packages register."""


class Generated(NamedTuple):
    """Documentation that a package makes of all that is registered in some files."""

    generator: str
    file: str
    line: int
    backend: str
    files: frozenset[str]

    def covers(self, endpoint: Endpoint, row: Row) -> bool:
        """Whether it documents an endpoint: its framework has registered it, and not the program itself."""
        if endpoint.backend != self.backend or endpoint.file not in self.files:
            return False
        is_of_class = bool(row.items) and isinstance(row.items[-1].value, ServingFunction)
        return is_of_class or self.generator != "routing-controllers-openapi"


class Unseen(NamedTuple):
    """Documentation of a back end that is written where it can't be seen."""

    backend: str
    file: str
    line: int
    reason: str


def generated(known: Known) -> Iterator[Generated]:
    """What frameworks document by themselves."""
    for generator, packages in GENERATORS.items():
        files = frozenset(importers(known, packages))
        for path in importers(known, (generator,)):
            facts = known.base.facts[path]
            fact = next(fact for fact in facts.imports if fact.specifier.startswith(generator))
            backend = known.base.backend_of(path)
            own = frozenset(each for each in files if known.base.backend_of(each) == backend)
            yield Generated(generator, path, facts.line_of(fact.start), backend, own)


def unseen(known: Known, documented: Collection[str]) -> Iterator[Unseen]:
    """Documentation that only exists once something has run; ``documented`` are back ends that have other."""
    yield from _unwritten(known)
    for path, facts in known.base.facts.items():
        backend = known.base.backend_of(path)
        if backend in documented or known.base.roles.get(path) != "server":
            continue
        for fact in facts.imports:
            if _MAKER.search(fact.specifier) and not _OTHER.search(fact.specifier) and fact.kind in _LOADING:
                reason = f"the package {fact.specifier} may make documentation while the program runs"
                yield Unseen(backend, path, facts.line_of(fact.start), reason)


_MAKER = re.compile(r"^(?![./~#]).*(?:swagger|open-?api|-oas-|apidoc)", re.IGNORECASE)
_OTHER = re.compile(r"swagger-ui|swagger-stats|openapi-types|typescript|client|fetch|codegen|parser|validator|request")
"""Packages that show or use documents, and make none."""
_LOADING = frozenset({"import", "require", "dynamic"})


def _unwritten(known: Known) -> Iterator[Unseen]:
    """What swagger-autogen writes when it runs, unless the file is there."""
    paths = sorted(known.base.inventory.paths)
    for call in calls_of(known, ("swagger-autogen",)):
        place = call.site.place
        backend = known.base.backend_of(place.file)
        target = call.argument()
        if isinstance(target, Constant) and isinstance(target.value, str):
            folder = place.file.rpartition("/")[0]
            if not files_matching(target.value, [folder, backend], paths):
                reason = f"swagger-autogen writes {target.value} when it runs, and the file is not in the repository"
                yield Unseen(backend, place.file, place.line, reason)
