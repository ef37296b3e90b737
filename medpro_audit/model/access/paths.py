"""What is known of the caller on the present path of execution, and the account that is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account, Deed
from medpro_audit.model.access.calls import Call, Promises
from medpro_audit.model.access.proofs import STANDING, Known, Proofs
from medpro_audit.model.access.standing import (
    Asked,
    Doubt,
    Exit,
    Permission,
    Setting,
    Standing,
    Tie,
    Worth,
)
from medpro_audit.model.evaluation.branching import maybe
from medpro_audit.model.evaluation.control import Completion
from medpro_audit.model.evaluation.values import CallRecord, Deferred, Value
from medpro_audit.model.evaluation.witness import Witness

if TYPE_CHECKING:
    from medpro_audit.model.access.standing import Extent
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.request.analysis import Analysis

Q = TypeVar("Q", Setting, Doubt)

_PERMISSION = "permission"
_OF_CALLER = frozenset((Standing, Permission, Setting, Doubt, Tie, Asked))
"""Types of facts that are known of the caller."""


class Paths(Witness):
    """Keeps on each path what is known of the caller."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._proofs = Proofs()
        self._entries: list[Call] = []
        """Calls in progress."""
        self._decided: dict[int, tuple[Value, Permission]] = {}
        """What functions of the program say that were asked about the caller's role."""
        self._promises = Promises()
        self._promised: list[list[Exit]] = []
        self._passes: list[Exit] = []
        self._answers: list[Exit] = []
        self._refusals: list[Exit] = []
        self._sets: dict[str, Worth] = {}
        self._deeds: set[Deed] = set()
        self._queries: dict[int, tuple[CallRecord, Extent]] = {}
        """Queries that were made without a check before them, by their last call."""
        self._sought: dict[frozenset[str], Place] = {}
        self._postponed: list[Deferred] = []
        self._cookies: list[CallRecord] = []
        self._redirects_to_https = False
        self._ends_session = False
        self._keeps_own_token = False
        self._acts = False
        self._lost: Place | None = None
        self._reads_secret = False
        self._reads_cookies = False
        self._verifies = False
        self._asks_package = False
        self._dubious: Place | None = None
        self._asks_whose: Place | None = None
        self._stores_token = False
        self._recalled: set[str] = set()
        self._claimed: set[tuple[str, str]] = set()
        self._tokens: set[str] = set()
        self._recalls_caller = False
        self._asks_rights = False
        self._written: list[Exit] = []
        self._headers: list[tuple[str, Value]] = []

    @property
    def account(self) -> Account:
        """What has been seen."""
        return Account(
            passes=tuple(self._passes),
            answers=tuple(self._answers),
            refusals=tuple(self._refusals),
            sets=tuple(self._sets.items()),
            deeds=frozenset(self._deeds),
            queries=tuple((record.site.place, extent) for record, extent in self._queries.values()),
            sought=tuple(sorted(self._sought.items(), key=lambda one: (one[1], sorted(one[0])))),
            postponed=tuple(self._postponed),
            cookies=tuple(self._cookies),
            headers=tuple(self._headers),
            redirects_to_https=self._redirects_to_https,
            ends_session=self._ends_session,
            keeps_own_token=self._keeps_own_token,
            lost=self._lost,
            reads_secret=self._reads_secret,
            reads_cookies=self._reads_cookies,
            verifies=self._verifies,
            asks_package=self._asks_package,
            dubious=self._dubious,
            asks_whose=None if self._stores_token else self._asks_whose,
            recalled=frozenset(self._recalled),
            claimed=frozenset(self._claimed),
            tokens=frozenset(self._tokens),
            recalls_caller=self._recalls_caller,
            asks_rights=self._asks_rights,
            written=tuple(self._written),
            acts=self._acts or bool(self._postponed),
        )

    # What is known on the present path

    @property
    def standing(self) -> Standing | None:
        """What is known of the caller."""
        found = self._analysis.facts.get(STANDING)
        return found if isinstance(found, Standing) else None

    @property
    def permission(self) -> Permission | None:
        """What the caller was found to be allowed to."""
        found = self._analysis.facts.get(_PERMISSION)
        return found if isinstance(found, Permission) else None

    @property
    def _is_checked(self) -> bool:
        """Whether the caller was found to be allowed by more than a query that names it."""
        return self.permission is not None and self.permission.kinds != {"own"}

    def know(self, standing: Standing) -> None:
        """The caller is known from here on; what needs nothing else is the better evidence."""
        before = self.standing
        if before is not None and before.is_exception and standing.is_exception:
            standing = before.together_with(standing)
        self._verifies |= not (standing.needs or standing.is_exception)
        if before is None or before.is_exception or (before.needs and not standing.needs and not standing.is_exception):
            self._write(STANDING, standing)

    def allow(self, permission: Permission) -> None:
        """The caller is allowed from here on."""
        before = self.permission
        if before is None or before.kinds == {"own"}:
            self._write(_PERMISSION, permission)
        elif (both := before.both(permission)) != before:
            self._write(_PERMISSION, both)

    def _tie(self, names: frozenset[str]) -> None:
        """These belong together, since one is asked for by the other: if one is the caller's, so are the others."""
        if len(names) > 1:
            self._write(f"tie {sorted(names)}", Tie(names))
        before = self.permission
        if before is not None and before.over is not None and names & before.over and not names <= before.over:
            self._write(_PERMISSION, before._replace(over=before.over | names))

    def _write(self, key: str, value: object) -> None:
        self._analysis.interpreter.journal.write(self._analysis.facts, key, value)

    def _known(self) -> Known:
        """Everything about the caller that is known on the present path, by its key."""
        return {key: fact for key, fact in self._analysis.facts.items() if type(fact) in _OF_CALLER}

    def _exit(self, status: int | None = None, *, is_refusal: bool = False) -> Exit:
        facts = self._analysis.facts.values()
        return Exit(
            self.standing,
            self.permission,
            tuple(_answered(fact for fact in facts if isinstance(fact, Setting))),
            tuple(_answered(fact for fact in facts if isinstance(fact, Doubt))),
            is_refusal,
            status,
            frozenset(fact.names for fact in facts if isinstance(fact, Tie)),
            any(isinstance(fact, Asked) for fact in facts),
        )

    def _maybe(self, run: Callable[[], object]) -> None:
        """Do something that may happen."""

        def branch() -> Completion:
            run()
            return Completion.NORMAL

        maybe(self._interpreter, "", branch)

    @property
    def _interpreter(self) -> Interpreter:
        return self._analysis.interpreter

    def _remember(self, known: Known) -> None:
        for key, fact in known.items():
            if type(self._analysis.facts.get(key)) not in _OF_CALLER:
                self._write(key, fact)

    def _forget(self, known: Known) -> None:
        for key in known:
            self._write(key, None)


def _answered(facts: Iterable[Q]) -> Iterator[Q]:
    """Open questions to which the path has one answer: those that it has both to decide nothing."""
    found = list(facts)
    told = {(fact.place, fact.side) for fact in found}
    return (fact for fact in found if (fact.place, not fact.side) not in told)
