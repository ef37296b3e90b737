"""Waits for changes to what a scan depends on: sources, settings, configuration and rule packs.

Folders are watched one by one and not as whole trees, so that installed packages and what git ignores cost nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from medpro_audit.adapters.settings import is_settings_file
from medpro_audit.core.config import CONFIG_SOURCES
from medpro_audit.core.errors import UsageError
from medpro_audit.facts.inventory import LANGUAGES, Inventory

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

_QUIET = 50
"""Milliseconds without a further change after which those until then are told."""
_PATIENCE = 1_600
"""Milliseconds after which changes are told even if they don't stop."""
_POLL_EVERY = 300
"""Milliseconds between two looks where the system tells nothing and WATCHFILES_FORCE_POLLING is set."""
_NO = {"", "false", "disable", "disabled"}
_OUTSIDE = {".gitignore", *CONFIG_SOURCES}
"""Names of what steers a scan besides settings files, also from above the scanned folder."""


class Watched(Struct, frozen=True):
    """What a scan of a project depends on."""

    root: Path
    """The scanned folder, by its real path."""
    inventory: Inventory
    others: tuple[Path, ...] = ()
    """Real paths of files that were named one by one, and of folders with rule packs."""

    @property
    def folders(self) -> frozenset[Path]:
        """All folders in which a change may matter."""
        own = (self.root / folder for folder in self.inventory.folders)
        return frozenset(filter(_can_be_watched, (*map(_normal, own), *self._above, *self._other_folders())))

    def concerned(self, paths: Iterable[Path]) -> frozenset[str]:
        """Those files and folders for which another scan is worth it, now that they have come, changed or gone.

        As reports name them: relative to the scanned folder.
        """
        # What is left out stays so while nothing else changes, unless it was only not to be had at the time.
        missed = {notice.place.file for notice in self.inventory.notices if notice.place}
        left_out = {exclusion.path for exclusion in self.inventory.exclusions} - missed
        shown = ((path, self._shown(path)) for path in paths)
        return frozenset(name or "." for path, name in shown if name not in left_out and self._matters(path, name))

    def _matters(self, path: Path, shown: str) -> bool:
        if any(path == other or _is_rule(path, other) for other in self.others):
            return True
        folders = self.inventory.folders
        if shown in folders:
            return True
        if self._shown(path.parent) in folders:
            return _is_read(shown) or path.is_dir()
        return path.parent in self._above and _steers(shown)

    def _shown(self, path: Path) -> str:
        shown = Path(os.path.relpath(path, self.root)).as_posix()
        return "" if shown == "." else shown

    @property
    def _above(self) -> tuple[Path, ...]:
        """Folders above the scanned one that may steer it: up to the root of its repository or workspace."""
        location = self.inventory.location
        return tuple(self.root.parents)[: location.count("/") + 1 if location else 0]

    def _other_folders(self) -> Iterator[Path]:
        for other in self.others:
            yield from (other.parent, other)
            with suppress(OSError):
                yield from other.iterdir()  # packs stand in folders of their own


class Watcher:
    """Tells of changes in folders; none between two questions is lost."""

    def __init__(self) -> None:
        self._folders: frozenset[Path] = frozenset()
        self._notify: RustNotify | None = None

    def cover(self, folders: frozenset[Path]) -> bool:
        """Watch these folders from now on; whether any of them was not watched until now.

        Raises:
            UsageError: the system doesn't allow it.
        """
        is_new = not folders <= self._folders
        if is_new:
            self.close()
            try:
                self._notify = _watch(folders)
            except FileNotFoundError:
                folders = frozenset()  # one has just gone: the caller, told that all is new, asks again
        self._folders = folders
        return is_new

    def wait(self) -> frozenset[Path]:
        """Wait for changes, until there are no more for a moment; where they are.

        Raises:
            KeyboardInterrupt: the user does not want to wait any more.
        """
        from watchfiles import Change  # noqa: PLC0415 - heavy
        from watchfiles._rust_notify import WatchfilesRustInternalError  # noqa: PLC0415 - heavy

        assert self._notify is not None, "nothing is watched"
        try:
            changes = self._notify.watch(_PATIENCE, _QUIET, 0, None)
        except WatchfilesRustInternalError:  # such as a name that is not UTF-8: something has changed somewhere
            found, self._folders = self._folders, frozenset()
            return found
        if isinstance(changes, str):
            raise KeyboardInterrupt
        paths = ((kind, Path(path)) for kind, path in changes)
        # That a folder is modified says what its files say themselves.
        found = frozenset(path for kind, path in paths if kind != Change.modified or not path.is_dir())
        self._folders -= found  # one that has gone and come back is no longer watched
        return found

    def close(self) -> None:
        """Stop watching."""
        notify, self._notify, self._folders = self._notify, None, frozenset()
        if notify is not None:
            notify.close()


def _watch(folders: Iterable[Path]) -> RustNotify:
    """Begin to watch folders, without those below them.

    watchfiles' own loop begins only when it is waited for, and forgets changes now and then.
    """
    from watchfiles._rust_notify import RustNotify  # noqa: PLC0415 - heavy

    is_polling = os.environ.get("WATCHFILES_FORCE_POLLING", "").lower() not in _NO
    try:
        return RustNotify([str(folder) for folder in sorted(folders)], False, is_polling, _POLL_EVERY, False, False)  # noqa: FBT003 - its signature
    except FileNotFoundError:
        raise
    except OSError as fault:
        raise UsageError(
            f"the system can't watch that many folders: {fault}; "
            "raise its limit (fs.inotify.max_user_watches), or set WATCHFILES_FORCE_POLLING=1"
        ) from fault


def _is_read(shown: str) -> bool:
    """Whether a file is read for a scan, by its name alone."""
    return shown.endswith((*LANGUAGES, ".json")) or _steers(shown)


def _steers(shown: str) -> bool:
    return is_settings_file(shown) or shown.rpartition("/")[2] in _OUTSIDE


def _is_rule(path: Path, folder: Path) -> bool:
    return path.suffix == ".yaml" and path.is_relative_to(folder)


def _can_be_watched(path: Path) -> bool:
    return path.is_dir() and os.access(path, os.R_OK)


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))
