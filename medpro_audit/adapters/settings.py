"""Which files steer import resolution or hold database settings, and what is in them."""

import os
import re
from collections.abc import Iterable

from medpro_audit.adapters.reading import read_file
from medpro_audit.adapters.territory import Territory
from medpro_audit.core.notice import Notice

_STEERING = re.compile(r"package\.json|pnpm-workspace\.yaml|lerna\.json|nx\.json|[^/]*(?:tsconfig|jsconfig)[^/]*\.json")
_DATABASE = re.compile(
    r"\.env|\.env[.\-_].*|[^/]+\.env"
    r"|(?:docker-)?compose(?:[.\-_].*)?\.ya?ml"
    r"|[^/]+\.prisma|ormconfig\.[^/]+|knexfile\.[^/]+|\.sequelizerc|database\.json"
)
_MAX_SETTINGS_BYTES = 1_000_000
_MAX_TOTAL_BYTES = 32_000_000


def is_settings_file(path: str) -> bool:
    """Whether a file is read for its settings, by its name alone."""
    folder, _, name = path.rpartition("/")
    if _STEERING.fullmatch(name) or _DATABASE.fullmatch(name):
        return True
    return name == "config.json" and (folder == "config" or folder.endswith("/config"))


def steering_files(territory: Territory, folder: str) -> list[str]:
    """Files directly in a folder that steer import resolution below it, sorted."""
    prefix = folder + "/" if folder else ""
    try:
        with os.scandir(territory.top / folder) as entries:
            names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(prefix + name for name in names if _STEERING.fullmatch(name))


def read_settings(territory: Territory, paths: Iterable[str]) -> tuple[dict[str, bytes], list[Notice]]:
    """Contents of settings files by path, both relative to the territory's top, with a notice for each left unread."""
    contents: dict[str, bytes] = {}
    notices: list[Notice] = []
    left = _MAX_TOTAL_BYTES
    for path in sorted(set(paths)):
        limit = min(_MAX_SETTINGS_BYTES, left)
        content = read_file(territory.top / path, shown=territory.shown(path), limit=limit)
        if isinstance(content, Notice):
            notices.append(content)
        else:
            contents[path] = content
            left -= len(content)
    return contents, notices
