"""An application with everything that stands before its endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import cast

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account
from medpro_audit.model.evaluation.values import CallRecord, External, ObjectValue, Value
from medpro_audit.model.known import Known
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Layer, Router, Row
from medpro_audit.model.subjects import Endpoint, Role
from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.protection import Practice, Protection, Status

_ASIDE = frozenset(("demo", "demos", "dev", "example", "examples", "sample", "samples", "sandbox"))
"""Folders of applications that are started to try something out."""
_DOCUMENTING = frozenset(("doc", "docs", "documentation"))
"""Folders of applications that show the documentation, where they only read."""
_IS_UP = re.compile(r"(?:^|/)(?:health\w*|live\w*|ready|readiness|ping|status|version|metrics)/?$", re.IGNORECASE)
"""What an application answers that only says that something else is up, such as a worker."""


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
    def cookies(self) -> Sequence[Cookie]:
        """Cookies by which its callers are known, or may be."""
        found = cast("Sequence[Cookie]", self.known.found("cookie"))
        return [cookie for cookie in found if cookie.backend == self.backend and cookie.is_secret]

    @cached_property
    def knows_by_cookie(self) -> bool:
        """Whether anybody may be known to it by what browsers send by themselves."""
        is_known = any({"session", "cookie"} & set(one.schemes) for one in self.access)
        return is_known or bool(self.cookies) or self._handles_cookies

    @property
    def _handles_cookies(self) -> bool:
        """Whether its functions read or set any by hand, or look at a session."""
        builder = self.known.base.endpoint_builder
        summaries = [summary for row in self.rows for _, summary in builder.chain(row)]
        accounts = [one.account for one in summaries if isinstance(one.account, Account)]
        is_held = any(one.reads_cookies or "session" in one.recalled for one in accounts)
        is_set = any(name == "set-cookie" for one in accounts for name, _ in one.headers)
        uses = [use for one in summaries for use in one.uses]
        return is_held or is_set or any(use.part == "headers" and use.path[:1] == ("cookie",) for use in uses)

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
        status: Status,
        detail: str,
        place: Place | None = None,
    ) -> Protection:
        """What there is of one protection; shown at a place, or where the application is made."""
        at = place or self.place
        return Protection(practice, status, at.file, at.line, self.backend, str(self.place), detail)


def applications(known: Known) -> Iterator[Application]:
    """The applications of server code that serve anything, in the order of their endpoints."""
    base = known.base
    members: dict[int, tuple[Router, list[tuple[Row, Endpoint, Access]]]] = {}
    accesses = cast("Sequence[Access]", known.facet("access"))
    for row, endpoint, one in zip(base.rows, base.endpoints, accesses, strict=True):
        is_served = endpoint.reached and endpoint.kind == "route" and row.application.is_application
        file = row.application.site.place.file
        if is_served and base.roles.get(file) == "server" and not _ASIDE & _folders(file):
            members.setdefault(id(row.application), (row.application, []))[1].append((row, endpoint, one))
    for router, of_router in members.values():
        is_used = any(access.serves and not _IS_UP.search(row.path) for row, _, access in of_router)
        if is_used and not _only_documents(router, of_router):
            yield Application(known, router, of_router)


def _only_documents(router: Router, members: Sequence[tuple[Row, Endpoint, Access]]) -> bool:
    is_beside = bool(_DOCUMENTING & _folders(router.site.place.file))
    return is_beside and all(endpoint.method in {"GET", "HEAD", "OPTIONS"} for _, endpoint, _ in members)


def _folders(file: str) -> set[str]:
    return set(file.lower().split("/")[:-1])


def made_by(value: Value) -> CallRecord | None:
    """The call that made a package's middleware."""
    return next(value.calls(), None) if isinstance(value, External) else None


def given_to(value: Value) -> ObjectValue | None:
    """The options that a package's middleware was made with."""
    call = made_by(value)
    first = call.arguments[0].value if call is not None and call.arguments else None
    return first if isinstance(first, ObjectValue) else None
