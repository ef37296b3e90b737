"""The rules of the pack security on secrets, passwords and health data, on projects of their own.

The rules on posture would have something to say of every application there, so only these are asked.
"""

from pathlib import Path

import msgspec
import pytest

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.pipeline import audit_files
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.testing import check_fixture

FOLDER = Path(__file__).parents[1] / "fixtures" / "secrecy"
RULES = frozenset(
    f"security/{name}"
    for name in (
        "exposed-health-data",
        "guessable-session-secret",
        "guessable-token-secret",
        "password-in-source",
        "plain-text-password",
        "secret-in-source",
        "unrestricted-health-data",
        "weak-password-hash",
    )
)


@pytest.mark.parametrize("project", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_these_rules_find_what_the_comments_of_a_fixture_expect(project: Path) -> None:
    """All of it and nothing else."""
    ruleset = load_packs(read_packs())
    own = msgspec.structs.replace(ruleset, rules=tuple(rule for rule in ruleset.rules if rule.id in RULES))
    files = {
        path.relative_to(project).as_posix(): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()
    }
    case = check_fixture(project.name, files, RULES, lambda each: audit_files(each, own))
    assert case.problems == ()
