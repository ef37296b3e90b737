"""Operations in apiDoc comments: ``@api {get} /users/:id Title``.

Source: apidocjs.com, "apiDoc-Params". It is no OpenAPI, and yet documentation for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.documentation.document import METHODS, Document
from medpro_audit.model.documentation.nodes import Node, mapping, merged

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

PACKAGES = frozenset({"apidoc", "gulp-apidoc", "grunt-apidoc", "apidoc-core"})

_OPERATION = re.compile(r"@api\s*\{(\w+)\}\s+(\S+)[ \t]*([^\n]*)")
_EXAMPLE = re.compile(r"@api\w*Example\b")


def apidoc_documents(known: Known) -> Iterator[Document]:
    """A document for each back end with such comments."""
    found: dict[str, list[tuple[str, Node]]] = {}
    for path, facts in known.base.facts.items():
        for text in facts.texts.get("apidoc-comment", ()):
            operation = _OPERATION.search(text.text)
            if operation is not None and operation[1].lower() in METHODS:
                line = facts.line_of(text.at) + text.text.count("\n", 0, operation.start())
                found.setdefault(known.base.backend_of(path), []).append(_described(operation, path, line, text.text))
    makers = {
        manifest.folder or "."
        for manifest in known.base.resolver.projects.packages.values()
        if PACKAGES & {*manifest.dependencies, *manifest.dev_dependencies}
    }
    for backend, operations in sorted(found.items()):
        document = _document(operations)
        document.doubt = "" if backend in makers else "apiDoc comments describe it, and no package makes pages of them"
        yield document


def _document(operations: Sequence[tuple[str, Node]]) -> Document:
    entries: dict[str, Node] = {}
    for path, node in operations:
        entries[path] = merged(entries.get(path), node)
    file, line = operations[0][1].file, operations[0][1].line
    root = {"paths": mapping(entries, file, line)}
    return Document(Node(root, file, line, is_open=True), "apidoc", is_served=True)


def _described(found: re.Match[str], path: str, line: int, comment: str) -> tuple[str, Node]:
    written = found[2] if found[2].startswith("/") else f"/{found[2]}"
    node = _operation(path, line, found[3].strip(), comment)
    return written, mapping({found[1].lower(): node}, path, line)


def _operation(path: str, line: int, title: str, comment: str) -> Node:
    entries = {"summary": Node(title, path, line)}
    if _EXAMPLE.search(comment):
        entries["x-codeSamples"] = Node([Node({}, path, line)], path, line)
    return Node(entries, path, line, is_open=True)
