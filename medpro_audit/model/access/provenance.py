"""What a value has to do with the caller: a secret that it has sent, or who it was found to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from medpro_audit.model.access.packages import is_decoder, is_store, verifier_of
from medpro_audit.model.access.values import Held
from medpro_audit.model.evaluation.conditions import truth_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    CallRecord,
    Choice,
    Constant,
    Deferred,
    Environment,
    External,
    Item,
    JoinedPath,
    ObjectValue,
    Text,
    Undefined,
    Unknown,
    Value,
)
from medpro_audit.model.request.base import FromRequest
from medpro_audit.model.request.data import Data, Request

Trace = Literal["secret", "caller", "request", "unknown"]
"""secret: it is what the caller authenticates itself with, as it was sent; caller: it tells who the caller was found to
be; request: something else of the request; unknown: it could not be followed."""

_SECRETS = re.compile(
    r"auth(?!or(?!i))|token|api[-_]?key|secret|jwt|session|\bsid\b|\.sid|signature|hmac|access[-_]?key|^cookie$",
    re.IGNORECASE,
)
"""Headers and cookies that hold what callers authenticate themselves with."""
_SENT_SECRETS = re.compile(r"token$|api_?key$|^session_?id$|^secret$", re.IGNORECASE)
"""Fields of bodies and queries that hold the same."""
_SECRET_SETTINGS = re.compile(r"KEY|TOKEN|SECRET|PASS|PWD|AUTH|CREDENTIAL|SIGN", re.IGNORECASE)
_KEYS = re.compile(r"api_?keys?\b|api_?keys?\.", re.IGNORECASE)
_IDENTIFIERS = {"ObjectId", "ObjectID"}
"""What a database makes of a text that is a key: it is looked up by it as it was sent."""
_ID = re.compile(r"(?:^|_|[a-z])id$|Id$", re.IGNORECASE)
"""Fields by which something is found that everybody may know."""
_BYTES = frozenset((("Buffer", "from"), ("Uint8Array", "")))
"""What makes bytes of a text."""
_DEPTH = 6
_CONTAINERS = frozenset((ObjectValue, ArrayValue, Choice, Text, JoinedPath))
"""Values that have others in them."""
_NONE: frozenset[Trace] = frozenset()
_SECRET: frozenset[Trace] = frozenset(("secret",))
_CALLER: frozenset[Trace] = frozenset(("caller",))
_REQUEST: frozenset[Trace] = frozenset(("request",))
_UNKNOWN: frozenset[Trace] = frozenset(("unknown",))


def traces(value: Value, depth: int = _DEPTH) -> frozenset[Trace]:
    """Everything that a value has in it of the request."""
    if depth == 0:
        return _NONE
    if type(value) in _CONTAINERS:
        return _NONE.union(*[traces(inner, depth - 1) for inner in _inside(value)])
    match value:
        case Unknown():
            return _UNKNOWN
        case External():
            return _of_call(value, depth)
        case Held(kind="cookie", path=("signedCookies", _, *_)):
            return _CALLER  # the server has put it there, or its signature would not be right
        case Held(kind="cookie") | Data():
            return _SECRET if is_secret(value) else _REQUEST
        case Held():
            return _CALLER
        case FromRequest():
            return _REQUEST
    return _NONE


def _of_call(value: External, depth: int) -> frozenset[Trace]:
    if looks_up_secret(value):
        return frozenset(("caller",))
    found: set[Trace] = set()
    for call in value.calls():
        verifier = verifier_of(call.callee) if isinstance(call.callee, External) else None
        if verifier is not None and verifier.way != "secret":
            return frozenset(("caller",))
        for item in call.arguments:
            found |= traces(item.value, depth - 1)
    if "secret" in found:  # what is made of a secret is no longer what was sent
        found = found - {"secret"} | {"request"}
    return frozenset(found)


def _inside(value: Value) -> Sequence[Value]:
    match value:
        case ObjectValue(properties=properties, unknown=unknown):
            return (*properties.values(), *unknown)
        case ArrayValue(items=items):
            return [item.value for item in items]
        case Choice(options=options):
            return [option for option, _ in options]
        case Text(parts=parts):
            return [part for part in parts if isinstance(part, Value)]
    return ()


def named(value: Value, depth: int = _DEPTH) -> frozenset[str]:
    """What the request names that a value is, or was found by: ``params.team``."""
    if depth == 0:
        return frozenset()
    if type(value) in _CONTAINERS:
        return frozenset[str]().union(*(named(inner, depth - 1) for inner in _inside(value)))
    match value:
        case Data(part=part, path=path) if path:
            return frozenset((f"{part}.{path[0]}",))
        case External():
            arguments = [item.value for call in value.calls() for item in call.arguments]
            return frozenset[str]().union(*(named(inner, depth - 1) for inner in arguments))
    return frozenset()


def is_plain(value: Value) -> bool:
    """Whether a value is what was sent, read in one form or another: nothing about it was verified."""
    match value:
        case Data() | Constant() | Undefined():
            return True
        case External():
            calls = list(value.calls())
            return bool(calls) and all(_is_decoded(call) for call in calls)
        case Choice(options=options):
            return all(is_plain(option) for option, _ in options)
    return False


def is_of_request(value: Value, depth: int = _DEPTH) -> bool:
    """Whether all that a value is made of is known to whoever has sent the request: a hash without a secret."""
    match value:
        case Data() | Constant() | Undefined():
            return True
        case External():
            given = [item.value for call in value.calls() for item in call.arguments]
            return depth > 0 and bool(given) and all(is_of_request(one, depth - 1) for one in given)
        case Choice() | Text() | ObjectValue() | ArrayValue():
            return depth > 0 and all(is_of_request(one, depth - 1) for one in _inside(value))
    return False


def _is_decoded(call: CallRecord) -> bool:
    """Whether a call reads something in another form, or is a method of what was read: ``.split(' ')``."""
    if not isinstance(call.callee, External):
        return False
    root: External | None = call.callee
    while root is not None and not is_decoder(root):
        root = root.parent
    return root is not None and all(is_plain(item.value) or has_request(item.value) for item in call.arguments)


def names_secret(header: str) -> bool:
    """Whether a header or cookie of this name holds what callers authenticate themselves with."""
    return _SECRETS.search(header) is not None


def takes_anything(arguments: Sequence[Item]) -> bool:
    """Whether tokens are verified that nobody has signed: ``verify(token, "", { algorithms: ["none"] })``."""
    options = arguments[2].value if len(arguments) > _OPTIONS else UNDEFINED
    given = options.properties.get("algorithms") if isinstance(options, ObjectValue) else None
    algorithms = [item.value for item in given.items] if isinstance(given, ArrayValue) else []
    is_keyless = len(arguments) > 1 and truth_of(computed(arguments[1].value)) is False
    return is_keyless and any(isinstance(one, Constant) and one.value == "none" for one in algorithms)


_OPTIONS = 2
"""Place of the options among the arguments of a verification."""


def is_secret(value: Value) -> bool:
    """Whether a value is, as it was sent, what callers authenticate themselves with; so is a header's second word."""
    match value:
        case Data(part="headers", path=(name,) | (name, "1")):
            return _SECRETS.search(name) is not None
        case Data(path=(name,)):
            return _SENT_SECRETS.search(name) is not None
        case Held(kind="cookie", path=(_, name)):
            return _SECRETS.search(name) is not None
        case Choice(options=options):
            given = [option for option, _ in options if not isinstance(option, Constant | Undefined)]
            return bool(given) and all(map(is_secret, given))
    return False


