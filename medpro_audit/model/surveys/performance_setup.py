"""What each back end does for its speed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from medpro_audit.core.place import Step
from medpro_audit.model.drivers import is_cache
from medpro_audit.model.performance.reach import Reach
from medpro_audit.model.performance.remembering import IN_MEMORY, MEMOISING, Kept, kept_by
from medpro_audit.model.performance.startup import packages_of, startup_files
from medpro_audit.model.subjects.performance_setup import PerformanceSetup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medpro_audit.model.known import Known
    from medpro_audit.model.subjects.backend import Backend
    from medpro_audit.model.subjects.facets.caching import Caching

_COMPRESSING = frozenset(
    ("compression", "shrink-ray-current", "koa-compress", "express-static-gzip", "http-compression")
)
_PROXY = re.compile(r"(^|/)([\w.-]*nginx[\w.-]*\.conf|[\w-]+\.conf(\.template)?|Caddyfile)$|(^|/)nginx/")
_GZIP = re.compile(rb"^\s*(gzip\s+on|brotli\s+on|encode\s+.*(gzip|zstd|br))\b", re.MULTILINE)
_PLATFORMS = frozenset(("vercel.json", "netlify.toml", "app.yaml", "render.yaml", "fly.toml"))
"""Files of platforms whose own proxies compress."""


def survey(known: Known) -> Iterable[PerformanceSetup]:
    """One for each back end with endpoints."""
    served = {endpoint.backend for endpoint in known.base.endpoints if endpoint.reached}
    return [_setup(known, backend) for backend in known.base.backends if backend.root in served]


def _setup(known: Known, backend: Backend) -> PerformanceSetup:
    facets = cast("Sequence[Caching]", known.facet("caching"))
    own = [each for each, of in zip(facets, known.base.endpoints, strict=True) if of.backend == backend.root]
    files = startup_files(known, backend.root)
    packages = {name for path in files for name, fact in packages_of(known, path) if fact.kind != "dynamic"}
    kept = _kept(known, backend)
    place = _application(known, backend)
    return PerformanceSetup(
        file=place.file if place is not None else backend.file,
        line=place.line if place is not None else backend.line,
        backend=backend.root,
        compresses=_compresses(known, backend),
        caches=True if kept is not None else (None if _may_cache(known, backend) else False),
        cache=kept.by if kept is not None else None,
        reads=sum(each.status != "not-needed" for each in own),
        cached_reads=sum(each.status == "cached" for each in own),
        startup_modules=len(files),
        startup_packages=len(packages),
        trail=(Step(kept.place.file, kept.place.line, f"{kept.by} keeps something here"),) if kept is not None else (),
    )


def _application(known: Known, backend: Backend) -> Step | None:
    """Where the application is made that most endpoints belong to."""
    places = [each.application for each in known.base.endpoints if each.backend == backend.root and each.reached]
    place = max(sorted(set(places)), key=places.count, default="")
    file, _, line = place.rpartition(":")
    return Step(file, int(line), "") if line.isdigit() else None


def _compresses(known: Known, backend: Backend) -> bool | None:
    endpoints = [each for each in known.base.endpoints if each.backend == backend.root and each.reached]
    if any("compression" in endpoint.roles for endpoint in endpoints):
        return True
    paths = sorted(known.base.inventory.paths)
    if any(_PROXY.search(path) and _GZIP.search(known.base.read_asset(path) or b"") for path in paths):
        return True
    may = _COMPRESSING & set(backend.dependencies) or any(path.rpartition("/")[2] in _PLATFORMS for path in paths)
    return None if may else False


def _kept(known: Known, backend: Backend) -> Kept | None:
    reach = known.shared(Reach)
    own = (routine for routine in reach.all if known.base.backend_of(routine.path) == backend.root)
    return kept_by(own, with_headers=False)


def _may_cache(known: Known, backend: Backend) -> bool:
    dependencies = set(backend.dependencies)
    is_connected = any(is_cache(site.driver) for site in known.base.connections if site.backend == backend.root)
    keeps = any(routine.remembers for routine in known.shared(Reach).all)
    return bool(dependencies & (IN_MEMORY | MEMOISING)) or is_connected or keeps
