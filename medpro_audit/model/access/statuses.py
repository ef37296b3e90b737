"""With what a request ends: statuses of answers and errors, and whether a caller is turned away."""

from __future__ import annotations

import re

from medpro_audit.model.evaluation.values import (
    Choice,
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Text,
    Unknown,
    Value,
)

_NAMES = {
    "BADREQUEST": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "NOTFOUND": 404,
    "CONFLICT": 409,
    "UNPROCESSABLEENTITY": 422,
    "TOOMANYREQUESTS": 429,
    "INTERNALSERVERERROR": 500,
}
"""Names that packages of constants give to statuses, such as http-status and http-status-codes."""
_LOGIN = re.compile(r"log[-_]?in|sign[-_]?in|auth(?!or(?!i))|forbidden|denied|\b40[13]\b", re.IGNORECASE)
_LEAST_REFUSAL = 400


def status_of(value: Value | None) -> int | None:
    """The status that a value stands for; None when it isn't known, or none was set."""
    match value:
        case Constant(value=int() as status):
            return status
        case External(name=name) | Unknown(name=name):
            return _NAMES.get(re.sub(r"[^A-Z]", "", name.rpartition(".")[2].upper()))
        case Choice(options=options):
            found = {status_of(option) for option, _ in options}
            return found.pop() if len(found) == 1 else None
    return None


def is_refusal(status: int | None) -> bool:
    """Whether a status says that a request was not served."""
    return status is not None and status >= _LEAST_REFUSAL


def status_of_error(error: Value) -> int | None:
    """The status that an error stands for: among what it was made with, or by the name of its class."""
    match error:
        case ObjectValue(properties=properties, prototype=prototype):
            found = [status_of(value) for value in properties.values()]
            known = next((status for status in found if is_refusal(status)), None)
            return known or _by_name(prototype)
        case External() if error.call is not None:
            found = [status_of(item.value) for item in error.call.arguments]
            return next((status for status in found if is_refusal(status)), None) or status_of(error)
    return status_of(error)


def _by_name(made_by: Value | None) -> int | None:
    name = made_by.node.name if isinstance(made_by, ClassValue | FunctionValue) else ""
    number = re.search(r"(?<!\d)40[13](?!\d)", name)  # HTTP403, Http401Error
    if number is not None:
        return int(number[0])
    upper = name.upper()
    if re.search(r"UNAUTH|AUTHENTICATION|NOTLOGGEDIN|INVALIDTOKEN", upper):
        return 401
    return 403 if re.search(r"FORBIDDEN|AUTHORI[SZ]ATION|ACCESSDENIED|PERMISSION", upper) else None


def leads_to_login(arguments: tuple[Item, ...]) -> bool:
    """Whether a redirection sends callers to where they log in."""
    for item in arguments:
        match item.value:
            case Constant(value=str() as target):
                return _LOGIN.search(target) is not None
            case Text(parts=parts):
                return any(isinstance(part, str) and _LOGIN.search(part) for part in parts)
    return False


def leads_to_https(arguments: tuple[Item, ...]) -> bool:
    """Whether a redirection sends callers to HTTPS."""
    values = [item.value for item in arguments]
    firsts = (value.parts[0] if isinstance(value, Text) else getattr(value, "value", None) for value in values)
    return any(isinstance(first, str) and first.startswith("https://") for first in firsts)
