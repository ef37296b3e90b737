"""What each application protects itself with."""

from __future__ import annotations

from collections.abc import Iterable

from medpro_audit.model.known import Known
from medpro_audit.model.protection.applications import applications
from medpro_audit.model.protection.callers import caller_protections
from medpro_audit.model.protection.headers import header_protections
from medpro_audit.model.protection.limits import limit_protections
from medpro_audit.model.protection.origins import origin_protections
from medpro_audit.model.subjects.protection import Protection

_ALL = (caller_protections, header_protections, limit_protections, origin_protections)


def survey(known: Known) -> Iterable[Protection]:
    """Every protection of every application, sorted."""
    found = [protection for one in applications(known) for ask in _ALL for protection in ask(one)]
    # An application that several programs make is seen more than once.
    return sorted(dict.fromkeys(found), key=lambda one: (one.application, one.practice, one.file, one.line))
