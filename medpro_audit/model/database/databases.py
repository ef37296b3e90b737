"""The databases of a repository: connections and settings files."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.model.database.canonical import configured_modules, connection_modules
from medpro_audit.model.database.claims import Ports
from medpro_audit.model.database.collector import ConnectionCollector
from medpro_audit.model.database.connections import ConnectionBuilder, claim_of
from medpro_audit.model.database.failures import Failures
from medpro_audit.model.database.origins import Origins
from medpro_audit.model.database.settings_files import read_settings_files, settings_files, with_readers
from medpro_audit.model.database.sites import SiteBuilder, main_families
from medpro_audit.model.database.surroundings import Surroundings
from medpro_audit.model.database.unreached import UnreachedConnections
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.module_roles import is_test
from medpro_audit.model.subjects import Connection, SettingsFile


class Databases(Struct, frozen=True):
    """Everything about databases."""

    connections: tuple[Connection, ...]
    settings_files: tuple[SettingsFile, ...]
    notices: tuple[Notice, ...]


@stage("databases")
def build_databases(interpreter: Interpreter, collector: ConnectionCollector, known: Surroundings) -> Databases:
    """Join what was seen while programs ran with what stands in code nobody reached, and in settings files."""
    opened = frozenset(path for path, _ in collector.found)
    untested = [facts for path, facts in sorted(known.files.items()) if not is_test(path)]
    UnreachedConnections(interpreter, collector, known.resolver).search(untested)
    located, notices = read_settings_files(known, interpreter)
    sites = SiteBuilder(interpreter, known, opened).sites(collector.found.values())
    located = with_readers(located, sites)
    configured = configured_modules(known.config.canonical, sorted({site.backend for site in sites}), known.files)
    modules = connection_modules(sites, configured, known.importers())
    claims = [*(claim_of(site, modules) for site in sites), *(one.claim for one in located)]
    ports = Ports(claims, known.config.port, main_families(sites, set(configured.values())))
    failures = Failures(interpreter.code, collector.events, known)
    origins = Origins(interpreter, known.resolver)
    connections = tuple(ConnectionBuilder(interpreter, origins, sites, modules, ports, failures).connections())
    return Databases(
        connections=connections,
        settings_files=tuple(
            sorted(settings_files(located, ports), key=lambda file: (file.file, file.line, file.source))
        ),
        notices=tuple(sorted({*notices, *collector.notices}, key=lambda notice: notice.order)),
    )
