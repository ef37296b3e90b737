"""Whether all that an endpoint reads of its body or query does no harm unvalidated, or is checked by hand before.

In both anything may be sent. A field does no harm where it is only compared, or a database looks something up by it;
and where it goes further, if that is on paths on which the program has asked whether it is what it allows: one of some
words, of a plain type, a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from medpro_audit.core.place import Place, Step
from medpro_audit.model.access.packages import verifies_password
from medpro_audit.model.drivers import drivers
from medpro_audit.model.flows.arrival import Arrival, Carried
from medpro_audit.model.request.records import Use
from medpro_audit.model.sql.methods import METHODS, QUERIES
from medpro_audit.model.subjects.facets.usage import Treatment
from medpro_audit.model.validation import Ledger
from medpro_audit.model.verdicts import Basis, spoken

_OBJECTS_IN_SQL = frozenset(("mysql", "mysql2", "promise-mysql", "serverless-mysql"))
"""Drivers that write an object in place of a value as ``column = value``, which may hold for every row."""


def bare_uses(base: Basis) -> list[Use]:
    """Uses of what nothing validates; all, where everything is: what it is used for tells with which it is counted."""
    bare = [entry.use for entry in base.seen if entry.holding is None and not base.is_forgiven(entry.use)]
    return bare or [entry.use for entry in base.seen]


def body_treatment(ledger: Ledger, is_loop: Callable[[Place], bool], *, may_change: bool, is_known: bool) -> Treatment:
    """What becomes of the body of an endpoint.

    ``is_loop`` tells where the head of a loop stands, ``may_change`` whether it may do more than look something up,
    ``is_known`` whether it answers only those who have signed in.
    """
    base = ledger.basis("body")
    bare = bare_uses(base)
    if not bare:
        return Treatment()
    steered = _steered(ledger, is_known=is_known)
    is_login = not is_known and any(verifies_password(*use.called) for use in bare)
    checks = Checks(is_loop, steered, may_change=may_change, is_login=is_login)
    steps = None if base.gaps or _goes_elsewhere(ledger) else checks.steps(bare)
    if steps is None:
        return Treatment("more" if may_change or any(use.path in steered for use in bare) else "used")
    return Treatment("checked" if steps else "lookup", trail=steps)


def _goes_elsewhere(ledger: Ledger) -> bool:
    """Whether code that isn't part of the program has the request as well, or serves it in the end."""
    own = [link for link in ledger.links if link.counts]
    last = own[-1].summary if own else None
    return any(link.summary.escapes for link in own) or last is None or last.is_foreign or last.passes


def _steered(ledger: Ledger, *, is_known: bool) -> frozenset[tuple[str, ...]]:
    """Fields by which a client may have a call do something else than what it is there for.

    Who has signed in gains little by an operator in a look-up, of which another rule tells.
    """
    arrivals = (arrival for link in ledger.links for arrival in link.summary.arrivals)
    carried = ((arrival, one) for arrival in arrivals for one in arrival.carried if one.part == "body" and _steers(one))
    return frozenset(one.path for arrival, one in carried if not (is_known and _looks_up(arrival, one)))


def _looks_up(arrival: Arrival, carried: Carried) -> bool:
    """Whether it can be an operator in a filter, and no code of one, and the filter is one of a look-up."""
    name = arrival.sink.removesuffix("()").rpartition(".")[2]
    return (
        arrival.kind == "filter" and carried.need == "object" and METHODS.get(arrival.package, {}).get(name) == "select"
    )


def _steers(carried: Carried) -> bool:
    """Whether a client may send what makes a call go wrong."""
    if carried.need == "text":
        return carried.form != "harmless"
    return carried.need != "nothing" and carried.form == "anything"


def by_field(uses: Sequence[Use]) -> list[list[Use]]:
    """The uses of each field, of whatever is in it."""
    ordered = sorted(uses, key=lambda use: use.path[:1])
    return [list(group) for _, group in groupby(ordered, key=lambda use: use.path[:1])]


class Checks(NamedTuple):
    """Tells which uses of what nothing validates do no harm."""

    is_loop: Callable[[Place], bool]
    steered: frozenset[tuple[str, ...]] = frozenset()
    may_change: bool = True
    is_login: bool = False
    """A stranger's password is verified: what is changed is not made of what else was sent."""

    def steps(self, uses: Sequence[Use]) -> tuple[Step, ...] | None:
        """Where the fields of these uses are checked by hand; None where one goes further and may do harm."""
        return tuple(_steps(uses)) if all(map(self._are_harmless, by_field(uses))) else None

    def _are_harmless(self, uses: Sequence[Use]) -> bool:
        """Whether a field goes further only where it was narrowed or a wrong one finds nothing, if it does at all.

        What is only asked about, by a name that it was given, has most probably gone where it isn't followed.
        """
        sure = [use for use in uses if use.narrowed is not None or self._finds_nothing(use)]
        goes_further = any(not (use.is_test or use.purpose == "comparison") for use in sure)
        others = [use for use in uses if use not in sure and not _is_told(use)]
        return all(self._is_asked(use) and (goes_further or use.is_direct) for use in others)

    def _finds_nothing(self, use: Use) -> bool:
        """Whether something is only looked up by it, as a value, or it is held against a password."""
        package, name = use.called
        if self.is_login and (verifies_password(package, name) or (not package and use.form in {"text", "harmless"})):
            return True
        if use.purpose != "call" or use.path in self.steered or (package in _OBJECTS_IN_SQL and use.form == "anything"):
            return False
        kind = METHODS.get(package, {}).get(name)
        is_text = kind is None and package in drivers() and name in QUERIES
        return kind == "select" or (is_text and (self.is_login or not self.may_change))

    def _is_asked(self, use: Use) -> bool:
        """Whether it is only held against something, or asked whether it is there, which fails for nothing."""
        is_compared = use.purpose == "comparison" and not self.is_loop(use.place)
        return (use.is_test or is_compared) and use.takes_anything and len(use.path) <= 1


def _is_told(use: Use) -> bool:
    """Whether it only says what was refused."""
    return use.is_told and (use.purpose in {"answer", "text"} or use.called.package == "Error")


def _steps(uses: Sequence[Use]) -> Iterable[Step]:
    checks = dict.fromkeys(use.narrowed for use in uses if use.narrowed is not None and not _is_told(use))
    return (Step(one.place.file, one.place.line, f"{spoken(one)} is checked here") for one in checks)
