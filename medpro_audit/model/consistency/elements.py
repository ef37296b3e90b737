"""Which elements of a route pattern an endpoint has, lacks, or has no need for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from medpro_audit.core.config import PatternElement
from medpro_audit.model.consistency.purposes import is_of_operation
from medpro_audit.model.consistency.services import Services
from medpro_audit.model.endpoints import Passage
from medpro_audit.model.evaluation.values import FunctionValue, Unknown
from medpro_audit.model.known import Known
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import PARTS, Endpoint, LogCall
from medpro_audit.model.subjects.facets.envelope import Envelope
from medpro_audit.model.subjects.facets.errors import Errors

State = Literal["present", "missing", "not-needed", "unknown"]

_REFUSING = frozenset((401, 403))
_PUBLIC = re.compile(
    r"(?:^|[/_-])(?:log-?in|log-?out|sign-?(?:in|up|out)|register|registration|refresh|forgot|reset|verify|activate"
    r"|webhooks?|callback|oauth\d?|sso|saml|public|csrf\S*|token)(?:$|[/_-])",
    re.IGNORECASE,
)
"""Paths that are open to everybody by their nature: that they ask for no authentication says nothing."""
_FOREIGN = "it comes from the package"


class Subject(NamedTuple):
    """An endpoint with all that its elements are read from."""

    endpoint: Endpoint
    row: Row
    passage: Passage
    errors: Errors
    envelope: Envelope

    @property
    def is_asked(self) -> bool:
        """Whether a pattern is asked of it: a mounted route of the program's own that serves its purpose."""
        endpoint = self.endpoint
        is_foreign = endpoint.handler.reason is not None and endpoint.handler.reason.startswith(_FOREIGN)
        is_for_users = endpoint.method != "OPTIONS" and not is_of_operation(endpoint.path)
        return endpoint.kind == "route" and endpoint.reached and is_for_users and not is_foreign

    @property
    def summary(self) -> Summary | None:
        """What its handler does."""
        links = self.passage.ledger.links
        return links[-1].summary if links else None

    @property
    def function(self) -> FunctionValue | None:
        """Its handler."""
        found = self.passage.found
        return found.value if found is not None and isinstance(found.value, FunctionValue) else None

    @property
    def is_static(self) -> bool:
        """Its handler only answers: it reads nothing, calls nothing outside and waits for nothing."""
        summary = self.summary
        waits = self.errors.caught_by != "not-needed"
        return summary is not None and not (self.endpoint.reads or summary.calls or summary.reason or waits)


def _hands_on(subject: Subject) -> bool:
    """Whether a function in the route file, after some work of its own, leaves the rest to one in another file."""
    function, summary = subject.function, subject.summary
    if function is None or summary is None:
        return False
    reached = {function.key}
    for caller, called in summary.delegations:
        if caller is not None and caller.key in reached:
            reached.add(called.key)
    return any(path != function.module.path for path, _ in reached)


class Elements:
    """Reads the elements of endpoints."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._services = Services(known.base)
        self._tests: Mapping[PatternElement, Callable[[Subject], State]] = {
            "router": self._router,
            "authentication": self._authentication,
            "validation": self._validation,
            "wrapper": self._wrapper,
            "controller": self._controller,
            "service": self._service,
            "envelope": self._envelope,
            "central-errors": self._central_errors,
            "logging": self._logging,
        }

    def states(self, subject: Subject) -> dict[PatternElement, State]:
        """Each element of an endpoint."""
        return {element: test(subject) for element, test in self._tests.items()}

    @staticmethod
    def _router(subject: Subject) -> State:
        if subject.endpoint.framework != "express" or not subject.row.items or subject.is_static:
            return "not-needed"
        return "missing" if subject.row.items[-1].router.is_application else "present"

    def _authentication(self, subject: Subject) -> State:
        """Some middleware that is known to authenticate, or that answers 401 or 403 and else passes on."""
        endpoint, row = subject.endpoint, subject.row
        if "authentication" in endpoint.roles:
            return "present"
        layers = (*row.active, *row.items[:-1])
        if any(self._refuses(subject, index) for index in range(len(layers))):
            return "present"
        if _PUBLIC.search(endpoint.path) or subject.is_static:
            return "not-needed"
        return "unknown" if any(isinstance(layer.value, Unknown) for layer in layers) else "missing"

    @staticmethod
    def _refuses(subject: Subject, index: int) -> bool:
        links = subject.passage.ledger.links[len(subject.row.guards) :]
        summary = links[index].summary if index < len(links) else None
        return (
            summary is not None
            and summary.passes
            and not _REFUSING.isdisjoint({*summary.statuses, *(answer.status for answer in summary.answers)})
        )

    @staticmethod
    def _validation(subject: Subject) -> State:
        parts = [getattr(subject.endpoint.validation, part) for part in PARTS if part != "headers"]
        # That something reads it before is a fault of the order, which has a rule of its own.
        statuses = {"validated" if part.is_late else part.status for part in parts} - {"not-read"}
        if not statuses:
            return "not-needed"
        if "missing" in statuses:
            return "missing"
        return "unknown" if "unknown" in statuses else "present"

    @staticmethod
    def _wrapper(subject: Subject) -> State:
        states: dict[str, State] = {
            "wrapper": "present",
            "framework": "not-needed",
            "not-needed": "not-needed",
            "unknown": "unknown",
        }
        return states.get(subject.errors.caught_by, "missing")

    @staticmethod
    def _controller(subject: Subject) -> State:
        endpoint = subject.endpoint
        if endpoint.handler.file is None:
            return "unknown"
        if endpoint.handler.file != endpoint.file or _hands_on(subject):
            return "present"
        return "not-needed" if subject.is_static else "missing"

    def _service(self, subject: Subject) -> State:
        if subject.function is None or subject.summary is None:
            return "unknown"
        return self._services.state(subject.function, subject.summary)

    @staticmethod
    def _envelope(subject: Subject) -> State:
        conforms = subject.envelope.conforms
        if conforms is None:
            return "unknown" if subject.envelope.sends_json else "not-needed"
        return "present" if conforms else "missing"

    @staticmethod
    def _central_errors(subject: Subject) -> State:
        errors, summary = subject.errors, subject.summary
        if errors.caught_by == "not-needed":
            return "not-needed"
        if errors.caught_by == "unknown" or errors.central == "unknown" or summary is None:
            return "unknown"
        forwards = errors.caught_by in {"framework", "wrapper"} or (errors.caught_by == "handler" and summary.failures)
        return "present" if forwards and errors.central == "yes" else "missing"

    def _logging(self, subject: Subject) -> State:
        function = subject.function
        if function is None:
            return "unknown"
        facts = function.module.facts
        first, last = facts.line_of(function.node.start), facts.line_of(function.node.end)
        loggers = {call.logger for call in self._log_calls.get(facts.path, ()) if first <= call.line <= last}
        if not loggers:
            return "not-needed"
        if loggers & {"console", "other"}:
            return "missing"
        return "unknown" if "unknown" in loggers else "present"

    @cached_property
    def _log_calls(self) -> dict[str, list[LogCall]]:
        found: dict[str, list[LogCall]] = {}
        for call in self._known.base.log_calls:
            found.setdefault(call.file, []).append(call)
        return found
