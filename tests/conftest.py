"""What every test may ask for, and what happens to tests whose programs are not installed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import oracle

if TYPE_CHECKING:
    from postgresql import Server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of ours."""
    parser.addoption("--random-programs", type=int, metavar="N", help="boot N random programs, others each time")
    parser.addoption("--mutants", type=int, metavar="N", help="audit N damaged projects, instead of a few hundred")


def find_browser() -> str | None:
    """Return the path of an installed Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def find_database() -> str | None:
    """Return the path of an installed MariaDB server; its folder need not be on the path of a user."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


def find_postgresql() -> str | None:
    """Return the path of an installed PostgreSQL server; Debian puts it on no path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((str(folder / "postgres") for folder in folders if (folder / "initdb").exists()), None)
    return found or shutil.which("postgres")


def missing(marker: str) -> str | None:
    """Return what a marked test needs and this machine lacks."""
    if marker == "node":
        return oracle.unavailable()
    if marker == "database":
        return None if find_database() else "the MariaDB server is not installed"
    if marker == "postgresql":
        return None if find_postgresql() else "the PostgreSQL server is not installed"
    if marker == "act":
        lacking = [program for program in ("act", "git", "uv") if shutil.which(program) is None]
        return f"{' and '.join(lacking)} not installed" if lacking else None
    return None if find_browser() else "Chromium is not installed"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what can't run here; in continuous integration, where it is installed first, fail instead."""
    for marker in ("node", "browser", "database", "postgresql", "act"):
        reason = missing(marker) if item.get_closest_marker(marker) else None
        if reason and oracle.is_continuous_integration():
            pytest.fail(reason)
        if reason:
            pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests scan is not remembered among the scans of whoever runs them, nor recorded in their history."""
    os.environ.pop("MEDPRO_AUDIT_HISTORY", None)
    os.environ["MEDPRO_AUDIT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def browser() -> str:
    """Path of Chromium, for tests marked ``browser``."""
    return find_browser() or pytest.fail("Chromium is not installed")


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Server]":
    """A running PostgreSQL server, for tests marked ``postgresql``."""
    from postgresql import server

    with server(find_postgresql() or "") as started:
        yield started
