"""A secret that stands in the repository."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

SecretKind = Literal["password", "secret", "key", "token", "private key", "address with a password"]


class Secret(Struct, frozen=True):
    """A secret that stands in the repository; its value is in nothing that is said of it."""

    kind: SecretKind
    name: str
    """The variable or property that it is given to, or the service that it is for."""
    source: Literal["code", "settings"]
    """settings: a file of environment variables, or of the package ``config``, that git does not ignore."""
    is_default: bool
    """It stands in for an environment variable that is not set."""
    file: str
    line: int
    column: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is; ``server`` for settings."""
    snippet: str
    """Its source, with the value masked."""
    is_for_trying: bool = False
    """It stands in an endpoint that refuses everybody by default, such as one that fills a database outside of
    production.
    """
    is_idle: bool = False
    """It is a default that no program can use: each that loads the module throws or exits where the variable is unset,
    or none loads it.
    """
    trail: tuple[Step, ...] = ()
    """Where it is read, and the calls that it signs or verifies for."""

    @property
    def sentence(self) -> str:
        """What it is, in words."""
        article = "an" if self.kind.startswith("a") else "a"
        what = f"{self.name}, {article} {self.kind}," if self.name.lower() != self.kind else f"A {self.kind}"
        return f"{what} has a default in the code" if self.is_default else f"{what} stands in the repository"

    @property
    def identity(self) -> str:
        """Kind, file and name."""
        return f"{self.kind} {self.file} {self.name}"


SUBJECT = Secret
