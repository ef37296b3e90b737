"""Which logger a back end has settled on: the configured one, else the one that most of its server modules use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from medpro_audit.model.logs.loggers import Receiver


class Use(NamedTuple):
    """A module of a back end makes log calls on a logger."""

    backend: str
    path: str
    receiver: Receiver


class Settled(NamedTuple):
    """The logger of a back end."""

    name: str
    """Module or package."""
    instances: frozenset[str] = frozenset()
    """Loggers that it is known to be."""

    def covers(self, path: str, receiver: Receiver) -> bool:
        """Whether a logger, used in a module, is this one."""
        return (
            receiver.is_of_request
            or receiver.instance in self.instances
            or self.name in _names(path, receiver)
            or (not self.instances and self.name == receiver.package)
        )


def settle(uses: Iterable[Use], configured: str | None) -> dict[str, Settled]:
    """The logger of each back end in which one is used.

    Args:
        uses: Of server modules only.
        configured: Module or package that the configuration names.
    """
    votes: defaultdict[str, defaultdict[str, dict[str, Receiver]]] = defaultdict(lambda: defaultdict(dict))
    for backend, path, receiver in uses:
        if receiver.kind == "logger":
            votes[backend][_chief_name(path, receiver)][path] = receiver
    if configured is not None:
        name = configured.removeprefix("./")
        return {backend: Settled(name) for backend in votes}
    return {backend: _elected(by_name) for backend, by_name in votes.items()}


def _elected(by_name: dict[str, dict[str, Receiver]]) -> Settled:
    def weight(name: str) -> tuple[bool, int, str]:
        voters = by_name[name]
        is_of_request = all(receiver.is_of_request for receiver in voters.values())
        return (is_of_request, -len(voters), name)

    name = min(by_name, key=weight)
    return Settled(name, frozenset(receiver.instance for receiver in by_name[name].values()))


def _chief_name(path: str, receiver: Receiver) -> str:
    """What to call a logger: the module that makes it for others, or else its package."""
    made_elsewhere = receiver.makers[:1] if path not in receiver.makers else ()
    return next((name for name in (*made_elsewhere, receiver.via, receiver.package) if name), path)


def _names(path: str, receiver: Receiver) -> set[str | None]:
    """Everything that a logger can be called by: its package only when it is nobody else's."""
    is_own = not receiver.makers or path in receiver.makers
    return {*receiver.makers, receiver.via, receiver.package if is_own else None}
