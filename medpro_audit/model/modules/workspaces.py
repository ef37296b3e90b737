"""Which packages of the repository are linked into which others: npm, yarn, bun, pnpm and Lerna workspaces."""

from collections import defaultdict

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.modules.jsonc import MAX_ENTRIES, as_object, as_texts, read_object
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import folder_of, joined, relative_to
from medpro_audit.model.modules.patterns import matches_glob

MAX_YAML_BYTES = 64_000
"""A larger pnpm-workspace.yaml is not read: PyYAML is slow."""

_LERNA_DEFAULT = ("packages/*",)


class Workspace(Struct, frozen=True):
    """A folder whose packages are linked into everything below it."""

    path: str
    """Of the file that says so."""
    globs: tuple[str, ...]
    """Over folders; a later one that begins with ``!`` takes away."""

    @property
    def folder(self) -> str:
        """The folder that its globs are relative to."""
        return folder_of(self.path)

    def has_member(self, package_folder: str, location: str = "") -> bool:
        """Whether the globs take in the package of a folder; ``location`` is `Inventory.location`."""
        path = relative_to(joined(location, package_folder), joined(location, self.folder))
        if not path:
            return False
        verdict = False
        for glob in self.globs:
            if matches_glob(path, glob.removeprefix("!")):
                verdict = not glob.startswith("!")
        return verdict


def read_workspaces(
    manifests: list[Manifest], settings: dict[str, bytes]
) -> tuple[dict[str, list[Workspace]], list[Notice]]:
    """Find all workspaces, by folder; one folder may have several."""
    found: dict[str, list[Workspace]] = defaultdict(list)
    notices = []
    for manifest in manifests:
        if manifest.workspaces:
            found[manifest.folder].append(Workspace(manifest.path, manifest.workspaces))
    for path, content in settings.items():
        read = _READERS.get(path.rpartition("/")[2])
        globs = read(path, content) if read else ()
        if isinstance(globs, Notice):
            notices.append(globs)
        elif globs:
            found[folder_of(path)].append(Workspace(path, globs))
    return dict(found), notices


def _lerna(path: str, content: bytes) -> tuple[str, ...] | Notice:
    fields = read_object(path, content)
    if isinstance(fields, Notice):
        return fields
    return as_texts(fields.get("packages")) or (() if fields.get("useWorkspaces") else _LERNA_DEFAULT)


def _pnpm(path: str, content: bytes) -> tuple[str, ...] | Notice:
    import yaml  # noqa: PLC0415 -- few repositories need it

    if len(content) > MAX_YAML_BYTES:
        return Notice("limit", f"not read: larger than {MAX_YAML_BYTES:,} bytes", Place(path, 0))
    try:
        # The base loader makes only strings, lists and tables. Its C twin crashes on deep nesting.
        value = yaml.load(content, yaml.BaseLoader)  # noqa: S506 -- safer than safe_load
    except RecursionError:
        return Notice("limit", "not read: nested too deeply", Place(path, 0))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return Notice("configuration", f"not read: malformed YAML, {error.problem}", Place(path, line))
    except (yaml.YAMLError, ValueError):
        return Notice("configuration", "not read: malformed YAML", Place(path, 0))
    globs = as_texts(as_object(value).get("packages"))
    if len(globs) > MAX_ENTRIES:
        return Notice("limit", f"not read: more than {MAX_ENTRIES:,} entries in one place", Place(path, 0))
    return globs


_READERS = {"pnpm-workspace.yaml": _pnpm, "pnpm-workspace.yml": _pnpm, "lerna.json": _lerna}
