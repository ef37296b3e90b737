"""Endpoints that serve the operation of a back end: what is usual for those of its users is not asked of them."""

import re

_OF_OPERATION = re.compile(
    r"(?:^|/)(?:health\w*|readyz?|livez?|liveness|readiness|ping|version|metrics|docs|api-docs\S*|swagger\S*|openapi\S*"
    r"|favicon\S*|robots\S*)(?:$|/)|^/$",
    re.IGNORECASE,
)


def is_of_operation(path: str) -> bool:
    """Whether a path is one of a health check, of documentation, or the like."""
    return _OF_OPERATION.search(path) is not None
