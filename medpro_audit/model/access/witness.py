"""Listens to a function that serves a request and keeps account of what it does about its caller."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from medpro_audit.model.access import statuses
from medpro_audit.model.access.calls import Call
from medpro_audit.model.access.outside import STORING
from medpro_audit.model.access.proofs import Known, may_be_true
from medpro_audit.model.access.provenance import (
    computed,
    constants_in,
    has_request,
    is_caller,
    is_flag,
    is_made_of_secret,
    is_of_request,
    is_only_caller,
    is_plain,
    last_name,
    traces,
)
from medpro_audit.model.access.questions import CALLER, PERMITTING, Questions
from medpro_audit.model.access.rights import is_role
from medpro_audit.model.access.standing import (
    Asked,
    Doubt,
    Permission,
    Setting,
    Standing,
    Unproven,
    Worth,
    either,
    either_permission,
)
from medpro_audit.model.access.values import Address, Circumstance, Granted, Held, constant
from medpro_audit.model.evaluation.control import Completion
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    CallRecord,
    Choice,
    Constant,
    Deferred,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    pass

_TO_LOGIN = 302
"""What a redirection to a login page stands for."""
_GONE = re.compile(r"max-age=0(?!\d)|expires=thu, 0?1[ -]jan[ -]1970", re.IGNORECASE)
_RIGHT = re.compile(
    r"^(?:is|has|have|can|may|check|verify)(?!Authenticated).*(?:Authori[sz]ed|Authori[sz]ation|Allowed|Permitted|Roles?|Permissions?|Rights?)$"
)
"""Names of functions that are asked whether somebody may do something: ``isTokenAuthorized(token, role)``."""
_NOTHING: Known = {}
_NOT_ACALLER = {"client", "userAgent", "tokenize"}


class AccessWitness(Questions):
    """Listens to a function that serves a request."""

    # Functions of the program, and promises

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site) -> None:
        """Remember what was known before a call."""
        before = self._known() if function.node.is_async else _NOTHING  # only those who wait learn what it finds out
        self._entries.append(Call(function, arguments, site, before))

    def lost(self, arguments: tuple[Item, ...], site: Site) -> None:
        """Whoever is given the request, or who the caller is, may well check it."""
        if self._lost:
            return
        if any(has_request(item.value) or traces(item.value) & {"secret", "caller"} for item in arguments):
            self._lost = site.place

    def returning(self, value: Value, call: Site | None = None) -> None:
        """Remember what is known where a value is returned, or once a promise that is returned is kept."""
        if self._entries:
            known = self._known()
            promised = self._promises.of_value(value)
            if call is not None:
                self._entries[-1].promised = promised = self._promises.kept(value, call)
            self._entries[-1].returns.append((value, {**promised, **known} if promised else known))

    def left(self, result: Value) -> None:
        """What an asynchronous function has found out is known only to those who wait for it."""
        call = self._entries.pop()
        if call.function.node.is_async:
            gained = {key: fact for key, fact in self._known().items() if key not in call.before}
            self._forget(gained)
            self._promises.made(call.site, result, {**self._promises.of_value(result), **call.handed_on, **gained})
        elif call.handed_on:
            self._promises.made(call.site, result, call.handed_on)
        else:
            self._promises.unmade(call.site)
        if isinstance(result, Choice) and any(is_role(item.value) for item in call.arguments):
            asked = constants_in(call.arguments)
            place = frozenset((call.site.place,))
            self._decided[id(result)] = (result, Permission(frozenset(("permission",)), asked, place))
        if _asks_for_right(call):
            self._asks_rights = True
            self._write("a right was asked for", Asked())
        if len(call.returns) > 1 and isinstance(result, Choice | External | Unknown):
            self._proofs.returned(result, call.returns)

    def awaited(self, value: Value, site: Site) -> None:
        """What is known where a promise was kept is known from here on."""
        promised = self._proofs.promised(value)
        if promised is not None:
            self.know(promised)
        self._remember(self._promises.kept(value, site))

    def resolved(self, value: Value, run: Callable[[], Value]) -> Value:
        """What is known where a promise was kept is known to what runs then, and to nothing else."""
        before = self._known()
        self._remember(self._promises.last(value))
        result = run()
        gained = {key: fact for key, fact in self._known().items() if key not in before}
        self._forget(gained)
        self._promises.made(None, result, gained)
        return result

    def caught(self, value: Value) -> None:
        """Whoever waits for it no longer learns whether the caller is known."""
        self._proofs.forget(value)
        self._promises.forget(value)

    def settling(self, arguments: tuple[Item, ...]) -> None:
        """A promise is kept: what is known here is known wherever it is waited for."""
        if self._promised:
            self._promised[-1].append(self._exit())

    def promising(self, make: Callable[[], Completion]) -> None:
        """Behind a promise that is kept only where the caller is known, it is known."""
        self._promised.append([])
        make()
        known = self._promised.pop()
        standings = [exit_.standing for exit_ in known if exit_.standing is not None]
        if standings and len(standings) == len(known):
            self.know(either(standings))
        elif all(exit_.standing or exit_.doubts or exit_.settings for exit_ in known):
            facts: list[Doubt | Setting] = []
            for exit_ in known:
                facts += [*exit_.doubts, *exit_.settings]
            for fact in facts:
                self._write(f"kept where {fact.place} {'holds' if fact.side else 'fails'}", fact)
        permissions = [exit_.permission for exit_ in known if exit_.permission is not None]
        if permissions and len(permissions) == len(known):
            self.allow(either_permission(permissions))

    def postponed(self, value: Deferred) -> None:
        """A call that the request has nothing to do with; it may issue a token."""
        self._postponed.append(value)

    # The request and its end

    def property(self, name: str, site: Site) -> Value | None:
        """A cookie, the session, or who the caller is."""
        first = name.rpartition(".")[2]
        self._recall(name)
        if first in {"cookies", "signedCookies"}:
            self._reads_secret = True
            self._reads_cookies = True
            return Held("cookie", (first,))
        if first == "session":
            return Held("session", (name,))
        if name in {"path", "originalUrl", "url"}:
            return Address(is_whole=name == "originalUrl")
        if name in {"ip", "ips", "connection", "socket"}:
            return Circumstance()
        if first in {"isAuthenticated", "isUnauthenticated", "login", "logIn", "logout", "logOut"}:
            return Held("property", ("user", first), Standing(frozenset(("passport",)), frozenset(("user",))))
        if CALLER.search(first) and first not in _NOT_ACALLER:
            return Held("property", (name,))
        return None

    def _recall(self, name: str) -> None:
        last = name.rpartition(".")[2]
        self._recalled.add(name)
        self._recalls_caller |= CALLER.search(last) is not None and last not in _NOT_ACALLER

    def kept(self, name: str, value: Value) -> Value:
        """Who the caller was found to be is followed on, whatever package it came from; so is a flag that tells it."""
        self._recall(name)
        if CALLER.search(name.rpartition(".")[2]) and is_flag(value):
            return Held("property", (name,))
        if CALLER.search(name.rpartition(".")[2]) and _is_found_elsewhere(value):
            return Held("property", (name,))
        if not isinstance(value, External) or not is_caller(value):
            return value
        return Held("verified", (name,), self._proofs.where(value, truth=True))

    def put(self, name: str, value: Value) -> Value:
        """An object that is made of what was verified, a copy or some fields of it in whatever form, is followed on."""
        if not isinstance(value, ObjectValue) or not CALLER.search(name.rpartition(".")[2]):
            return value
        own = {key: self._verified_part((name, key), inner) for key, inner in value.properties.items()}
        spread = [self._verified_part((name,), inner) for inner in value.unknown]
        if all(own[key] is inner for key, inner in value.properties.items()) and spread == value.unknown:
            return value
        made = ObjectValue(value.prototype)
        made.properties.update(own)
        made.accessors.update(value.accessors)
        made.unknown, made.is_open = spread, value.is_open
        return made

    def _verified_part(self, path: tuple[str, ...], value: Value) -> Value:
        known = computed(value)
        # What was put off has nothing of the request in it that was not verified, even where it can't be followed.
        is_verified = is_caller(known) if isinstance(value, Deferred) else is_only_caller(known)
        if isinstance(known, Held) or not is_verified:
            return value
        return Held("verified", path, self._proofs.where(known, truth=True))

    def member_of(self, held: Held, name: str, site: Site) -> Value | None:
        """A property of something that is known of the caller, where it isn't just the next name of its path."""
        if held.kind in {"property", "verified"} and len(held.path) == 1:
            self._claimed.add((held.path[0], name))
        return None

    def asked(self, owner: Held, name: str, arguments: tuple[Item, ...], site: Site) -> Value | None:
        """A method of something that is known of the caller."""
        if name == "isAuthenticated":
            return Granted(owner.standing or self._of(owner))
        if name == "isUnauthenticated":
            return Granted(owner.standing or self._of(owner), when=False)
        if name in {"logout", "logOut"} or (name == "destroy" and owner.kind == "session"):
            self._ends_session = True
            return None
        if name in {"login", "logIn"}:
            self._deeds.add("session")
            hand_over(self._interpreter, arguments, site)
            return UNDEFINED
        if owner.kind == "cookie" and name == "get" and (key := constant(arguments)) is not None:
            return Held("cookie", ("cookies", key))
        if (
            owner.kind != "cookie"
            and arguments
            and (told := self._right_asked(owner, name, arguments, site)) is not None
        ):
            return told
        if owner.kind in {"property", "verified"} and STORING.search(name):
            record = CallRecord(owner, arguments, site)
            self._queries[id(record)] = (record, "limited")  # the caller's own record: ``req.user.save()``
            self.allow(Permission(frozenset(("own",)), places=frozenset((site.place,))))
        return None

    def _right_asked(self, owner: Held, name: str, arguments: tuple[Item, ...], site: Site) -> Value | None:
        """A method that says whether the caller may do something."""
        place = frozenset((site.place,))
        if name in {"includes", "has", "indexOf"} and is_role(owner):
            return Granted(permission=Permission(frozenset(("role",)), constants_in(arguments), place))
        if name in {"match", "search"}:
            return self.matched(arguments[0].value, owner, site)
        if PERMITTING.search(name):
            return Granted(permission=Permission(frozenset(("permission",)), constants_in(arguments), place))
        if name == "equals":
            return Granted(permission=Permission(frozenset(("ownership",)), places=place))
        return None

    def stored(self, held: Held, name: str) -> None:
        """Something is put into the session; where tests do so that bypass the login, nobody logs in."""
        if held.kind == "session" and CALLER.search(name) and not self._exit().is_off:
            self._deeds.add("session")

    def passed(self, properties: dict[str, Value]) -> None:
        """Note who may pass, and what is set on the request by then."""
        self._passes.append(self._exit())
        if self._passes[-1].is_off:
            return
        for name, value in properties.items():
            if self._analysis.given.get(name) is value or not may_be_true(value):
                continue
            standing = self.standing or self._proofs.where(value, truth=True)
            if isinstance(value, Held) and standing is None:
                standing = value.standing or self._of(value)
            if _is_token(value):
                self._tokens.add(name)
            self._sets[name] = _together(self._sets.get(name), standing or self._unproven(value))

    def _unproven(self, value: Value) -> Unproven:
        """What a property is worth that is set without evidence: nothing where it is what the client has sent."""
        if is_flag(value) and (self._verifies or self._reads_secret):
            return "unknown"
        if isinstance(value, External) and not is_plain(value) and is_made_of_secret(value):
            return "unknown"  # such as what a table holds under the hash of a token, or what another server says of it
        is_sent = is_of_request(value) or traces(value) in ({"request"}, {"secret"}, {"request", "secret"})
        return "anything" if is_sent and not self._passes[-1].doubts else "unknown"

    def failed(self, error: Value) -> None:
        """Note with what status a caller is turned away."""
        self._refusals.append(self._exit(statuses.status_of_error(error), is_refusal=True))

    def threw(self, value: Value) -> None:
        """Note with what status a caller is turned away."""
        self.failed(value)

    def responded(self, method: str, arguments: tuple[Item, ...], site: Site) -> None:
        """Note cookies and headers that are set."""
        self._ends_session |= method == "clearCookie"
        if method == "cookie":
            self._cookies.append(CallRecord(UNDEFINED, arguments, site))
        elif method in {"set", "setHeader", "header", "append"} and arguments:
            name, value = constant(arguments), arguments[1].value if len(arguments) > 1 else UNDEFINED
            given = {name: value} if name is not None else getattr(arguments[0].value, "properties", {})
            self._headers.extend((key.lower(), inner) for key, inner in given.items())
            self._ends_session |= any(
                key.lower() == "set-cookie" and _takes_away(inner) for key, inner in given.items()
            )
        elif method == "removeHeader" and (name := constant(arguments)) is not None:
            self._headers.append((name.lower(), UNDEFINED))

    def answered(self, method: str, status: Value | None, arguments: tuple[Item, ...]) -> None:
        """Note whether this is an answer or a refusal, and what is known of the caller by then."""
        known = statuses.status_of(arguments[0].value if method == "sendStatus" and arguments else status)
        is_refusal = statuses.is_refusal(known) or (method == "redirect" and statuses.leads_to_login(arguments))
        self._redirects_to_https |= method == "redirect" and statuses.leads_to_https(arguments)
        status_of_refusal = _TO_LOGIN if method == "redirect" else known
        self._answers.append(self._exit(status_of_refusal if is_refusal else None, is_refusal=is_refusal))


