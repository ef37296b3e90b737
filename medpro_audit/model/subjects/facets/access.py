"""Who may call an endpoint."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Known = Literal["yes", "no", "unknown"]


class Access(Struct, frozen=True):
    """Whether callers of an endpoint must be known, and be allowed to do what they ask for."""

    authentication: Known = "unknown"
    """yes: only callers that something has verified get past; unknown: see `reason`."""
    by: str | None = None
    """Name of the middleware that sees to it, or ``the handler``; where it is unknown, of the one that may."""
    schemes: tuple[str, ...] = ()
    """How callers are known: jwt, session, passport, api-key, basic, signature, custom."""
    reason: str | None = None
    """Why it is unknown, or why something that looks like a guard is none."""
    authorization: Known = "unknown"
    """yes: the caller's role, its permission or whose the thing is that it asks for is checked."""
    authorization_by: str | None = None
    """Name of the middleware that sees to it, or ``the handler``."""
    authorization_kinds: tuple[str, ...] = ()
    """What is checked: role, permission, ownership."""
    authorization_reason: str | None = None
    """Why it is unknown."""
    roles: tuple[str, ...] = ()
    """Roles and permissions that are let in, where they are constants."""
    admits_strangers: bool = False
    """It is how strangers become known: it checks a password or a signature, or issues a token or a session."""
    checks_secret: bool = False
    """It checks what could be tried until it fits, a password or a short code."""
    is_form: bool = False
    """By its address it takes what strangers are asked for, and names nothing that is there: a contact form, say."""
    changes_state: bool = False
    """POST, PUT, PATCH, DELETE or any method at all, with a handler that calls or reads anything."""
    ends_session: bool = False
    """It lets a caller go: it destroys the session or takes the cookie away."""
    serves: bool = True
    """False for a handler that only refuses: that a method is not allowed, that nothing is there."""
    switches: tuple[str, ...] = ()
    """``file:line`` of tests of the configuration that switch the guard off; by default they don't."""
    false_guard: str | None = None
    """Name of a middleware that answers 401 or 403 to some callers, and knows nothing of those it lets pass."""
    callers_differ: bool = False
    """Some endpoint of its application asks more of callers than who they are: a role, a permission, or whose it is."""
    trail: tuple[Step, ...] = ()
    """What verifies callers, and where."""

    @property
    def is_uncertain(self) -> bool:
        """Something that may be a guard stands before it, and can't be followed."""
        return self.authentication == "unknown"

    @property
    def is_for_programs(self) -> bool:
        """Its callers are programs that were given a key, or sign what they send: those have no roles."""
        return bool(self.schemes) and {"api-key", "signature"}.issuperset(self.schemes)

    @property
    def is_entrance(self) -> bool:
        """It is how strangers become known, and none of its middleware asks for callers who already are."""
        return self.admits_strangers and (self.authentication == "no" or self.by == "the handler")

    @property
    def callers(self) -> tuple[str, ...]:
        """Who may call it, in words: roles and permissions, else authenticated, public or unknown."""
        if self.authentication == "unknown":
            return ("unknown",)
        if self.authentication == "no" or self.is_entrance:
            return ("public",)
        return self.roles or ("authenticated",)
