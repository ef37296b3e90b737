"""Finds the file that a path without its exact suffix stands for."""

from msgspec import Struct

from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.modules.paths import canonical, joined


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


MAX_LINKS = 8
"""Symlinks that lead through more symlinks are not followed."""


class FileTable:
    """The files of the repository, by path."""

    def __init__(self, inventory: Inventory) -> None:
        """Take the paths of all files, the symlinks among them and the place of the scanned directory."""
        self._paths = inventory.paths
        self._links = inventory.links
        self._location = inventory.location
        self._by_lower_case: dict[str, str] = {}
        self._folders: dict[str, bool] = {}

    def real(self, path: str) -> str:
        """The one path of a file or folder that may also be reached by symlinks, or from outside."""
        path = canonical(path, self._location)
        return self._behind_links(path) if self._links else path

    def exact(self, path: str) -> str | None:
        """The file of exactly this path."""
        path = self.real(path)
        return path if path in self._paths else None

    def file(self, path: str, order: SuffixOrder) -> str | None:
        """The file at a path, with another suffix or one more."""
        path = canonical(path, self._location)
        if order.replaced_first:
            return self._replaced(path, order) or self.exact(path) or self._added(path, order)
        return self.exact(path) or self._added(path, order) or self._replaced(path, order)

    def index(self, folder: str, order: SuffixOrder) -> str | None:
        """The index file of a folder."""
        folder = canonical(folder, self._location)
        return self._added(f"{folder}/index" if folder else "index", order)

    def has_folder(self, folder: str) -> bool:
        """Whether any file stands in a folder or below."""
        known = self._folders.get(folder)
        if known is None:
            start = f"{self.real(folder)}/"
            known = self._folders[folder] = any(path.startswith(start) for path in self._paths)
        return known

    def other_case(self, path: str, order: SuffixOrder) -> str | None:
        """A file that would be found if upper and lower case were the same, as on macOS and Windows."""
        if not self._by_lower_case:
            self._by_lower_case = {known.lower(): known for known in sorted(self._paths, reverse=True)}
        path = self.real(path).lower()
        stems = (path, f"{path}/index")
        tried = (path, *(stem + suffix for stem in stems for suffix in order.added))
        return next((self._by_lower_case[item] for item in tried if item in self._by_lower_case), None)

    def _added(self, path: str, order: SuffixOrder) -> str | None:
        return self._with_suffix(path, order.added) if path else None

    def _replaced(self, path: str, order: SuffixOrder) -> str | None:
        stem, dot, suffix = path.rpartition(".")
        return self._with_suffix(stem, order.replaced.get(dot + suffix, ()))

    def _with_suffix(self, stem: str, suffixes: tuple[str, ...]) -> str | None:
        for suffix in suffixes:
            if stem + suffix in self._paths:
                return stem + suffix
            if self._links and (real := self._behind_links(stem + suffix)) in self._paths:
                return real
        return None

    def _behind_links(self, path: str) -> str:
        """Follow symlinks as the system does: the outermost first, then those in what it leads to."""
        for _ in range(MAX_LINKS):
            ends = (at for at, letter in enumerate(f"{path}/") if letter == "/")
            link = next((path[:end] for end in ends if path[:end] in self._links), None)
            if link is None:
                break
            path = joined(self._links[link], path[len(link) + 1 :])
        return path
