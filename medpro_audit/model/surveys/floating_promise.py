"""Every promise of a handler that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterable

from medpro_audit.model.errors.handlers import handlers
from medpro_audit.model.errors.promises import Promises
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.floating_promise import FloatingPromise

_SNIPPET = 100


def survey(known: Known) -> Iterable[FloatingPromise]:
    """One for each place, sorted."""
    promises = Promises(known.base.interpreter)
    found = [
        FloatingPromise(
            file=path,
            line=known.base.facts[path].line_of(one.at),
            backend=known.base.backend_of(path),
            serves=handler.endpoint.identity,
            is_handled=one.is_handled,
            snippet=known.base.interpreter.code.snippet(path, one.at, one.at + _SNIPPET).partition("\n")[0],
        )
        for handler in handlers(known.base)
        for path in (handler.function.module.path,)
        for one in promises.floating(handler.function)
    ]
    return sorted(found, key=lambda each: (each.file, each.line, each.snippet))
