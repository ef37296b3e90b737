"""OpenAPI documents among the files of a repository, found by what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.documentation.document import Document
from medpro_audit.model.documentation.nodes import Fault, Node
from medpro_audit.model.documentation.reading import read_document
from medpro_audit.model.module_roles import is_test

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

MAX_CANDIDATES = 400
"""Files that are looked into."""
MAX_BYTES = 10_000_000
"""Documents of one repository, all together."""

_NAME = re.compile(r"(?:open-?api|swagger|api|oas|spec|docs?|documentation|redoc|schema)", re.IGNORECASE)
_LEFT_OUT = re.compile(r"(?:^|/)(?:node_modules|fixtures?|__fixtures__|examples?|samples?|client|sdk|vendor)/")
_MARK = re.compile(
    rb"""^["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.|"(?:openapi|swagger)"\s*:\s*"[23]\.""", re.MULTILINE
)
_HEAD = 200_000
"""Bytes in which a document says what it is."""


class DocumentFiles:
    """Reads the documents of a repository, each file once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._bytes = 0
        self._nodes: dict[str, Node | Fault | None] = {}

    def read(self, path: str) -> Node | Fault | None:
        """Read a file of a document; None when there is none."""
        if path not in self._nodes:
            exists = path in self._known.base.inventory.paths
            content = self._known.base.read_asset(path) if exists else None
            self._bytes += len(content or b"")
            if self._bytes > MAX_BYTES:
                self._known.notices.add(
                    Notice("limit", "API documentation is too large to be read whole", Place(path, 0))
                )
                content = None
            self._nodes[path] = read_document(path, content) if content is not None else None
        return self._nodes[path]

    def documents(self) -> Iterator[Document]:
        """Documents that are files of their own, by path."""
        for path in self._candidates():
            content = self._known.base.read_asset(path)
            if content is None or _MARK.search(content[:_HEAD]) is None:
                continue
            node = self.read(path)
            if isinstance(node, Fault):
                document = Document(Node({}, path, node.line, is_open=True), "openapi", self.read)
                document.faults.append((path, node.line, node.message))
                yield document
            elif isinstance(node, Node) and (node.find("openapi") or node.find("swagger")) is not None:
                yield Document(node, "openapi", self.read)

    def _candidates(self) -> list[str]:
        """Files that may be documents: their name, or that of their folder, says so."""
        found = [
            path
            for path in sorted(self._known.base.inventory.paths)
            if path.endswith((".yaml", ".yml", ".json"))
            and not is_test(path)
            and _LEFT_OUT.search(path) is None
            and _is_named(path)
        ]
        return sorted(sorted(found, key=_likelihood)[:MAX_CANDIDATES])


def _likelihood(path: str) -> bool:
    return re.search("open-?api|swagger", path, re.IGNORECASE) is None


def _is_named(path: str) -> bool:
    *folders, name = path.split("/")
    if name in {"package.json", "package-lock.json", "tsconfig.json"}:
        return False
    return _NAME.search(name) is not None or any(_NAME.fullmatch(folder.rstrip("s")) for folder in folders[-2:])
