"""Hand-made subjects for the rules of the packs errors and consistency."""

from typing import Any, Literal

import msgspec

from medpro_audit.model.subjects import Endpoint, Subject
from medpro_audit.model.subjects.answer import Answer
from medpro_audit.model.subjects.error_handler import ErrorHandler
from medpro_audit.model.subjects.error_setup import ErrorSetup
from medpro_audit.model.subjects.facets.envelope import Envelope
from medpro_audit.model.subjects.facets.errors import Errors
from medpro_audit.model.subjects.facets.pattern import Pattern
from medpro_audit.model.subjects.failure_catch import FailureCatch
from medpro_audit.model.subjects.floating_promise import FloatingPromise
from medpro_audit.model.subjects.json_parse import JsonParse
from medpro_audit.model.subjects.process_handler import ProcessHandler
from medpro_audit.model.subjects.thrown import Thrown
from rules.builders import build

Cases = list[tuple[str, Subject]]

_ANSWER = Answer("a.js", 4, ".", "json", 500, "object", ("error",), True, True, "nothing", "GET /a")  # noqa: FBT003 - the fields
_HANDLER = ErrorHandler("a.js", 9, ".", "onError", "application", 4, "yes", 0)
_SETUP = ErrorSetup("a.js", 1, ".", True, 4, "yes", "yes", "yes")  # noqa: FBT003 - as above
_LISTENER = ProcessHandler("a.js", 2, ".", "uncaughtException", True, "server")  # noqa: FBT003 - as above
_THROWN = Thrown("a.js", 3, ".", "error", "NotFoundError", True, True, True, "server")  # noqa: FBT003 - as above


def _answer(**changes: Any) -> Answer:
    return msgspec.structs.replace(_ANSWER, **changes)


def _handler(**changes: Any) -> ErrorHandler:
    return msgspec.structs.replace(_HANDLER, **changes)


def _setup(**changes: Any) -> ErrorSetup:
    return msgspec.structs.replace(_SETUP, **changes)


def _listener(**changes: Any) -> ProcessHandler:
    return msgspec.structs.replace(_LISTENER, **changes)


def _thrown(**changes: Any) -> Thrown:
    return msgspec.structs.replace(_THROWN, **changes)


def _catch(answers: bool | None) -> FailureCatch:
    return FailureCatch("a.js", 5, ".", "GET /a", answers)


def _promise(*, is_handled: bool, by: Literal["handler", "middleware"] = "handler") -> FloatingPromise:
    return FloatingPromise("a.js", 5, ".", "GET /a", is_handled, by)


def _endpoint(**errors: Any) -> Endpoint:
    return build.endpoint(errors=msgspec.convert(errors, Errors))


def _json_parse(*, is_guarded: bool) -> JsonParse:
    return JsonParse("server.js", 3, ".", "POST /patients", "req.body.data", is_guarded)


def _pattern(source: str, *, conforms: bool | None, elements: tuple[str, ...] = ("router",)) -> Endpoint:
    missing = elements if conforms is False else ()
    fields = {"source": source, "like": "a.js", "elements": elements, "missing": missing, "conforms": conforms}
    return build.endpoint(pattern=msgspec.convert(fields, Pattern))


def _envelope(form: str | None, *, conforms: bool | None, convention: str | None = "bare") -> Endpoint:
    return build.endpoint(envelope=Envelope(form, convention, conforms, sends_json=True))


_CREATES = {"creates": True, "is_status_known": True}

