"""The functions that do the work of endpoints, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue
from medpro_audit.model.known import Base
from medpro_audit.model.subjects import Endpoint


class Handling(NamedTuple):
    """A handler, and the first endpoint that it does the work of."""

    function: FunctionValue
    endpoint: Endpoint


def handlers(base: Base) -> Iterator[Handling]:
    """All handlers of the server's code that are known, in the order of the endpoints."""
    seen: set[FunctionKey] = set()
    for row, endpoint in zip(base.rows, base.endpoints, strict=True):
        found = base.endpoint_builder.passage(row).found
        function = found.value if found is not None else None
        if not isinstance(function, FunctionValue) or function.key in seen:
            continue
        seen.add(function.key)
        if base.roles.get(function.module.path) == "server":
            yield Handling(function, endpoint)
