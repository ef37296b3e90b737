"""What one function of an endpoint does about who the caller is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct, structs

from medpro_audit.core.place import Place
from medpro_audit.model.access.spots import is_anywhere
from medpro_audit.model.access.standing import (
    Doubt,
    Exit,
    Extent,
    Permission,
    Standing,
    Worth,
    either,
    either_permission,
)
from medpro_audit.model.evaluation.values import CallRecord, Deferred, Value

Status = Literal["yes", "no", "unknown"]
Deed = Literal["password", "signature", "token", "session", "hash", "mail"]
"""What lets strangers in: a password or signature is checked, a token or session is issued, a password is hashed or a
mail with a secret is sent."""

T = TypeVar("T")

_STRANGERS = frozenset((302, 401, 403))
"""With what strangers are refused: 302 stands for a redirection to where they log in."""
_FORBIDDEN = frozenset((403,))
_MALFORMED = 400
_UNSPOKEN = (None, _MALFORMED)
"""With what callers are refused, too, by what they have sent to show who they are."""


class Verdict(NamedTuple, Generic[T]):
    """Whether a function sees to something, and by what."""

    status: Status
    by: T | None = None
    reason: str = ""
    """Why it is unknown, or under which configuration it doesn't."""
    switches: tuple[Place, ...] = ()
    """Tests of the configuration that switch it off; by default they don't."""


