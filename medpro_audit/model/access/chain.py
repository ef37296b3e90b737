"""Who may call an endpoint, from what each function of its chain does about the caller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from msgspec import Struct, structs

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account, Deed, Verdict
from medpro_audit.model.access.exceptions import is_excepted
from medpro_audit.model.access.filters import refusing_option
from medpro_audit.model.access.guards import PackageGuard, guard_among
from medpro_audit.model.access.packages import HARMLESS, LOOKS_LIKE_A_GUARD, only_prepares, setters_of
from medpro_audit.model.access.provenance import names_secret
from medpro_audit.model.access.proxies import asked_of_proxy
from medpro_audit.model.access.standing import (
    Permission,
    Scheme,
    Standing,
    Worth,
    either,
)
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import External, Value
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.performance.reach import functions_of
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Layer, Row

T = TypeVar("T", Standing, Permission)

HANDLER = "the handler"


class Judged(Struct, frozen=True):
    """What one function of a chain says of the caller."""

    name: str
    place: Place
    authentication: Verdict[Standing]
    authorization: Verdict[Permission]
    pretends: bool = False
    """It turns callers away because of who they are, and passes on others without knowing who they are."""


class Chain:
    """The functions of one endpoint, in order, with what is known of the properties that they set on the request."""

    def __init__(self, row: Row, builder: EndpointBuilder, interpreter: Interpreter) -> None:
        self._row = row
        self._builder = builder
        self._interpreter = interpreter
        self._set: dict[str, Worth] = {}
        self.handler: Account | None = None
        """What the handler does; None when it can't be followed."""
        self.tokens: set[str] = set()
        """Properties of the request that are what a token holds, by the time that the handler looks at them."""
        self.deeds: set[Deed] = set()
        """How its own functions let strangers in."""
        self.own: list[Summary] = []
        """What its own functions do: those of the route, the handler last."""
        self._accounts: list[tuple[Layer, Account]] = []
        self.judged = tuple(self._judge_all())

    @property
    def accounts(self) -> Iterator[Account]:
        """What its own functions do about their caller."""
        return (summary.account for summary in self.own if isinstance(summary.account, Account))

    @property
    def ties(self) -> frozenset[frozenset[str]]:
        """What the request names that some function before the answer has found to belong together."""
        return frozenset[frozenset[str]]().union(*(account.ties for _, account in self._accounts))

    @property
    def serves(self) -> bool:
        """Whether it does anything but refuse, or get the request ready for what comes after it."""
        if self.handler is not None:
            return self.handler.serves
        handler = self._row.items[-1].value if self._row.items else None
        return not isinstance(handler, External) or not only_prepares(handler)

    @property
    def is_closed(self) -> bool:
        """Whether its handler serves nobody by default."""
        return self.handler is not None and self.handler.is_closed

    @property
    def acts(self) -> bool:
        """Whether its own functions may do anything at all besides answering."""
        if self.handler is None:
            return True
        return any(account.acts for account in self.accounts) or any(one.uses or one.escapes for one in self.own)

    @property
    def doubted(self) -> str | None:
        """Why it can't be said that anybody gets through, though nothing was proven: what one function has found out
        about some callers, another may refuse the others by.
        """
        verifying: list[tuple[Layer, frozenset[str]]] = []
        for layer, account in self._accounts:
            for before, names in verifying:
                if _may_refuse(account, names):
                    return f"{before.name} verifies callers, and whether {layer.name} refuses the others can't be told"
            if account.verifies or account.dubious is not None:
                verifying.append((layer, frozenset(name for name, _ in account.sets)))
        if self.handler is not None and self.handler.writes_for_known:
            return "what it changes may only be changed for callers who are known"
        return None

    @property
    def switched_off(self) -> str | None:
        """A guard that is not in effect by default: where it is switched on, it may ask who calls."""
        for layer in self._row.chain:
            if not layer.is_active and "NODE_ENV" not in layer.condition and self._may_ask(layer):
                return f"{layer.name} is only in effect if {layer.condition}"
        return None

    def _may_ask(self, layer: Layer) -> bool:
        """Whether a function may be a guard that is followed in a configuration in which it isn't there."""
        if not _is_known(layer.value) and LOOKS_LIKE_A_GUARD.search(f"{layer.name} {layer.condition}"):
            return True
        summary = self._builder.summary(layer.value, layer)
        return self._middleware(layer, summary, self._account(layer, summary)).authentication.status != "no"

    def _judge_all(self) -> Iterator[Judged]:
        handler = self._row.items[-1] if self._row.items else None
        ended_by = ""
        for layer, summary in self._builder.chain(self._row):
            account = self._account(layer, summary)
            is_handler = layer is handler
            if is_handler and summary.reason is None and not ended_by:
                self.handler = account
            if is_handler or layer.scope == "route":
                self.own.append(summary)
                self.deeds |= account.deeds if account is not None else set()
            if account is not None:
                self._accounts.append((layer, account))
            if ended_by:
                reason = f"{ended_by} answers before it is asked"
                yield Judged(layer.name, layer.site.place, Verdict("no", None, reason), Verdict("no", None, reason))
                continue
            if layer.scope == "route" and not is_handler and _ends(summary, account):
                ended_by, self.handler = layer.name, account
            does_work = is_handler or bool(ended_by)
            judged = self._handler(layer, summary) if does_work else self._middleware(layer, summary, account)
            yield self._settled(judged, layer, account)
            self._note(layer, account)

    def _account(self, layer: Layer, summary: Summary) -> Account | None:
        """What a function does about callers who ask for this endpoint."""
        account = summary.account if isinstance(summary.account, Account) and not summary.is_foreign else None
        return account.at(self._row.path, self._mounts(layer)) if account is not None else None

    def _mounts(self, layer: Layer) -> tuple[str, ...]:
        """Below which a function sees what is left of the path: a route leaves it as its router sees it."""
        if layer.scope == "route" and not layer.is_beside:
            return (self._row.mounts[-1].at if self._row.mounts else "/",)
        return (*layer.mounts, "/") if layer.is_exact or layer.is_beside else layer.mounts

    # One function

    def _handler(self, layer: Layer, summary: Summary) -> Judged:
        account = self.handler
        guard = self._guard(layer)
        if guard is not None:  # ``app.post('/login', passport.authenticate('local', { successRedirect }))``
            return Judged(HANDLER, layer.site.place, self._by_package(guard), Verdict("no"))
        if account is None and _is_known(layer.value):
            return Judged(HANDLER, layer.site.place, Verdict("no"), Verdict("no"))
        if account is None:
            unknown: Verdict[Standing] = Verdict("unknown", None, f"{layer.name} can't be followed")
            return Judged(HANDLER, layer.site.place, unknown, Verdict("unknown", None, unknown.reason))
        authentication = _or_wrapped(self._or_by_right(account.own_authentication, account), layer)
        authentication = _or_by_proxy(authentication, account, summary)
        return Judged(HANDLER, layer.site.place, authentication, account.own_authorization)

    def _or_by_right(self, verdict: Verdict[Standing], account: Account) -> Verdict[Standing]:
        """A verdict that strangers pass, unless it asks for a right of somebody whom others may have found."""
        left = {name for name in account.recalled if self._set.get(name, "anything") != "anything"}
        if verdict.status != "no" or not (left and account.asks_rights and account.refuses):
            return verdict
        return Verdict("unknown", None, f"whether it refuses those of whom {min(left)} tells nothing can't be followed")

    def _middleware(self, layer: Layer, summary: Summary, account: Account | None) -> Judged:
        name, place = layer.name, layer.site.place
        configured = self._builder.configured_roles(layer)
        if configured is not None:
            return Judged(
                name,
                place,
                _configured(configured, "authentication", Standing()),
                _configured(configured, "authorization", Permission()),
            )
        guard = self._guard(layer)
        if guard is not None:
            return Judged(name, place, self._by_package(guard), Verdict("no"))
        if account is not None and summary.reason is None:
            authentication = _or_wrapped(self._or_by_right(account.authentication, account), layer)
            verdicts = _or_by_proxy(authentication, account, summary), account.authorization
            return Judged(name, place, *verdicts, pretends=_pretends(account, summary))
        return self._unfollowed(layer, summary)

    def _guard(self, layer: Layer) -> PackageGuard | None:
        value = layer.value
        return guard_among(value, self._interpreter, layer.site) if isinstance(value, External) else None

    def _by_package(self, guard: PackageGuard) -> Verdict[Standing]:
        if guard.is_login:
            self.deeds |= {"session", "password"} if guard.checks_password else {"session"}
            return Verdict("no")
        if guard.is_optional or guard.is_of_nobody or guard.callback is not None:
            return Verdict("no")
        if guard.doubt is not None and guard.doubt != "anonymous":
            return Verdict("unknown", None, f"whom the strategy {guard.doubt} lets pass is not known")
        excepted = is_excepted(guard.exceptions, self._row.method, self._row.path)
        if excepted is None:
            return Verdict("unknown", None, "which requests .unless() lets through is not known")
        return Verdict("no") if excepted else Verdict("yes", guard.standing)

    def _unfollowed(self, layer: Layer, summary: Summary) -> Judged:
        package = layer.value.package if isinstance(layer.value, External) else ""
        place = refusing_option(layer.value, self._interpreter.code) if isinstance(layer.value, External) else None
        if place is not None:
            text = f"what {layer.name} was given at {place.file}:{place.line} may refuse callers"
            return Judged(layer.name, layer.site.place, Verdict("unknown", None, text), Verdict("unknown", None, text))
        if not _may_guard(layer, package):
            return Judged(layer.name, layer.site.place, Verdict("no"), Verdict("no"))
        reason = summary.reason or (f"it comes from the package {package}" if package else "its code isn't known")
        text = f"{layer.name} can't be followed: {reason}"
        return Judged(layer.name, layer.site.place, Verdict("unknown", None, text), Verdict("unknown", None, text))

    # What it depends on

    def _settled(self, judged: Judged, layer: Layer, account: Account | None) -> Judged:
        authentication = self._here(self._resolved(judged.authentication, account), layer)
        authorization = judged.authorization
        if layer.is_conditional:
            authentication = _conditional(authentication, layer.condition)
            authorization = _conditional(authorization, layer.condition)
        return structs.replace(judged, authentication=authentication, authorization=authorization)

    def _here(self, verdict: Verdict[Standing], layer: Layer) -> Verdict[Standing]:
        """A verdict that depends on the path that is asked for, at this endpoint."""
        standing = verdict.by
        if standing is None or not standing.unless:
            return verdict
        here, text = standing.at(self._row.path, self._mounts(layer)), min(spot.text for spot in standing.unless)
        if here is True:
            return Verdict("no", None, f"it lets everybody through at {text}")
        if here is False:
            return Verdict("unknown", None, f"it lets nobody through but at {text}")
        if here.unless:
            return Verdict("unknown", None, f"whether it lets everybody through depends on the path: {text}")
        return verdict._replace(by=here)

    def _resolved(self, verdict: Verdict[Standing], account: Account | None) -> Verdict[Standing]:
        """A verdict that depends on who has set a property of the request: verified data or anything at all.

        Where nothing before it does, it is what the function itself keeps there: ``req.user ??= verified(req)``.
        """
        if verdict.by is None or not verdict.by.needs:
            return verdict
        standing = verdict.by
        known = {**_kept(account), **self._set}
        for name in sorted(standing.needs):
            spoken = name.removeprefix("var.")
            if name not in known:
                return Verdict("unknown", None, f"nothing that is seen sets {spoken} of the request")
            found = known[name]
            if found == "unknown":
                return Verdict("unknown", None, f"whether {spoken} of the request is verified can't be followed")
            if not isinstance(found, Standing):
                return Verdict("no", None, f"{spoken} of the request is set by what has verified nothing")
            standing = either((standing, found))._replace(needs=frozenset())
        return verdict._replace(by=standing)

    def _note(self, layer: Layer, account: Account | None) -> None:
        """Remember what a function sets on the request."""
        if isinstance(layer.value, External):
            standing_of = Standing(_schemes(layer.value), places=frozenset((layer.site.place,)))
            for name in setters_of(layer.value):
                self._set.setdefault(name, standing_of)
        for name, standing in account.sets if account is not None else ():
            self.tokens.discard(name)
            if account is not None and name in account.tokens and not self._adds_to(name, layer):
                self.tokens.add(name)
            worth = self._worth(standing, account)
            self._set[name] = self._beside(self._set.get(name), worth) if layer.is_conditional else worth

    def _worth(self, standing: Worth, account: Account | None) -> Worth:
        """What a property is worth, where that may depend on another one."""
        if not isinstance(standing, Standing) or not standing.needs:
            return standing
        known = self._resolved(Verdict("yes", standing), account)
        return known.by or ("anything" if known.status == "no" else "unknown")

    @staticmethod
    def _beside(before: Worth | None, worth: Worth) -> Worth:
        """What a property is worth that may have been set anew: where that is by nobody known, it can't be told."""
        if isinstance(worth, Standing):
            return either((before, worth)) if isinstance(before, Standing) else worth if before is None else "unknown"
        return "unknown"

    def _adds_to(self, name: str, layer: Layer) -> bool:
        """Whether a function puts more into a property of the request: ``req.user.id = req.user.sub``."""
        code, text = self._interpreter.code, ""
        for function in functions_of(layer.value):
            text += code.snippet(function.module.path, function.node.start, function.node.end)
        return re.search(rf"\b{re.escape(name)}\??\.\w+\s*=(?!=)|Object\.assign\(", text) is not None


