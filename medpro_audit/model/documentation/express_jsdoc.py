"""Documents that express-jsdoc-swagger makes of JSDoc: ``GET /patients`` with its ``@param``, and ``@typedef``.

Source: express-jsdoc-swagger 1.8, `transforms/paths` and `transforms/components`. Its comments begin with ``/**`` and
have more than one line; the first line names the operation, or a ``@typedef`` a schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.documentation.calls import PackageCall, calls_of
from medpro_audit.model.documentation.document import METHODS, Document
from medpro_audit.model.documentation.globs import files_matching
from medpro_audit.model.documentation.nodes import HOLE, Node, mapping, merged
from medpro_audit.model.documentation.values import node_of

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

PACKAGE = "express-jsdoc-swagger"
MAX_FILES = 2_000
MAX_BYTES = 1_000_000
MAX_TYPE = 200
"""Characters of a type that is read."""

_COMMENT = re.compile(r"/\*\*(?!/)(?:[^*]|\*(?!/))*\*/")
_PREFIX = re.compile(r"[ \t]*\*?[ \t]?")
_OPERATION = re.compile(rf"({'|'.join(METHODS)}) (\S+)", re.IGNORECASE)
_TAG = re.compile(r"@(\w+)\s*(?:\{(?P<type>[^{}\n]*)\})?\s*(?P<rest>[^\n]*)")
_LIST = re.compile(r"^(?:array<(?P<item>.+)>|(?P<other>.+)\[\])$")
_PLAIN = frozenset(("any", "array", "boolean", "integer", "number", "object", "string"))
_COMPLETING = re.compile(r"\.(?:on|once|addListener)\(\s*['\"`](?:finish|components)['\"`]")
_MEDIA = re.compile(r"^[\w.+-]+/[\w.+*-]+$")


class Tag(NamedTuple):
    """A tag of a comment."""

    name: str
    type: str
    rest: str
    line: int


def jsdoc_documents(known: Known) -> Iterator[Document]:
    """A document for each call that makes one."""
    paths = sorted(known.base.inventory.paths)
    for call in calls_of(known, (PACKAGE,)):
        if call.callee.call is not None:  # expressJSDocSwagger(app) makes the function that is given the options
            yield _document(known, call, paths)


def _document(known: Known, call: PackageCall, paths: Sequence[str]) -> Document:
    place = call.site.place
    options = node_of(call.argument(), place.file, place.line)
    patterns = options.find("filesPattern")
    written = [each.value for each in patterns.items or [patterns]] if patterns is not None else ["./**/*.js"]
    base = options.text("baseDir")
    entries = {"openapi": Node("3.0.0", place.file, place.line), "info": options.find("info"), "paths": None}
    entries |= {"servers": options.find("servers"), "security": _security(options.find("security"))}
    root = {key: node for key, node in entries.items() if node is not None}
    operations: dict[str, Node] = {}
    schemas: dict[str, Node] = {}
    is_seen = options.is_seen and all(isinstance(each, str) and HOLE not in each for each in written)
    for pattern in written if is_seen else ():
        start = f"{base}/{pattern}" if base and HOLE not in base and not str(pattern).startswith("/") else str(pattern)
        for path in files_matching(start, [known.base.backend_of(place.file)], paths)[:MAX_FILES]:
            _read(known, path, operations, schemas)
    root["paths"] = mapping(operations, place.file, place.line)
    components = {"schemas": mapping(schemas, place.file, place.line)} if schemas else {}
    if (schemes := options.find("security")) is not None:
        components["securitySchemes"] = schemes
    if components:
        root["components"] = mapping(components, place.file, place.line)
    whole = mapping(root, place.file, place.line)
    whole.is_open = _is_completed(known, call)
    document = Document(whole, "express-jsdoc-swagger", is_served=True)
    document.gaps = [] if is_seen else [f"the files that {PACKAGE} reads are computed while the program runs"]
    return document


def _security(schemes: Node | None) -> Node | None:
    """What every operation asks for: each of the schemes, which the options give by their names."""
    if schemes is None:
        return None
    scopes = ((name, Node([], each.file, each.line)) for name, each in schemes.entries.items())
    asked = [mapping({name: none}, none.file, none.line) for name, none in scopes]
    return Node(asked, schemes.file, schemes.line, size=1 + 2 * len(asked))


def _is_completed(known: Known, call: PackageCall) -> bool:
    """Whether the file of a call listens for the document, to add to it."""
    path = call.site.place.file
    return _COMPLETING.search(known.base.interpreter.code.snippet(path, 0, known.base.facts[path].size)) is not None


def _read(known: Known, path: str, operations: dict[str, Node], schemas: dict[str, Node]) -> None:
    """Take the comments of a file in."""
    text = known.base.interpreter.code.snippet(path, 0, MAX_BYTES) if path in known.base.facts else ""
    for comment in _COMMENT.finditer(text):
        first = text.count("\n", 0, comment.start()) + 1
        lines = [_PREFIX.sub("", line, count=1) for line in comment[0][3:-2].split("\n")]
        tags = [
            Tag(found[1], found["type"] or "", found["rest"].strip(), first + number)
            for number, line in enumerate(lines)
            if (found := _TAG.match(line)) is not None
        ]
        begin = next((number for number, line in enumerate(lines) if line.strip()), 0)
        operation = _OPERATION.match(lines[begin].strip())
        if operation is not None and len(lines) > 1:
            node = mapping({operation[1].lower(): _operation(tags, path, first + begin)}, path, first + begin)
            operations[operation[2]] = merged(operations.get(operation[2]), node)
        for tag in tags:
            if tag.name == "typedef" and tag.rest:
                schemas[tag.rest.split()[0]] = _schema(tag, tags, path)


def _operation(tags: Sequence[Tag], path: str, line: int) -> Node:
    own = {tag.name: Node(tag.rest, path, tag.line) for tag in tags if tag.name in {"summary", "description"}}
    given = [tag for tag in tags if tag.name == "param"]
    body = [tag for tag in given if tag.rest.startswith("request.body")]
    form = [tag for tag in given if _place(tag) == "form"]
    parameters = [_parameter(tag, path) for tag in given if tag not in body and _place(tag) not in {"", "form"}]
    demands = [each for tag in tags if tag.name == "security" for each in tag.rest.split(" | ") if each]
    if body or form:
        own["requestBody"] = mapping({"content": _content(body, form, path, line)}, path, line)
    if any(tag.name == "example" for tag in tags):
        own["x-codeSamples"] = Node([Node({}, path, line)], path, line)
    own["responses"] = _responses([tag for tag in tags if tag.name in {"return", "returns"}], path, line)
    own["parameters"] = _listed(parameters, path, line)
    own["security"] = _listed([_demand(names, path, line) for names in demands], path, line)
    return mapping(own, path, line)


def _listed(nodes: list[Node], path: str, line: int) -> Node:
    return Node(nodes, path, line, size=1 + sum(node.size for node in nodes))


def _place(tag: Tag) -> str:
    """Where a parameter stands: ``name.query.required`` is in the query."""
    return (*_named(tag).split("."), "")[1]


def _named(tag: Tag) -> str:
    return tag.rest.partition(" - ")[0].strip()


def _content(body: Sequence[Tag], form: Sequence[Tag], path: str, line: int) -> Node:
    content: dict[str, Node] = {}
    for tag in body:
        kinds = (part.strip() for part in tag.rest.split(" - ")[1:])
        kind = next((part for part in kinds if _MEDIA.match(part)), "application/json")
        content[kind] = mapping({"schema": _type(tag.type, path, tag.line)}, path, tag.line)
    if form:
        fields = {_named(tag).partition(".")[0]: _type(tag.type, path, tag.line) for tag in form}
        schema = mapping({"properties": mapping(fields, path, line)}, path, line)
        content["multipart/form-data"] = mapping({"schema": schema}, path, line)
    return mapping(content, path, line)


def _responses(tags: Sequence[Tag], path: str, line: int) -> Node:
    found: dict[str, Node] = {}
    for tag in tags:
        status, _, description = tag.rest.partition(" - ")
        found[status.strip()] = merged(found.get(status.strip()), _response(tag, description, path))
    return mapping(found, path, line)


def _parameter(tag: Tag, path: str) -> Node:
    name, place, *rest = _named(tag).split(".")
    entries: dict[str, str | bool] = {"name": name, "in": place, "required": "required" in rest}
    nodes = {key: Node(value, path, tag.line) for key, value in entries.items()}
    return mapping({**nodes, "schema": _type(tag.type, path, tag.line)}, path, tag.line)


def _response(tag: Tag, description: str, path: str) -> Node:
    told, _, kind = description.partition(" - ")
    entries = {"description": Node(told.strip(), path, tag.line)}
    if tag.type:
        media = mapping({"schema": _type(tag.type, path, tag.line)}, path, tag.line)
        entries["content"] = mapping({kind.strip() or "application/json": media}, path, tag.line)
    return mapping(entries, path, tag.line)


def _demand(names: str, path: str, line: int) -> Node:
    return mapping({name.strip(): Node([], path, line) for name in names.split(" & ")}, path, line)


def _schema(typedef: Tag, tags: Sequence[Tag], path: str) -> Node:
    """The schema that a ``@typedef`` with its ``@property`` tags is."""
    named = [(tag.rest.split(" ")[0].split("."), tag) for tag in tags if tag.name == "property"]
    entries = {"type": Node("object", path, typedef.line)}
    if typedef.type and typedef.type != "object":
        return _type(typedef.type, path, typedef.line)
    entries["properties"] = mapping(
        {names[0]: _type(tag.type, path, tag.line) for names, tag in named if names[0]}, path, typedef.line
    )
    required = [Node(names[0], path, tag.line) for names, tag in named if "required" in names]
    if required:
        entries["required"] = Node(required, path, typedef.line, size=1 + len(required))
    return mapping(entries, path, typedef.line)


def _type(written: str, path: str, line: int) -> Node:
    """The schema that a type is; what is more than a name or a list of them is not read."""
    name = written.strip()
    found = _LIST.match(name) if len(name) <= MAX_TYPE else None
    if found is not None:
        items = _type(found["item"] or found["other"], path, line)
        return mapping({"type": Node("array", path, line), "items": items}, path, line)
    if name in _PLAIN:
        return mapping({"type": Node(name, path, line)} if name != "any" else {}, path, line)
    if re.fullmatch(r"\w+", name):
        return mapping({"$ref": Node(f"#/components/schemas/{name}", path, line)}, path, line)
    return Node({}, path, line, is_open=True)
