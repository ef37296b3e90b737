"""Which module should open the connections of a back end: the configured one, else the one that the code uses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.database.collector import Scope
from medpro_audit.model.database.families import STORES
from medpro_audit.model.database.purpose import purpose_of
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.modules.paths import joined

_LASTING: dict[Scope, int] = {"module": 2, "function": 1, "handler": 0}
"""What is opened once is better shared than what is opened anew each time."""


class ConnectionModule(Struct, frozen=True):
    """The module that should open all connections of one kind in one back end."""

    path: str
    step: Step
    """Why it is this one."""


def configured_modules(configured: str, backends: Collection[str], paths: Collection[str]) -> dict[str, str]:
    """The configured module of each back end that has it, below its own folder or below the scanned one."""
    found: dict[str, str] = {}
    for backend in backends:
        candidates = (joined("" if backend == "." else backend, configured), joined("", configured))
        existing = next((path for path in candidates if path in paths), None)
        if existing is not None:
            found[backend] = existing
    return found


def connection_modules(
    sites: Sequence[ConnectionSite], configured: Mapping[str, str], importers: Mapping[str, int]
) -> dict[tuple[str, str], ConnectionModule]:
    """The module by back end and kind of connection; none where several connect and none of them is meant for that.

    Args:
        sites: All sites.
        configured: The configured module by back end, where it exists.
        importers: How many modules import a file.
    """
    found: dict[tuple[str, str], ConnectionModule] = {}
    sites = [site for site in sites if not site.is_of_caller]
    for backend, kind in sorted({(site.backend, site.kind) for site in sites}):
        same = [site for site in sites if (site.backend, site.kind) == (backend, kind)]
        path = configured.get(backend)
        if path is not None and _is_meant(path, same, sites):
            found[backend, kind] = ConnectionModule(path, Step(path, 0, "is the configured connection module"))
        elif (module := _inferred(same, importers)) is not None:
            found[backend, kind] = module
    return found


def _is_meant(path: str, same: Sequence[ConnectionSite], sites: Sequence[ConnectionSite]) -> bool:
    """Whether the configured module is meant for this kind: it opens it, or opens nothing and may be for any store."""
    opened = {site.kind for site in sites if site.seen.path == path}
    return same[0].kind in opened if opened else same[0].family in STORES


def _inferred(same: Sequence[ConnectionSite], importers: Mapping[str, int]) -> ConnectionModule | None:
    """The only module that connects; of several the one whose place says that it is for that and that most import."""
    serving = [site for site in same if site.role == "server"] or same
    paths = sorted({site.seen.path for site in serving})
    if len(paths) == 1:
        reason = "is taken for the connection module: it is the only one that connects"
        return ConnectionModule(paths[0], Step(paths[0], 0, reason))
    lasting = {site.seen.path: _LASTING[site.seen.scope] for site in sorted(serving, key=_lasting)}
    path = max(paths, key=lambda path: (purpose_of(path), lasting[path], importers.get(path, 0)))
    if not purpose_of(path):
        return None
    count = importers.get(path, 0)
    users = f"{count} modules import it" if count > 1 else "one module imports it" if count else "no module imports it"
    reason = f"is taken for the connection module, by its name and place; {users}"
    return ConnectionModule(path, Step(path, 0, reason))


def _lasting(site: ConnectionSite) -> int:
    return _LASTING[site.seen.scope]
