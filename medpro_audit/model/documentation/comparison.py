"""Holds an operation against what the endpoint takes and answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.documentation.details import Details, Names, names_of
from medpro_audit.model.endpoints import Passage
from medpro_audit.model.request.records import ASSIGNED, Use
from medpro_audit.model.schemas import DOUBTFUL, Shape
from medpro_audit.model.subjects import RequestPart
from medpro_audit.model.validation import CREDENTIALS, Link

_IDS = frozenset(("id", "_id", "Id", "ID"))
_BODILESS = frozenset(("GET", "HEAD"))
_JSON_TYPES = frozenset(("array", "boolean", "number", "object", "string"))
SERVER_ERROR = 500
"""From here on statuses are nobody's intention, and need no documentation."""


Reading = tuple[Place, RequestPart, str]
"""Where a field of a request part is read; the name is empty for the whole part."""


def reading_of(use: Use) -> Reading:
    """What a use reads, at its place."""
    return use.place, use.part, use.path[0] if use.path else ""


class Taken(NamedTuple):
    """Fields of one request part that an endpoint takes."""

    named: Names
    """By its schema, or, without one, by its code."""
    read: Names
    """By its code."""
    elsewhere: Names
    """By anything on the way: what stands before most endpoints, a guard that asks for a token."""
    is_checked: bool
    """By code whose fields are not known, which may refuse what the endpoint's own code would read."""
    unread: Names
    """By its schema, and surely not by its code."""
    is_exact: bool
    """The schema lets no others through."""
    is_open: bool
    """Its own code may take others."""
    leaks: bool
    """Other code is given the whole request, and may take others."""


class Difference(NamedTuple):
    """What the documentation of one part and the code say differently."""

    undocumented: tuple[str, ...]
    stale: tuple[str, ...]
    agrees: bool | None
    """None when one of the two isn't known well enough."""


class Mistyped(NamedTuple):
    """A field of one type in the documentation and of another in the code."""

    name: str
    documented: str
    taken: str


class Typing(NamedTuple):
    """What the documentation and the code say of the types of fields."""

    mistyped: tuple[Mistyped, ...]
    agrees: bool | None
    """None when they say nothing of the same field."""


AGREEING = Difference((), (), agrees=True)
UNDECIDED = Difference((), (), agrees=None)


def taken(passage: Passage, part: RequestPart, common: Collection[Reading] = ()) -> Taken:
    """What the functions of an endpoint take of a request part; ``common`` is what most endpoints read alike."""
    basis = passage.ledger.basis(part)
    sent = [entry for entry in basis.seen if entry.doubt is None or entry.doubt.schema != ASSIGNED]
    read = frozenset(entry.use.path[0] for entry in sent if entry.use.path and entry.use.path[0] != "*")
    is_whole = any(not entry.use.path or entry.use.path[0] == "*" for entry in basis.seen)
    tried = [*basis.holdings, *(attempt.holding for attempt in basis.attempts)]
    shapes = [names_of(each.shape) for each in tried if not each.path and each.library and each.shape is not DOUBTFUL]
    named = frozenset[str]().union(*(names for names, _ in shapes))
    is_exact = any(exact for _, exact in shapes)
    is_open = not is_exact and (is_whole or bool(basis.gaps) or bool(tried))
    # A schema that endpoints share may know more of the query than this one looks at.
    unread = named - read if part == "query" and read and not is_whole else frozenset[str]()
    doubts = [entry.doubt for entry in sent if entry.doubt is not None]
    is_checked = not named and any(not holding.path for holding in (*tried, *doubts))
    links = passage.ledger.links
    before = _names_read((link for link in links if not link.counts), part)
    before |= read - {entry.use.path[0] for entry in sent if entry.use.path and reading_of(entry.use) not in common}
    return Taken(
        named=named or read - before,
        read=read,
        elsewhere=_names_read(links, part),
        is_checked=is_checked,
        unread=unread,
        is_exact=is_exact,
        is_open=is_open,
        leaks=_leaks(passage),
    )


def _names_read(links: Iterable[Link], part: RequestPart) -> Names:
    """The fields that these functions read, whether or not it is a matter of the one operation."""
    uses = (use for link in links for use in link.summary.uses)
    return frozenset(use.path[0] for use in uses if use.part == part and use.path)


def _leaks(passage: Passage) -> bool:
    """Whether the whole request goes to code that isn't seen."""
    return any(link.summary.escapes or link.summary.reason for link in passage.ledger.links if link.counts)


