"""All that a repository says of its API, and what it is about; computed once for each model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.documentation.apidoc import apidoc_documents
from medpro_audit.model.documentation.comments import Comment, CommentDocuments
from medpro_audit.model.documentation.constructed import Generated, Unseen, generated, unseen
from medpro_audit.model.documentation.details import Details, details_of
from medpro_audit.model.documentation.document import Document, Operation
from medpro_audit.model.documentation.express_jsdoc import jsdoc_documents
from medpro_audit.model.documentation.files import DocumentFiles
from medpro_audit.model.documentation.interfaces import Interface, interfaces, mounted_packages
from medpro_audit.model.documentation.matching import Index, Match, match_document
from medpro_audit.model.documentation.registered import (
    declared_documents,
    object_documents,
    registered_documents,
    shown_files,
)
from medpro_audit.model.documentation.tables import tables_of

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

GENERATED_SHARE = 0.5
"""Of the operations of a file that stand in the code too, from which on the file is made from the code."""


COPIED_SHARE = 0.8
"""Of what a file documents that another document documents too, from which on the file is a copy of it."""


class Matched(NamedTuple):
    """A document with what became of its operations."""

    document: Document
    matches: tuple[Match, ...]
    backend: str
    """That it is about."""
    made_from: Matched | None = None
    """The code that it is made from, which says the same."""

    @property
    def is_about_backend(self) -> bool:
        """Whether it describes this very back end, and not a service that is used."""
        return self.document.is_served or any(match.is_served for match in self.matches)


class Analysis(NamedTuple):
    """What is said of the API of a repository."""

    documents: tuple[Matched, ...]
    comments: tuple[Comment, ...]
    generated: tuple[Generated, ...]
    unseen: tuple[Unseen, ...]
    interfaces: dict[str, list[Interface]]
    """By back end."""
    twins: dict[int, Operation]
    """The same operation in a file that is made from the code, by the identity of the code's node."""

    details: dict[int, Details]
    """What operations say, by the identity of their nodes."""

    def details_of(self, operation: Operation) -> Details:
        """What an operation says; where a file is made from it, that is what is read."""
        key = id(operation.node)
        if key not in self.details:
            self.details[key] = details_of(self.twins.get(key, operation))
        return self.details[key]

    def of_backend(self, backend: str) -> Iterator[Matched]:
        """Documents about a back end."""
        return (each for each in self.documents if each.backend == backend)


def analysis_of(known: Known) -> Analysis:
    """The analysis of a model."""
    return known.shared(_analyse)


def _analyse(known: Known) -> Analysis:
    files = DocumentFiles(known)
    commented = CommentDocuments(known, files.read)
    documents = [
        *_once(known, commented.documents),
        *registered_documents(known),
        *declared_documents(known),
        *jsdoc_documents(known),
        *apidoc_documents(known),
    ]
    own = [*files.documents()]
    split = {path for document in own for path in _parts(document)}
    own = [document for document in own if document.file not in split]
    shown = shown_files(known)
    for document in own:
        document.is_served = document.file in shown
    objects = [document for document in object_documents(known) if not _is_file(document, own)]
    mounted = list(mounted_packages(known))
    index = Index(
        known.base.endpoints,
        [(known.base.backend_of(gap.place.file), gap) for gap in known.base.unresolved_routes],
        [(known.base.backend_of(one.file), one) for one in mounted],
        lambda: known.shared(tables_of),
    )
    matched, twins = _matched(known, [*documents, *objects, *own], index)
    matched = _without_copies(matched)
    made = tuple(generated(known))
    documented = {each.backend for each in matched if each.is_about_backend} | {each.backend for each in made}
    return Analysis(
        documents=tuple(matched),
        comments=tuple(commented.comments()),
        generated=made,
        unseen=tuple(unseen(known, documented)),
        interfaces=interfaces(known, mounted),
        twins=twins,
        details={},
    )


def _once(known: Known, documents: Sequence[Document]) -> list[Document]:
    """Documents without those that say the same as another one, that of the server kept."""
    kept: dict[tuple[object, ...], Document] = {}
    for document in sorted(documents, key=lambda each: known.base.roles.get(each.file) != "server"):
        said = [(*operation.identity, operation.node.file, operation.node.line) for operation in document.operations()]
        kept.setdefault((known.base.backend_of(document.file), *said) if said else (id(document),), document)
    return list(kept.values())


def _parts(document: Document) -> Sequence[str]:
    """Files that a document is split over, which are none of their own."""
    list(document.operations())
    return document.files


def _is_file(document: Document, files: Sequence[Document]) -> bool:
    """Whether an object is what one of the files says, which then is what people see."""
    said = {operation.identity for operation in document.operations()}
    for other in files:
        if said == {operation.identity for operation in other.operations()}:
            other.is_served = True
            return True
    return False


def _matched(known: Known, documents: Sequence[Document], index: Index) -> tuple[list[Matched], dict[int, Operation]]:
    found: list[Matched] = []
    twins: dict[int, Operation] = {}
    for document in documents:
        operations = list(document.operations())
        home = known.base.backend_of(document.file)
        source = _source(operations, [one for one in found if one.document.source != "openapi"], home, known)
        if document.source == "openapi" and source is not None:
            document.is_served = source.is_about_backend
            codes = {match.operation.identity: match.operation for match in source.matches}
            twins.update({id(codes[each.identity].node): each for each in operations if each.identity in codes})
            operations = [operation for operation in operations if operation.identity not in codes]
        matches = match_document(document, operations, home, index) if operations else []
        backend = matches[0].backend if matches else source.backend if source is not None else home
        found.append(Matched(document, tuple(matches), backend, source))
    return found, twins


def _without_copies(found: Sequence[Matched]) -> list[Matched]:
    """Documents without files that nothing shows and that say again what another one says, as a backup does."""
    kept: list[Matched] = []
    for matched in sorted(found, key=lambda one: (not one.document.is_served, one.document.source == "openapi")):
        said = _endpoints(matched)
        is_file = matched.document.source == "openapi" and not matched.document.is_served
        if not (is_file and said and any(_says(other, matched.backend, said) for other in kept)):
            kept.append(matched)
    return [matched for matched in found if any(matched is one for one in kept)]


def _endpoints(matched: Matched) -> frozenset[int]:
    return frozenset(endpoint for match in matched.matches for endpoint in match.endpoints)


def _says(other: Matched, backend: str, said: frozenset[int]) -> bool:
    return other.backend == backend and len(said & _endpoints(other)) >= COPIED_SHARE * len(said)


def _source(operations: Sequence[Operation], codes: Sequence[Matched], home: str, known: Known) -> Matched | None:
    """The code that a file is made from: in the same back end, and it says what most of the file says."""
    own = {operation.identity for operation in operations}
    for code in codes:
        if known.base.backend_of(code.document.file) == home:
            shared = own & {match.operation.identity for match in code.matches}
            if own and len(shared) >= GENERATED_SHARE * len(own):
                return code
    return None
