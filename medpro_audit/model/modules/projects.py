"""The packages, TypeScript projects and workspaces of a repository."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.modules.jsonc import Json, read_object
from medpro_audit.model.modules.manifest import Manifest, manifest_of
from medpro_audit.model.modules.paths import folder_of, joined, levels_above
from medpro_audit.model.modules.specifier import package_and_subpath
from medpro_audit.model.modules.tsconfig import Output, TsConfig, extended_names, parent_paths, tsconfig_of
from medpro_audit.model.modules.workspaces import Workspace, read_workspaces

_LINKS = ("file:", "link:", "portal:", "workspace:")
_LINKED_BY_PATH = ("./", "../")


class Projects:
    """Answers what settings files say about a folder, all of them read once."""

    def __init__(self, inventory: Inventory) -> None:
        """Read every package.json, tsconfig.json and workspace file among the settings; faults become `notices`."""
        settings = dict(sorted(inventory.settings.items()))
        self._notices: list[Notice] = []
        self._location = inventory.location
        self._highest = max((levels_above(path) for path in settings), default=0)
        self._above: dict[str, tuple[str, ...]] = {}
        self.packages = self._read_packages(settings)
        """Manifest by folder."""
        self._by_name: dict[str, list[Manifest]] = defaultdict(list)
        for manifest in self.packages.values():
            self._by_name[manifest.name].append(manifest)
        self._workspaces, notices = read_workspaces(list(self.packages.values()), settings)
        self._members: dict[tuple[str, str], Manifest | None] = {}
        self._notices += notices
        self.tsconfigs = self._read_tsconfigs(settings)
        """TypeScript project by path of its file."""
        self.outputs = self._outputs()
        """Build output by its folder."""
        self.notices = tuple(sorted(self._notices, key=lambda notice: notice.order))

    def folders_above(self, folder: str) -> tuple[str, ...]:
        """The folder itself and all above it, up to the highest one that holds settings."""
        found = self._above.get(folder)
        if found is None:
            found = self._above[folder] = tuple(self._climb(folder))
        return found

    def _climb(self, folder: str) -> Iterator[str]:
        yield folder
        while levels_above(folder) < self._highest or (folder and not folder.endswith("..")):
            folder = folder_of(folder)
            yield folder

    def package_of(self, folder: str) -> Manifest | None:
        """The package that a folder belongs to."""
        return next(self.packages_above(folder), None)

    def packages_above(self, folder: str) -> Iterator[Manifest]:
        """The package that a folder belongs to, then those around it."""
        return (self.packages[above] for above in self.folders_above(folder) if above in self.packages)

    def tsconfigs_of(self, folder: str) -> tuple[TsConfig, ...]:
        """The TypeScript project that a folder belongs to, then those it refers to."""
        for above in self.folders_above(folder):
            for name in ("tsconfig.json", "jsconfig.json"):
                nearest = self.tsconfigs.get(joined(above, name))
                if nearest is not None:
                    return (nearest, *(self.tsconfigs[path] for path in nearest.references if path in self.tsconfigs))
        return ()

    def linked(self, package: str, folder: str) -> Manifest | None:
        """The package of this repository that a bare specifier means in a folder."""
        if package not in self._by_name:
            return None
        workspaces = chain.from_iterable(self._workspaces.get(above, ()) for above in self.folders_above(folder))
        members = (self._member(workspace, package) for workspace in workspaces)
        return next((member for member in members if member), None) or self._linked_by_range(package, folder)

    def _member(self, workspace: Workspace, package: str) -> Manifest | None:
        key = (workspace.path, package)
        if key not in self._members:
            named = (one for one in self._by_name[package] if workspace.has_member(one.folder, self._location))
            self._members[key] = next(named, None)
        return self._members[key]

    def _linked_by_range(self, package: str, folder: str) -> Manifest | None:
        for manifest in self.packages_above(folder):
            version = manifest.range_of(package) or ""
            protocol, _, target = version.partition(":")
            if f"{protocol}:" in _LINKS:
                if target.startswith(_LINKED_BY_PATH):
                    return self.packages.get(joined(manifest.folder, target))
                return next(iter(self._by_name.get(package, ())), None)
        return None

    def _read(self, path: str, content: bytes) -> dict[str, Json]:
        fields = read_object(path, content)
        if isinstance(fields, Notice):
            self._notices.append(fields)
            return {}
        return fields

    def _read_packages(self, settings: dict[str, bytes]) -> dict[str, Manifest]:
        found = (
            manifest_of(path, self._read(path, content))
            for path, content in settings.items()
            if path.rpartition("/")[2] == "package.json"
        )
        return {manifest.folder: manifest for manifest in found}

    def _read_tsconfigs(self, settings: dict[str, bytes]) -> dict[str, TsConfig]:
        contents: dict[str, dict[str, Json]] = {}
        waiting = [path for path in settings if _is_tsconfig(path.rpartition("/")[2])]
        while waiting:
            path = waiting.pop()
            if path not in contents:
                contents[path] = self._read(path, settings[path])
                waiting += [parent for _, parent in self._parents(path, contents[path], settings) if parent]
        self._notices += self._lost_parents(contents, settings)

        def find_parent(folder: str, name: str) -> str | None:
            return next((path for path in self._parent_paths(folder, name) if path in contents), None)

        return {path: tsconfig_of(path, contents, find_parent) for path in sorted(contents)}

    def _parents(
        self, path: str, fields: dict[str, Json], settings: dict[str, bytes]
    ) -> Iterator[tuple[str, str | None]]:
        for name in extended_names(fields):
            yield name, next((found for found in self._parent_paths(folder_of(path), name) if found in settings), None)

    def _parent_paths(self, folder: str, name: str) -> tuple[str, ...]:
        if name.startswith("."):
            return parent_paths(folder, name)
        package, subpath = package_and_subpath(name) or ("", "")
        return tuple(
            chain.from_iterable(
                parent_paths(manifest.folder, subpath or "tsconfig.json") for manifest in self._by_name.get(package, ())
            )
        )

    def _lost_parents(self, contents: dict[str, dict[str, Json]], settings: dict[str, bytes]) -> Iterator[Notice]:
        for path, fields in contents.items():
            for name, parent in self._parents(path, fields, settings):
                if parent is None and name.startswith("."):
                    yield Notice(
                        "configuration",
                        f"extends {name}, which was not found: path aliases set there are unknown",
                        Place(path, 0),
                    )

    def _outputs(self) -> dict[str, list[Output]]:
        found: dict[str, list[Output]] = defaultdict(list)
        for config in self.tsconfigs.values():
            for output in config.outputs:
                if output not in found[output.folder]:
                    found[output.folder].append(output)
        return dict(found)


def _is_tsconfig(name: str) -> bool:
    return name.startswith(("tsconfig", "jsconfig")) and name.endswith(".json")
