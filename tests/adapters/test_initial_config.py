"""The configuration that ``init`` writes for a repository."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from medpro_audit.adapters.config import load_config
from medpro_audit.adapters.discovery import discover
from medpro_audit.adapters.initial_config import initial_config
from medpro_audit.core.config import Config, DatabaseConfig, LoggingConfig, ScanConfig, ValidationConfig

Plant = Callable[[Mapping[str, str | bytes]], Path]

DEFAULT = DatabaseConfig()


def dependencies(*names: str) -> str:
    """A package.json that declares packages."""
    return json.dumps({"name": "x", "dependencies": dict.fromkeys(names, "1")})


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Config()),
        ({"package.json": dependencies("express", "zod", "joi")}, Config(validation=ValidationConfig(library="zod"))),
        ({"package.json": dependencies("joi")}, Config(validation=ValidationConfig(library="joi"))),
        ({"package.json": dependencies("joi", "yup")}, Config()),
        ({"package.json": dependencies("winston", "zod-x")}, Config(logging=LoggingConfig(logger="winston"))),
        (
            {"package.json": dependencies("pino"), "src/utils/logger.ts": "", "tests/utils/logger.js": ""},
            Config(logging=LoggingConfig(logger="src/utils/logger.ts")),
        ),
        (
            {"client/src/utils/logger.js": "", "server/src/utils/logger.js": ""},
            Config(logging=LoggingConfig(logger="server/src/utils/logger.js")),
        ),
        (
            {"config/database.connection.js": "", "helpers/db.js": ""},
            Config(database=replace(DEFAULT, canonical="config/database.connection.js")),
        ),
        (
            {"src/config/database.ts": "", "helpers/db.js": ""},
            Config(database=replace(DEFAULT, canonical="src/config/database.ts")),
        ),
        ({"db/index.js": "", "tests/db.js": ""}, Config(database=replace(DEFAULT, canonical="db/index.js"))),
        ({"tests/db.js": "", "spec/config/database.js": ""}, Config()),
        ({".env.example": "DB_HOST=x\nDB_PORT=3307\n"}, Config(database=replace(DEFAULT, port=3307))),
        ({".env": "DATABASE_URL='mysql://u:p@h:3307/x'\n"}, Config(database=replace(DEFAULT, port=3307))),
        (
            {"docker-compose.yml": "  environment:\n    - MYSQL_PORT=3307\n", ".env": "export MYSQL_TCP_PORT='3307'"},
            Config(database=replace(DEFAULT, port=3307)),
        ),
        ({".env": "PORT=3000\nSMTP_PORT=25\nDB_PORT=70000\n"}, Config()),
    ],
)
def test_what_is_found_is_set_and_nothing_else(
    plant: Plant, files: Mapping[str, str | bytes], expected: Config
) -> None:
    """Loaded back, the text is the defaults plus what the repository shows."""
    root = plant(files)
    text = initial_config(discover(root, ScanConfig()))
    (root / "medpro-audit.toml").write_text(text, encoding="utf-8")
    assert load_config(root).config == expected


def test_what_is_in_doubt_is_a_remark(plant: Plant) -> None:
    """Several candidates are all named, so that a person can choose."""
    files = {
        "a/config/db.js": "",
        "b/config/db.js": "",
        ".env": "DB_PORT=3306",
        "docker-compose.yml": "\nDB_PORT: 3307",
    }
    text = initial_config(discover(plant(files), ScanConfig())).replace("\n# ", " ")
    assert "More than one file looks like the database module: a/config/db.js, b/config/db.js." in text
    assert "The database ports differ: 3306 in .env; 3307 in docker-compose.yml." in text
    assert 'canonical = "a/config/db.js"  # the first of several' in text


def test_every_commented_line_may_be_uncommented(plant: Plant) -> None:
    """Without the ``#`` before keys and tables it is a valid configuration too."""
    root = plant({})
    text = initial_config(discover(root, ScanConfig()))
    lines = [line.removeprefix("# ") if line.startswith("# [") or " = " in line else line for line in text.splitlines()]
    long_list = [line[2:] if line.startswith(("#     ", "# ]")) else line for line in lines]
    (root / "medpro-audit.toml").write_text("\n".join(long_list), encoding="utf-8")
    gate = load_config(root).config.gate
    assert gate is not None
    assert (gate.fail_on, gate.minimum) == ("error", {"code-quality": 90.0})
