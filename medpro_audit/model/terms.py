"""What a schema asks of a value besides its fields: types, bounds, words of a list, checks by name.

Schema libraries agree upon most names of methods, so that one table says what they ask. A method that is not in it may
refuse anything: it is kept with its own source, so that at least a change of it is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.evaluation.values import ArrayValue, Constant, FunctionValue, Item, ObjectValue, Pattern, Value
from medpro_audit.model.subjects.facets.contract import Bound, BoundKind

Reader = Callable[[str, int, int], str]
"""Reads the source of a byte range of a file."""

ANY = "any"
"""The type of what accepts every value."""
EVERY_TYPE = frozenset((ANY,))
_NUMBERS = frozenset(("number", "integer", "date"))


class Terms(NamedTuple):
    """What is asked of a value; what is not said here is allowed."""

    types: frozenset[str] | None = None
    """As JSON Schema calls them, and ``date``; None where that isn't known."""
    is_optional: bool | None = None
    """It may be left out; None where that isn't known."""
    values: frozenset[str] | None = None
    """The only values; None for no such list."""
    bounds: tuple[Bound, ...] = ()
    checks: frozenset[str] = frozenset()
    """Formats by name, and after a colon what else must hold, as far as it can be told from other such."""

    def bounded(self, kind: BoundKind, bound: float, *, is_exclusive: bool = False) -> Terms:
        """With a bound in place of an earlier one of the kind."""
        others = (each for each in self.bounds if each.kind != kind)
        return self._replace(bounds=tuple(sorted((*others, Bound(kind, bound, is_exclusive)))))

    def checked(self, *checks: str) -> Terms:
        """With further checks."""
        return self._replace(checks=self.checks.union(checks))

    def typed(self, *types: str) -> Terms:
        """Of these types and no others."""
        return self._replace(types=frozenset(types))

    def also(self, kind: str) -> Terms:
        """Of one type more."""
        return self._replace(types=self.types | {kind} if self.types is not None else None)


UNSAID = Terms()

