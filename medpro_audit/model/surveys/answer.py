"""Every place of the server's code that answers requests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import structs

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.answers import Answer as Sending
from medpro_audit.model.answers import Sent
from medpro_audit.model.errors.bodies import Spot, spots_of
from medpro_audit.model.errors.exposure import Exposure, exposure, failing
from medpro_audit.model.errors.serving import Serving, servings
from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.answer import Answer

_JSON = frozenset(("json", "send", "jsonp"))
_FAILING_STATES = frozenset(("error", "fail", "failed", "failure"))
_ERRORS = frozenset(("error", "errors", "err"))
_TELLING = frozenset((*_ERRORS, "message", "msg", "success", "ok", "status", "code", "statusCode"))
_SNIPPET = 120
_PROTOCOL = re.compile(r"\(\s*[`'\"](?:(?:END|CON) |<\?xml|<Response\b)")
"""What gateways of telephone networks want with a status of success: the menus of USSD, documents of TwiML."""
_CHECKING = re.compile(
    r"(?:(?:^|[/_-])(?:check|exists?|health|ping|probe|status|test|valid(?:ate|ity)?|verify)"
    r"|[a-z](?-i:Check|Health|Ping|Probe|Status|Test))(?![a-z])",
    re.IGNORECASE,
)
"""Paths of endpoints that try something out: that it fails is what they have found."""


def survey(known: Known) -> Iterable[Answer]:
    """One for each place, sorted."""
    by_place: defaultdict[tuple[str, int], list[tuple[Serving, Sending]]] = defaultdict(list)
    for serving in servings(known.base):
        for answer in serving.summary.answers:
            by_place[answer.site.module.path, answer.site.at].append((serving, answer))
    reader = _Reader(known)
    served = [uses for (path, _), uses in by_place.items() if known.base.roles.get(path) == "server"]
    found = _spared([(_function_of(uses), reader.answer(uses)) for uses in served])
    return sorted(found, key=lambda answer: (answer.file, answer.line, answer.method, answer.snippet))


def _function_of(uses: Sequence[tuple[Serving, Sending]]) -> FunctionKey | None:
    function = uses[0][1].function
    return function.key if function is not None else None


def _spared(found: Sequence[tuple[FunctionKey | None, Answer]]) -> Iterator[Answer]:
    """The answers; one that the same function also gives when all went well keeps secret that something has failed."""
    well = {(function, each.snippet) for function, each in found if not each.in_failure and not each.says_failure}
    for function, each in found:
        yield structs.replace(each, says_failure=False) if (function, each.snippet) in well else each


class _Body(NamedTuple):
    every: Sequence[Spot]
    calls: dict[int, Spot]


class _Reading(NamedTuple):
    """What the function around an answer says of it."""

    in_failure: bool
    exposes: Exposure


_UNSEEN = _Reading(in_failure=False, exposes="unknown")


class _Reader:
    """Reads what surrounds an answer in the code."""

    def __init__(self, known: Known) -> None:
        self._base = known.base
        self._bodies: dict[FunctionKey, _Body] = {}

    def answer(self, uses: Sequence[tuple[Serving, Sending]]) -> Answer:
        """What is known of one place, from all the ways that lead there."""
        first = uses[0][1]
        place = first.site.place
        statuses = {answer.status for _, answer in uses}
        endpoints = {serving.endpoint.identity: serving.endpoint for serving, _ in uses if serving.endpoint is not None}
        is_error_handler = all(serving.is_error_handler for serving, _ in uses)
        reading = self._reading(first, is_error_handler=is_error_handler)
        in_failure = reading.in_failure or all(self._in_catch(answer) for _, answer in uses)
        only = next(iter(endpoints.values())) if len(endpoints) == 1 and len(uses) == 1 else None
        return Answer(
            file=place.file,
            line=place.line,
            backend=self._base.backend_of(place.file),
            method=first.method,
            status=statuses.pop() if len(statuses) == 1 else None,
            kind=first.sent.kind,
            keys=first.sent.keys,
            in_failure=in_failure,
            says_failure=says_failure(first, in_failure=in_failure) and not self._is_outcome(first, tuple(endpoints)),
            exposes=reading.exposes if in_failure else "nothing",
            serves=only.identity if only is not None else "",
            snippet=self._line(place.file, first.site.at),
            trail=_trail(first),
        )

    def _is_outcome(self, answer: Sending, endpoints: Sequence[str]) -> bool:
        """Whether it is the outcome of a check that was asked for, or what the protocol of a gateway wants."""
        if any(value is False and key not in _TELLING for key, value in answer.sent.fields):
            return bool(endpoints) and all(_CHECKING.search(identity) for identity in endpoints)
        return _PROTOCOL.search(self._line(answer.site.place.file, answer.site.at)) is not None

    def _reading(self, answer: Sending, *, is_error_handler: bool) -> _Reading:
        if answer.function is None:
            return _UNSEEN
        body = self._body(answer.function)
        spot = body.calls.get(answer.site.at)
        if spot is None:
            return _UNSEEN
        is_outermost = len(answer.calls) <= _OUTERMOST
        around = failing(answer.function, spot, is_error_handler=is_error_handler and is_outermost)
        return _Reading(around.is_branch, exposure(body.every, spot, around.names))

    def _body(self, function: FunctionValue) -> _Body:
        known = self._bodies.get(function.key)
        if known is None:
            every = spots_of(self._base.interpreter.code, function)
            calls = {spot.node.at: spot for spot in every if isinstance(spot.node, ir.Call)}
            known = self._bodies[function.key] = _Body(every, calls)
        return known

    @staticmethod
    def _in_catch(answer: Sending) -> bool:
        """Whether it, or a call that leads to it, stands in a ``catch``."""
        sites = [answer.site, *(site for _, site in answer.calls[1:])]
        return any(clause.at <= site.at < clause.end for site in sites for clause in site.module.facts.catches)

    def _line(self, path: str, at: int) -> str:
        source = self._base.interpreter.code.snippet(path, at, at + _SNIPPET)
        return " ".join(source.partition("\n")[0].split())


_OUTERMOST = 2
"""Calls that lead to an answer in the error handler itself: of the handler, and of what stands for it."""


def says_failure(answer: Sending, *, in_failure: bool) -> bool:
    """Whether what is sent says that something has failed."""
    if answer.method not in _JSON:
        return False
    says_success = any(key in {"success", "ok"} and value is True for key, value in answer.sent.fields)
    return not says_success and any(_speaks(answer.sent, in_failure=in_failure))


def _speaks(sent: Sent, *, in_failure: bool) -> Iterator[bool]:
    for key, value in sent.fields:
        yield key in {"success", "ok"} and value is False
        yield key == "status" and isinstance(value, str) and value.lower() in _FAILING_STATES
        yield key in _ERRORS and (
            value is True or (isinstance(value, str) and bool(value) and (in_failure or value != "?"))
        )
    if in_failure:
        yield sent.kind == "text"
        yield sent.kind == "object" and bool(sent.keys) and set(sent.keys) <= {"message", "msg"}


def _trail(answer: Sending) -> tuple[Step, ...]:
    """The calls that led there from the function that serves the request."""
    places = [site.place for _, site in answer.calls[1:]]
    return tuple(Step(place.file, place.line, "it calls what answers") for place in places)
