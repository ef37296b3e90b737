"""The documents that describe the API, and whether they are valid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medpro_audit.core.place import Step
from medpro_audit.model.documentation.analysis import Matched, analysis_of
from medpro_audit.model.documentation.validity import SpecificationFault, faults_of, is_seen_whole
from medpro_audit.model.subjects.specification import Specification

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

MAX_STEPS = 20
"""Faults in the trail."""


def survey(known: Known) -> Sequence[Specification]:
    """All OpenAPI documents, by where they begin."""
    found = [_specification(each) for each in analysis_of(known).documents if each.document.source != "apidoc"]
    return sorted(found, key=lambda each: (each.begins, each.source, each.line))


def _specification(matched: Matched) -> Specification:
    document = matched.document
    faults = faults_of(document)
    at = faults[0] if faults else SpecificationFault(document.file, document.root.line, "")
    assert document.source != "apidoc"
    return Specification(
        file=at.file,
        line=at.line,
        backend=matched.backend,
        source=document.source,
        begins=document.file,
        version=document.version,
        operations=sum(1 for _ in document.operations()),
        is_about_backend=matched.is_about_backend,
        is_valid=False if faults else True if is_seen_whole(document) else None,
        faults=len(faults),
        fault=at.message,
        trail=tuple(Step(fault.file, fault.line, fault.message) for fault in faults[1:MAX_STEPS]),
    )