def _kept(account: Account | None) -> dict[str, Worth]:
    """What a function has verified and keeps on the request, unless it is there already."""
    sets = account.sets if account is not None else ()
    return {
        name: worth._replace(needs=worth.needs - {name})
        for name, worth in sets
        if isinstance(worth, Standing) and name in worth.needs and worth.places
    }


def _may_refuse(account: Account, names: frozenset[str]) -> bool:
    """Whether a function turns some callers away, perhaps by what was left on the request about who they are."""
    if {302, 401, 403} & account.refused_with and not account.recalled:
        return True
    if {302, 401, 403} & account.refused_with and (account.reads_secret or account.recalled - _CIRCUMSTANCES):
        return True
    is_refusing = bool(account.refused_with - _OTHER_REASONS) or any(one.status is None for one in account.refusals)
    return is_refusing and bool(names & account.recalled)


_CIRCUMSTANCES = frozenset(("connection", "ip", "ips", "method", "originalUrl", "path", "socket", "url"))
"""Properties of the request that tell where it comes from, and what it asks for."""
_OTHER_REASONS = frozenset((404, 409, 413, 415, 429, 500, 501, 502, 503))
"""Statuses that tell nobody to say who it is."""


def _ends(summary: Summary, account: Account | None) -> bool:
    """Whether a function of a route does its work itself, and passes nobody on to what stands behind it."""
    is_followed = summary.reason is None and not (summary.passes or summary.escapes)
    return is_followed and account is not None and any(not exit_.is_refusal for exit_ in account.answers)


