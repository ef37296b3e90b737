"""Which tests ask each endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from msgspec import structs

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.facets.testing import EndpointTesting, TestKind
from medpro_audit.model.subjects.test_request import TestRequest
from medpro_audit.model.testing.coverage.handlers import handler_share
from medpro_audit.model.testing.files import Tests, test_files
from medpro_audit.model.testing.running import is_run

MAX_STEPS = 10
"""Places at which an endpoint is asked that its trail shows."""
_KINDS: tuple[TestKind, ...] = ("integration", "router", "handler", "end-to-end")


class _Call(NamedTuple):
    """A test that calls a handler."""

    test: str
    name: str


def facet(known: Known) -> Iterable[EndpointTesting]:
    """What the tests say of each endpoint, in their order."""
    requests: dict[int, list[TestRequest]] = {}
    for request in cast("Sequence[TestRequest]", known.found("test-request")):
        for index in request.endpoints:
            requests.setdefault(index, []).append(request)
    callers = _callers(known)
    for index, endpoint in enumerate(known.base.endpoints):
        made = _testing(endpoint, requests.get(index, ()), list(_calls(endpoint, callers)), known)
        yield structs.replace(made, covered=handler_share(known, index))


def _callers(known: Known) -> Mapping[str, Sequence[Tests]]:
    """Tests that something runs, in their order, by each file that they call something of."""
    callers: dict[str, list[Tests]] = {}
    for one in known.shared(test_files).values():
        if one.suite.is_running and is_run(known, one.path) is not False:
            for file in one.called:
                callers.setdefault(file, []).append(one)
    return callers


def _testing(
    endpoint: Endpoint, requests: Sequence[TestRequest], calls: Sequence[_Call], known: Known
) -> EndpointTesting:
    tests = known.shared(test_files)
    genuine = [one for one in requests if not _is_mocked(endpoint, tests.get(one.file))]
    asking = [one for one in genuine if one.status == "answered"]
    kinds = {cast("TestKind", one.kind) for one in asking} | ({"handler"} if calls else set())
    steps = [
        *(step for one in asking for step in one.trail),
        *(Step(one.test, 0, f"calls {one.name}") for one in calls),
    ]
    perhaps = [one for one in genuine if one.status == "unknown"]
    if not kinds:
        return EndpointTesting(
            status="unknown" if perhaps else "untested",
            reason=_reason(endpoint, requests, perhaps),
            trail=tuple(dict.fromkeys(step for one in (perhaps or requests) for step in one.trail))[:MAX_STEPS],
        )
    return EndpointTesting(
        status="tested",
        kinds=tuple(kind for kind in _KINDS if kind in kinds),
        cases=len({(one.file, one.test) for one in asking} | {(one.test, "") for one in calls}),
        files=tuple(sorted({one.file for one in asking} | {one.test for one in calls})),
        trail=tuple(dict.fromkeys(steps))[:MAX_STEPS],
    )


def _reason(endpoint: Endpoint, requests: Sequence[TestRequest], perhaps: Sequence[TestRequest]) -> str | None:
    if perhaps:
        return f"a test asks for {perhaps[0].method} {perhaps[0].url or 'a URL that is not known'}, which may mean it"
    skipped = [one for one in requests if one.status == "not-run"]
    if skipped:
        return skipped[0].reason
    return f"the test replaces {endpoint.handler.file} by a mock" if requests else None


def _is_mocked(endpoint: Endpoint, tests: Tests | None) -> bool:
    """Whether a test runs something else in place of the handler."""
    return tests is not None and endpoint.handler.file in tests.mocked


def _calls(endpoint: Endpoint, callers: Mapping[str, Sequence[Tests]]) -> Iterator[_Call]:
    """Tests that call the handler itself."""
    file, name = endpoint.handler.file, endpoint.handler.name.removesuffix(".bind").rpartition(".")[2]
    if file is None or file == endpoint.file:
        return
    for one in callers.get(file, ()):
        if any(export.rpartition(".")[2] == name for export in one.called[file] or ()):
            yield _Call(one.path, name)
