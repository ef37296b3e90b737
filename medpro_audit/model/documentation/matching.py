"""Which endpoint each documented operation is about.

A document says below which path its operations are served. Where that leads nowhere (a proxy takes the path away, or no
server is named), the one shift that makes most of its operations endpoints is taken instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from medpro_audit.model.documentation.document import Document, Operation
from medpro_audit.model.documentation.interfaces import Mounted
from medpro_audit.model.documentation.tables import Tables
from medpro_audit.model.documentation.templates import Segments, fits, segments_of, template_of
from medpro_audit.model.subjects import Endpoint, UnresolvedRoute

MAX_STRIPPED = 3
"""Segments at the beginning of a documented path that a proxy may take away."""
MAX_VOTES = 200
"""Operations that are asked which shift they need."""
MIN_SHARE = 0.5
"""Of the operations of a document that a shift must make endpoints."""


class Shift(NamedTuple):
    """From the paths of a document to those of a back end."""

    stripped: int
    prefix: Segments

    def apply(self, segments: Segments) -> Segments:
        """A documented path as the back end has it."""
        return (*self.prefix, *segments[self.stripped :])


_LEAST = 2
"""Operations of a document that nothing shows that must agree: a single path ends like one of ours by chance."""
_MANY = 10
_SEEN_SHARE = 0.1
"""Where fewer operations of a long document have an endpoint, it is the endpoints that are not seen."""


class Match(NamedTuple):
    """What became of one operation."""

    operation: Operation
    path: str
    """With its server's path."""
    backend: str
    endpoints: tuple[int, ...]
    """Endpoints that it documents."""
    is_served: bool | None
    """Whether there is an endpoint that answers it."""
    reason: str


