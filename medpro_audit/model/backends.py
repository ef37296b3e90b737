"""The back ends of a repository: packages that serve HTTP or open a database connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from medpro_audit.core.config import Config
from medpro_audit.core.place import Step
from medpro_audit.model.drivers import is_cache
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.subjects import PARTS, Backend, Connection, Endpoint, Input
from medpro_audit.model.subjects.facets.usage import Treatment

_VALIDATORS = {
    "zod": "zod",
    "joi": "joi",
    "celebrate": "joi",
    "yup": "yup",
    "express-validator": "express-validator",
    "class-validator": "class-validator",
    "ajv": "ajv",
    "superstruct": "superstruct",
    "valibot": "valibot",
}
"""Validation library by the package that brings it; where several are present, the first is the convention."""


def build_backends(
    resolver: Resolver,
    endpoints: Sequence[Endpoint],
    connections: Sequence[Connection],
    config: Config,
    loggers: dict[str, str] | None = None,
) -> Iterator[Backend]:
    """One for each package that has an endpoint or a connection, sorted by folder."""
    roots = {endpoint.backend for endpoint in endpoints} | {site.backend for site in connections}
    packages = {manifest.folder or ".": manifest for manifest in resolver.projects.packages.values()}
    for root in sorted(roots):
        manifest = packages.get(root) or Manifest("package.json" if root == "." else f"{root}/package.json")
        sites = [site for site in connections if site.backend == root and site.role == "server"]
        pools = [site for site in sites if site.kind in {"pool", "orm"}]
        most = _most_of_one_database(sites)
        dependencies = tuple(sorted({*manifest.dependencies, *manifest.dev_dependencies}))
        yield Backend(
            root=root,
            name=manifest.name or root,
            file=manifest.path,
            line=1,
            frameworks=tuple(sorted({endpoint.framework for endpoint in endpoints if endpoint.backend == root})),
            dependencies=dependencies,
            validation_library=config.validation.library or _first(_VALIDATORS, dependencies),
            connection_sites=most,
            pools_shared=not pools or any(site.is_shared for site in pools),
            pools=len(pools),
            logger=(loggers or {}).get(root),
            trail=tuple(
                Step(site.file, site.line, f"{site.driver} is connected here")
                for site in sites
                if site.twins == most and not site.is_of_caller and not is_cache(site.driver)
            ),
        )


def _first(wanted: Mapping[str, str], present: Iterable[str]) -> str | None:
    known = set(present)
    return next((library for package, library in wanted.items() if package in known), None)


def _most_of_one_database(sites: Sequence[Connection]) -> int | None:
    """Sites of the database that has most of them.

    What is opened to whatever a caller names is no site of the program's own database, unless there is no other.
    """
    stores = [site for site in sites if not is_cache(site.driver)]
    own = [site.twins for site in stores if not site.is_of_caller]
    most = max((count for count in own if count is not None), default=1 if stores else 0)
    return None if most <= 1 and None in own else most


def inputs_of(endpoints: Sequence[Endpoint], backends: Sequence[Backend]) -> Iterator[Input]:
    """The request parts that each endpoint that can be reached reads or validates."""
    conventions = {backend.root: backend.validation_library for backend in backends}
    for endpoint in endpoints:
        for part in PARTS:
            validation = getattr(endpoint.validation, part)
            if validation.status == "not-read" or not endpoint.reached:
                continue
            yield Input(
                part=part,
                method=endpoint.method,
                path=endpoint.path,
                file=endpoint.file,
                line=endpoint.line,
                backend=endpoint.backend,
                validation=validation,
                trail=validation.trail,
                convention=conventions.get(endpoint.backend),
                treatment=getattr(endpoint.usage, part, Treatment()),
            )
