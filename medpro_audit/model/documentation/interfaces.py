"""User interfaces that show the documentation of a back end, and where they are served."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.documentation.calls import importers
from medpro_audit.model.evaluation.values import External, FunctionValue, Value
from medpro_audit.model.paths import paths_of
from medpro_audit.model.routing import MAX_DEPTH, MAX_MOUNTS, Router, unpacked

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

INTERFACES: Mapping[str, str] = {
    "@apidevtools/swagger-express": "Swagger UI",
    "@hono/swagger-ui": "Swagger UI",
    "@scalar/express-api-reference": "Scalar",
    "@scalar/hono-api-reference": "Scalar",
    "express-jsdoc-swagger": "Swagger UI",
    "express-swagger-generator": "Swagger UI",
    "koa2-swagger-ui": "Swagger UI",
    "redoc-express": "Redoc",
    "swagger-stats": "Swagger UI",
    "swagger-ui-dist": "Swagger UI",
    "swagger-ui-express": "Swagger UI",
}
"""Packages by the name of what they show."""

_PAGE = re.compile(rb"swagger-ui|redoc(?:\.standalone|-cli|[ >])|@scalar/api-reference|stoplight/elements|<rapi-doc")
_PAGE_NAME = re.compile(
    r"(?:^|/)(?:[^/]*(?:api|doc|swagger|redoc|scalar)[^/]*|(?:docs?|swagger|api-docs?)/index)\.html?$"
)
MAX_PAGES = 50
"""Pages that are looked into."""


class Interface(NamedTuple):
    """A user interface."""

    name: str
    path: str
    """From the application's root; empty when it isn't known."""
    file: str
    line: int


class Mounted(NamedTuple):
    """A function of a package that answers below a path."""

    package: str
    path: str
    file: str
    line: int


def mounted_packages(known: Known) -> Iterator[Mounted]:
    """What packages answer below paths of applications, the root itself left out."""
    routers = [made for made in known.base.interpreter.made if isinstance(made, Router)]
    waiting: list[tuple[Router, str, tuple[Router, ...]]] = [(each, "", ()) for each in routers if each.is_application]
    for router, prefix, around in waiting:
        for entry in router.registrations:
            paths = paths_of(entry.path)
            for at in [router.below(prefix, path.text) for path in paths] if isinstance(paths, list) else ():
                for item in unpacked(entry.items):
                    inner = item.value
                    if isinstance(inner, Router):
                        if inner not in around and len(around) < MAX_DEPTH and len(waiting) < MAX_MOUNTS:
                            waiting.append((inner, "" if at == "/" else at, (*around, router)))
                    elif (package := _package_of(inner)) and (at != "/" or package in INTERFACES):
                        place = entry.site.place
                        yield Mounted(package, at, place.file, place.line)


def _package_of(value: Value) -> str:
    if isinstance(value, External):
        return value.package
    if isinstance(value, FunctionValue) and value.made_by is not None and isinstance(value.made_by.callee, External):
        return value.made_by.callee.package
    return ""


def interfaces(known: Known, mounted: list[Mounted]) -> dict[str, list[Interface]]:
    """The user interfaces of each back end."""
    found: dict[str, list[Interface]] = {}
    for one in mounted:
        if one.package in INTERFACES:
            interface = Interface(INTERFACES[one.package], one.path, one.file, one.line)
            found.setdefault(known.base.backend_of(one.file), []).append(interface)
    for path in importers(known, INTERFACES):
        backend = known.base.backend_of(path)
        if backend not in found and known.base.roles.get(path) == "server":
            facts = known.base.facts[path]
            fact = next(fact for fact in facts.imports if fact.specifier.startswith(tuple(INTERFACES)))
            name = next(name for package, name in INTERFACES.items() if fact.specifier.startswith(package))
            found[backend] = [Interface(name, "", path, facts.line_of(fact.start))]
    pages = sorted(path for path in known.base.inventory.paths if path.endswith((".html", ".htm")))
    for path in [page for page in pages if _PAGE_NAME.search(page) is not None][:MAX_PAGES]:
        backend = known.base.backend_of(path)
        if backend not in found:
            content = known.base.read_asset(path)
            if content is not None and _PAGE.search(content) is not None:
                found[backend] = [Interface("a page", "", path, 1)]
    return found
