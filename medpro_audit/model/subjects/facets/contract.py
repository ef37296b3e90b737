"""What an endpoint, or its documentation, promises to its clients."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

BoundKind = Literal["least", "most", "shortest", "longest"]
"""Of a number or date, and of the length of a text or list."""


class Bound(Struct, frozen=True, order=True):
    """A limit of a value."""

    kind: BoundKind
    limit: int | float
    """As it is written: a whole number from the cache must not come back as 50.0."""
    is_exclusive: bool = False
    """The limit itself is refused."""


class Field(Struct, frozen=True, omit_defaults=True):
    """What is accepted, or sent, at one place of a value."""

    path: str
    """``address.street``, ``tags[]`` for the elements of a list, ``prices.*`` for values of any key; empty for all."""
    types: tuple[str, ...] | None = None
    """As JSON Schema calls them, and ``date`` and ``any``; None where that isn't known."""
    is_required: bool | None = None
    """It may not be left out; None where that isn't known."""
    values: tuple[str, ...] | None = None
    """The only values; None for no such list."""
    bounds: tuple[Bound, ...] = ()
    checks: tuple[str, ...] = ()
    """Formats by name; after a colon, the pattern, or a digest of the code, that checks it."""
    is_closed: bool = False
    """Of an object: fields that are not named are refused."""
    alternatives: str = ""
    """Of one of several schemas: a digest of them all."""
    options: tuple[tuple[Field, ...], ...] = ()
    """Of one of several schemas: each with its fields; without any where there are too many of them."""
    reason: str = ""
    """Why there is more to it than is known."""


class Accepted(Struct, frozen=True, omit_defaults=True):
    """What schemas accept in one request part."""

    status: Literal["known", "none", "not-read", "unknown"] = "unknown"
    """none: it is read, and no schema says what is accepted; unknown: see `reason`."""
    reason: str = ""
    """Why it isn't known, or not as a whole."""
    fields: tuple[Field, ...] = ()
    """By path, sorted."""
    digest: str = ""
    """Of the source that says what isn't known; empty where all is."""


class Sent(Struct, frozen=True, omit_defaults=True):
    """What is answered with one status."""

    status: str
    """``200``, ``2XX``, ``default``."""
    fields: tuple[Field, ...] = ()
    """By path, sorted; without any, nothing is said of the content."""


class Contract(Struct, frozen=True, omit_defaults=True):
    """What clients can rely on: what they may send, and what they get when nothing fails."""

    body: Accepted = Accepted()
    params: Accepted = Accepted()
    query: Accepted = Accepted()
    headers: Accepted = Accepted()
    answers: tuple[Sent, ...] = ()
    """By status, sorted."""
    unseen_answers: str = ""
    """Why answers are not known, or not all; empty where all are."""
    answers_digest: str = ""
    """Of the source of the handler, where answers are not known."""
