"""The repository's root, from which CI files name folders, where only a part of the repository is scanned."""

from collections.abc import Mapping

from msgspec import Struct

from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import canonical, joined


class Root(Struct, frozen=True):
    """Translates between paths relative to the scanned directory and those relative to the repository's root."""

    location: str
    """Of the scanned directory, below the root; empty when it is the root."""

    def path(self, shown: str) -> str:
        """A path relative to the root; one that leads out of it begins with ``..``."""
        return joined(self.location, shown)

    def shown(self, path: str) -> str:
        """A path of the root, relative to the scanned directory."""
        levels = self.location.count("/") + 1 if self.location else 0
        return canonical(joined("/".join([".."] * levels), path), self.location) if levels else path

    def packages(self, packages: Mapping[str, Manifest]) -> dict[str, Manifest]:
        """The same package.json files by folder relative to the root."""
        return {self.path(folder): package for folder, package in packages.items()}
