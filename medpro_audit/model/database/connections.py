"""The connections of a repository, as rules and reports see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from medpro_audit.core.place import Step
from medpro_audit.model.database.canonical import ConnectionModule
from medpro_audit.model.database.claims import Claim, Ports
from medpro_audit.model.database.comparing import LOCAL, differences
from medpro_audit.model.database.driver import Field
from medpro_audit.model.database.failures import Failures
from medpro_audit.model.database.origins import Origins
from medpro_audit.model.database.sharing import Sharing
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.database.twins import are_twins
from medpro_audit.model.drivers import purpose_of
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.subjects import Connection, EnvironmentValue, SettingValue

_WHAT = {
    "pool": "makes a pool here",
    "single": "opens a connection here",
    "client": "makes a client here",
    "orm": "connects here",
}
_WHEN = {"module": "", "function": " each time the function is called", "handler": " while a request is served"}


Modules = Mapping[tuple[str, str], ConnectionModule]
"""The connection module by back end and kind of connection; none where no module is one."""


def claim_of(site: ConnectionSite, modules: Modules) -> Claim:
    """What a site says of the port; nothing when it is a test."""
    module, port = modules.get((site.backend, site.kind)), _value(site, "port")
    return Claim(
        file=site.seen.path,
        line=site.line,
        backend=site.backend,
        family=site.family,
        ports=() if site.role == "test" else site.ports,
        subject=site.connection,
        by="connection module" if module is not None and module.path == site.seen.path else "other module",
        variable=port.env if isinstance(port, EnvironmentValue) else "",
    )


class ConnectionBuilder:
    """Turns sites into connections, each compared with the others of its back end."""

    def __init__(  # noqa: PLR0913 - what a connection is compared with
        self,
        interpreter: Interpreter,
        origins: Origins,
        sites: Sequence[ConnectionSite],
        modules: Modules,
        ports: Ports,
        failures: Failures,
    ) -> None:
        self._sharing = Sharing(interpreter)
        self._origins = origins
        self._sites = sites
        self._modules = modules
        self._ports = ports
        self._failures = failures
        self._alike: defaultdict[tuple[str, str], list[ConnectionSite]] = defaultdict(list)
        for site in sites:
            self._alike[site.backend, site.kind].append(site)

    def connections(self) -> Iterator[Connection]:
        """One connection for each site."""
        return map(self._connection, self._sites)

    def _connection(self, site: ConnectionSite) -> Connection:
        module, claim = self._modules.get((site.backend, site.kind)), claim_of(site, self._modules)
        same = self._alike[site.backend, site.kind]
        canonical = [other for other in same if module is not None and other.seen.path == module.path]
        host, port, user, database = (_value(site, name) for name in ("host", "port", "user", "database"))
        return Connection(
            file=site.seen.path,
            line=site.line,
            driver=site.seen.driver.package,
            kind=site.seen.opening.kind,
            host=host,
            port=port,
            user=user,
            database=database,
            hardcoded=_hardcoded(site),
            canonical=bool(canonical) and site in canonical,
            canonical_module=module.path if module is not None else None,
            scope=site.seen.scope,
            backend=site.backend,
            sites=len(
                {other.connection for other in same if other.role == "server" and not other.is_of_caller}
                | {site.connection}
            ),
            twins=self._twins(site, same),
            is_stray=_is_stray(site, canonical, same),
            is_of_caller=site.is_of_caller,
            differs=() if site in canonical else differences(site, canonical or same),
            port_expected=self._ports.expected(claim),
            port_conflict=self._ports.is_conflict(claim),
            purpose=purpose_of(site.seen.driver.package),
            is_file=site.family == "sqlite",
            is_temporary=site.is_temporary,
            has_spare_password=_has_spare_password(site),
            is_shared=self._sharing.is_shared(site.seen),
            trail=tuple(self._trail(site, module, claim)),
            reason=site.settings.reason,
            role=site.role,
            ports=site.ports,
            default_port=site.default_port,
            pool=site.settings.pool,
            variables=site.settings.variables,
            error_listener=self._failures.is_heard(site),
            reports_failure=self._failures.is_noticed(site),
        )

    @staticmethod
    def _twins(site: ConnectionSite, same: Sequence[ConnectionSite]) -> int | None:
        own = [other for other in same if other.is_lasting and site.is_lasting]
        verdicts = {other.connection: are_twins(site, other) for other in own if not other.is_same(site)}
        sure = 1 + sum(verdict is True for verdict in verdicts.values())
        return None if sure == 1 and None in verdicts.values() else sure

    def _trail(self, site: ConnectionSite, module: ConnectionModule | None, claim: Claim) -> Iterator[Step]:
        origin = self._origins.of(site.seen.argument) if site.seen.argument is not None else None
        if origin is not None and (origin.file, origin.line) != (site.seen.path, site.line):
            yield Step(origin.file, origin.line, "the settings are written here")
        what = f"{site.seen.driver.package} {_WHAT[site.seen.opening.kind]}{_WHEN[site.seen.scope]}"
        yield Step(site.seen.path, site.line, what)
        if module is not None and module.path != site.seen.path:
            yield module.step
        yield from self._ports.others(claim)


def _is_stray(site: ConnectionSite, canonical: Sequence[ConnectionSite], same: Sequence[ConnectionSite]) -> bool | None:
    """Whether it speaks to the database of the connection module, from elsewhere."""
    if site in canonical or not site.is_lasting:
        return False
    others = canonical or [other for other in same if _is_beside(other, site)]
    verdicts = {are_twins(site, other) for other in others}
    return True if True in verdicts else None if None in verdicts else False


def _is_beside(other: ConnectionSite, site: ConnectionSite) -> bool:
    """Whether another site, where no module is the one to connect, could be meant to: a handler could not."""
    return other.connection != site.connection and other.is_lasting and other.seen.scope != "handler"


def _value(site: ConnectionSite, name: Field) -> SettingValue:
    setting = site.settings.fields.get(name)
    return setting.value if setting is not None else None


def _has_spare_password(site: ConnectionSite) -> bool:
    """Whether the password in the code is only for the machine of a developer: nothing there names another host."""
    password, host = site.settings.fields.get("password"), site.settings.fields.get("host")
    is_elsewhere = host is not None and host.is_literal and host.value not in LOCAL
    return password is not None and password.is_literal and password.is_spare and not is_elsewhere


def _hardcoded(site: ConnectionSite) -> tuple[str, ...]:
    """Which settings stand in the code; a file that is a database has no server, user and password to be kept apart."""
    names: tuple[Field, ...] = ("host", "user", "password", "database") if site.family != "sqlite" else ()
    return tuple(name for name in names if name in site.settings.fields and site.settings.fields[name].is_literal)
