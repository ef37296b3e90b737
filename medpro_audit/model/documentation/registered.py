"""Documents in the code: operations registered with zod-to-openapi, routes declared with @hono/zod-openapi, and objects
that are handed to a user interface.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.model.documentation.calls import PackageCall, calls_of, registrations
from medpro_audit.model.documentation.document import METHODS, Document
from medpro_audit.model.documentation.globs import files_matching
from medpro_audit.model.documentation.interfaces import INTERFACES
from medpro_audit.model.documentation.nodes import HOLE, Node, mapping, merged
from medpro_audit.model.documentation.values import node_of
from medpro_audit.model.evaluation.values import Constant, External, ObjectValue, Value
from medpro_audit.model.routing import Router

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

MAX_LOADERS = 3
"""Calls in calls that load a file."""
ZOD_OPENAPI = "zod-openapi"
"""Its ``createDocument`` is given OpenAPI with schemas in it."""
ENFORCERS = frozenset({"express-openapi-validator", "openapi-backend", "express-openapi", "swagger-tools"})
"""Packages that hold requests against a document."""
ZOD_TO_OPENAPI = frozenset({"@asteasolutions/zod-to-openapi"})


def registered_documents(known: Known) -> Iterator[Document]:
    """A document for each back end that registers operations."""
    heads: dict[str, Node] = {}
    for call in registrations(known, "openapi-document", ZOD_TO_OPENAPI):
        heads.setdefault(known.base.backend_of(call.site.place.file), _options(call))
    found: dict[str, list[Node]] = {}
    for call in registrations(known, "openapi-path", ZOD_TO_OPENAPI):
        found.setdefault(known.base.backend_of(call.site.place.file), []).append(_options(call))
    for backend, operations in sorted(found.items()):
        first = operations[0]
        head = heads.get(backend, Node({}, first.file, first.line, is_open=True))
        yield _document(head, operations)


def _options(call: PackageCall) -> Node:
    place = call.site.place
    node = node_of(call.argument(), place.file, place.line)
    return Node(node.value, place.file, place.line, is_open=node.is_open, size=node.size)


def _document(head: Node, operations: list[Node]) -> Document:
    paths: dict[str, Node] = {}
    gaps = []
    for node in operations:
        method, path = node.text("method").lower(), node.text("path")
        if method not in METHODS or not path or HOLE in path:
            gaps.append(f"the operation registered at {node.file}:{node.line} is computed while the program runs")
            continue
        paths[path] = merged(paths.get(path), mapping({method: node}, node.file, node.line))
    entries = {**head.entries, "paths": mapping(paths, head.file, head.line)}
    document = Document(Node(entries, head.file, head.line, is_open=head.is_open), "zod-to-openapi", is_served=True)
    document.gaps = gaps
    return document


def declared_documents(known: Known) -> Iterator[Document]:
    """A document for each back end whose routes of Hono are declared with their schemas."""
    routers = [each for each in known.base.interpreter.made if isinstance(each, Router) and each.framework == "hono"]
    if not routers:
        return
    from medpro_audit.model.frameworks.hono_zod_openapi import OpenApiApplication  # noqa: PLC0415 - only where it is used

    made = [each for each in routers if isinstance(each, OpenApiApplication)]
    declared = {id(each.items): each for application in made for each in application.described}
    found: dict[str, dict[str, Node]] = {}
    for row, endpoint in zip(known.base.rows, known.base.endpoints, strict=True):
        described = declared.get(id(row.entry.items))
        if described is not None:
            place = described.site.place
            node = node_of(described.route, place.file, place.line)
            paths = found.setdefault(endpoint.backend, {})
            here = Node(node.value, place.file, place.line, is_open=node.is_open, size=node.size)
            paths[row.path] = merged(paths.get(row.path), mapping({row.method.lower(): here}, place.file, place.line))
    shown = {known.base.backend_of(site.place.file) for application in made for site in application.shows}
    for backend, paths in sorted(found.items()):
        first = next(iter(paths.values()))
        root = Node({"paths": mapping(paths, first.file, first.line)}, first.file, first.line, is_open=True)
        document = Document(root, "zod-to-openapi", is_served=True)
        document.doubt = "" if backend in shown else "its routes are declared for a document that nothing shows"
        yield document


def object_documents(known: Known) -> Iterator[Document]:
    """Documents that are objects of the program, shown by a user interface or made by zod-openapi; each once."""
    seen: set[tuple[str, int]] = set()
    for call in calls_of(known, frozenset({*INTERFACES, ZOD_OPENAPI})):
        place = call.site.place
        for item in call.arguments:
            node = node_of(item.value, place.file, place.line)
            for root in (node, node.find("content"), node.find("spec")):
                is_document = root is not None and (root.find("openapi") or root.find("swagger")) is not None
                if root is None or not is_document or root.find("paths") is None:
                    continue
                if (root.file, root.line) not in seen:
                    seen.add((root.file, root.line))
                    yield Document(root, "object", is_served=True)


def shown_files(known: Known) -> frozenset[str]:
    """Files that are loaded to be shown, as by ``swaggerUi.setup(YAML.load('./openapi.yaml'))``, or to be enforced."""
    paths = sorted(known.base.inventory.paths)
    found: set[str] = set()
    for call in calls_of(known, ENFORCERS | frozenset(INTERFACES)):
        file = call.site.place.file
        folders = [known.base.backend_of(file), file.rpartition("/")[0]]
        for item in call.arguments:
            for text in _texts(item.value):
                found.update(files_matching(text, folders, paths))
    return frozenset(found)


def _texts(value: Value, depth: int = 0) -> Iterator[str]:
    """A text, or those that whatever loads it was given."""
    if isinstance(value, Constant) and str(value.value).endswith((".json", ".yaml", ".yml")):
        yield str(value.value)
    elif isinstance(value, ObjectValue):
        yield from (
            text for inner in value.properties.values() if isinstance(inner, Constant) for text in _texts(inner)
        )
    elif isinstance(value, External) and depth < MAX_LOADERS:
        for call in value.calls():
            yield from (text for item in call.arguments for text in _texts(item.value, depth + 1))
