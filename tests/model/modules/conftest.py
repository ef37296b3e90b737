"""Repositories in memory."""

from collections.abc import Callable

import pytest

from medpro_audit.facts.inventory import LANGUAGES, Inventory, SourceFile
from medpro_audit.model.modules.resolver import Resolver

SETTINGS = ("package.json", "pnpm-workspace.yaml", "lerna.json")


def inventory(files: dict[str, str], location: str = "") -> Inventory:
    """Find sources and settings among files as discovery does."""
    languages = {path: LANGUAGES.get(path[path.rfind(".") :]) for path in files}
    return Inventory(
        sources=tuple(
            SourceFile(path, len(files[path]), language, linked=path.startswith(".."))
            for path, language in sorted(languages.items())
            if language
        ),
        paths=frozenset(files),
        settings={
            path: text.encode()
            for path, text in files.items()
            if path.rpartition("/")[2] in SETTINGS or "config" in path.rpartition("/")[2]
        },
        exclusions=(),
        notices=(),
        location=location,
    )


@pytest.fixture(scope="session")
def inventory_of() -> Callable[[dict[str, str]], Inventory]:
    """Build an inventory from contents by path."""
    return inventory


@pytest.fixture(scope="session")
def resolver_of() -> Callable[[dict[str, str]], Resolver]:
    """Build a resolver from contents by path."""
    return lambda files: Resolver(inventory(files))


@pytest.fixture(scope="session")
def linked_resolver_of() -> Callable[[dict[str, str], str], Resolver]:
    """Build a resolver for a scanned directory that stands at a place below the outermost folder."""
    return lambda files, location: Resolver(inventory(files, location))
