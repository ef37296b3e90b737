"""Documents that swagger-jsdoc puts together from comments, and comments that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.documentation.calls import PackageCall, calls_of
from medpro_audit.model.documentation.document import Document, Reader
from medpro_audit.model.documentation.globs import files_matching
from medpro_audit.model.documentation.jsdoc import annotations_of
from medpro_audit.model.documentation.nodes import HOLE, Fault, Node, mapping, merged
from medpro_audit.model.documentation.reading import Anchors, read_anchored, read_yaml
from medpro_audit.model.documentation.values import node_of
from medpro_audit.model.modules.paths import folder_of

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

PACKAGES = ("swagger-jsdoc",)
OTHER_READERS = ("next-swagger-doc", "openapi-comment-parser", "swagger-inline", "express-swagger-generator")
"""Other packages that read such comments, in ways of their own."""
MAX_FILES = 2_000

_SECTIONS = frozenset(
    ("components", "consumes", "produces", "paths", "schemas", "securityDefinitions", "responses", "parameters")
) | {"definitions", "channels"}


class Comment(NamedTuple):
    """A comment that holds OpenAPI."""

    place: Place
    is_read: bool | None
    """Whether a document is made of it; None when that can't be seen."""
    fault: Fault | None
    patterns: tuple[str, ...]
    """Of the files that are read."""
    begins: str
    """Its first line."""


class Part(NamedTuple):
    """What one text adds to a document."""

    place: Place
    text: str
    root: Node | Fault
    anchors: Anchors

    @property
    def missing(self) -> str:
        """The anchor that it has an alias for and that stands in another text; empty when there is none."""
        found = re.search(r"alias \*(\S+)", self.root.message) if isinstance(self.root, Fault) else None
        return found[1] if found is not None else ""


class CommentDocuments:
    """Reads all comments of a repository, and puts together the documents that are made of them."""

    def __init__(self, known: Known, read: Reader) -> None:
        self._known = known
        self._read = read
        self._paths = sorted(known.base.inventory.paths)
        self._read_files: set[str] = set()
        self._texts: dict[str, tuple[Part, ...]] = {}
        self._unseen: set[str] = set()
        """Back ends in which it can't be seen which files are read."""
        self._anchors: set[str] = set()
        """That some text has, for the aliases of others."""
        self._patterns: dict[str, list[str]] = {}
        self.documents = [self._document(call) for call in calls_of(known, PACKAGES) if call.arguments]

    # Documents

    def _document(self, call: PackageCall) -> Document:
        place = call.site.place
        options = node_of(call.argument(), place.file, place.line)
        definition = options.find("definition") or options.find("swaggerDefinition")
        root = definition if definition is not None else Node({}, place.file, place.line, is_open=True)
        start = Node(dict(root.entries), place.file, place.line, is_open=not root.is_seen, size=root.size)
        parts, gaps = self._parts(options.find("apis"), place.file)
        self._anchors.update(name for part in parts for name in part.anchors)
        document = Document(assembled(start, parts), "swagger-jsdoc", self._read, is_served=True)
        document.gaps = gaps
        for part in parts:
            if isinstance(part.root, Fault) and _is_yaml(part.place.file):  # what is wrong in a comment is told there
                document.faults.append((part.place.file, part.root.line, part.root.message))
        return document

    def _parts(self, apis: Node | None, file: str) -> tuple[list[Part], list[str]]:
        backend = self._known.base.backend_of(file)
        parts: list[Part] = []
        gaps: list[str] = []
        if apis is None or not apis.is_seen or any(not _is_pattern(item) for item in apis.items):
            self._unseen.add(backend)
            gaps.append("the files that swagger-jsdoc reads are computed while the program runs")
        for item in filter(_is_pattern, apis.items if apis is not None else ()):
            pattern = str(item.value)
            self._patterns.setdefault(backend, []).append(pattern.removeprefix("/<root>/"))
            files = files_matching(pattern, [backend], self._paths)[:MAX_FILES]
            self._read_files.update(files)
            for path in files:
                parts += self._parts_of(path)
        return parts, gaps

    def _parts_of(self, path: str) -> Iterator[Part]:
        if _is_yaml(path):
            content = self._known.base.read_asset(path)
            if content is not None:
                text = content.decode("utf-8-sig", "replace")
                yield Part(Place(path, 1), text, *read_anchored(text, path))
        else:
            yield from self._comments_in(path)

    # Comments

    def comments(self) -> Iterator[Comment]:
        """All comments that hold OpenAPI, whether or not they are read."""
        others = frozenset(self._others())
        projects = self._known.base.resolver.projects
        for path, facts in self._known.base.facts.items():
            if not facts.texts.get("openapi-comment") or self._known.base.roles.get(path) == "test":
                continue
            backend = self._known.base.backend_of(path)
            is_read: bool | None = path in self._read_files
            is_lost = backend in self._unseen or (bool(self._unseen) and backend not in self._patterns)
            if not is_read and (
                is_lost or any(each.path in others for each in projects.packages_above(folder_of(path)))
            ):
                is_read = None
            patterns = tuple(dict.fromkeys(self._patterns.get(backend, ())))
            for part in self._comments_in(path):
                fault = part.root if isinstance(part.root, Fault) and part.missing not in self._anchors else None
                yield Comment(part.place, is_read, fault, patterns, part.text.partition("\n")[0])

    def _comments_in(self, path: str) -> Sequence[Part]:
        """What the comments of a source file add to a document."""
        if path not in self._texts:
            self._texts[path] = tuple(_parts_in(self._known.base.facts.get(path)))
        return self._texts[path]

    def _others(self) -> Iterable[str]:
        """Packages, those around the scanned folder too, that may have such comments read by something else.

        That is another program, a command, or a script that stands above.
        """
        packages = self._known.base.resolver.projects.packages
        for manifest in packages.values():
            names = {*manifest.dependencies, *manifest.dev_dependencies}
            if names & set(OTHER_READERS) or ("swagger-jsdoc" in names and not self.documents):
                yield manifest.path


