"""What is known of the caller on a path of execution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.access.spots import Spot, narrowed

Scheme = Literal["jwt", "session", "cookie", "passport", "api-key", "basic", "signature", "custom"]
"""cookie: beside another, where what is verified came in a cookie, which browsers send by themselves."""
Kind = Literal["role", "permission", "ownership", "own"]
"""ownership: what is asked for was found to be the caller's; own: a query asks for what is the caller's, which tells
something of a handler only, since a guard that looks up its caller does so, too."""

Extent = Literal["limited", "doubtful", "stamped", "open"]
"""limited: to what is the caller's; doubtful: it can't be told; stamped: what is written names the caller, whatever it
is; open: it does not name the caller."""


class Standing(NamedTuple):
    """The caller is known, since what it sent was verified."""

    schemes: frozenset[Scheme] = frozenset()
    needs: frozenset[str] = frozenset()
    """Properties of the request that tell who the caller is: it depends on who has set them."""
    places: frozenset[Place] = frozenset()
    """Of what has verified it."""
    unless: frozenset[Spot] = frozenset()
    """Where the request may go if the caller is anybody."""

    @property
    def is_exception(self) -> bool:
        """Nothing is known of the caller, but of what it asks for."""
        return bool(self.unless) and not self.schemes and not self.needs

    @property
    def goes_by_value(self) -> bool:
        """A flag may tell who calls, and where a request goes: ``if (req.path === one) isOpen = true``."""
        return True

    def together_with(self, other: Standing) -> Standing:
        """What is known where this and another one hold; who the caller is matters more than where it goes."""
        if not (self.is_exception and other.is_exception):
            return other if self.is_exception else self
        return Standing(unless=narrowed(self.unless, other.unless))

    def at(self, path: str, mounts: Sequence[str]) -> Standing | bool:
        """What is known of callers at an endpoint: true where they may be anybody, false where none comes this way."""
        found = {spot.is_at(path, mounts) for spot in self.unless}
        if True in found:
            return True
        if None in found or not found:
            return self
        return False if self.is_exception else self._replace(unless=frozenset())

    def either(self, other: object) -> Standing | None:
        """What is known where this or another one holds: all that either of them takes."""
        if not isinstance(other, Standing):
            return None
        return either((self, other))


Unproven = Literal["anything", "unknown"]
"""What a property of the request is worth that is set without evidence. anything: it is what the client has sent."""
Worth = Standing | Unproven
"""What a property of the request tells of the caller."""


class Permission(NamedTuple):
    """The caller was found to be allowed to do what it asks for."""

    kinds: frozenset[Kind] = frozenset()
    names: frozenset[str] = frozenset()
    """Roles and permissions that are asked for, where they are constants."""
    places: frozenset[Place] = frozenset()
    over: frozenset[str] | None = None
    """What the request names that was found to be the caller's: ``params.team``; None where it isn't of such a kind."""

    def either(self, other: object) -> Permission | None:
        """What is known where this or another one holds."""
        return either_permission((self, other)) if isinstance(other, Permission) else None

    def both(self, other: Permission) -> Permission:
        """This one, where another one holds, too: it is over whatever either of them is over."""
        if other.kinds == {"own"} or self.over is None:
            return self
        return self._replace(over=None if other.over is None else self.over | other.over)


class Tie(NamedTuple):
    """What the request names belongs together: one was asked for by the other, or found to be what it is of."""

    names: frozenset[str]


class Setting(NamedTuple):
    """A path that depends on the configuration, not on the request."""

    holds: bool | None
    """Whether the path is taken by default; None when that isn't known."""
    place: Place
    side: bool
    """Whether what is asked there holds."""

    def stays_among(self, paths: Sequence[Sequence[object]]) -> bool:
        """Whether something is still open where paths meet."""
        return _is_open(paths)


class Doubt(NamedTuple):
    """A path that depends on something that could not be followed."""

    place: Place
    side: bool
    """Whether what is asked there holds."""
    is_of_caller: bool
    """It is asked of what the caller has sent to show who it is, or of whom it was found to be."""
    is_of_permit: bool = False
    """It is asked whether something is on a list: to be on one may be a permit, not to be on one is none."""

    def stays_among(self, paths: Sequence[Sequence[object]]) -> bool:
        """Whether something is still open where paths meet."""
        return _is_open(paths)

    @property
    def is_settled(self) -> bool:
        """Whoever is let through here is let through for not being on a list."""
        return self.is_of_permit and not self.side

    @property
    def opposite(self) -> Doubt:
        """The other side of the same question."""
        return self._replace(side=not self.side)


class Asked(NamedTuple):
    """It was asked for a role or a right of somebody who may be the caller."""


class Exit(NamedTuple):
    """One path on which a function passes on or answers."""

    standing: Standing | None
    permission: Permission | None
    settings: tuple[Setting, ...]
    doubts: tuple[Doubt, ...]
    is_refusal: bool = False
    """It answers that the request is not served, or asks to log in."""
    status: int | None = None
    """With which it is refused, where that is known."""
    ties: frozenset[frozenset[str]] = frozenset()
    """What the request names that was found to belong together: ``params.team`` and ``params.id``."""

    has_asked: bool = False
    """It was asked for a right before, whether or not of the caller."""

    def at(self, path: str, mounts: Sequence[str]) -> Exit | None:
        """The same of requests for an endpoint; None where none of them comes this way."""
        found = self.standing.at(path, mounts) if self.standing is not None else None
        if isinstance(found, bool):
            return self._replace(standing=None) if found else None
        return self._replace(standing=found)

    @property
    def permission_checked(self) -> Permission | None:
        """What was checked, beyond queries that name the caller."""
        return self.permission if self.permission is not None and self.permission.kinds != {"own"} else None

    @property
    def is_off(self) -> bool:
        """It isn't taken in the default configuration."""
        return any(setting.holds is False for setting in self.settings)


def _is_open(paths: Sequence[Sequence[object]]) -> bool:
    """Whether only those get on, of whom nothing is known, for whom some question has one answer.

    It is not where one of the paths is taken whatever the answers are, nor where two are taken for both answers to one.
    """
    strangers = [path for path in paths if not any(isinstance(one, Standing) and not one.is_exception for one in path)]
    asked = [{(one.place, one.side) for one in path if isinstance(one, Setting | Doubt)} for path in strangers]
    single = {answer for answers in asked if len(answers) == 1 for answer in answers}
    return all(asked) and not any((place, not side) in single for place, side in single)


def either(standings: Iterable[Standing]) -> Standing:
    """What is known where one of several holds, of which there is at least one."""
    known = list(standings)
    return Standing(*(frozenset[Any]().union(*parts) for parts in zip(*known, strict=True)))


def either_permission(permissions: Iterable[Permission]) -> Permission:
    """What is known where one of several holds, of which there is at least one."""
    known = list(permissions)
    limited = [one.over for one in known if one.over is not None]
    return Permission(
        kinds=frozenset[Kind]().union(*(one.kinds for one in known)),
        names=frozenset[str]().union(*(one.names for one in known)),
        places=frozenset[Place]().union(*(one.places for one in known)),
        over=frozenset[str].intersection(*limited) if limited else None,
    )
