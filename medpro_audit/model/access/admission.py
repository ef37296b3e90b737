"""Whether an endpoint is how strangers become known: for those it would be wrong to ask who calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from medpro_audit.model.access.account import Account, Deed
from medpro_audit.model.access.packages import deed_of
from medpro_audit.model.evaluation.control import Exhausted, Fruitless, Thrown
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import CallRecord, Deferred, External
from medpro_audit.model.request.records import Summary
from medpro_audit.model.schemas import Shape

_CREDENTIALS = re.compile(
    r"(?:^|_)(?:pass(?:word|wd|code|phrase)?[12]?|pwd|psw|pin|otp|totp|mfa|2fa)(?:_(?:code|confirm(?:ation)?|confirmed|hash|again))?$"
    r"|^(?:(?:refresh|reset|recovery|registration|verification|verify|activation|confirm|confirmation|invite|invitation|magic"
    r"|one_time|sign_?up|temp|id|access|google|auth|email)_)?"
    r"(?:token|code)$|^(?:credential|assertion)s?$",
    re.IGNORECASE,
)
"""Fields by which strangers show who they are."""
_PASSWORDS = re.compile(r"(?:^|_)(?:pass(?:word|wd|phrase)?|pwd|psw)$", re.IGNORECASE)
_GUESSABLE = re.compile(
    r"(?:^|_)(?:pass_?code|pin|otp|totp|mfa|2fa)(?:_code)?$"
    r"|^(?:verification|verify|confirm(?:ation)?|reset|recovery|log_?in|auth|sms|email)_?code$",
    re.IGNORECASE,
)
"""Codes that are short enough to be tried."""
_LOGIN = re.compile(r"log-?_?in|sign-?_?in|auth|session|token|verify|passw", re.IGNORECASE)
_RESET = re.compile(r"reset|forg[eo]t|recover", re.IGNORECASE)
"""Where a new password is chosen, by who was sent a token that is too long to be tried."""
_REGISTRATION = re.compile(r"sign-?_?up|regist|/users?/?$|/accounts?/?$|create|invit|install|setup", re.IGNORECASE)
_ADDRESSES = re.compile(
    r"^(?:user_?)?(?:e_?mail|login|phone|mobile)(?:_?(?:address|number))?$|^user_?name$|captcha"
    r"|^(?:user_?name|e_?mail|phone)_?or_?(?:user_?name|e_?mail|phone)$",
    re.IGNORECASE,
)
"""All that is asked of those who have forgotten their password."""
_REMINDING = re.compile(
    r"forg[eo]t|reset|recover|re-?_?send|(?:request|send).*(?:confirm|verif|activat|code|link|otp)", re.IGNORECASE
)
"""Where whoever has an account, and can't log in, has mail sent to its address."""
_LEADING_BACK = re.compile(r"url|link|redirect|return|callback|origin|host|locale|lang|tenant|client", re.IGNORECASE)
"""What such mail is made with beside the address."""
_NAMING = re.compile(r"^(?:name|title|label|description)$", re.IGNORECASE)
"""Beside these a field that is only called ``code`` belongs to a record, as a country's or a tariff's does."""
_OF_CODES = re.compile(
    r"code|otp|2fa|mfa|log-?_?in|sign-?_?(?:in|up)|auth|sso|token|verif|confirm|activat|regist|reset|recover|invit|join"
    r"|redeem|callback|connect",
    re.IGNORECASE,
)
_CODES = re.compile(r"(?:token|code|otp)$", re.IGNORECASE)
_ALWAYS_SENT = re.compile(r"^(?:(?:access|auth|id)_)?token$", re.IGNORECASE)
_MAILERS = frozenset(
    (
        "@aws-sdk/client-ses",
        "@getbrevo/brevo",
        "@mailchimp/mailchimp_transactional",
        "@sendgrid/mail",
        "mailgun-js",
        "mailgun.js",
        "nodemailer",
        "postmark",
        "resend",
    )
)
_SECRET_MAKERS = re.compile(r"randomBytes|randomInt|randomUUID|nanoid|otp|totp", re.IGNORECASE)
_DEPTH = 3
_STEPS = 2_000
"""Budget of the calls of one function that have nothing to do with the request."""


