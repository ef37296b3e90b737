"""Writes a first configuration for a repository, with what its files tell of its conventions."""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from medpro_audit.adapters.config_check import KeyPath
from medpro_audit.adapters.config_rendering import render_commented
from medpro_audit.core.config import Config, DatabaseConfig, LoggingConfig, ValidationConfig
from medpro_audit.core.notice import Notice
from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.modules.jsonc import read_object
from medpro_audit.model.modules.manifest import manifest_of
from medpro_audit.rules.problems import shorten

_CODE = r"\.(?:[cm]?[jt]s)"
_DATABASE_MODULES = (
    rf"(?:.*/)?config/database\.connection{_CODE}",
    rf"(?:.*/)?config/(?:db|database)(?:[._-]?(?:config|connection|pool))?{_CODE}",
    rf"(?:.*/)?(?:db|database)/(?:index|db|database|pool|client|connect|connection|data-source){_CODE}",
    rf"(?:.*/)?(?:db|database)[._-]?(?:config|connection|pool|client)?{_CODE}",
)
"""Where a back end keeps its connection, most telling first; the last is any file of such a name."""
_LOGGER_MODULES = (
    rf"(?:.*/)?(?:config|utils?|lib|libs|helpers?|core|common|shared|middlewares?|services?)/(?:logger|winston|pino){_CODE}",
    rf"(?:.*/)?(?:logger/index|logger){_CODE}",
)
_TESTS = re.compile(r"(?:.*/)?(?:__tests__|__mocks__|tests?|spec|fixtures?|examples?|migrations?|seed(?:er)?s?)/.*")
_BROWSER = re.compile(r"(?:.*/)?(?:client|front-?end|web|webapp|ui|mobile|public)/")
_LOGGERS = ("winston", "pino", "bunyan", "log4js", "signale", "tslog")
_VALIDATORS = (
    "zod",
    "joi",
    "yup",
    "express-validator",
    "celebrate",
    "ajv",
    "valibot",
    "superstruct",
    "class-validator",
)
_PORT = re.compile(
    rb"^[ \t]*(?:export[ \t]+|-[ \t]+)?[A-Z0-9_]{0,40}(?:DB|DATABASE|SQL|MARIADB|PG|POSTGRES|MONGO)[A-Z0-9_]{0,40}PORT"
    rb"[ \t]*[=:][ \t]*[\"']?(\d{2,5})\b"
    rb"|\b(?:mysql|mariadb|postgres(?:ql)?)://[^\s\"'/]{0,200}:(\d{2,5})/",
    re.MULTILINE,
)

_MAX_LISTED = 4
_MAX_PORT = 65_535


def initial_config(inventory: Inventory) -> str:
    """Text of a ``medpro-audit.toml`` that sets what the repository shows and explains the rest."""
    conventions = _Conventions(inventory)
    config = Config(
        database=conventions.database(),
        logging=conventions.logging(),
        validation=conventions.validation(),
    )
    return render_commented(config, conventions.reasons, conventions.remarks)


class _Conventions:
    """Reads a repository's conventions off its file names and settings, and remembers what told them."""

    def __init__(self, inventory: Inventory) -> None:
        self.reasons: dict[KeyPath, str] = {}
        self.remarks: list[str] = []
        self._settings = inventory.settings
        self._paths = [source.path for source in inventory.sources if not source.linked]
        self._dependencies = _dependencies(inventory.settings)

    def database(self) -> DatabaseConfig:
        """The canonical module and the port, where they are beyond doubt; otherwise a remark."""
        modules, ports = _modules(self._paths, _DATABASE_MODULES), _ports(self._settings)
        found = DatabaseConfig()
        if modules:
            found = replace(found, canonical=modules[0])
            self.reasons["database", "canonical"] = "found" if len(modules) == 1 else "the first of several"
        if len(modules) > 1:
            self._remark(f"More than one file looks like the database module: {_listed(modules)}.", "canonical")
        if len(ports) == 1:
            found = replace(found, port=next(iter(ports)))
            self.reasons["database", "port"] = f"as in {_listed(ports[next(iter(ports))])}"
        elif ports:
            places = "; ".join(f"{port} in {_listed(files)}" for port, files in ports.items())
            self._remark(f"The database ports differ: {places}.", "port")
        return found

    def logging(self) -> LoggingConfig:
        """The logger module, else the logging package."""
        modules = _modules(self._paths, _LOGGER_MODULES)
        logger = modules[0] if modules else next((name for name in _LOGGERS if name in self._dependencies), None)
        if logger:
            self.reasons["logging", "logger"] = "found" if modules else "a dependency"
        return LoggingConfig(logger=logger)

    def validation(self) -> ValidationConfig:
        """Zod where it is a dependency, else the only validation library."""
        installed = [name for name in _VALIDATORS if name in self._dependencies]
        library = installed[0] if "zod" in installed or len(installed) == 1 else None
        if library:
            self.reasons["validation", "library"] = "a dependency"
        return ValidationConfig(library=library)

    def _remark(self, text: str, key: str) -> None:
        self.remarks.append(f"{text} Set database.{key} to the one that is meant.")


def _dependencies(settings: dict[str, bytes]) -> set[str]:
    """Names of all packages that a package.json of the scanned folder declares."""
    found: set[str] = set()
    for path, content in settings.items():
        if path.rpartition("/")[2] == "package.json" and not path.startswith("../"):
            fields = read_object(path, content)
            manifest = manifest_of(path, {} if isinstance(fields, Notice) else fields)
            found.update(manifest.dependencies, manifest.dev_dependencies)
    return found


def _modules(paths: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Source files whose path fits the most telling pattern that any fits: server code first, then by depth."""
    candidates = [path for path in paths if not _TESTS.fullmatch(path)]
    for pattern in patterns:
        found = [path for path in candidates if re.fullmatch(pattern, path, re.IGNORECASE)]
        if found:
            return sorted(found, key=lambda path: (bool(_BROWSER.match(path)), path.count("/"), path))
    return []


def _ports(settings: dict[str, bytes]) -> dict[int, list[str]]:
    """Settings files by the database port that they name."""
    found: dict[int, list[str]] = {}
    for path, content in sorted(settings.items()):
        for groups in _PORT.findall(content):
            port = int(groups[0] or groups[1])
            if path not in found.setdefault(port, []):
                found[port].append(path)
    return {port: found[port] for port in sorted(found) if 1 <= port <= _MAX_PORT}


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return ", ".join(map(shorten, names[:_MAX_LISTED])) + more
