"""Whether a module is meant to open connections, by its name and the folder that it is in."""

from __future__ import annotations

import re

from medpro_audit.model.database.families import family_of

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_DATABASE = frozenset(
    ("conn", "connect", "connection", "connections", "database", "databases", "datasource", "db", "dbs", "orm", "pool")
)
"""Words for what holds or makes a connection."""
_ORMS = frozenset(("drizzle", "ioredis", "kysely", "knex", "mongoose", "prisma", "sequelize", "typeorm"))
_PLACES = frozenset(("config", "configs", "configuration", "models", "settings"))
"""Folders of modules that set up what others use."""
_PLAIN = frozenset(
    (  # noqa: SIM905 - a table of words
        "base client config configuration handler helper index init instance lib main manager module plugin provider "
        "server service setup source store util utils wrapper"
    ).split()
)
"""Words that say nothing beside those."""
_USERS = frozenset(
    (  # noqa: SIM905 - a table of words
        "action command controller cron dao endpoint entity interactor job mutation presenter query repo repository "
        "resolver route router seed seeder subscriber usecase view worker"
    ).split()
)
"""Words for what queries a database through a connection that somebody else opens."""
_FOLDERS = 2
"""Folders above a file that tell of its purpose."""


def purpose_of(path: str) -> int:
    """How surely a module is one that opens connections: 2 by its name, 1 by a part of it or by its folder, 0 no."""
    *folders, file = path.split("/")
    name = _words(file.rpartition(".")[0])
    speaking = [word for word in name if word not in _PLAIN]
    around = [_words(folder) for folder in folders[-_FOLDERS:]]
    home = around[-1] if around else []
    if all(map(_is_of_databases, speaking)) if speaking else any(map(_is_place, home)):
        return 2
    if not _USERS.isdisjoint(name):
        return 0
    return int(any(word in _DATABASE for word in name) or any(_is_place(word) for words in around for word in words))


def _words(name: str) -> list[str]:
    """The words of a name in lower case, ``data-source`` as one."""
    words = [word.lower() for word in _WORD.findall(name)]
    return _WORD.findall(" ".join(words).replace("data source", "datasource").replace("data base", "database"))


def _is_of_databases(word: str) -> bool:
    """Whether a word names a database, a driver or a connection."""
    return word in _DATABASE or word in _ORMS or family_of(word) is not None


def _is_place(word: str) -> bool:
    return word in _PLACES or _is_of_databases(word)
