"""Which port each environment connects to."""

from medpro_audit.model.subjects import Connection, EnvironmentValue, SettingsFile
from medpro_audit.reporters.ports import PortUse, port_uses


def _site(**changes: object) -> Connection:
    values: dict[str, object] = {
        "file": "db.js",
        "line": 3,
        "driver": "mysql2",
        "kind": "pool",
        "host": None,
        "port": 3307,
        "user": None,
        "database": None,
        "hardcoded": (),
        "canonical": True,
        "canonical_module": "db.js",
        "scope": "module",
        "backend": ".",
        "sites": 1,
        "ports": (3307,),
    }
    return Connection(**{**values, **changes})  # type: ignore[arg-type]


def test_every_place_that_names_a_port_is_listed() -> None:
    """Settings files by their environment, code by what it says; tests are left out."""
    production = SettingsFile(
        ".env.production",
        2,
        "env",
        "mysql2",
        None,
        3306,
        None,
        None,
        port_conflict=True,
        backend=".",
        environment="production",
    )
    sites = [
        _site(),
        _site(file="a.js", port=EnvironmentValue("DB_PORT", 3307)),
        _site(file="b.js", port=None, ports=(3306,), default_port=3306, port_conflict=True),
        _site(file="c.test.js", role="test"),
    ]
    assert port_uses(sites, [production]) == [
        PortUse("any", 3306, "b.js", 3, differs=True, where="the default of mysql2"),
        PortUse("any", 3307, "a.js", 3, differs=False, where="where $DB_PORT is not set"),
        PortUse("any", 3307, "db.js", 3, differs=False, where="code"),
        PortUse("production", 3306, ".env.production", 2, differs=True, where="env"),
    ]