class Index:
    """The endpoints of a repository by what they answer."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        gaps: Sequence[tuple[str, UnresolvedRoute]],
        mounted: Sequence[tuple[str, Mounted]],
        tables: Callable[[], Tables],
    ) -> None:
        self.endpoints = endpoints
        self.gaps = gaps
        """Routes that could not be determined, each with its back end."""
        self.mounted = mounted
        self.tables = tables
        """Routes that stand in tables; only asked where an operation has no endpoint."""
        self.templates = [template_of(endpoint.path) for endpoint in endpoints]
        self.backends = sorted({endpoint.backend for endpoint in endpoints})
        self._exact: dict[tuple[str, Segments], list[int]] = {}
        for index, endpoint in enumerate(endpoints):
            for variant in self.templates[index].variants:
                self._exact.setdefault((endpoint.backend, variant), []).append(index)

    def answering(self, backend: str, method: str, segments: Segments) -> list[int]:
        """Endpoints with this very method and path."""
        found = self._exact.get((backend, segments), ())
        return [index for index in found if self.endpoints[index].method in (method, "ALL")]

    def methods_at(self, backend: str, segments: Segments) -> list[str]:
        """Methods that are answered at a path."""
        return sorted({self.endpoints[index].method for index in self._exact.get((backend, segments), ())})

    def variants(self, backend: str) -> Iterator[tuple[str, Segments]]:
        """Method and path of all endpoints of a back end."""
        for (owner, variant), found in self._exact.items():
            if owner == backend:
                yield from ((self.endpoints[index].method, variant) for index in found)


def match_document(document: Document, operations: Sequence[Operation], home: str, index: Index) -> list[Match]:
    """Match the operations of a document with the endpoints of the back end that it is about."""
    declared = [_declared(document, operation) for operation in operations]
    others = [backend for backend in index.backends if backend != home]
    counts = {backend: _count(backend, operations, declared, index) for backend in [home, *others]}
    best = home if counts[home] else max(counts, key=lambda backend: counts[backend])
    if counts[best] < MIN_SHARE / 2 * len(operations):
        for backend in [home, *others]:
            shift = _shift(backend, operations, declared, index, 1 if document.is_served else _LEAST)
            if shift is not None:
                moved = [[shift.apply(path) for path in paths] for paths in declared]
                return _matches(document, operations, moved, backend, index)
    if counts[best] or document.is_served:
        return _matches(document, operations, declared, best, index)
    reason = "no operation of its document is an endpoint here, so it may be about another service"
    return [Match(each, _written(document, each), home, (), None, reason) for each in operations]


def _matches(
    document: Document, operations: Sequence[Operation], paths: Sequence[list[Segments]], backend: str, index: Index
) -> list[Match]:
    found = [
        _match(operation, _written(document, operation), own, backend, index)
        for operation, own in zip(operations, paths, strict=True)
    ]
    served = sum(match.is_served is not False for match in found)
    if len(found) < _MANY or served >= _SEEN_SHARE * len(found):
        return found
    reason = "hardly any operation of its document has an endpoint that is seen here"
    return [match if match.is_served else match._replace(is_served=None, reason=reason) for match in found]


def _declared(document: Document, operation: Operation) -> list[Segments]:
    bases = document.bases(operation)
    return [segments_of(base + operation.path) for base in bases or ("",)]


def _count(backend: str, operations: Sequence[Operation], declared: Sequence[list[Segments]], index: Index) -> int:
    return sum(
        any(index.answering(backend, operation.method, path) for path in paths)
        for operation, paths in zip(operations, declared, strict=True)
    )


def _shift(
    backend: str, operations: Sequence[Operation], declared: Sequence[list[Segments]], index: Index, least: int
) -> Shift | None:
    """The shift by which most operations become endpoints; None when there is none for half of them."""
    votes: Counter[Shift] = Counter()
    variants = list(index.variants(backend))
    for operation, paths in list(zip(operations, declared, strict=True))[:MAX_VOTES]:
        own = {shift for path in paths for shift in _shifts(operation.method, path, variants)}
        votes.update(own)
    likely = sorted(votes, key=lambda shift: (-votes[shift], shift.stripped, len(shift.prefix), shift.prefix))
    if not likely or votes[likely[0]] < max(least, MIN_SHARE * min(len(operations), MAX_VOTES)):
        return None
    return likely[0]


def _shifts(method: str, path: Segments, variants: Iterable[tuple[str, Segments]]) -> Iterator[Shift]:
    for theirs, variant in variants:
        if theirs not in (method, "ALL"):
            continue
        for stripped in range(min(MAX_STRIPPED, len(path) - 1) + 1 if path else 1):
            rest = path[stripped:]
            if len(variant) >= len(rest) and variant[len(variant) - len(rest) :] == rest:
                yield Shift(stripped, variant[: len(variant) - len(rest)])


def _match(operation: Operation, written: str, paths: Sequence[Segments], backend: str, index: Index) -> Match:
    found = tuple(dict.fromkeys(each for path in paths for each in index.answering(backend, operation.method, path)))
    if found:
        return Match(operation, written, backend, found, is_served=True, reason="")
    for path in paths:
        doubt = _doubt(operation.method, path, backend, index)
        if doubt is not None:
            return Match(operation, written, backend, (), *doubt)
    methods = sorted({method for path in paths for method in index.methods_at(backend, path)})
    reason = f"only {', '.join(methods)} is answered there" if methods else "no endpoint has this path"
    return Match(operation, written, backend, (), is_served=False, reason=reason)


def _doubt(method: str, path: Segments, backend: str, index: Index) -> tuple[bool | None, str] | None:
    """Why an operation without an endpoint of its own may be answered nevertheless."""
    for at, endpoint in enumerate(index.endpoints):
        if endpoint.backend != backend or endpoint.method not in (method, "ALL"):
            continue
        template = index.templates[at]
        name = f"{endpoint.method} {endpoint.path}"
        if any(fits(path, variant) for variant in template.variants):
            return True, f"{name} answers it"
        prefix = template.prefix or (template.variants[0] if endpoint.kind == "use" and template.variants else None)
        if prefix and fits(path[: len(prefix)], prefix):
            return None, f"{name} may answer it"
    for owner, mounted in index.mounted:
        prefix = segments_of(mounted.path)
        if owner == backend and prefix and fits(path[: len(prefix)], prefix):
            return None, f"the package {mounted.package} may answer it below {mounted.path}"
    for owner, gap in index.gaps:
        if owner == backend and (gap.method == "USE" or method in gap.method.split("/")):
            return None, f"the route registered at {gap.place} could not be determined"
    tables = index.tables()
    place = tables.get((backend, method, path)) or tables.get((backend, "ALL", path))
    return (None, f"{place} names it, and what registers it is not seen") if place else None


def _written(document: Document, operation: Operation) -> str:
    """The path with that of the first server, as a reader of the document has it."""
    bases = document.bases(operation)
    return f"{bases[0] if bases else ''}{operation.path}"