def _pretends(account: Account, summary: Summary) -> bool:
    """Whether it looks at what callers authenticate themselves with, says 401 to some, and lets anybody pass."""
    reads_secret = account.reads_secret or any(
        use.part == "headers" and use.path and names_secret(use.path[0]) for use in summary.uses
    )
    is_open = any(exit_.standing is None and not exit_.settings and not exit_.doubts for exit_ in account.passes)
    is_proven = not account.verifies and account.dubious is None
    return reads_secret and is_open and is_proven and account.rejects and account.authentication.status == "no"


def _schemes(value: External) -> frozenset[Scheme]:
    """How a package knows callers that puts them on the request."""
    if "passport" in value.package:
        return frozenset(("passport", "cookie"))
    return frozenset(("session",)) if "session" in setters_of(value) else frozenset(("jwt",))


def _or_wrapped(verdict: Verdict[Standing], layer: Layer) -> Verdict[Standing]:
    """What a function says of its caller, around which a package may have put a guard: ``withAuth(handler)``."""
    wrapper = layer.value
    if verdict.status != "no" or not isinstance(wrapper, External) or _is_known(wrapper):
        return verdict
    if not LOOKS_LIKE_A_GUARD.search(f"{wrapper.package} {wrapper.name}"):
        return verdict
    return Verdict("unknown", None, f"{layer.name} can't be followed: it comes from the package {wrapper.package}")


