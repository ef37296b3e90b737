"""``medpro-audit queries``."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli.conftest import Cli

Project = Callable[[Mapping[str, str | bytes]], Path]


def test_the_statements_of_the_example_are_listed(cli: Cli, example: Path) -> None:
    """With the indexes that they lack."""
    done = cli("queries", example)
    assert done.code == 0
    assert "CREATE INDEX idx_prescriptions_patient_id ON prescriptions (patient_id)" in " ".join(done.out.split())
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_they_are_there_for_programs(cli: Cli, example: Path) -> None:
    """As JSON."""
    found = json.loads(cli("queries", example, "--format", "json").out)
    assert len(found["queries"]) > 40
    assert all(query["plan"] is None for query in found["queries"])


@pytest.mark.parametrize("url", ["postgres://h/d", "mysql://nobody:secret@127.0.0.1:1/clinic"])
def test_a_server_that_cannot_be_asked_is_a_fault_of_usage(cli: Cli, example: Path, url: str) -> None:
    """Told in a sentence, without the password."""
    done = cli("queries", example, "--database-url", url)
    assert done.code == 2
    assert "--database-url" in done.err
    assert "secret" not in done.err
