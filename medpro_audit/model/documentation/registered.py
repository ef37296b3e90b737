"""Documents in the code: operations registered with zod-to-openapi, and objects that are handed to a user interface."""

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


def object_documents(known: Known) -> Iterator[Document]:
    """Documents that are objects of the program, shown by a user interface or made by zod-openapi."""
    for call in calls_of(known, frozenset({*INTERFACES, ZOD_OPENAPI})):
        place = call.site.place
        for item in call.arguments:
            node = node_of(item.value, place.file, place.line)
            for root in (node, node.find("content"), node.find("spec")):
                is_document = root is not None and (root.find("openapi") or root.find("swagger")) is not None
                if root is not None and is_document and root.find("paths") is not None:
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