def _or_by_proxy(verdict: Verdict[Standing], account: Account, summary: Summary) -> Verdict[Standing]:
    """A verdict that strangers pass, unless a proxy says who calls, and those are refused of whom it says nothing.

    Whether anybody gets past the proxy is a matter of deployment.
    """
    header = asked_of_proxy(summary) if verdict.status == "no" and account.rejects else None
    if header is None:
        return verdict
    return Verdict("unknown", None, f"who calls is taken from {header}, which a proxy in front has to set")


def _may_guard(layer: Layer, package: str) -> bool:
    """Whether a function that can't be followed may refuse callers: one of a package by its name, one of the program
    unless its name says that it is for something else.
    """
    if isinstance(layer.value, External):
        return not _is_known(layer.value) and LOOKS_LIKE_A_GUARD.search(f"{layer.name} {package}") is not None
    return LOOKS_LIKE_A_GUARD.search(layer.name) is not None or HARMLESS.search(layer.name) is None


def _is_known(value: Value) -> bool:
    """Whether a value comes from a package of which it is known what its middleware is for."""
    return isinstance(value, External) and roles_of_package(value.package, value.name) is not None


def _configured(roles: tuple[str, ...], role: str, evidence: T) -> Verdict[T]:
    return Verdict("yes", evidence) if role in roles else Verdict("no")


def _conditional(verdict: Verdict[T], condition: str) -> Verdict[T]:
    if verdict.status != "yes":
        return verdict
    return Verdict("unknown", None, f"it is only in effect if {condition}")
