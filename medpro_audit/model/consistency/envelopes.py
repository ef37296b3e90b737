"""The form in which JSON is sent: which keys tell how it went, and which one holds the content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from medpro_audit.model.answers import Answer, Sent

_TELLING = ("success", "ok", "status", "code", "statusCode", "error", "errors", "message", "msg")
"""Keys that say how it went, in the order in which a form shows them."""
_STATES = ("success", "ok", "status", "code", "statusCode")
"""Those of which a front end asks one before it looks at anything else."""
_HOLDING = ("data", "result", "results", "payload", "response", "items", "docs", "records")
"""Keys that hold the content, whatever it is."""
_JSON = frozenset(("json", "send", "jsonp"))
_FAILED = 400
MIN_KNOWN = 4
"""Endpoints of which the form must be known before one can be called usual."""
BARE = "bare"
_MESSAGE = "{message}"
"""An answer that has nothing but words for the user."""


def form_of(answers: Iterable[Answer]) -> tuple[str | None, Answer | None]:
    """The form of what is sent when nothing fails, with the answer that shows it; None where it can't be seen.

    An answer that only tells how it went, or that has no content, has the form of whatever else is sent there.
    """
    forms: dict[str, Answer] = {}
    unseen: Answer | None = None
    for answer in answers:
        if answer.method not in _JSON or (answer.status is not None and answer.status >= _FAILED):
            continue
        if answer.sent.kind in {"text", "nothing"}:
            continue
        is_surely_json = answer.method != "send" or answer.sent.kind in {"object", "list"}
        form = _form(answer.sent) if is_surely_json else None
        if form is None:
            unseen = unseen or answer
        else:
            forms.setdefault(form, answer)
    if len(forms) == 1 and unseen is None:
        return next(iter(forms.items()))
    return None, unseen or next(iter(forms.values()), None)


def _form(sent: Sent) -> str | None:
    if sent.kind in {"list", "value"}:
        return BARE
    if sent.kind != "object":
        return None
    keys = sent.keys
    state = next((key for key in _STATES if key in keys), None)
    holder = next((key for key in _HOLDING if key in keys), None)
    if sent.is_open and state is None and holder is None:
        return None
    if state is None and holder is None:
        return _MESSAGE if keys and set(keys) <= {"message", "msg"} else BARE
    named = [key for key in keys if key not in _TELLING and key not in _HOLDING]
    content = holder or ("…" if named or sent.is_open else None)
    return "{" + ", ".join(key for key in (state, content) if key) + "}"


def usual_form(forms: Sequence[str]) -> str | None:
    """The form that most endpoints have, of those that have content; None where too few are known."""
    counted = Counter(form for form in forms if _has_content(form))
    if counted.total() < MIN_KNOWN:
        return None
    form, number = min(counted.items(), key=lambda item: (-item[1], item[0]))
    return form if number * 2 > counted.total() else None


def fits(form: str, usual: str) -> bool:
    """Whether a form is the usual one, or what is left of it where there is no content to send."""
    if form == usual:
        return True
    state = None if form == _MESSAGE else _state(form)
    return not _has_content(form) and state == _state(usual)


def _has_content(form: str) -> bool:
    return form == BARE or any(part not in _TELLING for part in _parts(form))


def _state(form: str) -> str | None:
    return next((part for part in _parts(form) if part in _STATES), None)


def _parts(form: str) -> list[str]:
    return form.strip("{}").split(", ")
