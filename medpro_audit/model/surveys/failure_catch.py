"""Every ``catch`` of a handler of Express whose ``try`` answers the request."""

from __future__ import annotations

from collections.abc import Iterable

from medpro_audit.model.errors.bodies import spots_of
from medpro_audit.model.errors.handlers import handlers
from medpro_audit.model.errors.unanswered import caught
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.failure_catch import FailureCatch


def survey(known: Known) -> Iterable[FailureCatch]:
    """One for each clause, sorted."""
    code = known.base.interpreter.code
    found = [
        _catch(known, handler.function.module.path, one.at, handler.endpoint.identity, answers=one.answers)
        for handler in handlers(known.base)
        if handler.endpoint.framework == "express"
        for one in caught(handler.function, spots_of(code, handler.function))
    ]
    return sorted(found, key=lambda each: (each.file, each.line))


def _catch(known: Known, path: str, at: int, serves: str, *, answers: bool | None) -> FailureCatch:
    facts = known.base.facts[path]
    clause = min((one.at for one in facts.catches if one.at > at), default=at)
    return FailureCatch(path, facts.line_of(clause), known.base.backend_of(path), serves, answers)