def compare_types(details: Details, passages: Iterable[Passage]) -> Typing:
    """Types of the body's fields; those of a form are texts, and only Zod is known to convert nothing unasked."""
    found: dict[str, Mistyped] = {}
    is_compared = False
    for passage in passages if not details.is_form else ():
        basis = passage.ledger.basis("body")
        tried = [*basis.holdings, *(attempt.holding for attempt in basis.attempts)]
        for shape in (each.shape for each in tried if not each.path and each.library == "zod"):
            for name, field in (shape.fields or {}).items():
                documented, type_taken = details.types.get(name), _type_of(field)
                if documented is not None and type_taken is not None:
                    is_compared = True
                    if documented != type_taken:
                        found[name] = Mistyped(name, documented, type_taken)
    return Typing(tuple(found[name] for name in sorted(found)), not found if is_compared else None)


def _type_of(shape: Shape) -> str | None:
    """The one type of JSON that a schema lets through besides null; None when there are several, or it isn't known."""
    types = {"number" if each == "integer" else each for each in shape.terms.types or ()} - {"null"}
    return next(iter(types)) if len(types) == 1 and types <= _JSON_TYPES else None


def compare_query(
    details: Details, passages: Iterable[Passage], words: Names = frozenset(), common: Collection[Reading] = ()
) -> Difference:
    """Query parameters; ``words`` are those of the handler's code, which may well take what it names."""
    return _all(_compare(details.query, taken(passage, "query", common), words) for passage in passages)


def compare_body(
    details: Details,
    passages: Iterable[Passage],
    words: Names = frozenset(),
    common: Collection[Reading] = (),
    *,
    method: str = "POST",
) -> Difference:
    """Fields of the body; those of a form may be files, which are read by other code.

    OpenAPI has no place for the body of a GET request, so that none lacks there. A schema that stands for the
    answer too may have more than is taken, and who makes something is not expected to give it its id.
    """
    if details.has_body is None or (method in _BODILESS and not details.has_body):
        return UNDECIDED
    documented = details.body if details.has_body else frozenset[str]()
    own = _IDS if method == "POST" else frozenset[str]()
    differences = (_compare(documented, taken(passage, "body", common), words) for passage in passages)
    found = _all(_without(each, stale=details.answered, undocumented=own) for each in differences)
    if details.is_form and found.stale:
        return Difference(found.undocumented, (), agrees=False if found.undocumented else None)
    return found


def _without(found: Difference, *, stale: Names, undocumented: Names) -> Difference:
    """What differs, without some fields."""
    if found.agrees is not False:
        return found
    left = (
        tuple(name for name in found.undocumented if name not in undocumented),
        tuple(name for name in found.stale if name not in stale),
    )
    return Difference(*left, agrees=False) if any(left) else UNDECIDED


def _compare(documented: Names | None, code: Taken, words: Names) -> Difference:
    if documented is None:
        return UNDECIDED
    undocumented = () if code.is_checked else tuple(sorted(code.named - code.unread - documented))
    untaken = documented - code.named - code.read
    told = untaken - code.elsewhere - CREDENTIALS - (frozenset() if code.is_exact else words)
    stale = () if code.is_open or code.leaks else tuple(sorted(told))
    if undocumented or stale:
        return Difference(undocumented, stale, agrees=False)
    return UNDECIDED if code.is_open or code.is_checked or untaken else AGREEING


def _all(differences: Iterable[Difference]) -> Difference:
    """Of several endpoints that one operation documents, the first that differs."""
    found = list(differences)
    differing = [each for each in found if each.agrees is False]
    undecided = [each for each in found if each.agrees is None]
    return (*differing, *undecided, *found, UNDECIDED)[0]


def compare_statuses(details: Details, passages: Iterable[Passage]) -> Difference:
    """Statuses that the handler answers with, faults of the server left out."""
    if details.statuses is None:
        return UNDECIDED
    documented = {status.upper() for status in details.statuses}
    answered: set[int] = set()
    for passage in passages:
        answered.update(passage.ledger.links[-1].summary.statuses if passage.ledger.links else ())
    missing = [
        str(status)
        for status in sorted(answered)
        if status < SERVER_ERROR and not documented & {str(status), f"{status // 100}XX", "DEFAULT"}
    ]
    return Difference(tuple(missing), (), agrees=not missing)
