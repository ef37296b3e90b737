"""No source takes the analysis down, however it is damaged."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.pipeline import audit, open_project
from medpro_audit.result import AuditResult
from medpro_audit.rules.loading import load_packs
from mutants import Mutant, mutant

MUTANTS = 300
PARTS = 4
"""So that several processes can share the work."""
RULES = load_packs(read_packs())


def audited(damaged: Mutant) -> AuditResult:
    """Audit a damaged project, from discovery to rules."""
    with TemporaryDirectory() as name:
        for path, content in damaged.files.items():
            target = Path(name, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return audit(open_project(Path(name)), RULES)


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_projects_are_audited(part: int, pytestconfig: pytest.Config) -> None:
    """Without an exception, and without a part of ours that breaks down."""
    asked: int | None = pytestconfig.getoption("mutants")
    for number in range(part, asked or MUTANTS, PARTS):
        damaged = mutant(number)
        try:
            result = audited(damaged)
        except Exception as fault:
            raise AssertionError(damaged.title) from fault
        assert [notice for notice in result.notices if notice.kind == "internal"] == [], damaged.title
