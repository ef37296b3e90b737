"""Requests that tests make, each with the endpoint that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place, Step
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.test_request import Status, TestRequest
from medpro_audit.model.testing.collections import Collected, collected
from medpro_audit.model.testing.files import asking_files, test_files
from medpro_audit.model.testing.rehearsal import Asked, Rehearsal
from medpro_audit.model.testing.routes import Answer, Routes
from medpro_audit.model.testing.running import is_run
from medpro_audit.model.testing.suite import Case
from medpro_audit.model.testing.urls import UNKNOWN, path_of

_PATH = re.compile(r"(?:^|[\s'\"`(])(/[\w:{}<>/.-]+)")


def survey(known: Known) -> Iterable[TestRequest]:
    """Requests of all tests, in the order of files and lines, each once for the case that makes it."""
    rehearsal = Rehearsal(known.base.interpreter)
    asked = rehearsal.run(asking_files(known))
    for path in rehearsal.unfinished:
        known.notices.add(Notice("budget", "these tests do more than is followed", Place(path, 0)))
    routes = Routes(known)
    found = {request: None for one in asked for request in _requests(known, one, routes)}
    found.update((request, None) for one in collected(known) for request in _of_collection(known, one, routes))
    return sorted(found, key=lambda request: (request.file, request.line, request.method, request.url, request.test))


def _requests(known: Known, asked: Asked, routes: Routes) -> Iterator[TestRequest]:
    tests = known.shared(test_files)[asked.test]
    is_role_test = known.base.roles.get(asked.caller) == "test"
    if not is_role_test or (tests.suite.is_hook(asked.callback) and asked.caller != asked.test):
        return  # what the program itself asks of others; what a helper asks so that a test can begin
    case = tests.suite.case_at(asked.callback, asked.at)
    urls = asked.request.urls or ("",)
    for url in urls:
        path = path_of(url, asked.request.base) if url else UNKNOWN
        if path is not None:
            yield _request(known, asked, case, path, routes)


def _request(known: Known, asked: Asked, case: Case | None, path: str, routes: Routes) -> TestRequest:
    request = asked.request
    backend = known.base.backend_of(asked.test)
    spoken_of = path if path != UNKNOWN else _path_in_titles(case)
    answer = routes.answer(request.method, spoken_of, request.routers, backend) if spoken_of else None
    line = known.base.facts[asked.test].line_of(asked.at)
    status, reason = _status(case, path, answer)
    if is_run(known, asked.test) is False:
        status, reason = "not-run", "no run of a test framework takes the file of the test"
    through = answer.through if answer is not None else "integration"
    return TestRequest(
        file=asked.test,
        line=line,
        backend=backend,
        method=request.method,
        url=path.replace(UNKNOWN, "…") if path != UNKNOWN else "",
        kind="end-to-end" if request.kind == "browser" else through,
        status=status,
        endpoints=answer.endpoints if answer is not None else (),
        test=" > ".join(title for title in case.titles if title) if case is not None else "",
        reason=reason,
        trail=(Step(asked.test, line, f"{request.method} {path.replace(UNKNOWN, '…')}"),),
    )


def _of_collection(known: Known, one: Collected, routes: Routes) -> Iterator[TestRequest]:
    path = path_of(one.url)
    if path is None:
        return
    answer = routes.answer(one.method, path, (), known.base.backend_of(one.file))
    status, reason = _status(None, path, answer)
    shown = path.replace(UNKNOWN, "…")
    yield TestRequest(
        file=one.file,
        line=one.line,
        backend=known.base.backend_of(one.file),
        method=one.method,
        url=shown,
        kind="end-to-end",
        status=status if one.is_run else "not-run",
        endpoints=answer.endpoints if answer is not None else (),
        reason=reason if one.is_run else "nothing runs this collection of requests",
        trail=(Step(one.file, one.line, f"{one.method} {shown}"),),
    )


def _path_in_titles(case: Case | None) -> str | None:
    """The path that the titles of a case speak of: a request whose URL is not known is likely to mean it."""
    found = _PATH.findall(" ".join(case.titles)) if case is not None else []
    return re.sub(r":\w+|\{\w+\}|<\w+>", UNKNOWN, found[-1]) if found else None


def _status(case: Case | None, path: str, answer: Answer | None) -> tuple[Status, str | None]:
    if case is not None and case.is_skipped:
        return "not-run", "the test is skipped"
    if path == UNKNOWN:
        return "unknown", "the URL is not known"
    if answer is not None and not answer.is_sure:
        return "unknown", "the URL is known in part"
    return ("answered" if answer is not None and answer.is_own else "unanswered"), None
