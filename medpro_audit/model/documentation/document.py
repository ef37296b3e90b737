"""An OpenAPI document: its operations with their parts, whichever of its versions and files they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import Literal, NamedTuple
from urllib.parse import unquote

from medpro_audit.model.documentation.nodes import HOLE, UNSEEN, Fault, Node

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_HOPS = 20
"""A reference that leads to a reference that leads to …"""
MAX_FILES = 300
"""Files that one document is split over."""
MAX_OPERATIONS = 2_000

Reader = Callable[[str], "Node | Fault | None"]
"""Reads another file of the document; None when there is none."""

Source = Literal["openapi", "swagger-jsdoc", "zod-to-openapi", "object", "express-jsdoc-swagger", "apidoc"]
"""What a document is written as: a file, comments, registrations of schemas, an object in the code, JSDoc, apiDoc."""


class Operation(NamedTuple):
    """One operation of a document."""

    method: str
    """Upper case."""
    path: str
    """As it is written, without a server."""
    node: Node
    item: Node
    """What its path has for all methods."""
    document: Document

    @property
    def identity(self) -> tuple[str, str]:
        """Method and path, whatever the parameters are called."""
        return self.method, re.sub(r"\{[^{}/]*\}|:\w+", "{}", self.path).rstrip("/").lower()

    def part(self, key: str) -> Node | None:
        """A part of it, behind references."""
        found = self.node.find(key)
        return self.document.follow(found) if found is not None else None


class Document:
    """A document, read from files or put together from code."""

    def __init__(
        self, root: Node, source: Source, read: Reader = lambda _path: None, *, is_served: bool = False
    ) -> None:
        self.root = root
        self.source: Source = source
        self.is_served = is_served
        """The program shows it to its users, so that it is about itself."""
        self.gaps: list[str] = []
        """Why there may be more operations than are known."""
        self.doubt = ""
        """Why nobody may get to see it."""
        self.faults: list[tuple[str, int, str]] = []
        """File, line and message of what could not be read."""
        self._read = read
        self._files: dict[str, Node | None] = {}

    @property
    def file(self) -> str:
        """Where it begins."""
        return self.root.file

    @property
    def version(self) -> str:
        """``2.0``, ``3.0.3``, ``3.1.0``; empty where it says none."""
        for key in ("openapi", "swagger"):
            node = self.root.find(key)
            if node is not None and isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
                return str(node.value)
        return ""

    @property
    def files(self) -> Sequence[str]:
        """Further files that it was found to be split over."""
        return [path for path, node in self._files.items() if node is not None]

    # References

    def follow(self, node: Node) -> Node:
        """What a node stands for, behind references; not seen when one leads nowhere."""
        for _ in range(MAX_HOPS):
            reference = node.find("$ref")
            if reference is None or not isinstance(reference.value, str):
                return node
            target = self.target(reference.value, node.file)
            if target is None:
                break
            node = target
        return Node(UNSEEN, node.file, node.line)

    def target(self, reference: str, file: str) -> Node | None:
        """What a reference in a file leads to; None when it leads nowhere, or out of the repository."""
        address, _, pointer = reference.partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
            return None
        own = self._files.get(file) or self.root
        node = self._file(normpath(join(dirname(file), unquote(address)))) if address else own
        if node is None:
            return None
        for token in pointer.split("/")[1:]:
            key = unquote(token).replace("~1", "/").replace("~0", "~")
            inner = node.entries.get(key)
            if inner is None and key.isdecimal() and int(key) < len(node.items):
                inner = node.items[int(key)]
            if inner is None:
                return None
            node = inner
        return node

    def _file(self, path: str) -> Node | None:
        if path == self.root.file:
            return self.root
        if path not in self._files and len(self._files) < MAX_FILES and not path.startswith(".."):
            found = self._read(path)
            if isinstance(found, Fault):
                self.faults.append((path, found.line, found.message))
            self._files[path] = found if isinstance(found, Node) else None
        return self._files.get(path)

    # Operations

    def operations(self) -> Iterator[Operation]:
        """All operations, in the order of the document."""
        count = 0
        paths = self.root.find("paths")
        for path, entry in paths.entries.items() if paths is not None else ():
            item = self.follow(entry)
            for key, node in item.entries.items():
                if key.lower() in METHODS and count < MAX_OPERATIONS:
                    count += 1
                    yield Operation(
                        key.upper(), path, self.follow(node) if "$ref" in node.entries else node, item, self
                    )

    # Servers

    def bases(self, operation: Operation) -> tuple[str, ...] | None:
        """Paths below which an operation is served, as its servers say; None when they can't be seen."""
        if self.version.startswith("2") or self.root.find("swagger") is not None:
            node = self.root.find("basePath")
            if node is None:
                return ("",)
            return (node.value.rstrip("/"),) if isinstance(node.value, str) and HOLE not in node.value else None
        servers = operation.node.find("servers") or operation.item.find("servers") or self.root.find("servers")
        if servers is None:
            return ("",) if not self.root.is_open else None
        found = [_base(server) for server in servers.items]
        known = tuple(dict.fromkeys(base for base in found if base is not None))
        if not servers.is_seen or len(found) > len([base for base in found if base is not None]):
            return known or None
        return known or ("",)

    # Security

    def has_security(self, operation: Operation) -> bool | None:
        """Whether it says that a caller must prove who they are; None when that can't be seen."""
        node = operation.node.find("security") or self.root.find("security")
        if node is None:
            return None if operation.node.is_open or self.root.is_open else False
        if not node.is_seen:
            return None
        if any(not item.is_seen for item in node.items):
            return None
        return bool(node.items) and any(item.entries for item in node.items)


_HOST = re.compile(r"(?:[a-z][a-z0-9+.\-" + HOLE + r"]*:)?//[^/]*|" + HOLE + r"(?=/)", re.IGNORECASE)
_UNCERTAIN_HOST = re.compile(f"[^:/]{HOLE}$|{HOLE}{HOLE}$")
"""What follows the host may be in the part that isn't known."""


def _base(server: Node) -> str | None:
    url = server.find("url")
    if url is None or not isinstance(url.value, str):
        return None
    text = url.value
    for name, variable in (server.find("variables") or server).entries.items():
        text = text.replace(f"{{{name}}}", variable.text("default") or HOLE)
    host = _HOST.match(text)
    if host is not None and _UNCERTAIN_HOST.search(host[0]):
        return None
    path = text[host.end() if host is not None else 0 :].partition("?")[0].rstrip("/")
    if HOLE in path or "{" in path:
        return None
    return path if path.startswith("/") or not path else f"/{path}"


def fields_of(document: Document, schema: Node | None) -> Mapping[str, Node] | None:
    """Properties of an object schema, those of all its parts and alternatives; None when they can't be seen."""
    found: dict[str, Node] = {}
    waiting = [schema] if schema is not None else []
    seen: set[int] = set()
    is_known = False
    for current in waiting:
        part = document.follow(current)
        if not isinstance(part.value, dict):
            return None
        if id(part.value) in seen:
            continue
        seen.add(id(part.value))
        properties = part.find("properties")
        if properties is not None and properties.is_seen:
            found.update(document.follow(properties).entries)
            is_known = True
        alternatives = [each for keyword in ("allOf", "anyOf", "oneOf") if (each := part.find(keyword)) is not None]
        inner = [item for each in alternatives for item in each.items]
        if not inner and (properties is None or not properties.is_seen):
            return None
        waiting.extend(inner)
    return found if is_known else None