def _parts_in(facts: FileFacts | None) -> Iterator[Part]:
    for text in facts.texts.get("openapi-comment", ()) if facts is not None else ():
        assert facts is not None
        first = facts.line_of(text.at)
        for annotation in annotations_of(text.text):
            place = Place(facts.path, first + annotation.line)
            yield Part(place, annotation.text, *read_anchored(annotation.text, place.file, place.line))


def assembled(root: Node, parts: Sequence[Part]) -> Node:
    """The document that a definition and the parts make; what can't be read, or only holds anchors, adds nothing."""
    foreign = {name: (part, node) for part in parts for name, node in part.anchors.items()}
    nodes = {name: node for name, (_, node) in foreign.items()}
    for part in parts:
        if part.missing in foreign:
            source = foreign[part.missing][0].root
            again = read_yaml(part.text, part.place.file, part.place.line, nodes)
            for each in (source, again):
                root = _with(root, each) if isinstance(each, Node) else root
        elif isinstance(part.root, Node) and not part.anchors:
            root = _with(root, part.root)
    if root.find("openapi") is None and root.find("swagger") is None and not root.is_open:
        root = _with_entry(root, "swagger", Node("2.0", root.file, root.line))
    return root if root.find("paths") is not None else _with_entry(root, "paths", Node({}, root.file, root.line))


def _with(root: Node, part: Node) -> Node:
    """A document with what one text adds: sections are merged, all else is a path."""
    for key, node in part.entries.items():
        if key == "tags" or key.startswith("x-"):
            continue
        section = key if key in _SECTIONS else "paths"
        added = node if key in _SECTIONS else mapping({key: node}, node.file, node.line)
        root = _with_entry(root, section, merged(root.find(section), added))
    return root


def _with_entry(root: Node, key: str, node: Node) -> Node:
    entries = dict(root.entries)
    entries[key] = node
    return Node(entries, root.file, root.line, is_open=root.is_open, size=root.size + node.size)


def _is_yaml(path: str) -> bool:
    return path.endswith((".yml", ".yaml"))


def _is_pattern(node: Node) -> bool:
    return isinstance(node.value, str) and HOLE not in node.value