def asks_for_secret(summary: Summary, path: str, *, knows_caller: bool, is_update: bool = False) -> bool:
    """Whether a function reads what strangers show who they are by: a password, a code, or nothing but their address.

    An update that takes a password changes somebody's: only a code that was sent lets strangers do that. Where it finds
    out who the caller is, also from a header, a plain token is what callers always send.
    """
    fields = _read(summary)
    in_body = {use.path[-1] for use in summary.uses if use.part == "body" and use.path}
    for attempt in summary.attempts:
        if attempt.holding.part == "body":
            in_body.update(_fields(attempt.holding.shape, _DEPTH))
    if _is_reminder(in_body, path):
        return True
    fields |= in_body
    knows_caller = knows_caller and any(use.part == "headers" for use in summary.uses)
    names = set(map(_spaced, fields))
    if any(map(_NAMING.match, names)) and not _OF_CODES.search(path):
        names.discard("code")
    if is_update:
        names = {name for name in names if _CODES.search(name)}
    return any(_CREDENTIALS.search(name) and not (knows_caller and _ALWAYS_SENT.match(name)) for name in names)


def _is_reminder(fields: AbstractSet[str], path: str) -> bool:
    """Whether nothing is sent but an address, or what it takes to remind somebody by mail."""
    others = {name for name in fields if not _ADDRESSES.match(name)}
    if not others or len(others) == len(fields):
        return bool(fields) and not others
    return _REMINDING.search(path) is not None and all(map(_LEADING_BACK.search, others))


def checks_secret(summaries: Sequence[Summary], deeds: AbstractSet[Deed], path: str) -> bool:
    """Whether functions check what could be tried until it fits: a password or a short code, and not set a new one."""
    names = {_spaced(name) for summary in summaries for name in _read(summary)}
    if any(map(_GUESSABLE.search, names)):
        return True
    if _REGISTRATION.search(path):
        return False
    if "password" in deeds or "hash" in deeds:
        return "password" in deeds
    is_login = {"session", "token"} & deeds or (_LOGIN.search(path) and not _RESET.search(path))
    return any(map(_PASSWORDS.search, names)) and bool(is_login)


def _read(summary: Summary) -> set[str]:
    """Names of all that is read of a request, but of its headers; of what is validated all that the schema has."""
    found = {use.path[-1] for use in summary.uses if use.part != "headers" and use.path}
    bodies = [attempt.holding.shape for attempt in summary.attempts if attempt.holding.part == "body"]
    return found.union(*(_fields(shape, _DEPTH) for shape in bodies))


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


def _fields(shape: Shape, depth: int) -> Iterator[str]:
    for name, inner in (shape.fields or {}).items() if depth else ():
        yield name
        yield from _fields(inner, depth - 1)


def issues_secret(summary: Summary, interpreter: Interpreter) -> bool:
    """Whether a function issues a token, or makes a secret and sends it by mail, in what it puts off, too."""
    account = summary.account
    made: list[CallRecord] = list(summary.calls)
    if isinstance(account, Account):
        _compute(account.postponed, interpreter, made.append)
    callees = [record.callee for record in made if isinstance(record.callee, External)]
    if any(deed_of(callee) == "token" for callee in callees):
        return True
    is_mailed = any(callee.package in _MAILERS for callee in callees)
    return is_mailed and any(_SECRET_MAKERS.search(f"{callee.package} {callee.name}") for callee in callees)


def _compute(postponed: Iterable[Deferred], interpreter: Interpreter, tell: Callable[[CallRecord], None]) -> None:
    """Follow calls that were put off since the request has nothing to do with them; tell of those that leave."""
    budget, interpreter.budget = interpreter.budget, _STEPS
    interpreter.effect()
    interpreter.observers.append(tell)
    try:
        for value in postponed:
            value.force()
    except (Thrown, Exhausted, Fruitless):
        pass  # what has been seen by then counts
    finally:
        interpreter.observers.pop()
        interpreter.settle()
        interpreter.budget = budget
