"""Other frameworks than Express: what is extracted from a program is what it registers when it runs."""

from pathlib import Path

import pytest

import oracle
from medpro_audit.pipeline import model_of, open_project
from medpro_audit.reporters.endpoints import render_endpoints_json
from oracle.frameworks import Case, cases, dump, runs

CASES = cases()
STATED = [case for case in CASES if oracle.expected_validation(case.fixture)]


def _extracted(fixture: Path) -> list[oracle.Row]:
    project = open_project(fixture)
    with model_of(project) as builder:
        repository = builder.build()
    return oracle.extracted(render_endpoints_json(repository.endpoints, repository.unresolved_routes).encode())


@pytest.mark.node
@pytest.mark.parametrize("case", CASES, ids=str)
def test_fixture_boots_and_reaches_its_handlers(case: Case) -> None:
    """A fixture registers endpoints, each with a place, and the framework's own routing arrives at each."""
    rows = dump(case)
    assert rows
    assert [row.identity for row in rows if not row.reached or not row.file] == []


@pytest.mark.node
@pytest.mark.parametrize("case", CASES, ids=str)
def test_endpoints_are_those_of_the_framework(case: Case) -> None:
    """Method, path, place, chain, own middleware and handler of every endpoint."""
    assert oracle.compare(dump(case), _extracted(case.fixture)) == []


@pytest.mark.node
@pytest.mark.parametrize("case", STATED, ids=str)
def test_stated_validation_is_what_happens(case: Case) -> None:
    """A stated verdict names an endpoint that exists, and requests that break or keep it are answered accordingly."""
    stated = oracle.expected_validation(case.fixture) or {}
    assert set(stated) == {row.identity for row in dump(case)}
    probes, answers = oracle.probes(case.fixture), runs(case)[0].probes
    assert oracle.unprobed(stated, probes) == set()
    assert oracle.wrong_answers(probes, answers) == []


@pytest.mark.parametrize("case", STATED, ids=str)
def test_validation_is_what_a_request_meets(case: Case) -> None:
    """The verdicts that real requests have confirmed."""
    expected = oracle.expected_validation(case.fixture)
    assert expected is not None
    assert oracle.compare_validation(expected, _extracted(case.fixture)) == []
