"""Repositories in memory: the model's tests need no disk."""

from collections.abc import Mapping

from medpro_audit.adapters.settings import is_settings_file
from medpro_audit.core.config import Config
from medpro_audit.extract.store import CodeStore
from medpro_audit.facts.inventory import LANGUAGES, Inventory, SourceFile
from medpro_audit.model.repository import RepositoryBuilder
from medpro_audit.model.subjects import Repository

Files = Mapping[str, bytes | str]
"""Contents by path."""


def repository(files: Files, config: Config | None = None) -> Repository:
    """Build the model of a repository from its files."""
    return builder(files, config).build()


def builder(files: Files, config: Config | None = None) -> RepositoryBuilder:
    """Prepare a model that is not built yet, for tests that look at one of its parts."""
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    inventory = inventory_of(contents)
    store = CodeStore({source.path: source for source in inventory.sources}, lambda source: contents[source.path])
    return RepositoryBuilder(inventory, store, contents.get, config or Config())


def inventory_of(contents: Mapping[str, bytes]) -> Inventory:
    """List files as discovery would."""
    languages = {path: LANGUAGES.get(path[path.rfind(".") :]) for path in sorted(contents)}
    return Inventory(
        sources=tuple(
            SourceFile(path, len(contents[path]), language)
            for path, language in languages.items()
            if language is not None
        ),
        paths=frozenset(contents),
        settings={path: content for path, content in contents.items() if is_settings_file(path)},
        exclusions=(),
        notices=(),
    )
