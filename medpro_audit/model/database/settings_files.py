"""Settings of databases outside the code, from every file that may hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place, Step
from medpro_audit.model.database.claims import Claim, Ports
from medpro_audit.model.database.families import DEFAULT_PORTS, Family
from medpro_audit.model.database.files.compose import read_compose
from medpro_audit.model.database.files.env import read_env, variables_of
from medpro_audit.model.database.files.orm import is_orm_json, is_orm_module, read_orm_json, read_orm_module
from medpro_audit.model.database.files.outside import Outside
from medpro_audit.model.database.files.prisma import read_prisma
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.database.surroundings import Surroundings
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.module_roles import is_test
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.subjects import EnvironmentValue, SettingsFile

_ENV = re.compile(r"(?:.*/)?(?:\.env|\.env[.\-_].*|[^/]+\.env)")
_COMPOSE = re.compile(r"(?:.*/)?(?:[\w.-]*[.-])?compose(?:[.\-_].*)?\.ya?ml", re.IGNORECASE)
_MAX_PER_FILE = 50
_MAX = 500


class Located(Struct, frozen=True):
    """Settings of one database with the file and the back end that they stand in."""

    file: str
    backend: str
    outside: Outside

    @property
    def claim(self) -> Claim:
        """What they say of the port; nothing when they are for tests, or count only inside a container network."""
        found = self.outside
        is_apart = found.is_inside or found.environment == "test" or is_test(self.file)
        ports = () if found.port is None or is_apart else (found.port,)
        return Claim(
            file=self.file,
            line=found.line,
            backend=self.backend,
            family=found.family,
            ports=ports,
            inside=found.target if ports else None,
            subject=f"{self.file}:{found.line}",
            by="settings file",
            environment=found.environment,
            variable=found.sets,
        )


def with_readers(located: Iterable[Located], sites: Iterable[ConnectionSite]) -> list[Located]:
    """The same, where variables that don't say of which kind their database is say it by the code that reads them."""
    readers: dict[str, set[Family]] = {}
    for site in sites:
        for setting in site.settings.fields.values():
            if isinstance(setting.value, EnvironmentValue) and site.family is not None:
                readers.setdefault(setting.value.env, set()).add(site.family)
    return [replace(one, outside=_known(one.outside, readers)) for one in located]


def _known(found: Outside, readers: Mapping[str, set[Family]]) -> Outside:
    if found.source != "env" or found.family is not None:
        return found
    families = {
        family for name, all_of_it in readers.items() if name.startswith(f"{found.name}_") for family in all_of_it
    }
    if not families and "_" in found.name:  # one of several databases: its port may tell which
        families = {family for family, port in DEFAULT_PORTS.items() if port == found.port}
    return replace(found, family=next(iter(families))) if len(families) == 1 else found


def read_settings_files(known: Surroundings, interpreter: Interpreter) -> tuple[list[Located], list[Notice]]:
    """Read every settings file, and every source file that is the configuration of an ORM."""
    located: list[Located] = []
    notices: list[Notice] = []
    for path, read in _readers(known, interpreter):
        found = read()
        if isinstance(found, Notice):
            notices.append(found)
        else:
            located.extend(Located(path, known.backend_of(path), outside) for outside in found[:_MAX_PER_FILE])
    if len(located) > _MAX:
        place = Place(located[_MAX].file, 0)
        notices.append(Notice("limit", f"databases in settings files after the first {_MAX} are left out", place))
    return located[:_MAX], notices


def _readers(
    known: Surroundings, interpreter: Interpreter
) -> Iterator[tuple[str, Callable[[], list[Outside] | Notice]]]:
    settings = known.inventory.settings
    for path, content in sorted(settings.items()):
        reader = _reader(path, content, settings)
        if reader is not None:
            yield path, reader
    for path in sorted(known.files):
        if is_orm_module(path) and not is_test(path):
            yield path, lambda path=path: read_orm_module(interpreter, path)  # type: ignore[misc]


def _reader(path: str, content: bytes, settings: Mapping[str, bytes]) -> Callable[[], list[Outside] | Notice] | None:
    if _ENV.fullmatch(path):
        return lambda: list(read_env(path, content))
    if _COMPOSE.fullmatch(path):
        return lambda: read_compose(path, content, _variables_beside(path, settings))
    if path.endswith(".prisma"):
        return lambda: [found] if (found := read_prisma(content)) is not None else []
    if is_orm_json(path):
        return lambda: read_orm_json(path, content)
    return None


def _variables_beside(path: str, settings: Mapping[str, bytes]) -> dict[str, str]:
    """What Compose puts in for ``${NAME}``."""
    content = settings.get(joined(folder_of(path), ".env"), b"")
    return {one.name: one.value for one in variables_of(content.decode("utf-8-sig", "replace"))}


def settings_files(located: Iterable[Located], ports: Ports) -> Iterator[SettingsFile]:
    """The subjects, with what other places say of their ports."""
    for one in located:
        found, claim = one.outside, one.claim
        yield SettingsFile(
            file=one.file,
            line=found.line,
            source=found.source,
            driver=found.family,
            host=found.host,
            port=found.port,
            database=found.database,
            port_expected=ports.expected(claim),
            port_conflict=ports.is_conflict(claim),
            backend=one.backend,
            trail=(Step(one.file, found.line, _said(found)), *ports.others(claim)),
            environment=found.environment,
        )


def _said(found: Outside) -> str:
    """One sentence on what a file holds."""
    what = {
        "env": f"the {found.name}_… variables say where a database is",
        "compose": f"the service {found.name} is described here",
        "prisma": f"the datasource {found.name} is described here",
        "orm": f"the configuration {found.name} is described here" if found.name else "a database is configured here",
    }[found.source]
    return f"{what}; ${found.variable} holds its address" if found.variable else what