def _is_token(value: Value) -> bool:
    """Whether a value is what a token holds, as it was signed."""
    known = computed(value)
    return isinstance(known, External) and known.package == "jsonwebtoken" and last_name(known) == "verify"


def _asks_for_right(call: Call) -> bool:
    """Whether a function is asked, by its name, whether the caller may do what else it is told: a role, an action."""
    if len(call.arguments) <= 1 or _RIGHT.search(call.function.node.name) is None:
        return False
    told = [traces(item.value) & {"secret", "caller"} for item in call.arguments]
    return any(told) and not all(told)


def _together(before: Worth | None, found: Worth) -> Worth:
    """What a property is worth that is set on two paths: what the worse of them makes it."""
    if before is None or before == found:
        return found
    if isinstance(before, Standing) and isinstance(found, Standing):
        return either((before, found))
    return "anything" if "anything" in {before, found} else "unknown"


def _is_found_elsewhere(value: Value) -> bool:
    """Whether a value, where there is one, comes from code of which nothing is known."""
    options = [option for option, _ in value.options] if isinstance(value, Choice) else [value]
    found = [option for option in options if may_be_true(option)]
    return bool(found) and all(isinstance(option, Unknown) for option in found)


def _takes_away(value: Value) -> bool:
    """Whether a header takes a cookie away: ``Authorization=; Max-Age=0``."""
    if isinstance(value, ArrayValue):
        return any(_takes_away(item.value) for item in value.items)
    return isinstance(value, Constant) and _GONE.search(str(value.value)) is not None
