"""What is extracted from a program is what Express has when the program runs."""

from pathlib import Path

import pytest

import oracle
from medpro_audit.pipeline import model_of, open_project
from medpro_audit.reporters.endpoints import render_endpoints_json


def _extracted(fixture: Path) -> list[oracle.Row]:
    project = open_project(fixture)
    with model_of(project) as builder:
        repository = builder.build()
    return oracle.extracted(render_endpoints_json(repository.endpoints, repository.unresolved_routes).encode())


@pytest.mark.node
@pytest.mark.parametrize("version", oracle.VERSIONS)
@pytest.mark.parametrize("fixture", oracle.fixtures(), ids=lambda path: path.name)
def test_endpoints_are_those_of_express(fixture: Path, version: oracle.ExpressVersion) -> None:
    """Method, path, place, chain, own middleware and handler of every endpoint, under Express 4 and 5."""
    if version not in oracle.settings(fixture).express:
        pytest.skip(f"the idiom does not exist in Express {version}")
    assert oracle.compare(oracle.dump(fixture, express=version), _extracted(fixture)) == []


@pytest.mark.parametrize(
    "fixture", [path for path in oracle.fixtures() if oracle.expected_validation(path)], ids=lambda path: path.name
)
def test_validation_is_what_a_request_meets(fixture: Path) -> None:
    """The verdicts that real requests have confirmed (``probes.json``)."""
    expected = oracle.expected_validation(fixture)
    assert expected is not None
    assert oracle.compare_validation(expected, _extracted(fixture)) == []
