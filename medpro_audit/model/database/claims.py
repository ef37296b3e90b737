"""What each place says of the port of a database, and which places contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

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
    """None when it isn't said: ``DB_PORT`` is for the main database."""
    ports: tuple[int, ...]
    """Every number that it can be; none when that is known elsewhere."""
    subject: str
    """What is the same for alternatives of one connection, which need not agree."""
    by: Literal["connection module", "other module", "settings file"]
    environment: str = ""
    """The deployment that it is for, when it is for one only: ``production``."""
    variable: str = ""
    """The environment variable that a settings file says it with, or whose default it is in code."""
    inside: int | None = None
    """The port by which it is reached from inside a container network, where some of the code may run."""

    def contradicts(self, other: Claim) -> bool:
        """Whether both speak of the same database and can't both be right."""
        return (
            self.subject != other.subject
            and bool(self.ports and other.ports)
            and not self._reachable & other._reachable
            and self.is_comparable(other)
            and not self._is_beside(other)
        )

    @property
    def _reachable(self) -> set[int]:
        return {*self.ports, *(() if self.inside is None else (self.inside,))}

    def _is_beside(self, other: Claim) -> bool:
        """Whether both are servers of their own: as Compose files describe them, or by several variables of a file."""
        if not self.by == other.by == "settings file":
            return False
        if self.variable and other.variable:
            return self.file == other.file and self.variable != other.variable
        return not (self.variable or other.variable)

    def is_comparable(self, other: Claim) -> bool:
        """Whether both may mean the same database."""
        families = {self.family, other.family}
        return (
            (len(families) == 1 or (None in families and families <= {None, *STORES}))
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
        self._expected = expected
        self._main = main
        self._measures: dict[tuple[str, Family | None, str, str], list[Claim]] = {}
        found = sorted(map(self._completed, claims), key=lambda claim: (claim.file, claim.line, claim.subject))
        self._setting = [claim for claim in found if claim.by == "settings file" and claim.variable and claim.ports]
        self._claims = [claim for claim in found if not self._is_overridden(claim)]

    def expected(self, claim: Claim) -> int | None:
        """The configured port, if it is meant for this database."""
        family, main = claim.family, self._main_of(claim)
        return self._expected if family is None or family in (main or STORES) else None

    def is_conflict(self, claim: Claim) -> bool:
        """Whether the port is not the one that counts."""
        expected = self.expected(claim)
        if expected is not None:
            return any(port != expected for port in claim.ports) and expected != claim.inside
        return next(self._contradictions(claim), None) is not None

    def others(self, claim: Claim) -> tuple[Step, ...]:
        """The places that say otherwise; none when a port is configured, since that settles it."""
        if self.expected(claim) is not None:
            return ()
        return tuple(
            Step(other.file, other.line, f"says port {' or '.join(map(str, other.ports))}")
            for other in islice(self._contradictions(claim), _MAX_NAMED)
        )

    def _contradictions(self, claim: Claim) -> Iterator[Claim]:
        """What contradicts a claim, of the claims that it is measured by."""
        claim = self._completed(claim)
        if self._is_overridden(claim):
            return iter(())
        standards = self._standards(claim)
        knows = (other for other in standards if other.by == "connection module" and other.backend == claim.backend)
        if claim.by == "other module" and any(set(claim.ports) & set(other.ports) for other in knows):
            return iter(())  # of several servers that the connection module knows it is one
        return (other for other in standards if claim.contradicts(other) and not self._is_of_sibling(claim, other))

    def _is_of_sibling(self, first: Claim, second: Claim) -> bool:
        """Whether one is what another variable of the other's settings file says: that is of a server of its own."""
        return any(
            one.file == file.file and one.variable != file.variable and set(code.ports) <= set(one.ports)
            for file, code in ((first, second), (second, first))
            if file.by == "settings file" and file.variable and code.by != "settings file"
            for one in self._setting
            if code.is_comparable(one)
        )

    def _is_overridden(self, claim: Claim) -> bool:
        """Whether it is only the default of a variable that a settings file sets: what counts is said there."""
        return claim.by != "settings file" and any(
            claim.variable == file.variable and claim.is_comparable(file) for file in self._setting
        )

    def _standards(self, claim: Claim) -> list[Claim]:
        """The claims that one is measured by, the same for all that are made for the same database."""
        key = (claim.backend, claim.family, claim.by, claim.environment)
        if key not in self._measures:
            found = [other for other in self._claims if other.ports and claim.is_comparable(other)]
            if claim.by == "connection module":
                found = [other for other in found if other.by == "settings file"]
            else:
                found = [other for other in found if other.by == "connection module"] or found
            self._measures[key] = found
        return self._measures[key]

    def _completed(self, claim: Claim) -> Claim:
        """A claim that doesn't say of which database it speaks is about the main one, where there is only one such."""
        main = self._main_of(claim)
        return replace(claim, family=next(iter(main))) if claim.family is None and len(main) == 1 else claim

    def _main_of(self, claim: Claim) -> set[Family]:
        return {family for backend, family in self._main.items() if are_related(backend, claim.backend)}