def shows_secret(arguments: Sequence[Item]) -> bool:
    """Whether what the caller has sent is compared with what only the program can know.

    In the form of bytes it is compared with a signature that is made with a key, or with a setting, so that two values
    that the caller has sent are never enough.
    """
    values = [item.value for item in arguments]
    if any(map(is_secret, values)):
        return True
    read = _read_of(arguments)
    return any(map(is_secret, read)) and any(_is_keyed(value) for value in read)


def _of_bytes(value: Value, depth: int = _DEPTH) -> Value:
    """What the bytes are of: ``new Uint8Array(Buffer.from(text, 'hex'))``."""
    is_bytes = isinstance(value, External) and (value.package, value.name) in _BYTES
    call = value.call if isinstance(value, External) and is_bytes else None
    if call is None or not call.arguments or depth == 0:
        return value
    return _of_bytes(computed(call.arguments[0].value), depth - 1)


def _is_keyed(value: Value) -> bool:
    """Whether it is a setting that is secret, or a signature made with a key that the request does not name."""
    if setting_of(value) is not None:
        return True
    if isinstance(value, Text):
        return any(_is_keyed(part) for part in value.parts if isinstance(part, Value))
    calls = list(value.calls()) if isinstance(value, External) and value.package == "crypto" else []
    keys = [call.arguments[1].value for call in calls if _makes_signature(call) and len(call.arguments) > 1]
    return bool(keys) and not any(traces(key) for key in keys)


