"""The verdict on each request part of an endpoint, from what its middleware and handler do in order."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.values import Site
from medpro_audit.model.path_parameters import parameters_of
from medpro_audit.model.request.records import Attempt, Holding, Narrowed, Summary, Use
from medpro_audit.model.schemas import CHECKED, DOUBTFUL
from medpro_audit.model.subjects import PARTS, EndpointValidation, RequestPart, Validation
from medpro_audit.model.verdicts import Basis, Gap, Seen, takes_whole

_WITHOUT_BODY = frozenset(("DELETE", "GET", "HEAD"))
"""Methods whose requests have no body that means anything in general (RFC 9110, sections 9.3.1, 9.3.2 and 9.3.5)."""
_READING = frozenset(("GET", "HEAD"))
CREDENTIALS = frozenset(
    (  # noqa: SIM905 - a table of words
        "_csrf _method _token accesstoken apikey authtoken csrf csrftoken jwt sessiontoken token xsrftoken"
    ).split()
)
"""Fields of the body and the query, in lower case and without ``_`` within, that tell who asks or how a request is
meant: a guard looks at them, and refuses what it does not know."""
_PROTOCOL_HEADERS = frozenset(
    (  # noqa: SIM905 - a table of words
        "accept accept-encoding accept-language authorization cache-control connection content-length "
        "content-type cookie date etag expect forwarded host if-match if-modified-since if-none-match if-range "
        "if-unmodified-since origin pragma range referer referrer te trailer transfer-encoding upgrade user-agent "
        "via x-api-key x-csrf-token x-correlation-id x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip "
        "x-request-id x-xsrf-token "
    ).split()
)
"""Headers that the protocol, a proxy or an authentication scheme gives a meaning; nobody validates them by a schema."""


class Link(Struct, frozen=True):
    """One function of an endpoint's chain, as far as validation goes."""

    name: str
    summary: Summary
    counts: bool
    """Its own use of request data counts: the route's middleware and the handler."""
    is_handler: bool
    condition: str
    """Under which it is in effect at all."""
    site: Site
    """Where it is registered."""


