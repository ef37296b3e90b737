"""The operations of the API's documentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from medpro_audit.core.place import Step
from medpro_audit.model.contract.documented import promised
from medpro_audit.model.documentation.analysis import Analysis, Matched, analysis_of
from medpro_audit.model.documentation.comparison import (
    Reading,
    compare_body,
    compare_query,
    compare_statuses,
    compare_types,
    reading_of,
)
from medpro_audit.model.documentation.generated import without_generated
from medpro_audit.model.documentation.matching import Match
from medpro_audit.model.endpoints import Passage
from medpro_audit.model.evaluation.values import FunctionValue
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.operation import Operation

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_LEAST_COMMON = 10
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_ENTRANCE = re.compile(r"/(log|sign)[_-]?in\b|/(o?auth2?|oidc|saml|sso|cas)/|/callback\b", re.IGNORECASE)
"""Paths where callers become known, whatever their middleware is called."""
_OF_PROVIDERS = frozenset(
    (  # noqa: SIM905 - a table of words
        "code error error_description id_token iss RelayState SAMLResponse scope session_state state ticket"
    ).split()
)
"""What a provider of identities sends there, which a package reads."""


def survey(known: Known) -> Sequence[Operation]:
    """All operations of documents that are about a back end here, by place."""
    analysis = analysis_of(known)
    found = [
        _operation(known, matched, match, analysis)
        for matched in analysis.documents
        if matched.is_about_backend
        for match in matched.matches
    ]
    return sorted(
        _told_once(found), key=lambda each: (each.file, each.line, each.method, each.path, each.specification)
    )


def _told_once(found: Sequence[Operation]) -> Iterator[Operation]:
    """The same, where who may call is told by another document of the same endpoints: a part need not repeat it."""
    told = {(each.backend, endpoint) for each in found if each.has_security for endpoint in each.endpoints}
    for each in found:
        is_told = bool(each.endpoints) and all((each.backend, endpoint) in told for endpoint in each.endpoints)
        yield replace(each, has_security=None) if each.has_security is False and is_told else each


def _operation(known: Known, matched: Matched, match: Match, analysis: Analysis) -> Operation:
    operation, document = match.operation, matched.document
    details = analysis.details_of(operation)
    passages = [known.base.endpoint_builder.passage(known.base.rows[index]) for index in _answering(known, match)]
    words = frozenset[str]().union(*(_words(known, passage) for passage in passages))
    common = known.shared(_common)
    is_entrance = any(_ENTRANCE.search(known.base.endpoints[index].path) for index in match.endpoints)
    query = compare_query(details, passages, words | _OF_PROVIDERS if is_entrance else words, common)
    compared = compare_body(details, passages, words, common, method=operation.method)
    body = without_generated(known, compared, passages)
    statuses, types = compare_statuses(details, passages), compare_types(details, passages)
    undeclared = tuple(sorted(details.undeclared))
    endpoints = [known.base.endpoints[index] for index in match.endpoints]
    return Operation(
        method=operation.method,
        path=match.path,
        file=operation.node.file,
        line=operation.node.line,
        backend=match.backend,
        source=document.source,
        specification=document.file,
        matches=match.is_served,
        reason=match.reason,
        endpoints=tuple(f"{endpoint.method} {endpoint.path}" for endpoint in endpoints),
        has_summary=details.has_summary,
        has_content=details.has_content,
        has_examples=details.has_examples,
        has_security=document.has_security(operation),
        is_guarded=bool(endpoints) and all(_is_guarded(known, index) for index in match.endpoints),
        parameters_agree=False if undeclared else query.agrees,
        undeclared_parameters=undeclared,
        undocumented_parameters=query.undocumented,
        stale_parameters=query.stale,
        body_agrees=body.agrees,
        undocumented_fields=body.undocumented,
        stale_fields=body.stale,
        types_agree=types.agrees,
        mistyped_fields=tuple(f"{each.name}: {each.documented}, taken as {each.taken}" for each in types.mistyped),
        statuses_agree=statuses.agrees,
        undocumented_statuses=statuses.undocumented,
        contract=promised(analysis.twins.get(id(operation.node), operation)),
        trail=tuple(dict.fromkeys(_steps(known, match))),
    )


def _common(known: Known) -> frozenset[Reading]:
    """What most endpoints read at one place, as in a helper for answers: no matter of one operation."""
    passages = (known.base.endpoint_builder.passage(row) for row in known.base.rows)
    read = (link.summary.uses for passage in passages for link in passage.ledger.links[-1:])
    counted = Counter(reading for uses in read for reading in set(map(reading_of, uses)))
    least = max(_LEAST_COMMON, len(known.base.rows) / 2)
    return frozenset(reading for reading, number in counted.items() if number >= least)


def _is_guarded(known: Known, index: int) -> bool:
    """Whether an endpoint surely asks who calls: where somebody only logs in, by OAuth say, it does not yet."""
    access, endpoint = cast("Sequence[Access]", known.facet("access"))[index], known.base.endpoints[index]
    if access.is_entrance or _ENTRANCE.search(endpoint.path):
        return False
    return "authentication" in endpoint.roles and access.authentication == "yes"


def _words(known: Known, passage: Passage) -> frozenset[str]:
    """The names in the code of a handler: what it names it may take on a way that is not seen."""
    found = passage.found
    if found is None or not isinstance(found.value, FunctionValue):
        return frozenset()
    node = found.value.node
    return frozenset(_NAME.findall(known.base.interpreter.code.snippet(found.value.module.path, node.start, node.end)))


def _answering(known: Known, match: Match) -> Sequence[int]:
    """The endpoints of a method of their own, where there are some: what is registered for all only stands before."""
    own = [index for index in match.endpoints if known.base.endpoints[index].method != "ALL"]
    return own or match.endpoints


def _steps(known: Known, match: Match) -> Iterator[Step]:
    for index in match.endpoints:
        endpoint = known.base.endpoints[index]
        yield Step(endpoint.file, endpoint.line, f"{endpoint.method} {endpoint.path} is registered")
        if endpoint.handler.file is not None and endpoint.handler.line is not None:
            yield Step(
                endpoint.handler.file, endpoint.handler.line, f"{endpoint.handler.name or 'its handler'} answers"
            )
