"""Every promise of a handler that nobody waits for, and of a middleware that nobody catches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from medpro_audit.core.place import Place, Step
from medpro_audit.model.errors.handlers import handlers
from medpro_audit.model.errors.middleware import unheard
from medpro_audit.model.errors.promises import Floating, Promises
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.floating_promise import FloatingPromise
from medpro_audit.model.subjects.process_handler import ProcessHandler

_SNIPPET = 100
_WHOLE = 1_000_000


def survey(known: Known) -> Iterable[FloatingPromise]:
    """One for each place, sorted."""
    promises = Promises(known.base.interpreter)
    listening = _listening(known)
    found = [
        FloatingPromise(
            file=path,
            line=known.base.facts[path].line_of(one.at),
            backend=(backend := known.base.backend_of(path)),
            serves=handler.endpoint.identity,
            is_handled=_is_handled(one, listening.get(backend, False)),
            snippet=known.base.interpreter.code.snippet(path, one.at, one.at + _SNIPPET).partition("\n")[0],
        )
        for handler in handlers(known.base)
        for path in (handler.function.module.path,)
        for one in promises.floating(handler.function)
    ]
    found += _unheard(known)
    return sorted(found, key=lambda each: (each.file, each.line, each.by, each.snippet))


def _unheard(known: Known) -> Iterator[FloatingPromise]:
    """What middleware waits for; whether a listener hears of its rejection, the client gets no answer."""
    for one in unheard(known.base):
        place, function = one.risk.place, one.function
        serves = f"{one.endpoint.identity} and {one.others} more" if one.others else one.endpoint.identity
        yield FloatingPromise(
            file=place.file,
            line=place.line,
            backend=known.base.backend_of(place.file),
            serves=serves,
            is_handled=False,
            by="middleware",
            snippet=_line(known, place),
            trail=(Step(function.place.file, function.place.line, f"{one.endpoint.identity} runs through it"),),
        )


def _line(known: Known, place: Place) -> str:
    lines = known.base.interpreter.code.snippet(place.file, 0, _WHOLE).splitlines()
    return lines[place.line - 1].strip()[:_SNIPPET] if place.line <= len(lines) else ""


def _listening(known: Known) -> dict[str, bool | None]:
    """Back ends that hear of rejections and go on; None for one of which it can't be seen whether it goes on.

    Without a listener for rejections, Node hands them to that for exceptions.
    """
    found: dict[str, bool | None] = {}
    listeners = cast("list[ProcessHandler]", list(known.found("process-handler")))
    for each in sorted(listeners, key=lambda each: each.event):  # that for rejections last, since it has the last word
        if each.role == "server":
            found[each.backend] = None if each.ends is None else not each.ends
    return found


def _is_handled(promise: Floating, heard: bool | None) -> bool | None:
    if promise.is_handled or promise.answers:
        return promise.is_handled
    return heard
