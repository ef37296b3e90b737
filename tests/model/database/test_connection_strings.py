"""Connection strings taken apart, without ever showing a piece of a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.database.connection_strings import read_connection_string
from medpro_audit.model.database.driver import FIELDS
from medpro_audit.model.evaluation.values import Constant, Environment, Text, Value


def parts_of(text: str) -> dict[str, object] | None:
    """Read a constant string; None when it is no connection string."""
    found = read_connection_string((text,))
    if found is None:
        return None
    return {name: value.value for name, value in found.fields.items() if isinstance(value, Constant)}


@pytest.mark.parametrize(
    ("text", "host", "port", "user", "database"),
    [
        ("mysql://root:secret@db:3307/clinic", "db", "3307", "root", "clinic"),
        ("mysql://db/clinic?charset=utf8", "db", None, None, "clinic"),
        ("postgresql://clinic@db.example.org:5433", "db.example.org", "5433", "clinic", None),
        ("postgres://clinic%40eu:p%40ss@db/records", "db", None, "clinic@eu", "records"),
        ("postgres://[::1]:5433/records", "[::1]", "5433", None, "records"),
        ("mongodb://a:27018,b:27019/clinic?replicaSet=x", "a", "27018", None, "clinic"),
        ("mongodb+srv://u:p@cluster.example.net/clinic", "cluster.example.net", None, "u", "clinic"),
        ("redis://:secret@db:6380/2", "db", "6380", None, "2"),
        ("sqlserver://db:1434;database=clinic;user=sa;password=x;encrypt=true", "db", "1434", "sa", "clinic"),
        ("Server=tcp:db,1434;Initial Catalog=clinic;User Id=sa;Password=x;", "db", "1434", "sa", "clinic"),
        ("host=db port=5433 dbname=clinic user=root password='a b'", "db", "5433", "root", "clinic"),
        ("db:1522/ORCL", "db", "1522", None, "ORCL"),
        ("//db/ORCL", "db", None, None, "ORCL"),
    ],
)
def test_forms(text: str, host: str, port: str | None, user: str | None, database: str | None) -> None:
    """Every form in which drivers take an address."""
    found = parts_of(text) or {}
    assert (found.get("host"), found.get("port"), found.get("user"), found.get("database")) == (
        host,
        port,
        user,
        database,
    )


@pytest.mark.parametrize(
    "text", ["", "localhost", "patients", "clinic.db", ":memory:", "not a url", "SELECT 1", "mysql:root@db", "x" * 5000]
)
def test_other_texts(text: str) -> None:
    """A host, a file or a word is no connection string."""
    assert parts_of(text) is None


def test_a_host_that_is_looked_up_has_no_port() -> None:
    """``mongodb+srv`` finds its hosts and ports in the DNS."""
    found = read_connection_string(("mongodb+srv://cluster.example.net/clinic",))
    assert found is not None
    assert (found.family, found.has_port) == ("mongo", False)


def test_values_between_the_texts() -> None:
    """What is inserted comes out as the part that it stands for, whole or within a text."""
    user, host, tail = Environment("DB_USER"), Environment("DB_HOST"), Environment("SUFFIX")
    found = read_connection_string(("mysql://", user, ":secret@", host, ":3307/clinic_", tail))
    assert found is not None
    assert (found.fields["user"], found.fields["host"]) == (user, host)
    database = found.fields["database"]
    assert isinstance(database, Text)
    assert database.parts == ("clinic_", tail)


SECRET = "h0p3lessly-s3cret"  # noqa: S105 - the one that must not be found
AROUND = st.text("ab1:/@?#;=%[]\\ ,&'\"", max_size=6)


@given(AROUND, AROUND, st.sampled_from(["mysql://root:{}@db/x", "mysql://{}", "Server=db;Password={};Port=1", "{}"]))
def test_any_password(before: str, after: str, form: str) -> None:
    """Whatever stands in a password, no other part of the string shows it, or the string is not read at all."""
    password = f"{before}{SECRET}{after}"
    found = parts_of(form.format(password)) if form != "{}" else parts_of(f"redis://:{password}@db:6379")
    shown = {name: value for name, value in (found or {}).items() if name != "password"}
    if form != "mysql://{}":  # there it may as well be a host
        assert not any(SECRET in str(value) for value in shown.values())


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from([Environment("X"), Constant(1)])), max_size=8))
def test_anything(parts: list[str | Value]) -> None:
    """Any text, with anything inserted, yields known parts or nothing."""
    found = read_connection_string(parts)
    assert found is None or set(found.fields) <= set(FIELDS)
