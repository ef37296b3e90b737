"""Schemas: values that can validate request data, whatever library makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from medpro_audit.model.evaluation.values import Native, Site, Value
from medpro_audit.model.subjects import PARTS
from medpro_audit.model.terms import UNSAID, Terms

Kind = Literal["unknown", "text", "harmless"]
"""What a schema leaves a client to choose where it lets something through: not known, any text, or nothing that can do
harm wherever it ends up, such as a number, a date, a word of a list."""

Extra = Literal["stripped", "passed", "kept", "rejected"]
"""What becomes of fields that a schema does not name: gone from its result, passed on unchecked because the schema says
so, kept unchecked because the library does, or an error."""


class Shape:
    """What a schema says of a value: which fields it checks, and what it lets through.

    ``fields`` is None when the schema doesn't look at fields (a string, a number, an opaque schema).
    """

    __slots__ = (
        "accepts_anything",
        "all_of",
        "any_of",
        "below",
        "default",
        "element",
        "extra",
        "fields",
        "is_certain",
        "kind",
        "mends",
        "terms",
    )

    def __init__(  # noqa: PLR0913 - what a schema can say
        self,
        fields: Mapping[str, Shape] | None = None,
        *,
        element: Shape | None = None,
        accepts_anything: bool = False,
        extra: Extra = "stripped",
        is_certain: bool = True,
        any_of: Sequence[Shape] = (),
        all_of: Sequence[Shape] = (),
        kind: Kind = "unknown",
        below: bool | None = True,
    ) -> None:
        self.fields = fields
        self.element = element
        """Shape of the elements of an array or record, or of fields that are not named."""
        self.accepts_anything = accepts_anything
        """It rejects nothing: ``z.any()``, ``z.unknown()``."""
        self.extra: Extra = extra
        self.is_certain = is_certain
        """False when a part of it could not be determined."""
        self.any_of = tuple(any_of)
        """Alternatives of a union: what all of them check is checked."""
        self.all_of = tuple(all_of)
        """Parts of an intersection: what one of them checks is checked."""
        self.kind: Kind = kind
        self.below = below
        """Whether what is within the value is checked, where neither fields nor elements are named: not by what only
        asks whether it is there, a list or an object; None where a function of the program looks at it."""
        self.default: Value | None = None
        """What stands in for a missing value."""
        self.mends = False
        """It fails for nothing, but yields a value of its own for what does not conform: only its result is checked."""
        self.terms: Terms = UNSAID
        """What it asks of the value itself."""

    @property
    def is_permissive(self) -> bool:
        """Whether it lets through, at its top, what it has not checked."""
        if self.any_of:
            return any(option.is_permissive for option in self.any_of)
        return self.accepts_anything or self.extra == "passed"

    @property
    def is_vacuous(self) -> bool:
        """Whether it takes any value, or any object."""
        is_open = self.extra in {"passed", "kept"} and not self.fields and self.element is None
        return self.accepts_anything or is_open

    def changed(self, *, fields: Mapping[str, Shape] | None = None, extra: Extra | None = None) -> Shape:
        """A copy with other fields or another treatment of further fields."""
        made = Shape(
            self.fields if fields is None else fields,
            element=self.element,
            accepts_anything=self.accepts_anything,
            extra=extra or self.extra,
            is_certain=self.is_certain,
            any_of=self.any_of,
            all_of=self.all_of,
            kind=self.kind,
            below=self.below,
        )
        made.default = self.default
        made.mends = self.mends
        made.terms = self.terms
        return made

    def asking(self, terms: Terms) -> Shape:
        """A copy that asks this of the value itself; of a doubt nothing more is known by it."""
        if self is DOUBTFUL:
            return self
        made = self.changed()
        made.terms = terms
        return made

    def examined(self) -> Shape:
        """A copy for which a function of the program refuses values: nobody knows what it leaves unchecked."""
        made = self.changed()
        made.accepts_anything = False
        made.below = None if self.accepts_anything or self.below is False else self.below
        if made.element is not None and made.element.is_shallow:
            made.element = DOUBTFUL
        return made

    @property
    def is_shallow(self) -> bool:
        """Whether nothing within the value is checked."""
        return self.accepts_anything or (self.fields is None and self.element is None and self.below is False)

    def at(self, path: Sequence[str]) -> Shape | None:
        """What it says of the value at a path below this one; None when it says nothing of it alone."""
        shape: Shape | None = self
        for name in path:
            if shape is None or shape.any_of or shape.all_of:
                return None
            shape = shape.fields.get(name, shape.element) if shape.fields is not None else shape.element
        return shape

    def kind_at(self, path: Sequence[str]) -> Kind:
        """What it leaves a client to choose at a path below this one."""
        kinds = {part.kind_at(path) for part in self.any_of or self.all_of}
        if self.any_of:
            return kinds.pop() if len(kinds) == 1 else "text" if kinds == {"text", "harmless"} else "unknown"
        if self.all_of:
            return "harmless" if "harmless" in kinds else "text" if "text" in kinds else "unknown"
        found = self.at(path[:1])
        if not path or found is None:
            return self.kind if not path else "unknown"
        return found.kind_at(path[1:])

    def lets_through(self, path: Sequence[str]) -> bool:
        """Whether what stands at a path of the result of parsing may be unchecked."""
        if self.any_of or self.all_of:
            parts = self.any_of or self.all_of
            return any(part.lets_through(path) for part in parts) and self.covers(path) is not True
        if self.accepts_anything:
            return True
        if not path:
            return False
        field = self.fields.get(path[0], self.element) if self.fields is not None else self.element
        if self.fields is None and tuple(path) == _OWN:
            return False
        if field is not None:
            return field.lets_through(path[1:])
        return self.extra in {"passed", "kept"} or (self.fields is None and self.below is not True)

    def covers(self, path: Sequence[str]) -> bool | None:
        """Whether the value at a path below this one is checked; None when that isn't known."""
        if self is DOUBTFUL:
            return None
        if self.any_of:
            return _every([option.covers(path) for option in self.any_of])
        if self.all_of:
            return _any([part.covers(path) for part in self.all_of])
        if self.accepts_anything or self.mends:
            return False
        if not path:
            return True
        if self.fields is None and tuple(path) == _OWN:
            return True
        field = self.fields.get(path[0], self.element) if self.fields is not None else self.element
        if field is not None:
            return field.covers(path[1:])
        if self.extra == "rejected":
            return True  # such a field makes the whole value fail
        if self.fields is None:
            return self.below if self.is_certain else None
        return False if self.is_certain else None


