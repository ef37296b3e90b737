"""Whether all that an endpoint reads of its body or query is checked by hand before anything is made of it.

In both anything may be sent. A field does no harm where it is only compared; and where it goes further, if that is on
paths on which the program has asked whether it is what it allows: one of some words, of a plain type, a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from medpro_audit.core.place import Place, Step
from medpro_audit.model.request.records import Use
from medpro_audit.model.subjects.facets.usage import Treatment
from medpro_audit.model.validation import Ledger
from medpro_audit.model.verdicts import Basis, spoken


def bare_uses(base: Basis) -> list[Use]:
    """Uses of what nothing validates; all, where everything is: what it is used for tells with which it is counted."""
    bare = [entry.use for entry in base.seen if entry.holding is None and not base.is_forgiven(entry.use)]
    return bare or [entry.use for entry in base.seen]


def body_treatment(ledger: Ledger, is_loop: Callable[[Place], bool]) -> Treatment:
    """What becomes of the body of an endpoint; ``is_loop`` tells where the head of a loop stands."""
    base = ledger.basis("body")
    bare = bare_uses(base)
    if not bare:
        return Treatment()
    steps = None if base.gaps or _goes_elsewhere(ledger) else checks_of(bare, is_loop)
    if steps is None:
        return Treatment("more")
    return Treatment("checked" if steps else "lookup", trail=steps)


def checks_of(uses: Sequence[Use], is_loop: Callable[[Place], bool]) -> tuple[Step, ...] | None:
    """Where the fields of these uses are checked by hand; None where one goes further unchecked."""
    if not all(_is_checked(group, is_loop) for group in by_field(uses)):
        return None
    return tuple(_steps(uses))


def _goes_elsewhere(ledger: Ledger) -> bool:
    """Whether code that isn't part of the program has the request as well, or serves it in the end."""
    own = [link for link in ledger.links if link.counts]
    last = own[-1].summary if own else None
    return any(link.summary.escapes for link in own) or last is None or last.is_foreign or last.passes


def by_field(uses: Sequence[Use]) -> list[list[Use]]:
    """The uses of each field, of whatever is in it."""
    ordered = sorted(uses, key=lambda use: use.path[:1])
    return [list(group) for _, group in groupby(ordered, key=lambda use: use.path[:1])]


def _is_checked(uses: Sequence[Use], is_loop: Callable[[Place], bool]) -> bool:
    """Whether a field goes further only where it was narrowed, if it goes further at all.

    What is only asked about, by a name that it was given, has most probably gone where it isn't followed.
    """
    goes_further = any(use.narrowed is not None and not (use.is_test or use.purpose == "comparison") for use in uses)
    return all(
        use.narrowed is not None or _is_told(use) or (_is_asked(use, is_loop) and (goes_further or use.is_direct))
        for use in uses
    )


def _is_asked(use: Use, is_loop: Callable[[Place], bool]) -> bool:
    """Whether it is only held against something, or asked whether it is there, which fails for nothing."""
    is_compared = use.purpose == "comparison" and not is_loop(use.place)
    return (use.is_test or is_compared) and use.takes_anything and len(use.path) <= 1


def _is_told(use: Use) -> bool:
    """Whether it only says what was refused."""
    return use.is_told and (use.purpose in {"answer", "text"} or use.called.package == "Error")


def _steps(uses: Sequence[Use]) -> Iterable[Step]:
    checks = dict.fromkeys(use.narrowed for use in uses if use.narrowed is not None)
    return (Step(one.place.file, one.place.line, f"{spoken(one)} is checked here") for one in checks)
