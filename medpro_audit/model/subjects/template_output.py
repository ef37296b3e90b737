"""A place where a template puts a value into a page as it is."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class TemplateOutput(Struct, frozen=True):
    """A place where a template of a server puts a value into a page without escaping it."""

    file: str
    line: int
    backend: str
    engine: str
    """Of the template: ``ejs``, ``handlebars``, ``pug``, ``nunjucks``."""
    snippet: str
    is_escaped: bool = False
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the place's own source."""
        return f"{self.file} {self.snippet}"


SUBJECT = TemplateOutput