_OWN = ("length",)
"""What a list says of itself, not of its elements."""


def _every(verdicts: Sequence[bool | None]) -> bool | None:
    if any(verdict is False for verdict in verdicts):
        return False
    return None if any(verdict is None for verdict in verdicts) else True


def _any(verdicts: Sequence[bool | None]) -> bool | None:
    if any(verdicts):
        return True
    return None if any(verdict is None for verdict in verdicts) else False


ANYTHING = Shape(accepts_anything=True)
CHECKED = Shape()
"""Checked as a whole: a type of which no more is known."""
SHALLOW = Shape(below=False)
"""Checked to be a list, to be an object, or to be there; what is within it is not validated."""
EXAMINED = Shape(below=None)
"""Checked by a function of the program, that may look at what is within it."""
TEXT = Shape(kind="text")
"""Some text."""
HARMLESS = Shape(kind="harmless")
"""A number, a date, a word of a list."""
UNCERTAIN = Shape(is_certain=False)
"""Some schema that could not be determined."""
DOUBTFUL = Shape(is_certain=False)
"""Perhaps no schema at all."""


_MADE: dict[str, Shape] = {
    **dict.fromkeys(("email", "ip", "string", "url"), TEXT),
    **dict.fromkeys(("bigint", "bool", "boolean", "date", "enum", "int", "int32", "integer", "literal"), HARMLESS),
    **dict.fromkeys(("guid", "nan", "nativeEnum", "null", "number", "stringbool", "uint32", "uuid", "valid"), HARMLESS),
    **dict.fromkeys(("cuid", "cuid2", "hex", "isodate", "mac", "nanoid", "timestamp", "ulid", "uuidv4"), HARMLESS),
}
"""What the scalars of schema libraries leave a client to choose, by the names that they agree on."""
_REFINED: dict[str, Kind] = {
    **dict.fromkeys(("alphanum", "base64url", "creditCard", "cuid", "cuid2", "date", "datetime", "guid"), "harmless"),
    **dict.fromkeys(("hex", "isoDate", "nanoid", "oneOf", "only", "time", "ulid", "uuid", "valid"), "harmless"),
    **dict.fromkeys(("custom", "matches", "pattern", "refine", "regex", "superRefine", "test", "transform"), "unknown"),
}

_EXAMINING = frozenset(("assert", "check", "custom", "external", "refine", "superRefine", "test"))
"""Methods that take a function which may refuse a value."""


def scalar(name: str) -> Shape:
    """What the function of a schema library that makes a schema without fields says of a value."""
    return _MADE.get(name, CHECKED)


def refined(shape: Shape, name: str) -> Shape:
    """What is left of a value when a method of its schema asks for more."""
    if name in _EXAMINING:
        shape = shape.examined()
    kind = _REFINED.get(name)
    if kind is None or shape.kind != "text":
        return shape
    made = shape.changed()
    made.kind = kind
    return made


class Schema(Native):
    """A schema value; library models subclass it for their methods."""

    __slots__ = ("library", "name", "shape", "site")

    def __init__(self, library: str, shape: Shape, site: Site, name: str = "") -> None:
        self.library = library
        self.shape = shape
        self.site = site
        self.name = name
        """Name it was first bound to."""

    def named(self, name: str) -> None:
        """Remember the first name."""
        self.name = self.name or name

    @property
    def label(self) -> str:
        """How a reader knows it: its name, else where it stands; the name of a request part says nothing."""
        return (self.name if self.name not in PARTS else "") or f"{self.library} schema at {self.site.place}"
