"""The table of database connections and its JSON contract."""

import json
from collections.abc import Callable

from medpro_audit.model.subjects import EnvironmentValue
from medpro_audit.reporters.connections import render_connections, render_connections_json, setting_text
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import columns
from medpro_audit.result import AuditResult


def test_the_table_reads_well(sample: AuditResult, golden: Callable[[str, str], None]) -> None:
    """Values stand below one another and those that differ are marked."""
    text = render_connections(sample.connections, sample.settings_files, RenderOptions())
    assert all(columns(line) <= 80 for line in text.splitlines())
    assert text.count("≠ ") == 6
    golden("connections-sample.txt", text)


def test_hostile_connections_are_harmless(hostile: AuditResult, golden: Callable[[str, str], None]) -> None:
    """Values of the repository can't leave their cells."""
    text = render_connections(hostile.connections, hostile.settings_files, RenderOptions())
    assert not set(text) & set("\x1b\x9b\u202e\u2066\r")
    golden("connections-hostile.txt", text)


def test_the_canonical_site_comes_first(sample: AuditResult) -> None:
    """The others are compared with it."""
    text = render_connections(tuple(reversed(sample.connections)), (), RenderOptions())
    assert text.splitlines()[2] == "config/database.connection.js:5"


def test_the_contract_holds_what_it_promises(sample: AuditResult) -> None:
    """A value is a literal, an environment variable with its default, or null; no password is among them."""
    document = json.loads(render_connections_json(sample.connections, sample.settings_files))
    assert document["schema_version"] == 1
    first, *_, last = document["connections"]
    assert (first["file"], first["line"], first["canonical"], first["scope"]) == (
        "config/database.connection.js",
        5,
        True,
        "module",
    )
    assert first["host"] == {"env": "DB_HOST", "default": "localhost"}
    assert first["port"] == 3307
    assert last["database"] is None
    assert "password" not in first


def test_a_setting_reads_as_it_is_set() -> None:
    """A literal, a variable, a variable with its default, or a question mark."""
    values = ("db", 3306, EnvironmentValue("DB"), EnvironmentValue("DB", "x"), None)
    assert [setting_text(value) for value in values] == ["db", "3306", "$DB", "$DB or x", "?"]


def test_no_connection_is_an_answer() -> None:
    """A back end without a database has a sentence."""
    assert render_connections((), (), RenderOptions()) == "\n0 connection sites\n"
