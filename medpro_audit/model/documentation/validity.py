"""Whether a document is what the OpenAPI specification allows, by the JSON Schemas that are published with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.documentation.document import Document
from medpro_audit.model.documentation.nodes import UNSEEN, Node, plain
from medpro_audit.model.schemas import Shape

if TYPE_CHECKING:
    import jsonschema_rs

MAX_FAULTS = 50
"""Of one document that are told."""
MAX_NODES = 100_000
_MAX_TEXT = 160


class SpecificationFault(NamedTuple):
    """Something that the specification does not allow."""

    file: str
    line: int
    message: str


def faults_of(document: Document) -> list[SpecificationFault]:
    """The faults of a document in the order of their places; those of what can't be seen are left out."""
    found = [SpecificationFault(*fault) for fault in document.faults]
    if document.source != "zod-to-openapi" and document.root.entries:  # what is registered is no OpenAPI yet
        found += _against_schema(document)
        found += _dangling(document)
        found += _repeated(document)
    return sorted(dict.fromkeys(found))[:MAX_FAULTS]


def is_seen_whole(document: Document) -> bool:
    """Whether all of a document is known, so that it can be called valid."""
    return (
        not document.gaps
        and document.source != "zod-to-openapi"
        and all(node.is_seen and not isinstance(node.value, Shape) for node in document.root.walk(MAX_NODES))
    )


@cache
def _validator(version: str) -> jsonschema_rs.Validator:
    import jsonschema_rs  # noqa: PLC0415 - few repositories need it

    text = files(f"{__package__}.schemas").joinpath(f"{version}.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def _against_schema(document: Document) -> Iterator[SpecificationFault]:
    version = document.version[:3] if document.version else ""
    if version not in {"2.0", "3.0", "3.1"}:
        if version != "3.2" and not document.root.is_open:
            text = f"{document.version or 'none'} is no version of OpenAPI that is known"
            yield SpecificationFault(document.file, document.root.line, text)
        return
    for error in _validator(version).iter_errors(_versioned(document)):
        likely = _likeliest(error)
        node, is_seen = _node_at(document.root, likely.instance_path)
        if is_seen:
            yield SpecificationFault(node.file, node.line, _message(likely))


def _versioned(document: Document) -> object:
    """The document; a version that is written as a number is what its tools take it for, an empty host is none."""
    content = plain(document.root)
    if isinstance(content, dict):
        for key in ("host", "basePath"):
            if content.get(key) == "":
                del content[key]
        for key in ("openapi", "swagger"):
            if isinstance(content.get(key), int | float):
                content[key] = str(content[key])
    return content


def _likeliest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """The fault within an alternative that was most likely meant: that which gets furthest, and is no reference."""
    while True:
        branches = [branch for branch in getattr(error.kind, "context", None) or () if branch]
        meant = [branch for branch in branches if not _is_reference(branch)] or branches
        if not meant:
            return error
        error = max(meant, key=lambda branch: (max(len(each.instance_path) for each in branch), -len(branch)))[0]


def _is_reference(branch: Sequence[jsonschema_rs.ValidationError]) -> bool:
    return any('"$ref" is a required property' in each.message for each in branch)


def _message(error: jsonschema_rs.ValidationError) -> str:
    where = "/".join(str(step) for step in error.instance_path[-3:])
    text = " ".join(error.message.split())
    return f"{where}: {text[:_MAX_TEXT]}" if where else text[:_MAX_TEXT]


def _node_at(root: Node, path: Sequence[str | int]) -> tuple[Node, bool]:
    """The node at a path, or the last one on the way to it that is known, and whether all of the way is seen."""
    node = root
    for step in path:
        inner = node.entries.get(str(step))
        if inner is None and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            return node, False
        node = inner
    return node, node.is_seen and not isinstance(node.value, Shape) and not any(
        inner.value is UNSEEN or isinstance(inner.value, Shape) for inner in (*node.entries.values(), *node.items)
    )


def _dangling(document: Document) -> Iterator[SpecificationFault]:
    """References within the document, or to files beside it, that lead nowhere."""
    for node in document.root.walk(MAX_NODES):
        reference = node.find("$ref")
        if reference is None or not isinstance(reference.value, str) or "://" in reference.value:
            continue
        if document.target(reference.value, reference.file) is None and not document.root.is_open:
            yield SpecificationFault(reference.file, reference.line, f"the reference {reference.value} leads nowhere")


def _repeated(document: Document) -> Iterator[SpecificationFault]:
    """Identifiers of operations that are not unique."""
    seen: dict[str, str] = {}
    for operation in document.operations():
        name = operation.node.text("operationId")
        here = f"{operation.method} {operation.path}"
        if name and seen.setdefault(name, here) != here:
            node = operation.node.find("operationId") or operation.node
            yield SpecificationFault(node.file, node.line, f"the operationId {name} is that of {seen[name]} too")
