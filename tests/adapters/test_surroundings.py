"""What is listed above the scanned folder."""

from collections.abc import Callable, Mapping
from pathlib import Path

from medpro_audit.adapters.discovery import discover
from medpro_audit.core.config import ScanConfig

Plant = Callable[[Mapping[str, str | bytes]], Path]


def test_files_of_tools_above_are_listed(plant: Plant) -> None:
    """Those directly above, and those of CI and of hooks at the top of a git repository; nothing beside the folder."""
    root = plant(
        {
            ".git/HEAD": "",
            ".github/workflows/ci.yml": "on: push\n",
            ".husky/pre-commit": "npm test\n",
            ".editorconfig": "root = true\n",
            "packages/tsconfig.base.json": "{}",
            "packages/web/index.js": "",
            "packages/api/server.js": "",
        }
    )
    assert discover(root / "packages" / "api", ScanConfig()).around == (
        "../../.editorconfig",
        "../../.github/workflows/ci.yml",
        "../../.husky/pre-commit",
        "../tsconfig.base.json",
    )


def test_nothing_is_listed_above_the_top(plant: Plant) -> None:
    """A folder of no repository and no workspace is the top itself."""
    root = plant({"eslint.config.js": "", "api/server.js": ""})
    assert discover(root / "api", ScanConfig()).around == ()
