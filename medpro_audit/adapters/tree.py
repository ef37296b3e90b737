"""Lists the files of a tree: what git ignores, installed packages and links are left out, each with its reason."""

import errno
import os
import re
from collections.abc import Collection, Sequence

from msgspec import Struct

from medpro_audit.adapters.ignoring import Patterns
from medpro_audit.adapters.reading import reason_of
from medpro_audit.adapters.settings import is_settings_file
from medpro_audit.adapters.territory import Territory, folders_above
from medpro_audit.core.config import ScanConfig
from medpro_audit.core.notice import Notice, NoticeKind
from medpro_audit.core.place import Place
from medpro_audit.facts.inventory import LANGUAGES, Exclusion
from medpro_audit.model.ci.steps import ci_paths

_FOREIGN_FOLDERS = {
    ".git": "files of git itself",
    "node_modules": "installed packages",
    "bower_components": "installed packages",
    "jspm_packages": "installed packages",
    "third_party": "third-party code",
    "third-party": "third-party code",
    "thirdparty": "third-party code",
    ".yarn": "files of Yarn itself",
    ".next": "build output of Next.js",
    ".nuxt": "build output of Nuxt",
    ".output": "build output of Nitro",
    ".svelte-kit": "build output of SvelteKit",
    ".docusaurus": "build output of Docusaurus",
    ".angular": "cache of Angular",
    ".turbo": "cache of Turborepo",
    ".parcel-cache": "cache of Parcel",
    ".nyc_output": "coverage report",
}
"""Folders that no one writes by hand; they come back only when an ``include`` pattern spells the name out."""

_UNUSABLE_IN_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MAX_IGNORE_FILE_BYTES = 256_000
_PATHS_PER_SOURCE = 20
"""So many files of any kind are listed at most for each source file that the configuration allows."""


class ListedFile(Struct, frozen=True):
    """A file that is part of the tree."""

    path: str
    """Relative to the territory's top."""
    suffix: str
    size: int
    """-1 when it holds no JavaScript and nobody asks."""
    is_included: bool
    """An ``include`` pattern of the configuration asks for it."""


