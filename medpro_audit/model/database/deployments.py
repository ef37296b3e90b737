"""Files of settings for one place: ``config/env/production.js``, laid over ``config/db.js``, or ``config/test.js``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.modules.paths import folder_of, joined

_SUFFIXES = ("js", "ts", "cjs", "mjs", "cts", "mts")
_PRODUCTION = ("production", "prod", "live")
_FOLDERS = ("", "env", "envs", "environment", "environments", "deployment", "deployments", "stages")
_TESTS = frozenset(("e2e", "test", "testing", "tests"))
_OTHERS = _TESTS | {"dev", "develop", "development", "local", "ci", "docker", "sandbox"}
"""Words for files of one place that is not in production."""
_SETTINGS = re.compile(
    r"(?:^|/)(?:\.?configs?|configuration|settings|env|envs|environments?|conf)/|[._-](?:config|env)\."
)
"""Where files of settings stand, or how they are called."""
_WORD = re.compile(r"[A-Za-z]+")
MAX_BYTES = 200_000


def is_for_tests(path: str) -> bool:
    """Whether a file holds settings for tests only."""
    return bool(_SETTINGS.search(path)) and not _words(path).isdisjoint(_TESTS)


def is_replaced_in_production(code: Code, path: str) -> bool:
    """Whether a file of settings has one for production beside it, which says the same things.

    How the two are laid over each other is not asked: programs do it by a package, or while they run through a folder.
    """
    if not _SETTINGS.search(path) or not _words(path).isdisjoint(_PRODUCTION):
        return False
    return any(_says_the_same(code, path, other) for other in _of_production(code, path))


def _words(path: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(path.rpartition("/")[2])}


def _of_production(code: Code, path: str) -> Iterator[str]:
    """Files of settings for production that stand beside a file, below it, or in its own name's form."""
    folder, stem = folder_of(path), path.rpartition("/")[2].rpartition(".")[0]
    homes = (*(joined(folder, name) for name in _FOLDERS), *((folder_of(folder),) if _is_of_places(folder) else ()))
    names = (*_PRODUCTION, *(f"{stem}{mark}{name}" for mark in "._-" for name in _PRODUCTION))
    for home, name, suffix in product(homes, names, _SUFFIXES):
        other = joined(home, f"{name}.{suffix}")
        if other != path and code.facts(other) is not None:
            yield other


def _is_of_places(folder: str) -> bool:
    return folder.rpartition("/")[2] in _FOLDERS


def _says_the_same(code: Code, path: str, other: str) -> bool:
    """Whether one for production speaks of what a file is about; one for another place is about all settings."""
    words = _words(path.rpartition(".")[0])
    if words & (_OTHERS | {"default", "defaults", "base", "common", "index", "config", "settings"}):
        return True
    text = code.snippet(other, 0, MAX_BYTES).lower()
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in words)
