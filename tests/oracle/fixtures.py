"""The fixtures of Express wiring, and what is stated beside each."""

import json
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from oracle.rows import Part

ExpressVersion = Literal[4, 5]
VERSIONS: tuple[ExpressVersion, ...] = (4, 5)

FIXTURES = Path(__file__).parent.parent / "fixtures" / "express"


class Probe(Struct, frozen=True):
    """A request that is really sent, and whether the application takes it."""

    method: str
    path: str
    expects: Literal["rejected", "handled"]
    part: str
    """Request part that it has wrong (or right, in a control)."""
    body: object = None
    headers: dict[str, str] = {}


class Stated(Struct, frozen=True, forbid_unknown_fields=True):
    """What a fixture says of one endpoint itself, where a package or V8 hides it from the oracle."""

    place: str | None = None
    """``file:line`` of the registration, where a package made it: of a decorator."""
    handler: str | None = None
    """``file:line`` of the handler, where it is reached through ``this`` or a package's wrapper."""
    own: tuple[str, ...] | None = None
    """Names of the route-level middleware, where a package adds its own."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How a fixture is run; its ``fixture.json``."""

    express: tuple[ExpressVersion, ...] = VERSIONS
    """Versions in which the idiom exists."""
    entries: tuple[str, ...] = ()
    environments: tuple[dict[str, str], ...] = ()
    """Each is one run; what only some of them register is conditional."""
    samples: tuple[str, ...] = ()
    """Request paths for routes for which none can be guessed."""
    links: dict[str, str] = {}
    """Workspace packages, name to folder."""
    stated: dict[str, Stated] = {}
    """What Express can't tell of an endpoint, by its identity."""


def fixtures() -> list[Path]:
    """Folders of the fixtures, by name."""
    return sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir())


def settings(fixture: Path) -> Settings:
    """Content of a fixture's ``fixture.json``."""
    file = fixture / "fixture.json"
    return msgspec.json.decode(file.read_bytes(), type=Settings) if file.exists() else Settings()


def expected_validation(fixture: Path) -> dict[str, dict[str, Part]] | None:
    """Read a fixture's ``expected.json``: verdicts that Express can't know; None without one.

    ``["body"]`` says which parts Zod validates, and that it validates no other; an object gives the status of a part,
    or status and more, and leaves the others open.
    """
    file = fixture / "expected.json"
    if not file.exists():
        return None
    return {identity: _stated(value) for identity, value in json.loads(file.read_text()).items()}


def _stated(value: list[str] | dict[str, object]) -> dict[str, Part]:
    if isinstance(value, list):
        return {part: Part("validated" if part in value else "!validated") for part in ("body", "params", "query")}
    return {
        part: Part(verdict) if isinstance(verdict, str) else msgspec.convert(verdict, Part)
        for part, verdict in value.items()
    }


def probes(fixture: Path) -> list[Probe]:
    """Read a fixture's ``probes.json``."""
    file = fixture / "probes.json"
    return msgspec.json.decode(file.read_bytes(), type=list[Probe]) if file.exists() else []
