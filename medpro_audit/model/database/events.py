"""What is seen of a connection after it was opened: who listens for its errors, and who starts it."""

from __future__ import annotations

from collections import defaultdict

from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.values import CallRecord, Constant, External, Site

_LISTENING = frozenset(("on", "once", "addListener", "prependListener"))
_CONNECTING = frozenset(("connect", "authenticate", "sync", "initialize", "openUri", "$connect"))
_WAITING = "asPromise"
"""A member of mongoose's connections that waits for the attempt that was made elsewhere."""
_ENDING = frozenset(("end", "destroy", "close", "quit", "disconnect", "release"))
_MAX_KEPT = 2_000

SiteKey = tuple[str, int]
"""Path and byte offset of a call."""


class ConnectionEvents:
    """Listens to calls of what drivers return."""

    def __init__(self) -> None:
        self.heard: set[SiteKey] = set()
        """Calls on whose result somebody listens for ``error``."""
        self.heard_packages: set[str] = set()
        """Packages on whose own connection somebody listens or waits: ``mongoose.connection.on('error', …)``."""
        self.ended: set[SiteKey] = set()
        """Calls whose result is closed somewhere."""
        self.attempts: defaultdict[SiteKey, dict[SiteKey, Site]] = defaultdict(dict)
        """Calls that try to connect, by the calls that made what they connect; an opening that connects is its own."""

    def observe(self, record: CallRecord) -> None:
        """Note a call, if it is one of those."""
        callee = record.callee
        if not isinstance(callee, External) or len(self.attempts) > _MAX_KEPT:
            return
        name = callee.name.rpartition(".")[2]
        if name in _LISTENING:
            event = record.arguments[0].value if record.arguments else None
            if isinstance(event, Constant) and event.value == "error":
                made = [_key(call.site) for call in callee.calls()]
                self.heard.update(made)
                if not made and _is_of_driver(callee):
                    self.heard_packages.add(callee.package)
        elif name in _ENDING and _is_of_driver(callee):
            self.ended.update(_key(call.site) for call in callee.calls())
        elif name == _WAITING and not list(callee.calls()) and _is_of_driver(callee):
            self.heard_packages.add(callee.package)
        elif name in {*_CONNECTING, _WAITING} and _is_of_driver(callee):
            made = [_key(call.site) for call in callee.calls()]
            for key in made or [_key(record.site)]:
                self.attempts[key][_key(record.site)] = record.site


def _key(site: Site) -> SiteKey:
    return (site.module.path, site.at)


def _is_of_driver(value: External) -> bool:
    current: External | None = value
    while current is not None:
        if current.package in drivers():
            return True
        current = current.parent
    return False
