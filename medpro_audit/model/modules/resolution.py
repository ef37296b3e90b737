"""Where an import can lead."""

from msgspec import Struct


class SourceModule(Struct, frozen=True):
    """A source file of the repository; ``path`` begins with ``../`` when it stands outside the scanned directory."""

    path: str


class AssetFile(Struct, frozen=True):
    """A file of the repository that is no source: JSON, styles, a native module."""

    path: str


class ExternalPackage(Struct, frozen=True):
    """An npm package."""

    name: str
    """Its own name, also when it is installed under another one (``npm:`` in package.json)."""
    subpath: str
    """Empty for the package itself."""
    is_declared: bool
    """A package.json around the importing file lists it, or there is none that could."""


class NodeBuiltin(Struct, frozen=True):
    """A module of Node, named without ``node:``."""

    name: str


class RemoteModule(Struct, frozen=True):
    """A module that a URL names: ``https:``, ``data:``, or a scheme that a bundler or another runtime understands."""

    url: str


class Unresolved(Struct, frozen=True):
    """Nothing, with the reason."""

    reason: str


Resolution = SourceModule | AssetFile | ExternalPackage | NodeBuiltin | RemoteModule | Unresolved
