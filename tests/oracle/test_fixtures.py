"""The fixtures themselves: that they boot, and that what is stated beside them is what Express does."""

from pathlib import Path

import pytest

import oracle
from oracle import VERSIONS, ExpressVersion

CASES = [
    pytest.param(folder, version, id=f"{folder.name}-{version}")
    for folder in oracle.fixtures()
    for version in oracle.settings(folder).express
]
STATED = [pytest.param(folder, id=folder.name) for folder in oracle.fixtures() if oracle.expected_validation(folder)]


@pytest.mark.node
@pytest.mark.parametrize(("fixture", "express"), CASES)
def test_fixture_boots_and_reaches_its_handlers(fixture: Path, express: ExpressVersion) -> None:
    """A fixture registers endpoints, each with a place, and Express's own routing arrives at each."""
    rows = oracle.dump(fixture, express=express)
    assert rows
    assert [row.identity for row in rows if not row.reached] == []
    assert [row.identity for row in rows if not row.file] == []


@pytest.mark.node
@pytest.mark.parametrize("express", VERSIONS)
@pytest.mark.parametrize("fixture", STATED)
def test_stated_validation_is_what_happens(fixture: Path, express: ExpressVersion) -> None:
    """A stated verdict names an endpoint that exists, and requests that break or keep it are answered accordingly."""
    stated = oracle.expected_validation(fixture) or {}
    rows = oracle.dump(fixture, express=express)
    assert set(stated) == {row.identity for row in rows}
    assert oracle.wrong_answers(oracle.probes(fixture), oracle.runs(fixture, express)[0].probes) == []


@pytest.mark.parametrize("fixture", STATED)
def test_every_stated_validation_is_probed(fixture: Path) -> None:
    """For each part stated as validated a request breaks it and is rejected."""
    assert oracle.unprobed(oracle.expected_validation(fixture) or {}, oracle.probes(fixture)) == set()
