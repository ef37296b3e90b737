"""What looks like a validation, a guard or a check of rights never passes as one, and what is one is called so."""

from functools import cache
from pathlib import Path

import pytest

from medpro_audit.model.subjects import Endpoint
from model.memory import repository
from model.serving import PACKAGE

_FOLDER = Path(__file__).with_name("look_alikes")


def _source(name: str) -> str:
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")


@cache
def _endpoints(name: str) -> dict[str, Endpoint]:
    found = repository({"package.json": PACKAGE, "server.js": _source(name)}).endpoints
    return {one.path: one for one in found}


def _paths(name: str, kind: str = "") -> list[str]:
    """Paths of the endpoints of a program, all or those that begin with a word."""
    paths = [part.split('"')[1] for part in _source(name).split("app.post(")[1:]]
    return sorted(path for path in paths if path.startswith(f"/{kind}"))


@pytest.mark.parametrize("path", _paths("validations", "open"))
def test_what_lets_anything_through_is_no_validation(path: str) -> None:
    """It is missing, or not known."""
    assert _endpoints("validations")[path].validation.body.status in {"missing", "unknown"}


@pytest.mark.parametrize("path", _paths("validations", "validated"))
def test_what_refuses_is_a_validation(path: str) -> None:
    """However it says that something is wrong."""
    assert _endpoints("validations")[path].validation.body.status == "validated"


@pytest.mark.parametrize("path", _paths("guards", "open"))
def test_what_lets_anybody_through_is_no_guard(path: str) -> None:
    """It is none, or not known to be one."""
    assert _endpoints("guards")[path].access.authentication in {"no", "unknown"}


@pytest.mark.parametrize("path", _paths("guards", "guarded"))
def test_what_turns_strangers_away_is_a_guard(path: str) -> None:
    """A guard, or not known to be none."""
    assert _endpoints("guards")[path].access.authentication in {"yes", "unknown"}


@pytest.mark.parametrize("path", _paths("rights", "open"))
def test_what_lets_every_caller_through_checks_no_right(path: str) -> None:
    """It checks none, or not known to."""
    assert _endpoints("rights")[path].access.authorization in {"no", "unknown"}


@pytest.mark.parametrize("path", _paths("rights", "checked"))
def test_what_turns_some_callers_away_checks_a_right(path: str) -> None:
    """A role, or whose something is; or not known to check none."""
    assert _endpoints("rights")[path].access.authorization in {"yes", "unknown"}


@pytest.mark.parametrize("name", ["guards", "rights", "validations"])
def test_every_case_is_asked(name: str) -> None:
    """One for each endpoint of the program."""
    assert sorted(_endpoints(name)) == _paths(name)