class Ledger:
    """What is validated, and what is used, along one endpoint's chain."""

    def __init__(self, path: str, place: Place, method: str = "ALL") -> None:
        """Take the path and method of the endpoint and where it is registered."""
        self._method = method
        self.links: list[Link] = []
        """The chain."""
        self._parameters = parameters_of(path)
        patterns = self._parameters.checked if self._parameters is not None else {}
        self._patterns = [
            Holding("params", (name,), CHECKED, "", f":{name}{pattern}", place) for name, pattern in patterns.items()
        ]
        self._holdings: list[Holding] = []
        self._narrowed: list[Narrowed] = []
        self._maybe: list[tuple[Holding, str]] = []
        self._attempts: list[Attempt] = []
        self._seen: list[Seen] = []
        self._gaps: list[Gap] = []

    def add(self, link: Link) -> None:
        """Enter the next function of the chain."""
        summary = link.summary
        self.links.append(link)
        if link.counts:
            uses = (use for use in summary.uses if not (_is_protocol(use) or self._is_absent(use, link)))
            self._seen.extend(self._judge(self._as_narrowed(use)) for use in uses)
            again = {attempt.holding for attempt in summary.attempts}
            self._attempts = [one for one in self._attempts if one.holding not in again] + list(summary.attempts)
            if summary.reason is not None:
                self.miss(link.name, summary.reason, link.site)
        if link.condition:
            self._maybe.extend((holding, link.condition) for holding in summary.grants)
        else:
            self._holdings.extend(summary.grants)
            self._narrowed.extend(summary.narrowed)

    def miss(self, name: str, reason: str, site: Site) -> None:
        """Note a function that can't be followed, so that nothing is known of what it reads."""
        self._gaps.append(Gap(f"{name} can't be followed: {reason}", site))

    def _is_absent(self, use: Use, link: Link) -> bool:
        """Whether it is a parameter that the path doesn't have: nobody can send it.

        Nor is the body of a GET request read where it is only handed on with everything else, or by what stands before
        all kinds of endpoints; a guard's look at the credentials is no input of the endpoint.
        """
        if use.part == "body" and not use.path and self._method in _WITHOUT_BODY:
            return True
        is_guarding = not link.is_handler or self._method in _READING
        if is_guarding and use.part in {"body", "query"} and _is_credential(use):
            return True
        if use.part == "body" and self._method in _READING and not link.is_handler:
            return True
        if use.part != "params" or self._parameters is None:
            return False
        is_named = bool(use.path) and use.path[0] != "*"
        return use.path[0] not in self._parameters.names if is_named else not self._parameters.names

    def _as_narrowed(self, use: Use) -> Use:
        """A use of what an earlier function has asked whether it is what the program allows."""
        if use.narrowed is not None:
            return use
        return use._replace(narrowed=next((one for one in self._narrowed if one.tells_of(use)), None))

    def _judge(self, use: Use) -> Seen:
        if use.holding is not None and use.holding.shape is not DOUBTFUL:
            return Seen(use, use.holding, None)
        doubt = None
        for holding in (*self._patterns, *self._holdings):
            verdict = holding.covers(use.part, use.path)
            if verdict:
                return Seen(use, holding, None)
            if verdict is None:
                doubt = holding
        was_tried = use.was_tried or any(
            one.holding.covers(use.part, use.path) for one in self._attempts if not one.is_afterwards
        )
        return Seen(use, None, doubt or use.doubt, was_tried)

    def verdicts(self) -> EndpointValidation:
        """The verdict on each part."""
        return EndpointValidation(*(self._verdict(part) for part in PARTS))

    @property
    def reads(self) -> tuple[RequestPart, ...]:
        """Parts that are used."""
        used = {seen.use.part for seen in self._seen}
        return tuple(part for part in PARTS if part in used)

    def basis(self, part: RequestPart) -> Basis:
        """What the verdict on a part is made of."""
        seen = [entry for entry in self._seen if entry.use.part == part]
        holdings = [holding for holding in self._holdings if holding.part == part and holding.shape is not DOUBTFUL]
        attempts = [attempt for attempt in self._attempts if attempt.holding.part == part]
        if not seen:
            holdings = [holding for holding in holdings if not self._is_anywhere(holding)]
            attempts = [attempt for attempt in attempts if not self._is_anywhere(attempt.holding)]
        elif all(entry.use.path for entry in seen):
            names = {entry.use.path[0] for entry in seen}
            holdings = [holding for holding in holdings if not self._is_elsewhere(holding, names)]
            attempts = [attempt for attempt in attempts if not self._is_elsewhere(attempt.holding, names)]
        by_use = [entry.holding for entry in seen if entry.holding is not None]
        gaps = self._gaps if part != "params" or self._parameters is None or self._parameters.names else []
        is_taken_whole = any(takes_whole(entry.use) for entry in seen) or self._is_stored_whole(part)
        return Basis(part, seen, [*holdings, *by_use], attempts, self._maybe, gaps, is_taken_whole=is_taken_whole)

    def _is_stored_whole(self, part: RequestPart) -> bool:
        """Whether all fields of a part get into a record, or into an object that is merged."""
        arrivals = (arrival for link in self.links for arrival in link.summary.arrivals)
        return any((one.part, one.path, one.need) == (part, (), "fields") for each in arrivals for one in each.carried)

    def _is_elsewhere(self, holding: Holding, names: Collection[str]) -> bool:
        """Whether it asks for a field in whichever part it is sent, and this part is not asked for that field."""
        return self._is_anywhere(holding) and holding.path[0] not in names

    def _is_anywhere(self, holding: Holding) -> bool:
        """Whether it asks for a field in whichever part it is sent: ``check('name')`` of express-validator."""
        known = (*self._holdings, *(attempt.holding for attempt in self._attempts))
        asked = (holding.path, holding.schema, holding.place)
        elsewhere = ((other.path, other.schema, other.place) for other in known if other.part != holding.part)
        return bool(holding.path) and asked in elsewhere

    def _verdict(self, part: RequestPart) -> Validation:
        base = self.basis(part)
        if not base.seen:
            return base.unread()
        open_ = [entry for entry in base.seen if entry.holding is None and not base.is_forgiven(entry.use)]
        if not open_ and base.holdings:
            return base.validated()
        open_ = open_ or list(base.seen)
        bare = [entry for entry in open_ if entry.doubt is None]
        if bare and all(base.may_stay(entry.use) for entry in bare):
            return base.early()
        doubt = open_[0].doubt or base.doubted_later(open_[0])
        bare = [entry for entry in bare if base.doubted_later(entry) is None]
        return base.missing(bare) if bare or doubt is None else base.doubtful(doubt)


def _is_protocol(use: Use) -> bool:
    return use.part == "headers" and bool(use.path) and use.path[0].lower() in _PROTOCOL_HEADERS


def _is_credential(use: Use) -> bool:
    name = use.path[0].lower() if use.path else ""
    return (name if name.startswith("_") else name.replace("_", "").replace("-", "")) in CREDENTIALS
