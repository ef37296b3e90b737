"""The comments that hold documentation of the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.documentation.analysis import analysis_of
from medpro_audit.model.documentation.comments import Comment
from medpro_audit.model.subjects.documentation_comment import DocumentationComment

if TYPE_CHECKING:
    from medpro_audit.model.known import Known


def survey(known: Known) -> Sequence[DocumentationComment]:
    """All of them, by place."""
    found = [_comment(known, comment) for comment in analysis_of(known).comments]
    return sorted(found, key=lambda each: (each.file, each.line))


def _comment(known: Known, comment: Comment) -> DocumentationComment:
    place, fault = comment.place, comment.fault
    return DocumentationComment(
        file=place.file,
        line=fault.line if fault is not None else place.line,
        backend=known.base.backend_of(place.file),
        is_read=comment.is_read,
        patterns=comment.patterns,
        is_wellformed=fault is None,
        fault=fault.message if fault is not None else "",
        snippet=comment.begins,
    )
