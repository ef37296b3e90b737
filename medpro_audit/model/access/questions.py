"""What follows where a condition holds, and where it doesn't: a token was there, a role is the one asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from medpro_audit.core.place import Place
from medpro_audit.model.access.comparing import compared
from medpro_audit.model.access.limiting import extent_of
from medpro_audit.model.access.outside import Outside
from medpro_audit.model.access.packages import is_store
from medpro_audit.model.access.proofs import asked_to_be_empty, may_be_true
from medpro_audit.model.access.provenance import (
    computed,
    constants_in,
    is_caller,
    is_flag,
    is_found_by_anybody,
    is_plain,
    is_secret,
    last_name,
    may_be_whose,
    named,
    traces,
)
from medpro_audit.model.access.rights import (
    is_filtered,
    is_looked_for,
    is_name_of_rank,
    is_rank,
    is_role,
    may_be_right,
    words_in,
)
from medpro_audit.model.access.spots import Question
from medpro_audit.model.access.standing import (
    Asked,
    Doubt,
    Permission,
    Setting,
    Standing,
    either_permission,
)
from medpro_audit.model.access.values import Address, AtSpot, Circumstance, Granted, Held, is_circumstance
from medpro_audit.model.evaluation.branching import fork
from medpro_audit.model.evaluation.conditions import Judgement
from medpro_audit.model.evaluation.control import Branch, Completion
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    Constant,
    Environment,
    External,
    Proposition,
    Site,
    Value,
)
from medpro_audit.model.evaluation.witness import NEITHER, Sides
from medpro_audit.model.request.data import Data

if TYPE_CHECKING:
    pass

CALLER = re.compile(
    r"user|usr|auth(?!or(?!i))|account|admin|principal|member|identity|session|token|decoded|payload|claims|jwt|customer|doctor"
    r"|patient|staff|employee|caller|actor|subject|(?<![a-z])uid|role|permission|scope|login|logged|passport|email"
    r"|practitioner|nurse|provider|operator|owner|person|profile|(?<![a-z])me$|current",
    re.IGNORECASE,
)
"""Names under which middleware leaves who the caller is."""
_PASSING = re.compile(
    r"challenge|redirect|return|attempt|error|message|flash|pending|flow|state|verifier|nonce|step|temp|csrf|captcha|count",
    re.IGNORECASE,
)
"""What sessions hold while somebody is only about to log in."""
_EXPIRED = frozenset(("TokenExpiredError", "JWTExpired", "ERR_JWT_EXPIRED", "jwt expired"))
"""What jsonwebtoken and jose call the failure of a token of which nothing but its time was wrong."""
_MANY = 12
"""Questions of which one holds that are looked at; what is known behind one of many is known behind these."""
PERMITTING = re.compile(
    r"can|enforce|permit|allow|authori[sz]e|has_?(?:permission|role|access|scope)|check", re.IGNORECASE
)


class Questions(Outside):
    """Listens to conditions."""

    def supposed(self, value: Value, site: Site, holds: Callable[[], bool | None]) -> Sides:
        """What follows where a value is truthy, and where it isn't."""
        if isinstance(value, Data):
            return NEITHER
        self._note_right(value, is_there=True)
        asked = asked_to_be_empty(value)
        if isinstance(asked, Held):
            return (), (lambda: self.found(asked),)
        when_true = self._assumptions(self._proofs.where(value, truth=True), self._right(value))
        when_false = self._assumptions(self._proofs.where(value, truth=False), None)
        if not when_true and not when_false:
            when_true, when_false = self._undecided([value], site, holds)
        return (*self._as_returned(value, truth=True), *when_true), (
            *self._as_returned(value, truth=False),
            *when_false,
        )

    def _note_right(self, *values: Value, is_there: bool = False) -> None:
        """Remember on the present path that it was asked for a right; that there is a role at all says nothing."""
        if any(may_be_right(value, is_there=is_there) or is_filtered(value) for value in values):
            self._asks_rights = True
            self._write("a right was asked for", Asked())

    def _as_returned(self, value: Value, *, truth: bool) -> tuple[Callable[[], None], ...]:
        """What was known wherever a function has returned a value that is truthy, or one that isn't, is known again."""
        known = self._proofs.known_where(value, truth=truth)
        if not known:
            return ()

        return (lambda: self._remember(known),)

    def compared(self, left: Value, right: Value, site: Site, holds: Callable[[], bool | None]) -> Sides:
        """What follows where two values are equal, and where they aren't."""
        left, right = computed(left), computed(right)
        for value, other in ((left, right), (right, left)):
            if other is UNDEFINED or (
                isinstance(other, Constant) and (other.value is None or isinstance(other.value, bool))
            ):
                sides = self.supposed(value, site, holds)
                return sides if isinstance(other, Constant) and other.value is True else (sides[1], sides[0])
        self._note_right(left, right)
        names = named(left) | named(right)
        tied = (lambda: self._tie(names),) if len(names) > 1 else ()
        for value, other in ((left, right), (right, left)):
            if isinstance(value, Address):
                return self._at(value.held_against(other, "equals", site))
        if any(isinstance(each, Constant) and each.value in _EXPIRED for each in (left, right)):
            doubt = Doubt(site.place, side=True, is_of_caller=True)  # it was signed, however long ago
            return self._marks(site, doubt, doubt.opposite)
        equal = compared(left, right, site.place)
        if equal is not None:
            return (*self._assumptions(equal.standing, equal.permission), *tied), ()
        when_equal, when_not = self._undecided([left, right], site, holds)
        return (*when_equal, *tied), when_not

    def _at(self, asked: AtSpot) -> Sides:
        """What follows where a request goes to a place, and where it doesn't."""
        return (
            (lambda: asked.assume(self._interpreter, holds=True),),
            (lambda: asked.assume(self._interpreter, holds=False),),
        )

    def _assumptions(self, standing: Standing | None, permission: Permission | None) -> tuple[Callable[[], None], ...]:
        if standing is None and permission is None:
            return ()
        granted = Granted(standing, permission)
        return (lambda: granted.grant(self),)

    def _right(self, value: Value) -> Permission | None:
        """What a caller may do of which something is true: it has a role, or a package says that it is allowed."""
        if id(value) in self._decided:
            return self._decided[id(value)][1]
        if isinstance(value, Granted):
            return value.permission
        if isinstance(value, Choice):
            found = [self._right(option) for option, _ in value.options if may_be_true(option)]
            known = [permission for permission in found if permission is not None]
            return either_permission(known) if known and len(known) == len(found) else None
        if is_rank(value):
            return Permission(frozenset(("role",)), frozenset((last_name(value),)))
        if not isinstance(value, External) or value.call is None:
            return None
        arguments = value.call.arguments
        place = frozenset((value.call.site.place,))
        tells = any(is_caller(item.value) for item in arguments) or is_caller(value)
        if tells and (PERMITTING.search(last_name(value)) or is_looked_for(value)):
            return Permission(frozenset(("permission",)), constants_in(arguments), place)
        if is_store(value) and {"caller"} < traces(value) and extent_of(list(value.calls())) == "limited":
            return Permission(frozenset(("ownership",)), places=place, over=named(value) or None)
        return None

    def _undecided(self, values: Sequence[Value], site: Site, holds: Callable[[], bool | None]) -> Sides:
        """Mark both sides: by what the configuration says, or as what can't be followed."""
        if any(map(is_circumstance, values)):  # what is allowed, by its address, may be known; what isn't blocked isn't
            doubt = Doubt(site.place, side=True, is_of_caller=False, is_of_permit=True)
            return self._marks(site, doubt, doubt.opposite)
        if (self._verifies or self._reads_secret) and any(map(is_flag, values)):
            doubt = Doubt(site.place, side=True, is_of_caller=True)  # such as whether a token was found to be right
            return self._marks(site, doubt, doubt.opposite)
        if all(map(is_plain, values)):
            return NEITHER
        if any(map(may_be_whose, values)):
            doubt = Doubt(site.place, side=True, is_of_caller=True)
            return self._marks(site, doubt, doubt.opposite)
        found = {trace for value in values for trace in traces(value)}
        if not found and any(not isinstance(value, Constant) for value in values):
            truth = holds() if any(_has_setting(value) for value in values) else None
            opposite = None if truth is None else not truth
            sides = Setting(truth, site.place, side=True), Setting(opposite, site.place, side=False)
            return self._marks(site, *sides)
        if all(is_plain(value) or is_found_by_anybody(value) for value in values):
            return NEITHER
        if found - {"request"} or any(isinstance(value, External) for value in values):
            doubt = Doubt(site.place, side=True, is_of_caller=bool(found & {"secret", "caller"}))
            return self._marks(site, doubt, doubt.opposite)
        return NEITHER

    def _marks(self, site: Site, when_true: object, when_false: object) -> Sides:
        key = f"{site.module.path}:{site.at}"
        return (
            (lambda: self._write(f"{key} holds", when_true),),
            (lambda: self._write(f"{key} fails", when_false),),
        )

    def included(self, owner: ArrayValue, wanted: Value, site: Site) -> Value | None:
        """Whether a list holds the caller's role, or the secret that it has sent."""
        wanted = computed(wanted)
        place = frozenset((site.place,))
        if is_role(wanted):
            over = named(wanted) or None
            return Granted(permission=Permission(frozenset(("role",)), constants_in(owner.items), place, over))
        is_constant = all(isinstance(item.value, Constant) for item in owner.items) and not owner.is_open
        if isinstance(wanted, Address):
            return AtSpot(_asked_of_list(wanted, owner, site, is_known=is_constant))
        if is_secret(wanted) and owner.items and not is_constant:
            return Granted(Standing(frozenset(("api-key",)), places=place))
        self._note_right(wanted)
        if is_circumstance(wanted):
            return Circumstance()
        # What the client says, held against what the code says, tells nothing of who it is.
        return Granted() if is_constant and traces(wanted) and traces(wanted) <= {"request", "secret"} else None

    def matched(self, pattern: Value, text: Value, site: Site) -> Value | None:
        """Whether a word stands in the caller's role; of what else is known of it, only a word for nothing else."""
        text, asked = computed(text), words_in(pattern)
        if isinstance(text, Address):
            return text.held_against(pattern, "unknown", site)
        if not asked or not is_caller(text):
            return None
        self._write("a right was asked for", Asked())
        self._asks_rights = True
        if not is_role(text) and not is_name_of_rank(asked):
            return Granted()
        place, over = frozenset((site.place,)), named(text) or None
        return Granted(permission=Permission(frozenset(("role",)), asked, place, over))

    def made_of(self, values: Sequence[Value]) -> Value | None:
        """Until when an address is blocked, held against the time, tells no more than the address."""
        return Circumstance() if any(map(is_circumstance, values)) else None

    def looked_up(self, key: Value, site: Site) -> Value | None:
        """What the program knows by the caller's role: what it may do; or by a secret that was sent: whose it is."""
        if is_circumstance(key):
            return Circumstance()
        if is_secret(key):
            self._write(f"{site.module.path}:{site.at} is there", Doubt(site.place, side=True, is_of_caller=True))
            return Held("session", ("table", "entry"))  # what is kept there may tell who the caller is
        return Held("verified", ("permissions",)) if is_caller(key) else None

    def one_of(self, verdicts: Sequence[Proposition]) -> None:
        """One of several questions about the caller was answered by yes."""
        places = [verdict for verdict in verdicts if isinstance(verdict, AtSpot)]
        if places and len(places) == len(verdicts):
            AtSpot(one for place in places for one in place.questions).assume(self._interpreter, holds=True)
            return

        def suppose(verdict: Proposition) -> Completion:
            verdict.assume(self._interpreter, holds=True)
            return Completion.NORMAL

        fork(self._interpreter, [Branch("", partial(suppose, verdict)) for verdict in verdicts[:_MANY]])

    def found(self, held: Held) -> None:
        """Something that is known of the caller is there."""
        standing = held.standing or self._of(held)
        if standing is not None:
            self.know(standing)
        elif _is_doubtful(held):
            self._doubt(held, side=True)
        self._note_right(held, is_there=True)
        if held.kind != "cookie" and is_rank(held) and (len(held.path) > 1 or held.kind == "verified"):
            self.allow(Permission(frozenset(("role",)), frozenset((held.path[-1],))))

    def missed(self, held: Held) -> None:
        """Something that may tell who the caller is isn't there."""
        self._note_right(held, is_there=True)
        if _is_doubtful(held) and held.standing is None and self._of(held) is None:
            self._doubt(held, side=False)

    def _doubt(self, held: Held, *, side: bool) -> None:
        """Of what a session holds beside users it isn't known what it tells."""
        frames = self._interpreter.frames
        place = frames[-1].site.place if frames else Place("", 0)
        key = f"{'.'.join(held.path)} {'holds' if side else 'fails'}"
        self._write(key, Doubt(place, side=side, is_of_caller=True))

    @staticmethod
    def _of(held: Held) -> Standing | None:
        """What it takes for a property to tell who the caller is: that who has set it has verified it."""
        if held.kind == "session":
            is_caller_in = any(CALLER.search(name) and not _PASSING.search(name) for name in held.path[1:])
            return Standing(frozenset(("session",)), frozenset((held.path[0],))) if is_caller_in else None
        if held.kind == "property" and held.path:
            return Standing(needs=frozenset((held.path[0],)))
        if held.kind == "cookie" and held.path[0] == "signedCookies" and CALLER.search(".".join(held.path[1:])):
            return Standing(frozenset(("session", "cookie")))  # it is only there when its signature is right
        return None


def _asked_of_list(address: Address, owner: ArrayValue, site: Site, *, is_known: bool) -> Iterable[Question]:
    """What it takes for a list to hold an address."""
    items = [item.value for item in owner.items] if is_known and owner.items else [UNDEFINED]
    return (question for item in items for question in address.held_against(item, "equals", site).questions)


def _is_doubtful(held: Held) -> bool:
    """Whether it may tell of the caller or not: what a session holds, what a function on the request has answered."""
    return (held.kind == "session" and len(held.path) > 1) or (held.kind == "property" and not held.path)


def _has_setting(value: Value) -> bool:
    match value:
        case Environment() | Judgement():
            return True
        case Choice(options=options):
            return any(_has_setting(option) for option, _ in options)
    return False
