"""Finds the file that a path without its exact suffix stands for."""

from msgspec import Struct

from medpro_audit.model.modules.paths import canonical


class SuffixOrder(Struct, frozen=True):
    """Which suffixes are tried, and in which order."""

    added: tuple[str, ...]
    replaced: dict[str, tuple[str, ...]]
    """What a suffix may stand for, since imports may name the compiled file."""
    replaced_first: bool
    """``./x.js`` is ``x.ts`` before it is ``x.js``."""


TYPESCRIPT = SuffixOrder(
    added=(".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs", ".json", ".d.ts", ".d.mts", ".d.cts", ".node"),
    replaced={
        ".js": (".ts", ".tsx", ".js", ".jsx", ".d.ts"),
        ".jsx": (".tsx", ".ts", ".jsx", ".js", ".d.ts"),
        ".mjs": (".mts", ".mjs", ".d.mts"),
        ".cjs": (".cts", ".cjs", ".d.cts"),
    },
    replaced_first=True,
)
"""As the TypeScript compiler does it, except that code is preferred to its declaration."""

JAVASCRIPT = SuffixOrder(
    added=(".js", ".json", ".node", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts", ".d.ts"),
    replaced={".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)},
    replaced_first=False,
)
"""As Node does it, then what bundlers and loaders add."""


class FileTable:
    """The files of the repository, by path."""

    def __init__(self, paths: frozenset[str], location: str) -> None:
        """Take the paths of all files and `Inventory.location`."""
        self._paths = paths
        self._location = location
        self._by_lower_case: dict[str, str] = {}
        self._folders: dict[str, bool] = {}

    def file(self, path: str, order: SuffixOrder) -> str | None:
        """The file at a path, with another suffix or one more."""
        path = canonical(path, self._location)
        if order.replaced_first:
            return self._replaced(path, order) or self._exact(path) or self._added(path, order)
        return self._exact(path) or self._added(path, order) or self._replaced(path, order)

    def index(self, folder: str, order: SuffixOrder) -> str | None:
        """The index file of a folder."""
        folder = canonical(folder, self._location)
        return self._added(f"{folder}/index" if folder else "index", order)

    def has_folder(self, folder: str) -> bool:
        """Whether any file stands in a folder or below."""
        known = self._folders.get(folder)
        if known is None:
            start = f"{canonical(folder, self._location)}/"
            known = self._folders[folder] = any(path.startswith(start) for path in self._paths)
        return known

    def other_case(self, path: str, order: SuffixOrder) -> str | None:
        """A file that would be found if upper and lower case were the same, as on macOS and Windows."""
        if not self._by_lower_case:
            self._by_lower_case = {known.lower(): known for known in sorted(self._paths, reverse=True)}
        path = canonical(path, self._location).lower()
        stems = (path, f"{path}/index")
        tried = (path, *(stem + suffix for stem in stems for suffix in order.added))
        return next((self._by_lower_case[item] for item in tried if item in self._by_lower_case), None)

    def _exact(self, path: str) -> str | None:
        return path if path in self._paths else None

    def _added(self, path: str, order: SuffixOrder) -> str | None:
        if path:
            for suffix in order.added:
                if path + suffix in self._paths:
                    return path + suffix
        return None

    def _replaced(self, path: str, order: SuffixOrder) -> str | None:
        stem, dot, suffix = path.rpartition(".")
        for other in order.replaced.get(dot + suffix, ()):
            if stem + other in self._paths:
                return stem + other
        return None
