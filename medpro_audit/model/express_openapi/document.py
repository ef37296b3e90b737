"""What an API document says to express-openapi: where paths begin, what operations ask of callers and requests.

Source: openapi-framework 12, `index.ts`, `src/util.ts` and `src/BasePath.ts`; openapi-security-handler, `index.ts`.
What is not known of a document is `Unknown` with the reason, never taken for absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from medpro_audit.model.evaluation.conditions import truth_of
from medpro_audit.model.evaluation.values import (
    TRUE,
    UNDEFINED,
    ArrayValue,
    Constant,
    Environment,
    ObjectValue,
    Pattern,
    Text,
    Unknown,
    Value,
)
from medpro_audit.model.express_openapi.modules import compiled
from medpro_audit.model.subjects import PARTS, RequestPart

ALIASES = {name: name for name in ("delete", "get", "head", "options", "patch", "post", "put")}
ALIASES |= {name.upper(): name for name in ALIASES} | {"del": "delete"}
"""Names of exports and keys that are operations, with the method of the application that registers them."""

_COMPUTED = "its API document is computed while the program runs, or is no code"
_HOLE = "\0"
_PLACES: dict[object, RequestPart] = {
    "path": "params",
    "query": "query",
    "header": "headers",
    "body": "body",
    "formData": "body",
}


class ApiDocument:
    """The document that the whole API begins with."""

    def __init__(self, root: Value) -> None:
        self.root = root

    def base_paths(self) -> list[Value]:
        """What stands before each path, each once."""
        if not isinstance(self.root, ObjectValue):
            return [Unknown(_COMPUTED)]
        if found(self.root, "openapi") is not UNDEFINED:
            servers = found(self.root, "servers")
            if servers is UNDEFINED:
                return [Constant("")]
            if not isinstance(servers, ArrayValue) or servers.is_open:
                return [Unknown(_COMPUTED)]
            made = [_base_path(item.value) for item in servers.items]
            return list({getattr(path, "value", id(path)): path for path in made}.values())
        base = found(self.root, "basePath")
        if base is UNDEFINED:
            return [Constant("")]
        return [Constant(re.sub(r"/$", "", str(base.value))) if isinstance(base, Constant) else base]

    @property
    def schemes(self) -> Value:
        """Security schemes by name."""
        if found(self.root, "openapi") is UNDEFINED:
            return found(self.root, "securityDefinitions")
        return found(found(self.root, "components"), "securitySchemes")

    def referred(self, value: Value, kind: str) -> Value:
        """What a ``$ref`` of a parameter or request body stands for."""
        reference = found(value, "$ref")
        if reference is UNDEFINED:
            return value
        if not isinstance(reference, Constant):
            return Unknown(_COMPUTED)
        holder = self.root if found(self.root, "openapi") is UNDEFINED else found(self.root, "components")
        return found(found(holder, kind), str(reference.value).rpartition("/")[2])


class Scopes(NamedTuple):
    """What the document says of one operation, from the whole API to the operation itself."""

    document: ApiDocument
    module: Value
    item: Value
    """What the document says of its path."""
    operation: Value
    """What is said of the operation itself; undefined where nothing is."""

    def allows(self, feature: str = "") -> bool:
        """Whether a feature that express-openapi adds by itself is not switched off."""
        name = f"x-express-openapi-disable-{feature}middleware"
        scopes = (self.document.root, self.module, self.item, self.operation)
        return not any(found(each, name) is TRUE or truth_of(found(each, name)) is True for each in scopes)

    def additional(self) -> Iterator[Value]:
        """Lists of middleware that the document, its path and the module add; those of an operation are not used."""
        scopes = [self.document.root, self.item, self.module]
        inherits = "x-express-openapi-inherit-additional-middleware"
        lists: list[Value] = []
        for scope, inner in zip(reversed(scopes), [self.operation, self.module, self.item], strict=True):
            if truth_of(found(inner, inherits)) is False and found(inner, inherits) is not UNDEFINED:
                break
            lists.insert(0, found(scope, "x-express-openapi-additional-middleware"))
        return (each for each in lists if each is not UNDEFINED)

    def security(self, path: str, by_path: Value) -> Value:
        """What is asked of callers: by the operation, else for its path, else by the document."""
        own = found(self.operation, "security")
        if own is not UNDEFINED:
            return own
        if isinstance(by_path, ArrayValue) and not by_path.is_open:
            for item in reversed(by_path.items):
                wanted = item.value.items if isinstance(item.value, ArrayValue) else []
                pattern = wanted[0].value if len(wanted) > 1 else UNDEFINED
                expression = compiled(pattern) if isinstance(pattern, Pattern) else None
                if expression is None or item.condition:
                    return Unknown("which paths ask for what is computed while the program runs")
                if expression.search(path):
                    return wanted[1].value
        elif by_path is not UNDEFINED:
            return Unknown("which paths ask for what is computed while the program runs")
        return found(self.document.root, "security")

    def consumes(self) -> Sequence[str]:
        """Media types of the request body, in their order."""
        body = self.document.referred(found(self.operation, "requestBody"), "requestBodies")
        content = found(body, "content")
        if isinstance(content, ObjectValue):
            return list(content.properties)
        listed = found(self.operation, "consumes")
        listed = listed if isinstance(listed, ArrayValue) else found(self.document.root, "consumes")
        items = listed.items if isinstance(listed, ArrayValue) else []
        return [str(item.value.value) for item in items if isinstance(item.value, Constant)]

    def checked(self) -> list[RequestPart]:
        """Parts of a request that are held against the document; all of them where that isn't known."""
        parts: set[RequestPart] = {"body"} if found(self.operation, "requestBody") is not UNDEFINED else set()
        for scope in (self.item, self.module, self.operation):
            parameters = found(scope, "parameters")
            if parameters is UNDEFINED:
                continue
            if not isinstance(parameters, ArrayValue) or parameters.is_open:
                return list(PARTS)
            for item in parameters.items:
                place = found(self.document.referred(item.value, "parameters"), "in")
                if not isinstance(place, Constant):
                    return list(PARTS)
                if place.value in _PLACES:
                    parts.add(_PLACES[place.value])
        return [part for part in PARTS if part in parts]


