"""Where server code loads packages that take long to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.performance.startup import HEAVY, is_eager, packages_of, startup_files
from medpro_audit.model.subjects.heavy_import import HeavyImport


def survey(known: Known) -> Iterable[HeavyImport]:
    """Each of them, by place."""
    served = sorted({endpoint.backend for endpoint in known.base.endpoints if endpoint.reached})
    found = {each for backend in served for each in _of_backend(known, backend)}
    return sorted(found, key=lambda each: (each.file, each.line, each.package, each.backend))


def _of_backend(known: Known, backend: str) -> Iterator[HeavyImport]:
    started = startup_files(known, backend)
    for path in sorted(known.base.facts):
        if known.base.roles.get(path) != "server" or known.base.backend_of(path) != backend:
            continue
        for package, fact in packages_of(known, path):
            if package in HEAVY:
                place = known.base.facts[path].place(fact.start)
                at_startup = path in started and is_eager(known, path, fact)
                yield HeavyImport(
                    file=path,
                    line=place.line,
                    backend=backend,
                    package=package,
                    instead=HEAVY[package].instead,
                    at_startup=at_startup,
                    milliseconds=HEAVY[package].milliseconds,
                    trail=(Step(path, place.line, f"{package} is loaded here, at start-up"),) if at_startup else (),
                )
