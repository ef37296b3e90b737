"""``medpro-audit modules``."""

import json
from pathlib import Path

from cli.conftest import Cli


def test_modules_as_a_table(cli: Cli, example: Path) -> None:
    """The folders of helpers with where they belong."""
    done = cli("modules", example)
    assert (done.code, done.err) == (0, "")
    assert "billingHelper/" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_modules_as_json(cli: Cli, example: Path) -> None:
    """What each module is, and where it belongs."""
    document = json.loads(cli("modules", example, "-f", "json").out)
    found = {module["file"]: module for module in document["modules"]}
    assert found["routes/patientRoutes.js"]["kind"] == "routes"
    assert found["billingHelper/invoiceTotal.js"]["destination"] == "src/utils/billing/invoiceTotal.js"
    assert sum(each["is_helper_folder"] for each in document["directories"]) > 30
