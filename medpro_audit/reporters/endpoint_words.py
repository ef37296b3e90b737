"""What every report says of endpoints, on a terminal as on a page."""

from collections.abc import Sequence
from itertools import groupby

from medpro_audit.model.subjects import PARTS, Endpoint, RequestPart, Validation
from medpro_audit.reporters.summary import count

_ALWAYS_SHOWN: tuple[RequestPart, ...] = ("body", "params", "query")
_SHORT_ROLES: dict[str, str] = {
    "authentication": "auth",
    "authorization": "authz",
    "rate-limit": "rate",
    "security-headers": "headers",
}
_UNREMARKABLE = {"body-parser", "compression", "cookies", "error-handler", "static", "validation", "<inline>"}


def in_order(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Endpoints in the order of the source."""
    return sorted(
        endpoints,
        key=lambda endpoint: (endpoint.backend, endpoint.file, endpoint.line, endpoint.path, endpoint.method),
    )


def endpoints_by_file(endpoints: Sequence[Endpoint]) -> list[tuple[str, list[Endpoint]]]:
    """Endpoints under the file that registers them."""
    return [(file, list(members)) for file, members in groupby(in_order(endpoints), key=lambda endpoint: endpoint.file)]


def shown_parts(endpoints: Sequence[Endpoint]) -> tuple[RequestPart, ...]:
    """The request parts worth a column: headers only where an endpoint reads them."""
    read = any(endpoint.validation.headers.status != "not-read" for endpoint in endpoints)
    return PARTS if read else _ALWAYS_SHOWN


def endpoints_in_words(endpoints: Sequence[Endpoint]) -> str:
    """How many endpoints there are, and of how many that can be reached each request part is validated."""
    reached = [endpoint for endpoint in endpoints if endpoint.reached]
    others = len(endpoints) - len(reached)
    sentence = [f"{count(len(reached), 'endpoint')}{f' and {others:,} that no application reaches' if others else ''}"]
    for part in PARTS:
        verdicts = [getattr(endpoint.validation, part).status for endpoint in reached]
        read = len(verdicts) - verdicts.count("not-read")
        if read:
            unknown = f", {verdicts.count('unknown')} unknown" if "unknown" in verdicts else ""
            sentence.append(f"{part} validated in {verdicts.count('validated')} of {read}{unknown}")
    return "; ".join(sentence)


def caveat(validation: Validation) -> str:
    """What a validation that exists leaves open; empty when nothing."""
    if validation.status != "validated":
        return ""
    if validation.is_permissive:
        return "the schema accepts anything"
    return f"the schema does not cover {', '.join(validation.uncovered)}" if validation.uncovered else ""


def guards(endpoint: Endpoint) -> tuple[str, ...]:
    """What stands before the handler, in order: roles where they are known, else names; validation is not repeated."""
    said = [word for use in endpoint.middleware for word in (use.roles or (use.name,)) if word not in _UNREMARKABLE]
    return tuple(dict.fromkeys(_SHORT_ROLES.get(word, word) for word in said))