def requirements(security: Value) -> list[list[tuple[str, Value]]] | None:
    """Alternatives of ``security``, each with the schemes that are asked for together and their scopes; None when
    they are not known.
    """
    if not isinstance(security, ArrayValue) or security.is_open:
        return None
    alternatives: list[list[tuple[str, Value]]] = []
    for item in security.items:
        if not isinstance(item.value, ObjectValue) or item.condition or is_open(item.value):
            return None
        alternatives.append(list(item.value.properties.items()))
    return alternatives


def found(value: Value, name: str) -> Value:
    """A property; undefined where there surely is none, unknown where there may be one."""
    match value:
        case ObjectValue():
            own: Mapping[str, Value] = value.properties
            return own[name] if name in own else Unknown(_COMPUTED) if is_open(value) else UNDEFINED
        case Constant(value=None):
            return UNDEFINED
        case _ if value is UNDEFINED:
            return UNDEFINED
    return Unknown(_COMPUTED)


def is_open(value: ObjectValue) -> bool:
    """Whether an object may have properties that are not known."""
    return value.is_open or bool(value.unknown)


def _base_path(server: Value) -> Value:
    """The path of a server's address; its variables are parameters of the path."""
    url = found(server, "url")
    if isinstance(url, Environment) and url.default is None:
        return url
    written = _written(url)
    address = re.sub(rf"^{_HOLE}(?=/)", "http://host", written).replace(f"//{_HOLE}", "//host").replace(f":{_HOLE}", "")
    if not written or address.startswith(_HOLE):
        return Unknown("the address of its server is computed while the program runs")
    path = re.sub(r"/$", "", unquote(urlsplit(urljoin("http://localhost", address)).path))
    if _HOLE in path:
        return Unknown("the address of its server is computed while the program runs")
    return Constant(re.sub(r"\{(\w+)\}", r":\1", path))


def _written(value: Value) -> str:
    match value:
        case Constant(value=str() as text):
            return text
        case Environment(default=Constant(value=str() as text)):
            return text
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else _written(part) or _HOLE for part in parts)
    return _HOLE