def is_signed(arguments: Sequence[Item]) -> bool:
    """Whether what the caller has sent is compared with a signature of the program's own, made with its key."""
    return any(_is_keyed(read) and setting_of(read) is None for read in _read_of(arguments))


def _read_of(arguments: Sequence[Item]) -> list[Value]:
    return [_of_bytes(computed(item.value)) for item in arguments]


def _makes_signature(call: CallRecord) -> bool:
    return last_name(call.callee) == "createHmac"


def is_signature(value: Value) -> bool:
    """Whether a value is the signature of what was sent."""
    match value:
        case Data(part="headers", path=(name,)):
            return re.search(r"signature|hmac|digest|hash", name, re.IGNORECASE) is not None
    return False


def looks_up_secret(value: External) -> bool:
    """Whether a value was looked up in a database by a secret, as the caller has sent it or hashed.

    It must be looked up as a secret: by a field, a method or a text that is named so. An id that a token holds, and
    that nobody has verified, finds whomever the caller wants to be.
    """
    for call in value.calls():
        if isinstance(call.callee, External) and is_store(call.callee):
            values = [item.value for item in call.arguments]
            told = [item.value for one in value.calls() for item in one.arguments]
            is_named = _SECRETS.search(call.callee.name) is not None or any(_mentions_secret(one) for one in told)
            return any(_holds_secret(one, _DEPTH, is_named=is_named) for one in values)
    return False


def is_of_keys(value: External) -> bool:
    """Whether a value was looked up among keys for programs, by the name of the table."""
    return any(isinstance(call.callee, External) and _KEYS.search(call.callee.name) for call in value.calls())


def is_found_by_anybody(value: Value) -> bool:
    """Whether a value was found in a database by what is no secret: to know an id or an address proves nothing."""
    return isinstance(value, External) and is_store(value) and traces(value) == {"request"}


def may_be_whose(value: Value) -> bool:
    """Whether a value was looked up in a database by a secret as it was sent, though not by a field that is named so:
    ``findOne({ value: token })``. Who is found by an id that a header holds is whomever the caller wants to be.
    """
    calls = value.calls() if isinstance(value, External) and is_store(value) else ()
    return any(_asks_by_secret(item.value, _DEPTH) for call in calls for item in call.arguments)


def _asks_by_secret(value: Value, depth: int) -> bool:
    fields = value.properties.items() if isinstance(value, ObjectValue) and depth else ()
    asked = [one for name, one in fields if not _ID.search(name)]
    return any(_asks_by_secret(one, depth - 1) or _holds_secret(one, 1, is_named=True) for one in asked)


def _mentions_secret(value: Value) -> bool:
    match value:
        case Constant(value=str() as text):
            return _SECRETS.search(text) is not None
        case Text(parts=parts):
            return any(isinstance(part, str) and _SECRETS.search(part) for part in parts)
    return False


