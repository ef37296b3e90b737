"""Catch clauses, and which of them swallow what they catch."""

from __future__ import annotations

from medpro_audit.core.stages import stage
from medpro_audit.facts.file import CatchFact, FileFacts
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.logs.calls import SNIPPET_LENGTH, Sources
from medpro_audit.model.logs.failures import is_explained, loses_work, swallows
from medpro_audit.model.subjects import CatchClause


@stage("logs")
def build_catches(sources: Sources) -> tuple[CatchClause, ...]:
    """All catch clauses and ``.catch()`` callbacks, sorted by place."""
    return tuple(
        CatchClause(
            file=path,
            line=facts.line_of(clause.at),
            backend=sources.backend_of(path),
            role=sources.roles.get(path, "server"),
            swallows=(is_idle := swallows(clause)) and loses_work(clause),
            is_explained=is_idle and is_explained(sources.code.snippet(path, clause.at, clause.end)),
            ignores=is_idle and not loses_work(clause),
            snippet=_snippet(sources.code, facts, clause),
        )
        for path, facts in sorted(sources.files.items())
        for clause in sorted(facts.catches, key=lambda clause: clause.at)
    )


def _snippet(code: Code, facts: FileFacts, clause: CatchFact) -> str:
    """The line on which a clause begins; with the one before it, which tells more, where it only closes a block."""
    place = facts.place(clause.at)
    start = clause.at - place.column + 1
    line = _line(code.snippet(facts.path, start, clause.end))
    if line.startswith("}") and start:
        before = facts.place(start - 1)
        line = f"{_line(code.snippet(facts.path, start - before.column, start))} {line}"
    return line[:SNIPPET_LENGTH]


def _line(source: str) -> str:
    return " ".join(source.strip("\r\n").partition("\n")[0].split())
