"""An application with everything that stands before its endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, cast

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account
from medpro_audit.model.evaluation.values import CallRecord, External, ObjectValue, Value
from medpro_audit.model.known import Known
from medpro_audit.model.request import Summary
from medpro_audit.model.routing import Layer, Router, Row
from medpro_audit.model.subjects import Endpoint, Role
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.protection import Practice, Protection


class Application:
    """One application: its endpoints, and the middleware before them."""

    def __init__(self, known: Known, router: Router, members: Sequence[tuple[Row, Endpoint, Access]]) -> None:
        self.known = known
        self.place: Place = router.site.place
        self.framework = router.framework
        self.rows = [row for row, _, _ in members]
        self.endpoints = [endpoint for _, endpoint, _ in members]
        self.access = [access for _, _, access in members]
        self.backend = known.base.backend_of(self.place.file)

    @cached_property
    def layers(self) -> Sequence[Layer]:
        """Every middleware before one of its endpoints, once for each place that registers it, in order."""
        found: dict[tuple[Place, str], Layer] = {}
        for row in self.rows:
            for layer in (*row.active, *row.items[:-1]):
                found.setdefault((layer.site.place, layer.name), layer)
        return tuple(found.values())

    def with_role(self, role: Role) -> list[Layer]:
        """Middleware that has a role."""
        return [layer for layer in self.layers if role in self.known.base.endpoint_builder.roles(layer)]

    def covered_by(self, role: Role) -> int:
        """Before how many of its endpoints something with a role stands."""
        return sum(any(role in use.roles for use in endpoint.middleware) for endpoint in self.endpoints)

    @cached_property
    def summaries(self) -> Sequence[Summary]:
        """What the functions before its endpoints do; those that answer are left out."""
        builder = self.known.base.endpoint_builder
        found = {
            id(summary): summary
            for row in self.rows
            for layer, summary in builder.chain(row)
            if layer not in row.items[-1:]
        }
        return tuple(found.values())

    @cached_property
    def headers(self) -> dict[str, list[Value]]:
        """Headers that middleware of the program's own sets, in lower case."""
        found: dict[str, list[Value]] = {}
        for summary in self.summaries:
            for name, value in summary.account.headers if isinstance(summary.account, Account) else ():
                found.setdefault(name, []).append(value)
        return found

    def says(
        self,
        practice: Practice,
        status: Literal["yes", "no", "unknown", "not-needed"],
        detail: str,
        place: Place | None = None,
    ) -> Protection:
        """What there is of one protection; shown at a place, or where the application is made."""
        at = place or self.place
        return Protection(practice, status, at.file, at.line, self.backend, str(self.place), detail)


def applications(known: Known) -> Iterator[Application]:
    """The applications of server code that answer anything, in the order of their endpoints."""
    base = known.base
    members: dict[int, tuple[Router, list[tuple[Row, Endpoint, Access]]]] = {}
    access = cast("Sequence[Access]", known.facet("access"))
    for row, endpoint, one in zip(base.rows, base.endpoints, access, strict=True):
        is_served = endpoint.mounted and endpoint.kind == "route" and row.application.is_application
        if is_served and base.roles.get(row.application.site.place.file) == "server":
            members.setdefault(id(row.application), (row.application, []))[1].append((row, endpoint, one))
    for router, of_router in members.values():
        yield Application(known, router, of_router)


def made_by(value: Value) -> CallRecord | None:
    """The call that made a package's middleware."""
    return next(value.calls(), None) if isinstance(value, External) else None


def given_to(value: Value) -> ObjectValue | None:
    """The options that a package's middleware was made with."""
    call = made_by(value)
    first = call.arguments[0].value if call is not None and call.arguments else None
    return first if isinstance(first, ObjectValue) else None
