"""What each back end does about the documentation of its API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from medpro_audit.core.place import Step
from medpro_audit.model.documentation.analysis import Analysis, analysis_of
from medpro_audit.model.documentation.checking import checks
from medpro_audit.model.documentation.expectation import PAGE
from medpro_audit.model.documentation.interfaces import Interface
from medpro_audit.model.subjects.backend import Backend
from medpro_audit.model.subjects.documentation_setup import DocumentationSetup
from medpro_audit.model.subjects.facets.documentation import Documentation

if TYPE_CHECKING:
    from medpro_audit.model.known import Known


_DOCUMENT = re.compile(r"\b(?:openapi|swagger)['\"]?\s*:\s*['\"`](?:3\.|2\.0)")
_PATHS = re.compile(r"\bpaths['\"]?\s*[:,]")
_WRITTEN = frozenset({"openapi", "swagger-jsdoc", "object"})
"""Sources that nothing but discipline ties to the code."""


def survey(known: Known) -> Sequence[DocumentationSetup]:
    """One for each back end that has endpoints to document."""
    analysis = analysis_of(known)
    facets = known.facet("documentation")
    found: list[DocumentationSetup] = []
    for backend in known.base.backends:
        if backend.root.startswith(".."):
            continue  # what is linked from outside has its documentation there
        own = [
            facet
            for endpoint, facet in zip(known.base.endpoints, facets, strict=True)
            if endpoint.backend == backend.root and endpoint.reached and isinstance(facet, Documentation)
        ]
        if any(facet.is_expected for facet in own):
            found.append(_setup(known, analysis, backend, own))
    return found


def _setup(known: Known, analysis: Analysis, backend: Backend, own: Sequence[Documentation]) -> DocumentationSetup:
    facets = [facet for facet in own if facet.is_expected]
    sources = dict(_sources(analysis, backend.root))
    unseen = [each.reason for each in analysis.unseen if each.backend == backend.root]
    unseen += [each.document.doubt for each in analysis.of_backend(backend.root) if each.document.doubt]
    unseen += _in_code(known, backend.root) if not sources and not unseen else ()
    interface = next(_interfaces(known, analysis, backend.root), None)
    has_documentation = bool(sources) or (None if unseen else False)
    return DocumentationSetup(
        file=backend.file,
        line=backend.line,
        backend=backend.root,
        name=backend.name,
        has_documentation=has_documentation,
        reason=unseen[0] if unseen else "",
        sources=tuple(sorted(set(sources.values()))),
        endpoints=len(facets),
        is_site=sum(facet.reason == PAGE for facet in own) > len(facets),
        documented=sum(facet.status == "documented" for facet in facets),
        has_interface=interface is not None,
        interface=interface.name if interface is not None else "",
        interface_path=interface.path if interface is not None else "",
        drifts=not _WRITTEN.isdisjoint(sources.values()),
        checked_by=next((tool for tool, _ in checks(known, backend.root)), ""),
        trail=tuple(sources),
    )


def _in_code(known: Known, backend: str) -> Iterator[str]:
    """Modules that hold a document as an object, which nothing is seen to show."""
    code = known.base.interpreter.code
    for path, facts in known.base.facts.items():
        if known.base.backend_of(path) == backend and known.base.roles[path] != "test":
            text = code.snippet(path, 0, facts.size)
            if _DOCUMENT.search(text) and _PATHS.search(text):
                yield f"{path} holds a document that nothing is seen to show"


def _sources(analysis: Analysis, backend: str) -> Iterator[tuple[Step, str]]:
    for matched in analysis.of_backend(backend):
        if matched.is_about_backend and matched.document.root.entries and not matched.document.doubt:
            root, source = matched.document.root, matched.document.source
            yield Step(root.file, root.line, f"documentation written as {source}"), source
    for each in analysis.generated:
        if each.backend == backend:
            yield Step(each.file, each.line, f"documentation made by {each.generator}"), each.generator


def _interfaces(known: Known, analysis: Analysis, backend: str) -> Iterator[Interface]:
    """Of the back end, or of another package that shows its documentation."""
    yield from analysis.interfaces.get(backend, ())
    for matched in analysis.of_backend(backend):
        yield from analysis.interfaces.get(known.base.backend_of(matched.document.file), ())
