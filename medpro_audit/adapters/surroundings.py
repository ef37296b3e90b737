"""Lists what stands above the scanned folder and says how the repository is worked on: CI files, hooks, settings."""

import os
from collections.abc import Iterator

from medpro_audit.adapters.territory import Territory, folders_above

MAX_FILES = 2_000
"""Further files of one folder are not listed."""

_FOLDERS = (
    *(".circleci", ".github", ".github/workflows", ".githooks", ".husky", ".woodpecker", ".buildkite", ".semaphore"),
    *(".gitlab", ".gitlab/ci", ".gitlab-ci", ".azure", ".azure-pipelines", ".gitea/workflows", ".forgejo/workflows"),
    *("ci", ".ci", "ci/pipelines", "concourse", ".concourse", ".tekton", ".teamcity", "bamboo-specs", ".harness"),
    *("jenkins", ".jenkins", ".builds"),
)
"""Folders of tools, which are listed where they stand at the top."""


def files_above(territory: Territory) -> tuple[str, ...]:
    """Files that stand directly in a folder above the scanned one, or at the top in one of a tool, sorted.

    Paths are relative to the scanned folder, so they begin with ``../``; there is none where that is the top itself.
    """
    if not territory.root:
        return ()
    folders = (*folders_above(territory.root), *_FOLDERS)
    found = {territory.shown(path) for folder in folders for path in _files_in(territory, folder)}
    return tuple(sorted(path for path in found if path.startswith("../")))


def _files_in(territory: Territory, folder: str) -> Iterator[str]:
    try:
        with os.scandir(territory.top / folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    except OSError:
        return
    yield from (f"{folder}/{name}" if folder else name for name in names[:MAX_FILES])
