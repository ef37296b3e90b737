"""Renders Jinja templates: everything is escaped unless it says that it is safe, and nothing undefined passes.

Templates are sandboxed, since in a pull request a stranger may have written them.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.reporters.cutting import cut_markdown
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateError

_SUFFIX = ".j2"
MOST_BYTES = {"comment": 60_000, "summary": 900 * 1024}
"""What GitHub takes of a comment (65,536 characters) and of a step summary (1 MiB), with room to spare."""


class Asset(Struct, frozen=True):
    """A file that stands inside a page, with the hash by which the page's content security policy admits it."""

    text: str
    hash: str


def templates_by_format(names: Iterable[str]) -> dict[str, str]:
    """Template names by the format that each makes.

    What begins with an underscore is only included by others, and what stands in a folder shows more than a result.
    """
    return {
        name.split(".")[0]: name
        for name in names
        if name.endswith(_SUFFIX) and not name.startswith("_") and "/" not in name
    }


def render_template(name: str, result: AuditResult, options: RenderOptions) -> str:
    """Write a result through one template.

    Raises:
        ConfigurationError: the template is faulty.
    """
    text = fill_template(name, {"result": result}, options)
    most = options.max_bytes or MOST_BYTES.get(name.split(".", maxsplit=1)[0])
    return cut_markdown(text, most) if _is_markdown(name) and most else text


def fill_template(name: str, values: Mapping[str, object], options: RenderOptions) -> str:
    """Write values through one template.

    Raises:
        ConfigurationError: the template is faulty.
    """
    from jinja2 import TemplateError  # noqa: PLC0415 - slow to import

    try:
        return _environment(options, is_markdown=_is_markdown(name)).get_template(name).render(values)
    except TemplateError as error:
        raise ConfigurationError([f"{_place(error, name)}: the report template is faulty: {error}"]) from error


def _is_markdown(name: str) -> bool:
    return name.removesuffix(_SUFFIX).endswith(".md")


def _place(error: "TemplateError", name: str) -> str:
    """File and line of a fault: what the error says, else the innermost line of a template that was running."""
    import traceback  # noqa: PLC0415 - only on failure

    place = name
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename.endswith(_SUFFIX):
            place = f"{frame.f_code.co_filename}:{line}"
    line_said = getattr(error, "lineno", None)
    return f"{getattr(error, 'name', None) or name}:{line_said}" if line_said else place


def _environment(options: RenderOptions, *, is_markdown: bool) -> "Environment":
    from jinja2 import FunctionLoader, StrictUndefined  # noqa: PLC0415 - slow to import
    from markupsafe import Markup  # noqa: PLC0415 - as above

    from medpro_audit.reporters import _template_language as language  # noqa: PLC0415 - as above

    def find(name: str) -> tuple[str, str, None] | None:
        return (options.templates[name], name, None) if name in options.templates else None

    def asset(name: str) -> Asset:
        text = options.templates[name]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return Asset(Markup(text), digest)  # noqa: S704 - the template's own author wrote it

    environment = language.Sandbox(
        loader=FunctionLoader(find),
        autoescape=True,
        finalize=language.for_markdown if is_markdown else language.for_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {**language.GLOBALS, "asset": asset}
    environment.filters |= language.FILTERS
    return environment