class Account(Struct, frozen=True, dict=True):
    """How a function ends, and what was known of the caller on each way."""

    passes: tuple[Exit, ...] = ()
    answers: tuple[Exit, ...] = ()
    refusals: tuple[Exit, ...] = ()
    """Paths that end with an error."""
    sets: tuple[tuple[str, Worth], ...] = ()
    """Properties that it sets on the request, with what was known of the caller on every path that sets them; anything:
    they are set to what the client has sent, or by what asks nothing."""
    deeds: frozenset[Deed] = frozenset()
    cookies: tuple[CallRecord, ...] = ()
    """Calls that set a cookie."""
    headers: tuple[tuple[str, Value], ...] = ()
    """Headers that it sets, in lower case; undefined for one that it takes away."""
    redirects_to_https: bool = False
    ends_session: bool = False
    """It lets a caller go: it destroys the session or takes the cookie away."""
    keeps_own_token: bool = False
    """It puts down, or strikes out, the token that the caller has sent, and nothing else of the request: it lets the
    caller go where that is how tokens are denied.
    """
    lost: Place | None = None
    """Where who the caller is was handed to code that is nested too deeply to be followed."""
    reads_secret: bool = False
    """It reads a header or cookie in which callers send what they authenticate themselves with."""
    reads_cookies: bool = False
    """It reads cookies, whatever for."""
    verifies: bool = False
    """On some path at least it verifies what callers have sent."""
    asks_package: bool = False
    """It does so itself, by a call of a package, and doesn't only read what others have found out."""
    dubious: Place | None = None
    """Where what callers authenticate themselves with was handed to code that is not known, which may refuse them."""
    asks_whose: Place | None = None
    """Where a database was asked whom the token belongs to that the caller brings along, and that isn't stored."""
    recalled: frozenset[str] = frozenset()
    """Properties of the request, beside what the client sends, that it looks at."""
    claimed: frozenset[tuple[str, str]] = frozenset()
    """Of these, what it reads of the caller: ``user`` and ``id``."""
    tokens: frozenset[str] = frozenset()
    """Properties of the request that it sets to what a token holds, as it was signed."""
    recalls_caller: bool = False
    """Among these is one that tells who the caller is."""
    asks_rights: bool = False
    """On some path it asks for a role or a right of somebody who may be the caller."""
    written: tuple[Exit, ...] = ()
    """What was known of the caller where something was changed."""
    acts: bool = False
    """It calls anything but loggers and the language's own functions."""
    queries: tuple[tuple[Place, Extent], ...] = ()
    """Database calls that nothing was checked before, with how far each is limited to what is the caller's."""
    sought: tuple[tuple[frozenset[str], Place], ...] = ()
    """What the request names by which a database was asked for what may be anybody's."""
    postponed: tuple[Deferred, ...] = ()
    """Calls that were not followed, since the request has nothing to do with them."""

    def at(self, path: str, mounts: Sequence[str]) -> Account:
        """What it does about callers who ask for an endpoint, where that depends on the path."""
        exits = (*self.passes, *self.answers, *self.refusals, *self.written)
        known = [*(exit_.standing for exit_ in exits), *(worth for _, worth in self.sets)]
        if not any(isinstance(standing, Standing) and standing.unless for standing in known):
            return self

        def here(ways: tuple[Exit, ...]) -> tuple[Exit, ...]:
            found = (exit_.at(path, mounts) for exit_ in ways)
            return tuple(exit_ for exit_ in found if exit_ is not None)

        passes = here(self.passes) or self.passes  # where none is left, it is told by what it lets nobody pass
        sets = ((name, _worth_at(worth, path, mounts)) for name, worth in self.sets)
        return structs.replace(
            self,
            passes=passes,
            answers=here(self.answers),
            refusals=here(self.refusals),
            written=here(self.written),
            sets=tuple((name, worth) for name, worth in sets if worth is not None),
        )

    @cached_property
    def authentication(self) -> Verdict[Standing]:
        """Whether it only passes on who is known."""
        if not self.passes and self._may_ask:
            return Verdict("unknown", None, "it is not seen to let anybody through")
        ends = (*self.refusals, *self.answers)  # whoever isn't passed on is turned away, whatever it is told
        verdict = self._verdict(_bare_anywhere(self.passes), lambda exit_: exit_.standing, either, _STRANGERS, ends)
        return self._or_dubious(verdict, may_refuse=bool(ends))

    @cached_property
    def authorization(self) -> Verdict[Permission]:
        """Whether it only passes on who is allowed to."""
        standing = self.authentication.by
        finds_caller = standing is not None and not standing.needs
        # Whoever finds out who the caller is says 401 to strangers; what others say it to are callers without a right.
        statuses = _FORBIDDEN if finds_caller else _STRANGERS
        verdict = self._verdict(self.passes, lambda exit_: exit_.permission_checked, either_permission, statuses)
        return self._or_selective(verdict, (*_STRANGERS, *_UNSPOKEN))

    @cached_property
    def own_authentication(self) -> Verdict[Standing]:
        """Whether it answers, but for refusals, only who is known."""
        answered = _bare_anywhere(self._answered)
        verdict = self._verdict(answered, lambda exit_: exit_.standing, either, _STRANGERS)
        verdict = self._or_dubious(verdict, may_refuse=bool(_STRANGERS & self.refused_with))
        if verdict.status == "no" and self.asks_whose is not None and len((*self.refusals, *self.answers)) > 1:
            return Verdict("unknown", None, f"by what it answers after {_spoken(self.asks_whose)} can't be followed")
        return self._or_lost(verdict)

    @cached_property
    def own_authorization(self) -> Verdict[Permission]:
        """Whether it serves only who is allowed to: by a check, or since all that it asks for is the caller's.

        An answer that a field is missing needs no permission, so that queries count and not the ways to answers.
        """
        verdict = self._verdict(self._answered, lambda exit_: exit_.permission_checked, either_permission, _FORBIDDEN)
        is_asked = bool(self._refused) and all(exit_.has_asked for exit_ in self._answered)
        if verdict.status == "no" and self.asks_rights and (is_asked or not self._answered):
            return Verdict("unknown", None, "what it does may depend on a right of the caller, which can't be followed")
        said = {extent for _, extent in self.queries}
        if verdict.by is not None or said <= {"open"}:
            return self._or_lost(self._or_selective(verdict, (*_STRANGERS,)))
        if said == {"limited"}:
            return Verdict("yes", Permission(frozenset(("own",)), places=frozenset(place for place, _ in self.queries)))
        place, extent = next((place, extent) for place, extent in self.queries if extent != "limited")
        told = "names the caller and is not limited to it" if extent == "stamped" else "may be anybody's"
        return Verdict("unknown", None, f"what is asked for at {place.file}:{place.line} {told}")

    @property
    def writes_for_known(self) -> bool:
        """Whether all that it was seen to change is changed for callers of whom something is known, or may be."""
        return bool(self.written) and all(
            exit_.standing is not None or exit_.is_off or any(doubt.is_of_caller for doubt in exit_.doubts)
            for exit_ in self.written
        )

    def _or_dubious(self, verdict: Verdict[T], *, may_refuse: bool) -> Verdict[T]:
        """A verdict that something is missing, unless code that is not known may see to it."""
        if verdict.status != "no" or self.dubious is None or not may_refuse:
            return verdict
        place = _spoken(self.dubious)
        return Verdict(
            "unknown", None, f"the caller's token is handed on at {place}, and what decides by it is not known"
        )

    def _or_selective(self, verdict: Verdict[T], statuses: tuple[int | None, ...]) -> Verdict[T]:
        """A verdict that no right is asked for, unless some callers are told 403 by who they are.

        Who verifies callers says 403 to those that are not known, too.
        """
        if verdict.status == "no" and self._may_refuse_by_right(statuses):
            return Verdict("unknown", None, "whether it refuses some callers for want of a right can't be followed")
        if verdict.status != "no" or self.verifies or not self.recalls_caller or not _FORBIDDEN & self.refused_with:
            return verdict
        return Verdict("unknown", None, "by what it tells some callers 403 can't be followed")

    def _may_refuse_by_right(self, statuses: tuple[int | None, ...]) -> bool:
        """Whether some callers are refused after a right was asked for; who verifies callers refuses others, too."""
        if any(exit_.has_asked and exit_.status in statuses for exit_ in self._refused):
            return True
        return self.asks_rights and not self.asks_package and not self.refused_with.isdisjoint(statuses)

    def _or_lost(self, verdict: Verdict[T]) -> Verdict[T]:
        """A verdict that something is missing, unless it may be where nothing was followed to."""
        if verdict.status != "no" or self.lost is None:
            return verdict
        return Verdict("unknown", None, f"what is called at {self.lost.file}:{self.lost.line} is nested too deeply")

    @cached_property
    def _answered(self) -> Sequence[Exit]:
        return (*(exit_ for exit_ in self.answers if not exit_.is_refusal), *self.passes)

    @cached_property
    def ties(self) -> frozenset[frozenset[str]]:
        """What the request names that belongs together wherever it serves or passes on."""
        first, *others = [exit_.ties for exit_ in self._answered] or [frozenset()]
        return first.intersection(*others)

    @property
    def serves(self) -> bool:
        """Whether it does anything but refuse, or pass on: a handler may only say that a method is not allowed."""
        if self.passes and not self.answers:
            return self.acts
        return bool(self._answered) or not self.answers

    @property
    def is_closed(self) -> bool:
        """Whether it refuses everybody unless it is configured otherwise."""
        return bool(self._answered) and all(exit_.is_off for exit_ in self._answered)

    @cached_property
    def refused_with(self) -> frozenset[int]:
        """Statuses with which it turns callers away."""
        return frozenset(exit_.status for exit_ in self._refused if exit_.status is not None)

    @cached_property
    def rejects(self) -> bool:
        """Whether it says to some callers that they are not authorized."""
        return bool({401, 403} & self.refused_with)

    @property
    def refuses(self) -> bool:
        """Whether it turns some callers away, for whatever reason."""
        return bool(self._refused)

    @property
    def _may_ask(self) -> bool:
        """Whether it may ask who calls; what only says that the server is busy, and looks at nothing else, does not."""
        looks = self.recalls_caller or self.reads_secret or self.lost is not None or self.dubious is not None
        return looks or bool(_STRANGERS & self.refused_with) or not (self.refusals or self.answers)

    @cached_property
    def _refused(self) -> Sequence[Exit]:
        return (*self.refusals, *(exit_ for exit_ in self.answers if exit_.is_refusal))

    def _verdict(
        self,
        exits: Sequence[Exit],
        ask: Callable[[Exit], T | None],
        joined: Callable[[Sequence[T]], T],
        statuses: frozenset[int],
        ends: Sequence[Exit] = (),
    ) -> Verdict[T]:
        bare = [exit_ for exit_ in exits if ask(exit_) is None]
        found = [evidence for exit_ in exits if (evidence := ask(exit_)) is not None]
        live = [exit_ for exit_ in bare if not exit_.is_off]
        if found and not live:
            switches = {setting.place for exit_ in bare for setting in exit_.settings if setting.holds is False}
            return Verdict("yes", joined(found), switches=tuple(sorted(switches)))
        if bare and not live:
            return Verdict("unknown", None, f"by default it lets nobody through: {_switch_of(bare)}")
        proven = [exit_ for exit_ in exits if ask(exit_) is not None]
        reason = self._reason(live, proven, statuses, ends)
        return Verdict("unknown", None, reason) if reason else Verdict("no")

    def _reason(
        self, bare: Sequence[Exit], proven: Sequence[Exit], statuses: frozenset[int], ends: Sequence[Exit]
    ) -> str:
        """Why it isn't known whether those that are let through without evidence are let through at all."""
        refused = self._deciding(proven, statuses, ends) | self._merged(bare, statuses)
        doubts = [[doubt for doubt in exit_.doubts if doubt in refused and not doubt.is_settled] for exit_ in bare]
        closed = {
            (one.place, not one.side) for exit_ in self._refused for one in exit_.settings if exit_.status in statuses
        }
        sides = {(one.place, one.side) for exit_ in bare for one in exit_.settings}
        settings = [
            [
                one
                for one in exit_.settings
                if (proven or (one.place, one.side) in closed) and (one.place, not one.side) not in sides
            ]
            for exit_ in bare
        ]
        if not bare or not all(some or others for some, others in zip(doubts, settings, strict=True)):
            return ""
        asked = sorted(doubt.place for some in doubts for doubt in some)
        if asked:
            return f"what decides at {asked[0].file}:{asked[0].line} can't be followed"
        place = min(setting.place for some in settings for setting in some)
        return f"it depends on the configuration: {place.file}:{place.line}"

    def _deciding(self, proven: Sequence[Exit], statuses: frozenset[int], ends: Sequence[Exit]) -> set[Doubt]:
        """Sides of open questions on whose other side callers are refused, or must prove who they are.

        Who asks some callers for evidence says 400 to others for want of it.
        """
        statuses = statuses | {_MALFORMED} if proven else statuses
        refused = [
            doubt
            for exit_ in self._refused
            for doubt in exit_.doubts
            if exit_.status in statuses or (exit_.status in _UNSPOKEN and doubt.is_of_caller)
        ]
        ended = (doubt for exit_ in ends for doubt in exit_.doubts if doubt.is_of_caller)
        return {doubt.opposite for doubt in (*refused, *ended, *(doubt for exit_ in proven for doubt in exit_.doubts))}

    def _merged(self, bare: Sequence[Exit], statuses: frozenset[int]) -> set[Doubt]:
        """Sides of open questions whose other side was lost where paths met: ``!user || !user.may()``.

        Nobody is let through on the other side, and strangers are refused where it isn't known which side it is.
        """
        open_ = {doubt for exit_ in bare for doubt in exit_.doubts}
        return {doubt for doubt in open_ if doubt.opposite not in open_ and self._refuses_beside(doubt, statuses)}

    def _refuses_beside(self, doubt: Doubt, statuses: frozenset[int]) -> bool:
        """Whether strangers are refused where an open question may have another answer."""
        refusing = statuses | {_MALFORMED} if doubt.is_of_caller else statuses
        return any(exit_.status in refusing and doubt not in exit_.doubts for exit_ in self._refused)


def _spoken(place: Place) -> str:
    return f"{place.file}:{place.line}"


def _worth_at(worth: Worth, path: str, mounts: Sequence[str]) -> Worth | None:
    """What a property is worth for an endpoint; None where it is set for others only."""
    found = worth.at(path, mounts) if isinstance(worth, Standing) else worth
    return found if not isinstance(found, bool) else "anything" if found else None


def _bare_anywhere(exits: Sequence[Exit]) -> Sequence[Exit]:
    """Ways on which nothing is known but where the request goes: together they may be the ways of all requests."""
    known = [exit_.standing for exit_ in exits if exit_.standing is not None and exit_.standing.is_exception]
    if not is_anywhere(spot for standing in known for spot in standing.unless):
        return exits
    return [exit_._replace(standing=None) if exit_.standing in known else exit_ for exit_ in exits]


def _switch_of(exits: Sequence[Exit]) -> str:
    """Which test of the configuration closes ways that are not taken by default."""
    place = min(setting.place for exit_ in exits for setting in exit_.settings if setting.holds is False)
    return f"{place.file}:{place.line}"
