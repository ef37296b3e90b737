"""Places where templates put values into pages as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from medpro_audit.model.known import Known
from medpro_audit.model.subjects.template_output import TemplateOutput


class _Engine(NamedTuple):
    name: str
    pattern: re.Pattern[str]
    harmless: re.Pattern[str]
    """What a template includes or prints by itself, such as another template or JSON that is made safe."""


_INCLUDED = re.compile(
    r"^<%-\s*(?:include|body|contentFor|defineContent|await include|script|style|layout)\b|JSON\.stringify"
)
_LAYOUT = re.compile(r"^\{\{\{\s*(?:body|yield|block|content\b|>|@|#|/)")
_EJS = _Engine("ejs", re.compile(r"<%-[^%]{0,200}%>"), _INCLUDED)
_HANDLEBARS = _Engine("handlebars", re.compile(r"\{\{\{[^}]{0,200}\}\}\}"), _LAYOUT)
_PUG = _Engine(
    "pug",
    re.compile(r"(?:^[ \t]*[\w.#-]*(?:\([^)]{0,200}\))?!=[^\n]{1,200}|!\{[^}\n]{1,200}\})", re.MULTILINE),
    re.compile(r"^$"),
)
_NUNJUCKS = _Engine("nunjucks", re.compile(r"\{\{[^}]{0,200}\|\s*safe\s*\}\}"), re.compile(r"^$"))
_ENGINES = {
    ".ejs": _EJS,
    ".handlebars": _HANDLEBARS,
    ".hbs": _HANDLEBARS,
    ".mustache": _HANDLEBARS,
    ".pug": _PUG,
    ".jade": _PUG,
    ".njk": _NUNJUCKS,
    ".nunjucks": _NUNJUCKS,
}
_MAX_FILES = 500


def survey(known: Known) -> Iterable[TemplateOutput]:
    """One for each place, in the order of files and lines; of back ends that answer requests."""
    serving = {endpoint.backend for endpoint in known.base.endpoints}
    paths = [path for path in sorted(known.base.inventory.paths) if PurePosixPath(path).suffix in _ENGINES]
    found = (output for path in paths[:_MAX_FILES] for output in _outputs(known, path))
    return [output for output in found if output.backend in serving]


def _outputs(known: Known, path: str) -> Iterator[TemplateOutput]:
    engine = _ENGINES[PurePosixPath(path).suffix]
    content = known.base.read_asset(path)
    text = content.decode("utf-8", "replace") if content is not None else ""
    for match in engine.pattern.finditer(text):
        snippet = " ".join(match[0].split())
        if engine.harmless.search(snippet) is None:
            line = text.count("\n", 0, match.start()) + 1
            yield TemplateOutput(path, line, known.base.backend_of(path), engine.name, snippet[:120])