HOLDS: Cases = [
    ("errors/uncaught-rejection", _endpoint(caught_by="wrapper")),
    ("errors/missing-error-handler", _setup()),
    ("errors/missing-rejection-listener", _setup()),
    ("errors/misshapen-error-handler", _handler()),
    ("errors/early-error-handler", _handler()),
    ("errors/silent-error-handler", _handler()),
    ("errors/unanswered-failure", _catch(answers=True)),
    ("errors/floating-promise", _promise(is_handled=True)),
    ("errors/rejecting-middleware", _promise(is_handled=True, by="middleware")),
    ("errors/unguarded-json", _json_parse(is_guarded=True)),
    ("errors/thrown-text", _thrown()),
    ("errors/untyped-error", _thrown()),
    ("errors/leaked-stack", _answer(exposes="message")),
    ("errors/leaked-message", _answer(exposes="stack")),
    ("errors/success-status-on-failure", _answer(status=404)),
    ("errors/success-status-on-refusal", _answer(in_failure=False, status=404)),
    ("errors/created-without-201", _endpoint(**_CREATES, success_statuses=[200, 201])),
    ("errors/resumed-after-exception", _listener()),
    ("consistency/broken-pattern", _pattern("like", conforms=True)),
    ("consistency/other-pattern", _pattern("inferred", conforms=True)),
    ("consistency/other-envelope", _envelope("bare", conforms=True)),
]
BROKEN: Cases = [
    ("errors/uncaught-rejection", _endpoint(caught_by="nothing")),
    ("errors/missing-error-handler", _setup(central="no")),
    ("errors/missing-rejection-listener", _setup(rejections="no")),
    ("errors/misshapen-error-handler", _handler(parameters=3)),
    ("errors/early-error-handler", _handler(late_endpoints=2)),
    ("errors/silent-error-handler", _handler(deals="no")),
    ("errors/unanswered-failure", _catch(answers=False)),
    ("errors/floating-promise", _promise(is_handled=False)),
    ("errors/rejecting-middleware", _promise(is_handled=False, by="middleware")),
    ("errors/unguarded-json", _json_parse(is_guarded=False)),
    ("errors/thrown-text", _thrown(kind="text", is_typed=False)),
    ("errors/untyped-error", _thrown(is_typed=False)),
    ("errors/leaked-stack", _answer(exposes="stack")),
    ("errors/leaked-message", _answer(exposes="error")),
    ("errors/success-status-on-failure", _answer(status=200)),
    ("errors/success-status-on-refusal", _answer(in_failure=False, status=200)),
    ("errors/created-without-201", _endpoint(**_CREATES, success_statuses=[200])),
    ("errors/resumed-after-exception", _listener(ends=False)),
    ("consistency/broken-pattern", _pattern("configured", conforms=False)),
    ("consistency/other-pattern", _pattern("inferred", conforms=False)),
    ("consistency/other-envelope", _envelope("{data}", conforms=False)),
]
UNKNOWN: Cases = [
    ("errors/uncaught-rejection", _endpoint(caught_by="unknown")),
    ("errors/missing-error-handler", _setup(central="unknown")),
    ("errors/silent-error-handler", _handler(deals="unknown")),
    ("errors/unanswered-failure", _catch(answers=None)),
    ("errors/leaked-stack", _answer(exposes="unknown")),
    ("errors/leaked-message", _answer(exposes="unknown")),
    ("errors/leaked-message", _answer(exposes="message", status=None)),
    ("errors/success-status-on-failure", _answer(status=None)),
    ("errors/success-status-on-refusal", _answer(in_failure=False, status=None)),
    ("errors/resumed-after-exception", _listener(ends=None)),
    ("consistency/broken-pattern", _pattern("like", conforms=None)),
    ("consistency/other-pattern", _pattern("inferred", conforms=None)),
    ("consistency/other-envelope", _envelope(None, conforms=None)),
]
LEFT_ALONE: Cases = [
    ("errors/floating-promise", _promise(is_handled=False, by="middleware")),
    ("errors/rejecting-middleware", _promise(is_handled=False)),
    ("errors/uncaught-rejection", _endpoint(caught_by="not-needed")),
    ("errors/missing-error-handler", _setup(is_express=False, central="no")),
    ("errors/misshapen-error-handler", _handler(parameters=None)),
    ("errors/early-error-handler", _handler(parameters=3, late_endpoints=2)),
    ("errors/thrown-text", _thrown(kind="text", role="script")),
    ("errors/untyped-error", _thrown(is_typed=False, in_request=False)),
    ("errors/untyped-error", _thrown(is_typed=False, has_types=False)),
    ("errors/untyped-error", _thrown(is_typed=False, is_caught=True)),
    ("errors/leaked-stack", _answer(exposes="stack", in_failure=False)),
    ("errors/leaked-message", _answer(exposes="message", status=404)),
    ("errors/success-status-on-failure", _answer(says_failure=False, status=200)),
    ("errors/success-status-on-failure", _answer(in_failure=False, status=200)),
    ("errors/success-status-on-refusal", _answer(status=200)),
    ("errors/created-without-201", _endpoint(creates=True, success_statuses=[200])),
    ("errors/resumed-after-exception", _listener(event="unhandledRejection", ends=False)),
    ("consistency/broken-pattern", _pattern("inferred", conforms=False)),
    ("consistency/other-pattern", _pattern("inferred", conforms=None, elements=())),
    ("consistency/other-envelope", _envelope("{data}", conforms=None, convention=None)),
]
