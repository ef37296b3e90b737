"""Fixtures of the shipped packs: each folder below ``tests/fixtures/rules/<pack>`` is a project with expectations."""

from pathlib import Path

import msgspec
import pytest

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.pipeline import audit_files
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.testing import check_fixture

FOLDER = Path(__file__).parents[1] / "fixtures" / "rules"
PROJECTS = sorted(path for path in FOLDER.glob("*/*") if path.is_dir())


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_pack_finds_what_the_comments_of_a_fixture_expect(project: Path) -> None:
    """Its own rules find that, all of it and nothing else."""
    ruleset = load_packs(read_packs())
    rules = tuple(rule for rule in ruleset.rules if rule.pack == project.parent.name)
    files = {
        path.relative_to(project).as_posix(): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()
    }
    own = msgspec.structs.replace(ruleset, rules=rules)
    case = check_fixture(project.name, files, {rule.id for rule in rules}, lambda each: audit_files(each, own))
    assert case.problems == ()
