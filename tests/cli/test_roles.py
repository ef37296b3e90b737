"""``medpro-audit endpoints --by-role``."""

import json
from pathlib import Path

from cli.conftest import Cli


def test_the_endpoints_of_the_example_are_grouped_by_who_may_call_them(cli: Cli, example: Path) -> None:
    """On a terminal of 80 columns."""
    done = cli("endpoints", example, "--by-role")
    assert done.code == 0
    titles = [line.partition(" · ")[0] for line in done.out.splitlines() if " · " in line]
    assert titles == ["public", "authenticated", "admin", "doctor", "manager"]
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_programs_get_every_endpoint_at_least_once(cli: Cli, example: Path) -> None:
    """With what is known of its callers."""
    roles = json.loads(cli("endpoints", example, "--by-role", "--format", "json").out)["roles"]
    found = {(entry["method"], entry["path"]) for group in roles for entry in group["endpoints"]}
    listed = json.loads(cli("endpoints", example, "--format", "json").out)["endpoints"]
    assert found == {(entry["method"], entry["path"]) for entry in listed if entry["mounted"]}
