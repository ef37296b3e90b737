"""What calls that leave the program say of the caller: verifications, middleware of packages, databases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medpro_audit.model.access.filters import refusing_option
from medpro_audit.model.access.guards import PackageGuard, guard_among
from medpro_audit.model.access.limiting import changes, extent_of, is_written
from medpro_audit.model.access.packages import (
    Verifier,
    deed_of,
    guard_of,
    is_decoder,
    is_store,
    only_prepares,
    verifier_of,
)
from medpro_audit.model.access.paths import Paths
from medpro_audit.model.access.provenance import (
    Trace,
    has_cookie,
    has_request,
    has_token,
    is_caller,
    is_signed,
    last_name,
    looks_up_secret,
    may_be_whose,
    named,
    shows_secret,
    takes_anything,
    traces,
)
from medpro_audit.model.access.standing import Doubt, Exit, Permission, Scheme, Standing
from medpro_audit.model.access.values import Granted, Held
from medpro_audit.model.changes.vocabulary import change_of
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    CallRecord,
    Constant,
    Environment,
    External,
    FunctionValue,
    Item,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import Next

_LANGUAGE = frozenset(("Date", "Error", "Math", "RegExp", "Symbol", "console", "isFinite", "isNaN"))
_TELLING = frozenset(("debug", "error", "fatal", "info", "log", "trace", "verbose", "warn", "warning"))
_ERRORS = ("Error", "Exception")
"""How classes are called of which an error is made, by which nothing is changed."""
_FAILING = frozenset(("catch", "fail", "onError", "onerror", "onRejected"))
"""Functions that are given what is called with an error."""
STORING = re.compile(
    r"^(?:find|create|update|upsert|delete|destroy|remove|insert|save|query|execute|aggregate|count|where|select|replace)"
    r"(?![a-z])",
)
"""Methods of what is a database by all appearances."""
_PASSWORDS = re.compile(r"passw|credential|verify|login|authenticate", re.IGNORECASE)


_UNAUTHORIZED = 401


class Outside(Paths):
    """Listens to calls that leave the program."""

    def result_of(self, record: CallRecord) -> Value | None:
        """Note what a call verifies, and call back as it would."""
        callee = record.callee
        if not isinstance(callee, External):
            return None
        name = last_name(callee)
        is_telling = callee.package in _LANGUAGE or name in _TELLING or name.endswith(_ERRORS)
        self._acts |= not is_telling and not only_prepares(callee)
        if change_of(callee) is not None:
            self._written.append(self._exit())
        deed = deed_of(callee)
        if deed is not None:
            self._deeds.add(deed)
        verifier = verifier_of(callee)
        if verifier is not None:
            return self._verified(verifier, record)
        if callee.name.endswith(".then") and callee.parent is not None:
            return self._after(callee, record)
        if any(isinstance(item.value, Next | Request) for item in record.arguments):
            return self._guarded(callee, record)
        if callee.package == "RegExp":
            return self._tested(callee, record)
        if guard_of(callee) is not None:  # what it is given is called when the middleware is
            return callee.result(self._interpreter, record)
        return self._left(callee, record, is_telling=is_telling)

    def _left(self, callee: External, record: CallRecord, *, is_telling: bool) -> Value | None:
        """Any other call: what knows nothing of the caller may be told, or asked, all the same."""
        if not is_telling and not is_decoder(callee) and not is_store(callee):
            self._doubt_about(record)
        self._asked(callee, record)
        return self._looked_up(callee, record)

    def _tested(self, callee: External, record: CallRecord) -> Value | None:
        """``new RegExp(word).test(role)``."""
        is_asked = last_name(callee) in {"exec", "test"} and bool(record.arguments)
        return self.matched(_pattern_of(callee), record.arguments[0].value, record.site) if is_asked else None

    def stored_for_others(self, values: Sequence[Value]) -> None:
        """Something is kept beyond the request: it may be the caller's own token, which is denied from now on."""
        found = frozenset[Trace]().union(*map(traces, values))
        self._keeps_own_token |= found <= {"secret", "caller"} and any(map(has_token, values))

    def _doubt_about(self, record: CallRecord) -> None:
        """Code that is not known is given what callers authenticate themselves with: it may well verify it.

        So may another server to which it is sent on: in the address, in a header.
        """
        if any("secret" in traces(item.value) for item in record.arguments):
            self._dubious = self._dubious or record.site.place

    def _looked_up(self, callee: External, record: CallRecord) -> Value | None:
        """A database that is asked for whom a secret belongs to may call back."""
        callback = record.arguments[-1].value if record.arguments else UNDEFINED
        if not isinstance(callback, FunctionValue) or not is_store(callee):
            return None
        result = callee.result(self._interpreter, record)
        standing = self._proofs.where(result, truth=True)
        if standing is None:
            return None
        error = Item(Unknown("an error of a database", record.site.place))
        found = Item(Held("verified", (), standing))
        self._maybe(lambda: self._interpreter.call(callback, (error, found), record.site))
        return result

    def called_unknown(self, callee: Unknown, record: CallRecord) -> None:
        """Something is called of which nothing is known: by its name it may be a database."""
        self._acts |= last_name(callee) not in _TELLING
        if last_name(callee) not in _TELLING and any(has_request(item.value) for item in record.arguments):
            self._lost = self._lost or record.site.place  # whoever is given the whole request may check who has sent it
        if last_name(callee) not in _TELLING:
            self._doubt_about(record)
        self._asked(callee, record)

    def _asked(self, callee: External | Unknown, record: CallRecord) -> None:
        is_asked = isinstance(callee, External) and is_store(callee)
        if is_asked or STORING.search(last_name(callee)):
            self._asked_store(callee, record)

    def _verified(self, verifier: Verifier, record: CallRecord) -> Value | None:
        is_cookie = any(has_cookie(item.value) for item in record.arguments)
        scheme: Scheme = "signature" if verifier.way == "secret" and is_signed(record.arguments) else verifier.scheme
        schemes: tuple[Scheme, ...] = (scheme, "cookie") if is_cookie else (scheme,)
        standing = Standing(frozenset(schemes), places=frozenset((record.site.place,)))
        callback = record.arguments[-1].value if record.arguments else UNDEFINED
        first = record.arguments[0].value if record.arguments else UNDEFINED
        if verifier.way == "secret" and not shows_secret(record.arguments):
            if verifier.deed is not None and _is_typed_in([item.value for item in record.arguments]):
                self._deeds.add(verifier.deed)
            return None
        if verifier.deed is not None and verifier.way != "secret":
            self._deeds.add(verifier.deed)
        if isinstance(first, Constant | Environment) or takes_anything(record.arguments):
            return None  # nothing of the caller's is verified
        self._verifies = self._asks_package = True
        given = tuple(item for item in record.arguments if not isinstance(item.value, FunctionValue))
        hand_over(self._interpreter, given, record.site)
        if isinstance(callback, FunctionValue):
            self._call_back(callback, standing, record.site)
            return UNDEFINED
        callee = record.callee
        assert isinstance(callee, External)
        result = callee.result(self._interpreter, record)
        if verifier.way == "throws":
            self.know(standing)
        elif verifier.way == "promise":
            self._proofs.promise(result, standing)
        return result

    def _call_back(self, callback: FunctionValue, standing: Standing, site: Site) -> None:
        """``(err, decoded) => …``: without an error, or with a result, the caller is known."""
        error, result = Granted(standing, when=False), Held("verified", (), standing)
        self._maybe(lambda: self._interpreter.call(callback, (Item(error), Item(result)), site))

    def _after(self, callee: External, record: CallRecord) -> Value | None:
        """``verify(…).then(f, g)``: f runs with the result, and where something was verified the caller is known.

        Of ``then(f, next)``, next is called with an error, if at all: it passes nobody on.
        """
        promised = self._proofs.promised(callee.parent)
        first = record.arguments[0].value if record.arguments else UNDEFINED
        failing = tuple(item for item in record.arguments[1:] if not isinstance(item.value, Next))
        result = Held("verified", (), promised) if promised is not None else callee.parent
        outcome = callee.result(self._interpreter, record)
        if not isinstance(first, FunctionValue) or not self._analysis.is_tainted(first) or result is None:
            if len(failing) == len(record.arguments[1:]):
                return None
            hand_over(self._interpreter, (*record.arguments[:1], *failing), record.site)
            return outcome

        def run() -> Value:
            if promised is not None:
                self.know(promised)
            return self._interpreter.call(first, (Item(result),), record.site)

        def follow() -> None:
            returned = self.resolved(result, run)
            if len(record.arguments) == 1:  # else g takes care of a failure, and what follows runs all the same
                self._promises.made(None, outcome, self._promises.last(returned))

        self._maybe(follow)
        hand_over(self._interpreter, failing, record.site)
        return outcome

    def _guarded(self, callee: External, record: CallRecord) -> Value | None:
        """``passport.authenticate(…)(req, res, next)``: a package's middleware is called by hand."""
        if last_name(callee) in _FAILING:  # ``events.fail(next)``: it is called with an error, if at all
            return callee.result(self._interpreter, record)
        guard = guard_among(callee, self._interpreter, record.site)
        if guard is None:
            if refusing_option(callee, self._interpreter.code) is not None:
                self._may_refuse(record.site)
            return None
        self._verifies = self._asks_package = True
        if guard.is_login:
            self._deeds |= {"session", "password"} if guard.checks_password else {"session"}
        if guard.callback is not None:
            self._tell_outcome(guard, guard.callback, record.site)
            return UNDEFINED
        following = record.arguments[2].value if len(record.arguments) > 2 else UNDEFINED  # noqa: PLR2004 - next
        if guard.is_login or guard.is_optional or guard.is_of_nobody or not isinstance(following, Next | FunctionValue):
            return None
        self._maybe(lambda: self._pass_on(guard, following, record.site))
        return UNDEFINED

    def _pass_on(self, guard: PackageGuard, following: Value, site: Site) -> None:
        """A guard of a package lets somebody pass: somebody who is known, or of whom it isn't known."""
        if guard.doubt is None:
            self.know(guard.standing)
        else:
            self._may_refuse(site)
        self._interpreter.call(following, (), site)

    def _may_refuse(self, site: Site) -> None:
        """Whoever gets on from here is somebody who may have been asked who it is."""
        doubt = Doubt(site.place, side=True, is_of_caller=True)
        self._write(f"{site.module.path}:{site.at} holds", doubt)
        self._refusals.append(Exit(None, None, (), (doubt.opposite,), is_refusal=True, status=_UNAUTHORIZED))

    def _tell_outcome(self, guard: PackageGuard, callback: FunctionValue, site: Site) -> None:
        """``(err, user, info) => …``: where there is a user, the caller is known; of a login, it is only now."""
        unknown = Item(Unknown("an error of a verification", site.place))
        user: Value = Held("verified", (), guard.standing)
        if guard.is_login or guard.is_of_nobody:
            user = Unknown("who has logged in, or what a stranger has shown", site.place)
        elif guard.doubt is not None:
            user = Held("property", ())  # whom the strategy lets pass is not known
        self._maybe(lambda: self._interpreter.call(callback, (unknown, Item(user), unknown), site))

    def _asked_store(self, callee: External | Unknown, record: CallRecord) -> None:
        """A database is asked: for what belongs to the caller, or for anything that the request names."""
        # What an object is that is no query, such as another server's client with the caller's token, limits nothing.
        calls = [record, *(callee.calls() if isinstance(callee, External) and is_store(callee) else ())]
        found = {trace for item in record.arguments for trace in traces(item.value)}
        if _is_asked_whose(callee, record):
            self._asks_whose = self._asks_whose or record.site.place
        extent = extent_of(calls)
        if extent == "open" and "request" in found and any(map(is_caller, self._analysis.overrides.values())):
            extent = "stamped" if is_written(calls) else "doubtful"  # ``body.owner = req.user.id``
        if extent == "limited":
            self.allow(Permission(frozenset(("own",)), places=frozenset((record.site.place,))))
        before = [self._queries.pop(id(call), None) for call in calls]  # they are parts of this one
        is_known_change = isinstance(callee, External) and change_of(callee) is not None
        if is_known_change or changes(calls):
            self._stores_token |= any(has_token(item.value) for item in record.arguments)
            self.stored_for_others([item.value for call in calls for item in call.arguments])
            self._written += [] if is_known_change else [self._exit()]
        is_query = any(STORING.search(last_name(call.callee)) for call in calls)
        names = frozenset[str]().union(*(named(item.value) for call in calls for item in call.arguments))
        self._tie(names)
        if is_query and extent != "limited" and names:
            self._sought[names] = min(record.site.place, self._sought.get(names, record.site.place))
        if any(before) or (is_query and (extent == "limited" or not self._is_checked)):
            self._queries[id(record)] = (record, extent)
        if "request" in found and _PASSWORDS.search(last_name(callee)):
            self._deeds.add("password")


def _is_asked_whose(callee: External | Unknown, record: CallRecord) -> bool:
    """Whether a database is asked whom the token belongs to that the caller brings along."""
    if not isinstance(callee, External) or not any(has_token(item.value) for item in record.arguments):
        return False
    found = External(callee.package, callee.name, callee, record)
    return looks_up_secret(found) or may_be_whose(found)


def _pattern_of(method: External) -> Value:
    """What ``new RegExp(text)`` is made of, of which this is a method."""
    made = next(iter(method.calls()), None)
    return made.arguments[0].value if made is not None and len(made.arguments) == 1 else UNDEFINED


def _is_typed_in(values: Sequence[Value]) -> bool:
    """Whether a password is checked that somebody logs in with: headers hold what every request brings along.

    Whose password it is may be found by them.
    """
    sent = [value for value in values if not (isinstance(value, External) and is_store(value))]
    is_carried = any(name.startswith("headers.") for value in sent for name in named(value))
    return not is_carried and any("request" in traces(value) for value in values)