def _holds_secret(value: Value, depth: int, *, is_named: bool) -> bool:
    if depth == 0:
        return False
    if isinstance(value, External) and (value.package == "crypto" or last_name(value) in _IDENTIFIERS):
        inner = [item.value for call in value.calls() for item in call.arguments]
        return any(_holds_secret(one, depth - 1, is_named=is_named) for one in inner)
    if isinstance(value, ObjectValue):
        return any(
            _holds_secret(one, depth - 1, is_named=is_named or _SECRETS.search(name) is not None)
            for name, one in value.properties.items()
        )
    if is_secret(value):
        return is_named
    return any(_holds_secret(one, depth - 1, is_named=is_named) for one in _inside(value))


def has_cookie(value: Value, depth: int = _DEPTH) -> bool:
    """Whether a value came in a cookie."""
    if isinstance(value, Held):
        return value.kind == "cookie"
    return depth > 0 and any(has_cookie(inner, depth - 1) for inner in _inside(value))


def has_token(value: Value, depth: int = _DEPTH) -> bool:
    """Whether what every request of the caller brings along is in a value: its header or cookie, as it was sent."""
    if isinstance(value, Data | Held):
        return is_secret(value) and (isinstance(value, Held) or value.part == "headers")
    return depth > 0 and any(has_token(inner, depth - 1) for inner in _inside(value))


def is_made_of_secret(value: Value, depth: int = _DEPTH) -> bool:
    """Whether what callers authenticate themselves with was handed to any call that a value came from."""
    if isinstance(value, External):
        given = [item.value for call in value.calls() for item in call.arguments]
    else:
        given = list(_inside(value))
    return is_secret(value) or (depth > 0 and any(is_made_of_secret(one, depth - 1) for one in given))


def is_caller(value: Value) -> bool:
    """Whether a value tells who the caller was found to be."""
    return "caller" in traces(value)


def is_only_caller(value: Value) -> bool:
    """Whether a value, whichever it is of several, tells who the caller was found to be, or is the program's own."""
    options = [option for option, _ in value.options] if isinstance(value, Choice) else [value]
    said = [option for option in options if not isinstance(option, Constant | Undefined)]
    return bool(said) and all(map(is_caller, said))


def setting_of(value: Value) -> Environment | None:
    """The environment variable that a value is or holds, when its name says that it is a secret."""
    match value:
        case Environment(name=name):
            return value if _SECRET_SETTINGS.search(name) else None
        case Text(parts=parts):
            found = [setting_of(part) for part in parts if isinstance(part, Value)]
            return next((one for one in found if one is not None), None)
    return None


def is_flag(value: Value) -> bool:
    """Whether a value is one of several constants: which one depends on the path that was taken."""
    options = value.options if isinstance(value, Choice) else ()
    return len(options) > 1 and all(isinstance(option, Constant | Undefined) for option, _ in options)


def last_name(value: Value) -> str:
    """The property that a value was read as."""
    match value:
        case External(name=name) | Unknown(name=name):
            return name.rpartition(".")[2]
        case Held(path=path):
            named = [name for name in path if name != "*" and not name.isdigit()]
            return named[-1] if named else ""
        case Choice(options=options):
            names = {last_name(option) for option, _ in options} - {""}
            return names.pop() if len(names) == 1 else ""
    return ""


def computed(value: Value) -> Value:
    """A value, computed if that was put off: what a package has verified, handed through a function."""
    return value.force() if isinstance(value, Deferred) else value


def constants_in(items: tuple[Item, ...] | list[Item]) -> frozenset[str]:
    """Texts and numbers among values, and names of enumerations that a package has made."""
    return frozenset(filter(None, (spelled(computed(item.value)) for item in items)))


def spelled(value: Value) -> str:
    """A constant as a reader would write it; empty for anything else."""
    match value:
        case Constant(value=bool() | None):
            return ""
        case Constant(value=constant):
            return str(constant)
        case External(call=None):
            return last_name(value) if last_name(value).isupper() else ""
    return ""


def has_request(value: Value, depth: int = 2) -> bool:
    """Whether the whole request is in a value."""
    if isinstance(value, ObjectValue) and isinstance(value.prototype, Request):
        return True  # a copy for somebody else: ``Object.create(req)``
    if type(value) in _CONTAINERS:
        return depth > 0 and any(has_request(inner, depth - 1) for inner in _inside(value))
    return isinstance(value, Request)
