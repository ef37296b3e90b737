"""A schema as a list of the places of a value and what is asked there, so that two can be held against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import structs

from medpro_audit.model.schemas import DOUBTFUL, Shape
from medpro_audit.model.subjects.facets.contract import Bound, Field
from medpro_audit.model.terms import ANY

MAX_FIELDS = 300
"""Of one request part or answer; what lies beyond is not known."""
MAX_OPTIONS = 100
"""Fields of all alternatives at one place; where there are more, it is only known whether they have changed."""
MAX_DEPTH = 12
ELEMENTS = "[]"
VALUES = "*"
_NARROW = frozenset((ANY,))


def fields_of(shape: Shape, path: str = "") -> tuple[Field, ...]:
    """All that a schema asks, by path."""
    found = list(_fields(shape, path, 0))
    if len(found) > MAX_FIELDS:
        first = structs.replace(found[0], reason=f"it has more than {MAX_FIELDS} fields")
        found = [first, *found[1:MAX_FIELDS]]
    return merged(found)


def merged(fields: Iterable[Field]) -> tuple[Field, ...]:
    """One field for each path, that asks what all of them ask; sorted."""
    kept: dict[str, Field] = {}
    for field in fields:
        known = kept.get(field.path)
        kept[field.path] = field if known is None else _both(known, field)
    return tuple(kept[path] for path in sorted(kept))


def below(path: str, name: str) -> str:
    """The path of a field, or of the elements, below another."""
    return f"{path}{name}" if name == ELEMENTS or not path else f"{path}.{name}"


def parent_of(path: str) -> str:
    """The path above another."""
    return path.removesuffix(ELEMENTS) if path.endswith(ELEMENTS) else path.rpartition(".")[0]


def _fields(shape: Shape, path: str, depth: int) -> Iterator[Field]:
    if depth > MAX_DEPTH:
        yield Field(path, reason=f"it is nested more than {MAX_DEPTH} deep")
    elif shape.all_of:
        yield from merged(field for part in shape.all_of for field in _fields(part, path, depth + 1))
        yield _own(shape, path)
    elif shape.any_of:
        yield from _of_alternatives(shape, path, depth)
    else:
        yield _own(shape, path)
        yield from _inner(shape, path, depth)


def _own(shape: Shape, path: str) -> Field:
    """What is asked of the value itself."""
    terms = shape.terms
    types = terms.types
    if types is None and shape.accepts_anything:
        types = _NARROW
    if types is None and shape.fields is not None:
        types = frozenset(("object",))
    if types is None and terms.values:
        types = frozenset(map(_type_of, terms.values))
    return Field(
        path=path,
        types=None if types is None else tuple(sorted(types)),
        is_required=None if terms.is_optional is None else not terms.is_optional,
        values=None if terms.values is None else tuple(sorted(terms.values)),
        bounds=terms.bounds,
        checks=tuple(sorted(terms.checks)),
        is_closed=shape.fields is not None and shape.extra == "rejected" and shape.element is None,
        reason=_reason(shape),
    )


def _type_of(word: str) -> str:
    """The type of a value that is given as text."""
    if word.startswith('"'):
        return "string"
    return {"null": "null", "true": "boolean", "false": "boolean"}.get(word, "number")


def _reason(shape: Shape) -> str:
    if shape is DOUBTFUL or (not shape.is_certain and shape.fields is None):
        return "its schema can't be followed"
    return "" if shape.is_certain else "it may have further fields that can't be seen"


def _inner(shape: Shape, path: str, depth: int) -> Iterator[Field]:
    for name, inner in (shape.fields or {}).items():
        yield from _fields(inner, below(path, name), depth + 1)
    is_list = "array" in (shape.terms.types or ()) or (shape.terms.types is None and shape.fields is None)
    if shape.element is not None:
        yield from _fields(shape.element, below(path, ELEMENTS if is_list else VALUES), depth + 1)
    elif "array" in (shape.terms.types or ()):
        yield Field(below(path, ELEMENTS), types=(ANY,))


def _of_alternatives(shape: Shape, path: str, depth: int) -> Iterator[Field]:
    """One of several: scalars together, a single object with its fields, of more than that a digest."""
    options = [merged(_fields(option, path, depth + 1)) for option in shape.any_of]
    nested = [option for option in options if len(option) > 1 or option[0].reason]
    own = [option[0] for option in options if option]
    said = {field.is_required for field in own}
    is_optional = shape.terms.is_optional or False in said
    is_required = None if shape.terms.is_optional is None and said == {None} else not is_optional
    if len(nested) > 1:
        written = sorted(msgspec.json.encode(option) for option in options)
        digest = hashlib.sha256(b"".join(written)).hexdigest()[:8]
        whole = structs.replace(_either(own), alternatives=digest, is_required=is_required, is_closed=False)
        reason = next((field.reason for option in options for field in option if field.reason), "")
        is_small = sum(map(len, options)) <= MAX_OPTIONS
        yield structs.replace(whole, reason=reason, options=tuple(options) if is_small else ())
        return
    yield structs.replace(_either(own), is_required=is_required)
    yield from (field for option in nested for field in option[1:])


def _either(fields: list[Field]) -> Field:
    """What is asked of one of several values, as far as all ask it."""
    first = fields[0]
    types = (
        None if any(each.types is None for each in fields) else {kind for each in fields for kind in each.types or ()}
    )
    values = (
        None if any(each.values is None for each in fields) else {one for each in fields for one in each.values or ()}
    )
    is_same = all((each.bounds, each.checks) == (first.bounds, first.checks) for each in fields)
    differing = sorted({check for each in fields for check in (*map(_bound_word, each.bounds), *each.checks)})
    return Field(
        path=first.path,
        types=None if types is None else tuple(sorted(types)),
        values=None if values is None else tuple(sorted(values)),
        bounds=first.bounds if is_same else (),
        checks=first.checks if is_same else (f"alternatives:{', '.join(differing)}",),
        is_closed=any(each.is_closed for each in fields),
        reason=next((each.reason for each in fields if each.reason), ""),
    )


def _bound_word(bound: Bound) -> str:
    return f"{bound.kind} {bound.limit:g}{' excluded' if bound.is_exclusive else ''}"


def _both(one: Field, other: Field) -> Field:
    """What is asked by two schemas of the same place."""
    bounds = {bound.kind: bound for bound in one.bounds}
    for bound in other.bounds:
        bounds[bound.kind] = tightest(bound, bounds.get(bound.kind, bound))
    return Field(
        path=one.path,
        types=_common(one.types, other.types),
        is_required=_any(one.is_required, other.is_required),
        values=_common(one.values, other.values),
        bounds=tuple(sorted(bounds.values())),
        checks=tuple(sorted({*one.checks, *other.checks})),
        is_closed=one.is_closed or other.is_closed,
        alternatives="+".join(filter(None, (one.alternatives, other.alternatives))),
        options=() if one.alternatives and other.alternatives else one.options or other.options,
        reason=one.reason or other.reason,
    )


def tightest(one: Bound, other: Bound) -> Bound:
    """Of two bounds of a kind, the one that refuses more."""
    is_lower = one.kind in {"least", "shortest"}
    order = (
        (lambda each: (each.limit, each.is_exclusive)) if is_lower else (lambda each: (-each.limit, each.is_exclusive))
    )
    return max(one, other, key=order)


def _common(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if one is None or other is None:
        return one if other is None else other
    if ANY in one or ANY in other:
        return other if ANY in one else one
    return tuple(sorted(set(one) & set(other)))


def _any(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None and other is None else False
