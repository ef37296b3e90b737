"""What each place says of the port of a database, and which places contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.database.families import STORES, Family

_MAX_NAMED = 8
"""Further places that say otherwise are not named."""


class Claim(Struct, frozen=True):
    """A place that says on which port a database listens."""

    file: str
    line: int
    backend: str
    family: Family | None
    """None when it may be of any kind: ``DB_PORT``."""
    ports: tuple[int, ...]
    """Every number that it can be; none when that is known elsewhere."""
    subject: str
    """What is the same for alternatives of one connection, which need not agree."""
    by: Literal["connection module", "other module", "settings file"]
    environment: str = ""
    """The deployment that it is for, when it is for one only: ``production``."""

    def contradicts(self, other: Claim) -> bool:
        """Whether both speak of the same database and can't both be right."""
        return (
            self.subject != other.subject
            and bool(self.ports and other.ports)
            and not set(self.ports) & set(other.ports)
            and self.is_comparable(other)
        )

    def is_comparable(self, other: Claim) -> bool:
        """Whether both may mean the same database."""
        return (
            (self.family == other.family or None in {self.family, other.family})
            and (self.environment == other.environment or "" in {self.environment, other.environment})
            and are_related(self.backend, other.backend)
        )


def are_related(first: str, second: str) -> bool:
    """Whether one of two folders is the other or stands in it, so that settings of one may be meant for the other."""
    inner, outer = f"{first}/".removeprefix("./"), f"{second}/".removeprefix("./")
    return inner.startswith(outer) or outer.startswith(inner)


class Ports:
    """Answers for each claim whether it is as expected.

    What counts is the configured port; without one, what the connection module says; where that says nothing, all
    places must agree. The connection module itself must agree with the settings files.
    """

    def __init__(self, claims: Iterable[Claim], expected: int | None, main: Mapping[str, Family]) -> None:
        """``main`` is the kind of database by back end that a configured port is meant for."""
        self._claims = sorted(claims, key=lambda claim: (claim.file, claim.line, claim.subject))
        self._expected = expected
        self._main = main

    def expected(self, claim: Claim) -> int | None:
        """The configured port, if it is meant for this database."""
        if claim.family is None:
            return self._expected
        families = {family for backend, family in self._main.items() if are_related(backend, claim.backend)}
        meant = claim.family in families if families else claim.family in STORES
        return self._expected if meant else None

    def is_conflict(self, claim: Claim) -> bool:
        """Whether the port is not the one that counts."""
        expected = self.expected(claim)
        if expected is not None:
            return any(port != expected for port in claim.ports)
        return any(claim.contradicts(other) for other in self._standards(claim))

    def others(self, claim: Claim) -> tuple[Step, ...]:
        """The places that say otherwise; none when a port is configured, since that settles it."""
        if self.expected(claim) is not None:
            return ()
        found = [other for other in self._standards(claim) if claim.contradicts(other)]
        return tuple(
            Step(other.file, other.line, f"says port {' or '.join(map(str, other.ports))}")
            for other in found[:_MAX_NAMED]
        )

    def _standards(self, claim: Claim) -> list[Claim]:
        """The claims that one is measured by."""
        comparable = [other for other in self._claims if other.ports and claim.is_comparable(other)]
        if claim.by == "connection module":
            return [other for other in comparable if other.by == "settings file"]
        return [other for other in comparable if other.by == "connection module"] or comparable
