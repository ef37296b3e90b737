"""Finds the source files below a folder, and the settings and linked packages that they are read with."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from medpro_audit.adapters.folders import ProjectFolders
from medpro_audit.adapters.git import Git
from medpro_audit.adapters.linking import linked_folders
from medpro_audit.adapters.reading import reason_of
from medpro_audit.adapters.settings import is_settings_file, read_settings, steering_files
from medpro_audit.adapters.sifting import sift
from medpro_audit.adapters.surroundings import files_above
from medpro_audit.adapters.territory import Territory, folders_above, is_within, survey
from medpro_audit.adapters.tree import ListedFile, TreeWalk
from medpro_audit.core.config import ScanConfig
from medpro_audit.core.errors import UsageError
from medpro_audit.core.nearest import nearest
from medpro_audit.facts.inventory import LANGUAGES, Exclusion, Inventory, SourceFile
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.modules.projects import Projects


def discover(root: Path, config: ScanConfig, *, patterns_from: str = "", is_commit: bool = False) -> Inventory:
    """List what is to be analysed below ``root``, and the workspace packages outside it that it depends on.

    Args:
        root: The folder to scan.
        config: What to include, to exclude, and where to stop.
        patterns_from: Folder that the patterns of the configuration are relative to, as seen from ``root``:
            empty for itself, ``..`` or ``../..`` when the configuration stands above.
        is_commit: Everything there is of a commit, so that no file is ignored.

    Raises:
        UsageError: The root is not a folder, or can't be listed.
    """
    territory = survey(existing_folder(root))
    walk = TreeWalk(
        territory,
        config,
        patterns_from=joined(territory.root, patterns_from),
        tracked=None if is_commit else _ignored_but_tracked(territory),
    )
    walk.walk(territory.root)
    linked = linked_folders(territory, [folder_of(file.path) for file in walk.files if _is_manifest(file.path)])
    for folder in linked:
        walk.walk(folder)
    roots = (territory.root, *linked)
    steering = {path for folder in _folders_above(roots) for path in steering_files(territory, folder)}
    settings, faults = read_settings(
        territory, steering | {file.path for file in walk.files if is_settings_file(file.path)}
    )
    sources, paths = sift(walk, territory, config, _project_folders(roots, settings))
    links = _settle_links(territory, walk, roots, paths)
    exclusions = _outermost(walk.exclusions)
    kept = sorted((territory.shown(path), path) for path in settings if path in paths or path in steering)
    return Inventory(
        sources=tuple(sorted(_source(territory, file) for file in sources)),
        paths=frozenset(map(territory.shown, paths)),
        settings={shown: settings[path] for shown, path in kept},
        exclusions=exclusions,
        notices=tuple(sorted({*walk.notices, *faults}, key=lambda notice: notice.order)),
        location=territory.root,
        links=links,
        folders=_kept_folders(map(territory.shown, walk.folders), exclusions).union(
            map(territory.shown, set(map(folder_of, paths)))
        ),
        around=files_above(territory),
    )


def _ignored_but_tracked(territory: Territory) -> frozenset[str]:
    """Files that git tracks in spite of its ignore files; none where there is no git to ask."""
    if not territory.is_repository:
        return frozenset()
    try:
        return Git(territory.top).ignored_but_tracked()
    except UsageError:
        return frozenset()


def existing_folder(root: Path) -> Path:
    """The folder itself, with symlinks followed.

    Raises:
        UsageError: there is none, or it can't be read.
    """
    try:
        folder = root.resolve(strict=True)
        with os.scandir(folder):
            return folder
    except FileNotFoundError:
        raise UsageError(f"{root}: there is no such folder{_similar(root)}; check the path") from None
    except NotADirectoryError:
        raise UsageError(f"{root}: this is a file; give the folder that holds the package.json") from None
    except OSError as error:
        raise UsageError(f"{root}: the folder can't be read: {reason_of(error)}; check its permissions") from error
    except (RuntimeError, ValueError):  # a symlink in a circle; a NUL character
        raise UsageError(f"{root}: this leads to no folder; check the path") from None


def _similar(root: Path) -> str:
    try:
        names = [path.name for path in root.parent.iterdir() if path.is_dir()]
    except OSError:
        return ""
    meant = nearest(root.name, names)
    return f'; did you mean "{root.parent / meant}"?' if meant else ""


def _is_manifest(path: str) -> bool:
    return path.rpartition("/")[2] == "package.json"


def _folders_above(roots: tuple[str, ...]) -> set[str]:
    """Folders above those that were walked: what stands in them steers how imports are resolved."""
    return {above for root in roots for above in folders_above(root)}


def _project_folders(roots: tuple[str, ...], settings: dict[str, bytes]) -> ProjectFolders:
    projects = Projects(Inventory((), frozenset(), settings, (), ()))
    return ProjectFolders(roots, frozenset(projects.outputs), projects.packages)


def _source(territory: Territory, file: ListedFile) -> SourceFile:
    shown = territory.shown(file.path)
    return SourceFile(shown, file.size, LANGUAGES[file.suffix], linked=shown.startswith("../"))


def _outermost(exclusions: list[Exclusion]) -> tuple[Exclusion, ...]:
    """Exclusions in order, without those in a folder that is left out as a whole."""
    left_out = {exclusion.path for exclusion in exclusions}
    return tuple(sorted({item for item in exclusions if left_out.isdisjoint(folders_above(item.path))}))


def _kept_folders(listed: Iterable[str], exclusions: Sequence[Exclusion]) -> frozenset[str]:
    """Folders that are neither left out nor stand in one that is."""
    left_out = {exclusion.path for exclusion in exclusions}
    return frozenset(folder for folder in listed if left_out.isdisjoint((folder, *folders_above(folder))))


def _settle_links(territory: Territory, walk: TreeWalk, roots: tuple[str, ...], paths: set[str]) -> dict[str, str]:
    """Record each symlink as left out, since nothing is read twice; return what those to listed places lead to."""
    listed = paths.union(*map(folders_above, paths)) if walk.links else paths
    found = {}
    for path, target in walk.links.items():
        if not any(is_within(target, root) for root in roots):
            walk.leave_out(path, "symlink out of the scanned directory", "symlink")
        elif target in listed:
            walk.leave_out(path, f"symlink to {territory.shown(target) or '.'}, which is read where it stands")
            found[territory.shown(path)] = territory.shown(target)
        else:
            walk.leave_out(path, f"symlink to {territory.shown(target)}, which is left out")
    return dict(sorted(found.items()))