_TYPES = {
    **dict.fromkeys(("string", "text"), "string"),
    **dict.fromkeys(("number", "float32", "float64", "nan"), "number"),
    **dict.fromkeys(("int", "int32", "integer", "uint32", "bigint"), "integer"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    "date": "date",
    "null": "null",
    "array": "array",
    "set": "array",
    "tuple": "array",
    **dict.fromkeys(("object", "strictObject", "looseObject", "record", "partialRecord", "map"), "object"),
}
_FORMATS = {
    **dict.fromkeys(("email", "isEmail", "IsEmail"), "email"),
    **dict.fromkeys(("url", "uri", "isURL", "IsUrl", "httpUrl"), "url"),
    **dict.fromkeys(("uuid", "uuidv4", "uuidv6", "uuidv7", "guid", "isUUID", "IsUUID"), "uuid"),
    **dict.fromkeys(("ip", "ipv4", "ipv6", "cidr", "cidrv4", "cidrv6", "isIP"), "ip"),
    **dict.fromkeys(("isMongoId", "IsMongoId"), "object-id"),
    **dict.fromkeys(("datetime", "isoDate", "isodate", "isISO8601", "IsISO8601", "IsDateString"), "date-time"),
    **{name: name for name in ("cuid", "cuid2", "ulid", "nanoid", "base64", "base64url", "hex", "jwt", "emoji")},
    **{name: name for name in ("alphanum", "token", "e164", "creditCard", "hostname", "domain", "finite", "time")},
    **{name: name for name in ("unique", "port", "duration", "uppercase", "ksuid", "xid", "isoDuration")},
}
_NEUTRAL = frozenset(
    (  # noqa: SIM905 - a table of words
        "describe meta openapi brand readonly label description note notes tag example examples messages message error "
        "errors register title safe strip strict passthrough loose nonstrict unknown keys shape extend augment merge "
        "pick omit partial deepPartial safeExtend of items element unwrap keyof clone typeError options prefs "
        "preferences cast noUnknown toLowerCase toUpperCase trim lowercase truncate convert raw concat append id "
        "withMessage bail escape normalizeEmail toInt toFloat toBoolean toDate ltrim rtrim rename array catchall"
    ).split()
)
"""Methods that refuse nothing more, or whose effect is seen in the fields."""
_SIGNS: dict[str, tuple[BoundKind, bool]] = {
    "positive": ("least", True),
    "nonnegative": ("least", False),
    "negative": ("most", True),
    "nonpositive": ("most", False),
}
_BOUNDS: dict[str, tuple[BoundKind, bool]] = {
    **dict.fromkeys(("min", "gte"), ("least", False)),
    **dict.fromkeys(("max", "lte"), ("most", False)),
    **dict.fromkeys(("gt", "greater", "moreThan"), ("least", True)),
    **dict.fromkeys(("lt", "less", "lessThan"), ("most", True)),
    **dict.fromkeys(("minLength", "minSize"), ("shortest", False)),
    **dict.fromkeys(("maxLength", "maxSize"), ("longest", False)),
}
_LENGTHS: dict[BoundKind, BoundKind] = {"least": "shortest", "most": "longest"}
_PATTERNS = frozenset(("regex", "pattern", "matches", "startsWith", "endsWith", "includes", "multipleOf", "multiple"))
_WITH_CONTEXT = 2
"""Parameters of a function that may refuse a value; one with fewer can only make something else of it."""
_LISTS = frozenset(("valid", "equal", "only", "oneOf", "isIn", "equals"))


def made_by(name: str, arguments: Sequence[Item], read: Reader, *, is_optional: bool) -> Terms:
    """What is asked by a schema that a function of a library makes: ``z.string()``, ``Joi.number()``."""
    start = Terms(is_optional=is_optional)
    match name:
        case "any" | "unknown" | "mixed":
            return Terms(EVERY_TYPE, is_optional=True)
        case "enum" | "nativeEnum" | "literal" | "valid" | "equal":
            return _listed(start, arguments, read)
        case "undefined" | "void" | "never":
            return Terms(frozenset(), is_optional=name != "never")
        case "custom" | "instanceof" | "preprocess" | "lazy" | "symbol" | "function" | "file" | "templateLiteral":
            return start.checked(f"{name}:{_digest(arguments, read)}")
    if name in _TYPES:
        return start.typed(_TYPES[name])
    if name in _FORMATS:
        return start.typed("string").checked(_FORMATS[name])
    return start.checked(f"{name}:{_digest(arguments, read)}")


def coerced(terms: Terms, name: str) -> Terms:
    """Of a schema that takes whatever it can make something of."""
    return terms._replace(types=EVERY_TYPE | (terms.types or set())).checked(f"coerced:{name}")


def narrowed(terms: Terms, name: str, arguments: Sequence[Item], read: Reader) -> Terms:  # noqa: C901, PLR0912 - one case per method
    """What is asked when a method of a schema asks for more, or for less."""
    first = arguments[0].value if arguments else None
    match name:
        case "optional" | "nullish" | "notRequired" | "default" | "prefault" | "catch":
            made = terms._replace(is_optional=True)
            made = made.also("null") if name == "nullish" else made
            return Terms(EVERY_TYPE, is_optional=True) if name == "catch" else made
        case "required" | "exists" | "defined" | "nonoptional" | "exactOptional":
            return terms._replace(is_optional=name == "exactOptional")
        case "nullable":
            return terms.also("null")
        case "exclude" | "extract" if terms.values is not None:
            named = {_word(item, read) for item in _flat(arguments)}
            return terms._replace(values=terms.values - named if name == "exclude" else terms.values & named)
        case "allow":
            return _allowed(terms, arguments, read)
        case "length" | "size" if (number := _number(first)) is not None:
            return terms.bounded("shortest", number).bounded("longest", number)
        case "transform" | "overwrite" if (
            isinstance(first, FunctionValue) and len(first.node.parameters) < _WITH_CONTEXT
        ):
            return terms
        case "nonempty" | "notEmpty" | "IsNotEmpty":
            return terms.bounded("shortest", 1)
        case "int" | "integer" | "isInt":
            return _between(terms.typed("integer"), first, "least", "most")
        case "isFloat" | "isNumeric" | "isDecimal":
            return _between(terms.typed("number"), first, "least", "most")
        case "isLength":
            return _between(terms, first, "shortest", "longest")
        case "isString" | "isBoolean" | "isArray" | "isObject" | "isDate":
            return terms.typed(name[2:].lower())
        case _ if name in _SIGNS:
            kind, is_exclusive = _SIGNS[name]
            return terms.bounded(kind, 0, is_exclusive=is_exclusive)
        case _ if name in _BOUNDS and (number := _number(first)) is not None:
            kind, is_exclusive = _BOUNDS[name]
            is_length = terms.types is not None and not terms.types & _NUMBERS
            return terms.bounded(_LENGTHS.get(kind, kind) if is_length else kind, number, is_exclusive=is_exclusive)
        case _ if name in _LISTS:
            return _listed(terms, arguments, read)
        case _ if name in _FORMATS:
            return terms.checked(_FORMATS[name])
        case _ if name in _PATTERNS:
            return terms.checked(f"{name}:{_words(arguments, read)}")
    return terms if name in _NEUTRAL else terms.checked(f"{name}:{_digest(arguments, read)}")


def _allowed(terms: Terms, arguments: Sequence[Item], read: Reader) -> Terms:
    """Joi's ``allow``: values that pass whatever else is asked."""
    words = {_word(item, read) for item in _flat(arguments)}
    if '""' in words:
        terms = terms._replace(bounds=tuple(each for each in terms.bounds if each.kind != "shortest"))
    if "null" in words:
        terms = terms.also("null")
    return terms._replace(values=terms.values | words if terms.values is not None else None)


def _listed(terms: Terms, arguments: Sequence[Item], read: Reader) -> Terms:
    items = list(_flat(arguments))
    if items and all(isinstance(item.value, Constant) for item in items):
        return terms._replace(values=frozenset(_word(item, read) for item in items))
    return terms.checked(f"list:{_digest(arguments, read)}")


def _flat(arguments: Iterable[Item]) -> Iterable[Item]:
    """The values of a list, of an object that is used as one, or given one by one."""
    for item in arguments:
        match item.value:
            case ArrayValue(is_open=False, items=items):
                yield from items
            case ObjectValue(is_open=False, properties=properties):
                yield from (Item(value) for value in properties.values())
            case _:
                yield item


def _between(terms: Terms, options: Value | None, low: BoundKind, high: BoundKind) -> Terms:
    """express-validator's ``{ min, max }``."""
    if isinstance(options, ObjectValue):
        for name, kind in (("min", low), ("max", high)):
            number = _number(options.properties.get(name))
            terms = terms.bounded(kind, number) if number is not None else terms
    return terms


def _number(value: Value | None) -> float | None:
    match value:
        case Constant(value=bool()):
            return None
        case Constant(value=int() | float() as number):
            return number
    return None


def _words(arguments: Sequence[Item], read: Reader) -> str:
    return ", ".join(_word(item, read) for item in arguments[:1])


def _digest(arguments: Sequence[Item], read: Reader) -> str:
    """Short and the same for the same source."""
    text = "; ".join(_word(item, read) for item in arguments)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _word(item: Item, read: Reader) -> str:
    """A value as text."""
    match item.value:
        case Constant(value=str() as text):
            return f'"{text}"'
        case Constant(value=None):
            return "null"
        case Constant(value=bool() as value):
            return "true" if value else "false"
        case Constant(value=value):
            return f"{value}"
        case Pattern(source=source, flags=flags):
            return f"/{source}/{flags}"
        case FunctionValue(node=node, module=module):
            return " ".join(read(module.path, node.start, node.end).split())
        case ArrayValue(items=items):
            return ", ".join(_word(each, read) for each in items)
        case ObjectValue(properties=properties):
            return ", ".join(f"{name}: {_word(Item(value), read)}" for name, value in sorted(properties.items()))
    return text_of(item.source)
