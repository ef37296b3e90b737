"""What rules can ask about: the attributes of subjects, read from their types.

An attribute is a field or a property with a declared type; a dot leads into a structure (``validation.body.status``).
"""

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from medpro_audit.core.docstrings import attribute_docs

UNKNOWN = "unknown"
"""The literal by which a type says that something could not be determined."""

Scalar = str | int | float | bool


class Shape(Struct, frozen=True):
    """Which values an attribute can have; several of the fields are set where its type is a union."""

    scalars: tuple[type[Scalar], ...] = ()
    """Plain values that are possible; empty where only `choices` are."""
    choices: tuple[str, ...] = ()
    """The words that are possible, of a Literal type."""
    optional: bool = False
    """It may be missing."""
    item: "Shape | None" = None
    """Shape of the items, of a list."""
    struct: type[Struct] | None = None
    """A structure with attributes of its own."""

    @property
    def has_text(self) -> bool:
        """It can hold any text."""
        return str in self.scalars

    @property
    def has_number(self) -> bool:
        """It can hold a number."""
        return int in self.scalars or float in self.scalars

    @property
    def has_scalar(self) -> bool:
        """It can hold a single value."""
        return bool(self.scalars or self.choices)

    def admits(self, value: object) -> bool:
        """Tell whether a single value is one that the attribute can have."""
        if isinstance(value, bool):
            return bool in self.scalars
        if isinstance(value, int) and self.has_number:
            return True
        return value in self.choices or type(value) in self.scalars

    def describe(self) -> str:
        """Say in words which single values are possible."""
        names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}
        words = [names[scalar] for scalar in self.scalars]
        return " or ".join([*words, *([f"one of {', '.join(self.choices)}"] if self.choices else [])])


class Attribute(Struct, frozen=True):
    """An attribute of a subject."""

    name: str
    """With dots."""
    shape: Shape
    owner: type[Struct]
    """The type that declares it."""
    read: Callable[[object], object]
    """Reads it from a subject; None where it is missing."""

    @property
    def doc(self) -> str:
        """Its documentation: the docstring where it is declared."""
        return attribute_docs(self.owner).get(self.name.rpartition(".")[2], "")


@cache
def attributes_of(declared: type[Struct]) -> dict[str, Attribute]:
    """Return all attributes of a subject or structure by name, sorted."""
    return {attribute.name: attribute for attribute in sorted(_walk(declared), key=lambda found: found.name)}


def _walk(declared: type[Struct], prefix: str = "", *, may_miss: bool = False) -> Iterator[Attribute]:
    for name, annotation in _annotations(declared).items():
        path = f"{prefix}{name}"
        shape = shape_of(annotation)
        yield Attribute(path, shape, declared, _careful_reader(path.split(".")) if may_miss else attrgetter(path))
        if shape.struct is not None:
            below = may_miss or shape.optional or bool(shape.scalars)
            yield from _walk(shape.struct, f"{path}.", may_miss=below)


def _careful_reader(names: list[str]) -> Callable[[object], object]:
    """Read through structures that may be missing, or be a plain value instead."""

    def read(subject: object) -> object:
        value: object = subject
        for name in names:
            value = getattr(value, name, None)
        return value

    return read


def _annotations(declared: type[Struct]) -> dict[str, object]:
    """Return the types of all fields and properties."""
    hints: dict[str, object] = get_type_hints(declared)
    found = {name: hints[name] for name in declared.__struct_fields__}
    for base in declared.__mro__:
        for name, member in vars(base).items():
            if isinstance(member, property) and member.fget is not None:
                found.setdefault(name, get_type_hints(member.fget)["return"])
    return found


def shape_of(annotation: object) -> Shape:
    """Read a type annotation."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return _union([shape_of(member) for member in get_args(annotation)])
    if origin is Literal:
        return Shape(choices=tuple(str(choice) for choice in get_args(annotation)))
    if origin is tuple:
        return Shape(item=shape_of(get_args(annotation)[0]))
    if annotation is NoneType:
        return Shape(optional=True)
    if annotation in (str, int, float, bool):
        return Shape(scalars=(annotation,))
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return Shape(struct=annotation)
    raise TypeError(f"rules can't ask about an attribute of the type {annotation}")


def _union(members: list[Shape]) -> Shape:
    return Shape(
        scalars=tuple(scalar for member in members for scalar in member.scalars),
        choices=tuple(choice for member in members for choice in member.choices),
        optional=any(member.optional for member in members),
        item=next((member.item for member in members if member.item), None),
        struct=next((member.struct for member in members if member.struct), None),
    )
