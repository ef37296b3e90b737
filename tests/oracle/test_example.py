"""The example back end: what is stated of it is what it registers when it runs."""

import json
from pathlib import Path

import pytest

import oracle

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "clinic-api"
EXPECTED = Path(__file__).parent / "expected" / "clinic-api.json"


@pytest.mark.node
def test_expected_file_is_what_the_example_registers() -> None:
    """Each row of the hand-checked file is an endpoint of the running example, and there are no others."""
    expected = json.loads(EXPECTED.read_text())
    stated = [
        (
            row["method"],
            row["path"],
            f"{row['file']}:{row['line']}",
            row["middleware"],
            row["handler_place"],
            expected["chains"][row["chain"]],
        )
        for row in expected["routes"]
    ]
    registered = [
        (
            row.method,
            row.path,
            row.place,
            [one.name for one in row.own],
            f"{row.handler.file}:{row.handler.line}",
            [[one.name, one.file, one.line] for one in row.inherited],
        )
        for row in oracle.dump(EXAMPLE)
    ]
    assert stated == registered


def test_example_is_in_the_state_that_it_claims() -> None:
    """It is half-way: at least 30 helper folders, and as many source files and endpoints as a small back end has."""
    helpers = [folder for folder in EXAMPLE.iterdir() if folder.name.endswith("Helper")]
    sources = [file for file in EXAMPLE.rglob("*.js") if "node_modules" not in file.parts]
    assert len(helpers) >= 30
    assert 60 <= len(sources) <= 90
    assert 40 <= len(json.loads(EXPECTED.read_text())["routes"]) <= 70
