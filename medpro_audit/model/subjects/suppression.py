"""A comment that accepts findings of rules at a place."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Suppression(Struct, frozen=True):
    """One rule that one comment accepts the findings of."""

    file: str
    line: int
    """Of the comment."""
    backend: str
    rule: str
    """Id of the rule, as it is written."""
    reason: str
    """Why, empty when the comment gives none: it then accepts nothing."""
    scope: Literal["line", "block", "file"]
    first: int
    """First line in which findings are accepted."""
    last: int
    is_known: bool = True
    """There is such a rule."""
    is_used: bool = True
    """It accepts a finding, or its rule is switched off."""
    nearest: str | None = None
    """The rule that is probably meant by an unknown one."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File, rule and scope."""
        return f"{self.file} {self.rule} {self.scope}"


SUBJECT = Suppression
