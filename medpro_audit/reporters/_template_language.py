"""What templates may call, and how their output is escaped; imported only when a template is rendered."""

import re
from collections.abc import Callable

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from msgspec import Struct

from medpro_audit.metrics import scorecard
from medpro_audit.reporters import changes, connections, endpoint_words, escaping, marks, plan, summary, tasks

_LONGEST_MONO = 240
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


_NOTHING = object()


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which asks nothing more about public attributes of our own frozen data: a third of the time."""

    def getattr(self, obj: object, attribute: str) -> object:
        """An attribute, as a template reads it."""
        if isinstance(obj, Struct | tuple) and not attribute.startswith("_"):
            value = getattr(obj, attribute, _NOTHING)
            if value is not _NOTHING:
                return value
        return super().getattr(obj, attribute)


def for_html(value: object) -> object:
    """Text without characters that reorder or hide others; Jinja escapes it next."""
    return value if hasattr(value, "__html__") or not isinstance(value, str) else escaping.visible(value)


def for_markdown(value: object) -> object:
    """Text escaped for Markdown; Jinja leaves it alone."""
    return value if hasattr(value, "__html__") else _safe(escaping.markdown(str(value)))


def mono(text: str) -> Markup:
    """Monospaced in Markdown, cut in its middle where absurdly long."""
    return _safe(escaping.markdown_code(escaping.shortened(text, _LONGEST_MONO)))


def lead(text: str) -> Markup:
    """First paragraph of a rule's Markdown as Markdown that can do no harm: code stays code, all else becomes text."""
    first = _LINK.sub(r"\1", text.strip().split("\n\n")[0].replace("**", ""))
    pieces = first.split("`")
    kinds = (escaping.markdown, escaping.markdown_code)
    return _safe("".join(kinds[index % 2](piece) for index, piece in enumerate(pieces)))


def code(text: str) -> Markup:
    """Code for HTML with its line breaks."""
    return escape(escaping.visible_code(text).strip("\n"))


def breakable(text: str) -> Markup:
    """A path for HTML that breaks before its slashes."""
    return Markup("<wbr>/").join(escaping.visible(text).split("/"))


def prose(text: str) -> Markup:
    """Markdown of a rule as HTML: no raw HTML, no images, links to https only."""
    reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading"])
    reader.validateLink = lambda url: url.startswith("https://")  # type: ignore[method-assign]  # documented hook
    return _safe(reader.render(escaping.visible_code(text)))


def folder(file: str) -> str:
    """A path up to its last slash, which it keeps."""
    return file[: file.rfind("/") + 1]


def base(file: str) -> str:
    """A path after its last slash."""
    return file[file.rfind("/") + 1 :]


def _safe(escaped: str) -> Markup:
    return Markup(escaped)  # noqa: S704 - every caller has escaped it


_FILTERS: tuple[Callable[[str], str], ...] = (base, breakable, code, folder, lead, mono, prose)
_FUNCTIONS: tuple[Callable[..., object], ...] = (
    changes.changed_in_words,
    changes.changes_by_backend,
    changes.metric_trend,
    connections.connection_remarks,
    connections.setting_text,
    connections.sorted_connections,
    connections.sorted_settings,
    endpoint_words.caveat,
    endpoint_words.endpoints_by_file,
    endpoint_words.endpoints_in_words,
    endpoint_words.guards,
    endpoint_words.shown_parts,
    marks.metric_mark,
    marks.validation_legend,
    marks.validation_mark,
    marks.verdict_mark,
    plan.plan,
    scorecard.aggregate,
    summary.at,
    summary.completeness_rows,
    summary.count,
    summary.counted,
    summary.duration,
    summary.fraction,
    summary.grouped,
    summary.next_command,
    summary.next_steps,
    summary.not_understood,
    summary.measured,
    summary.numbers_of,
    summary.unknown_share,
    summary.percent,
    summary.points,
    summary.tally,
    summary.verdict_sentence,
    tasks.tasks,
)

FILTERS: dict[str, Callable[[str], str]] = {function.__name__: function for function in _FILTERS}
GLOBALS: dict[str, object] = {
    **{function.__name__: function for function in _FUNCTIONS},
    "connection_fields": connections.FIELDS,
    "severity_marks": marks.SEVERITY_MARKS,
}