class TreeWalk:
    """A walk over folders of a territory; what it has found stands in its attributes, paths relative to the top."""

    def __init__(
        self, territory: Territory, config: ScanConfig, *, patterns_from: str = "", tracked: Collection[str] | None = ()
    ) -> None:
        """Prepare a walk in which ``tracked`` files, relative to the top, or all (None) are there, ignored or not."""
        self.files: list[ListedFile] = []
        self.exclusions: list[Exclusion] = []
        self.notices: list[Notice] = []
        self.links: dict[str, str] = {}
        """Symlinks that lead to a place in the territory, with that place."""
        self.folders: list[str] = []
        """Folders that were listed, without those looked into for the sake of an ``include`` pattern only."""
        self._territory = territory
        self._config = config
        self._included = territory.patterns(config.include, patterns_from)
        self._excluded = territory.patterns(config.exclude, patterns_from)
        self._ignored: list[Patterns] = []
        self._ignores = tracked is not None
        kept = tracked or ()
        self._tracked = {*kept, *(f"{folder}/" for path in kept for folder in folders_above(path) if folder)}
        self._sources = 0
        self._is_full = False

    def walk(self, folder: str) -> None:
        """List a folder with everything below it."""
        self._ignored = []
        if self._territory.is_repository:
            self._ignored += self._patterns_in(".git/info/exclude", "")
        for parent in folders_above(folder):
            self._ignored += self._patterns_in(_join(parent, ".gitignore"), parent)
        if any(self._ignoring(path + "/") for path in (*folders_above(folder)[1:], folder) if path):
            self._ignored = []  # the folder itself is ignored, yet it was asked for
        self._folder(folder, 0, is_rescue=False)

    def leave_out(self, path: str, reason: str, notice: NoticeKind | None = None) -> None:
        """Record that a file or folder is left out, and why; as a notice too where the analysis misses something."""
        shown = _printable(self._territory.shown(path)) or "."
        self.exclusions.append(Exclusion(shown, reason))
        if notice:
            self.notices.append(Notice(notice, f"left out: {reason}", Place(shown, 0)))

    def _patterns_in(self, path: str, folder: str) -> list[Patterns]:
        content = self._territory.content(path, _MAX_IGNORE_FILE_BYTES).decode(errors="replace")
        lines = [line.rstrip("\r") for line in content.split("\n")]
        return [Patterns(lines, folder=folder, origin=self._territory.shown(path))] if content else []

    def _folder(self, folder: str, depth: int, *, is_rescue: bool) -> None:
        if not is_rescue:
            self.folders.append(folder)
        entries = self._entries(folder)
        own = _join(folder, ".gitignore")
        patterns = self._patterns_in(own, folder) if any(entry.name == ".gitignore" for entry in entries) else []
        self._ignored += patterns
        for entry in entries:
            if self._is_full:
                break
            path = _join(folder, entry.name)
            try:
                self._entry(entry, path, depth, is_rescue=is_rescue)
            except FileNotFoundError:
                self.leave_out(path, "it vanished while the files were being listed", "vanished")
            except OSError as error:
                self.leave_out(path, f"it can't be looked at: {reason_of(error)}", "unreadable")
        del self._ignored[len(self._ignored) - len(patterns) :]

    def _entries(self, folder: str) -> Sequence[os.DirEntry[str]]:
        try:
            with os.scandir(self._territory.top / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            self.leave_out(folder, "it vanished while the files were being listed", "vanished")
        except OSError as error:
            self.leave_out(folder, f"its files can't be listed: {reason_of(error)}", "unreadable")
        return ()

    def _entry(self, entry: os.DirEntry[str], path: str, depth: int, *, is_rescue: bool) -> None:
        is_folder = entry.is_dir(follow_symlinks=False)
        if _UNUSABLE_IN_NAME.search(entry.name):
            matters = is_folder or _suffix(entry.name) in LANGUAGES
            reason = "its name is not valid UTF-8 or holds control characters"
            self.leave_out(path, reason, "unreadable" if matters else None)
        elif is_folder:
            self._subfolder(entry.name, path, depth + 1, is_rescue=is_rescue)
        elif entry.is_symlink():
            self._link(entry.name, path, is_rescue=is_rescue)
        elif entry.is_file(follow_symlinks=False):
            self._file(entry, path, is_rescue=is_rescue)
        else:
            self.leave_out(path, "not a regular file")

    def _subfolder(self, name: str, path: str, depth: int, *, is_rescue: bool) -> None:
        reason = self._reason_against(name, path + "/", is_rescue=is_rescue)
        if reason and not is_rescue:
            self.leave_out(path, reason)
        if not reason and depth > self._config.max_depth:
            self.leave_out(path, f"more than {self._config.max_depth} folders deep (scan.max-depth)", "limit")
        elif not reason or self._may_rescue(name, path):
            self._folder(path, depth, is_rescue=bool(reason))

    def _file(self, entry: os.DirEntry[str], path: str, *, is_rescue: bool) -> None:
        suffix = _suffix(entry.name)
        is_source = suffix in LANGUAGES
        if reason := self._reason_against("", path, is_rescue=is_rescue):
            if not is_rescue and (is_source or is_settings_file(path)):
                self.leave_out(path, reason)
            return
        size = entry.stat(follow_symlinks=False).st_size if is_source else -1
        if self._has_room(is_source=is_source):
            is_included = bool(self._config.include) and self._included.verdict(path) is True
            self.files.append(ListedFile(path, suffix if is_source else "", size, is_included))

    def _has_room(self, *, is_source: bool) -> bool:
        self._sources += is_source
        limit = self._config.max_files
        if self._sources > limit:
            self._stop(f"more than {limit:,} source files")
        elif len(self.files) >= limit * _PATHS_PER_SOURCE:
            self._stop(f"more than {limit * _PATHS_PER_SOURCE:,} files")
        return not self._is_full

    def _stop(self, excess: str) -> None:
        self._is_full = True
        advice = "raise scan.max-files, or leave folders out by scan.exclude"
        self.notices.append(Notice("limit", f"{excess}: what comes after them is not read; {advice}"))

    def _link(self, name: str, path: str, *, is_rescue: bool) -> None:
        """Record a symlink, which is never followed: what it leads to inside the tree is read where it stands."""
        if reason := self._reason_against(name, path, is_rescue=is_rescue):
            if not is_rescue:
                self.leave_out(path, reason)
            return
        try:
            target = os.path.realpath(self._territory.top / path, strict=True)
        except OSError as error:
            self.leave_out(path, "symlink in a circle" if error.errno == errno.ELOOP else "symlink to nothing")
            return
        top = os.path.join(self._territory.top, "")  # noqa: PTH118 - with a slash at its end
        inside = os.path.join(target, "")  # noqa: PTH118
        if inside.startswith(top):
            self.links[path] = target[len(top) :].replace(os.sep, "/")
        else:
            self.leave_out(path, "symlink out of the scanned directory", "symlink")

    def _reason_against(self, name: str, path: str, *, is_rescue: bool) -> str | None:
        """Why an entry is left out; ``name`` is empty for what can't be a folder of others."""
        if self._excluded.verdict(path):
            return "excluded by the configuration (scan.exclude)"
        if self._included.verdict(path) and self._can_come_back(name):
            return None
        if is_rescue:
            return "in a folder that is left out"
        return _FOREIGN_FOLDERS.get(name) or self._ignoring(path)

    def _ignoring(self, path: str) -> str | None:
        """Which ignore file leaves the path out, if any: that of the nearest folder decides.

        What steers CI is in git, or it would steer nothing: a pattern such as ``config.yml`` does not mean it. Nor does
        git heed its patterns where it tracks a file.
        """
        for patterns in reversed(self._ignored) if self._ignores else ():
            if (verdict := patterns.verdict(path)) is not None:
                is_meant = verdict and path not in self._tracked and not ci_paths([path])
                return f"ignored by {patterns.origin}" if is_meant else None
        return None

    def _may_rescue(self, name: str, path: str) -> bool:
        """Whether an ``include`` pattern asks for something in a folder that is otherwise left out."""
        return self._can_come_back(name) and self._included.reach_into(path)

    def _can_come_back(self, name: str) -> bool:
        return name not in _FOREIGN_FOLDERS or (name != ".git" and self._included.mention(name))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _suffix(name: str) -> str:
    return name[at:] if (at := name.rfind(".")) > 0 else ""


def _printable(path: str) -> str:
    """The path with what can't be shown spelled as an escape."""
    return _UNUSABLE_IN_NAME.sub(_escape, path)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - the range by which Python stands in for bytes that are not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - the last code of two digits
