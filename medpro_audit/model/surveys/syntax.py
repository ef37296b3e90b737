"""Where the tree-sitter queries of syntax rules match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.model.subjects import SyntaxMatch

if TYPE_CHECKING:
    from medpro_audit.model.known import Known


def survey(known: Known) -> Iterator[SyntaxMatch]:
    """All matches in all files, by place."""
    for path, facts in known.base.facts.items():
        for match in facts.matches:
            yield SyntaxMatch(
                rule=match.rule,
                file=path,
                line=match.line,
                column=match.column,
                end_line=match.end_line,
                backend=known.base.backend_of(path),
                role=known.base.roles[path],
                snippet=match.snippet,
                trail=(),
            )
