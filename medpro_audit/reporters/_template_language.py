"""What templates may call, and how their output is escaped; imported only when a template is rendered."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from msgspec import Struct

from medpro_audit.metrics import scorecard
from medpro_audit.reporters import (
    bulletin,
    changes,
    claims,
    connections,
    endpoint_words,
    escaping,
    history,
    marks,
    matrix,
    plan,
    summary,
    tasks,
    trend_svg,
)

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


def code_line(text: str) -> Markup:
    """One line of code for HTML with its indentation."""
    return escape(escaping.visible_code(text.replace("\n", " ")))


def breakable(text: str) -> Markup:
    """A path for HTML that breaks before its slashes."""
    return Markup("<wbr>/").join(escaping.visible(text).split("/"))


def link(address: str) -> Markup:
    """An address for a link of Markdown or an attribute of HTML: nothing in it ends either."""
    return _safe(quote(address, safe="/:?=%+,;@~.-_#"))


def prose(text: str) -> Markup:
    """Markdown of a rule as HTML: no raw HTML, no images, links to https only."""
    reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading"])
    reader.validateLink = lambda url: url.startswith("https://")  # type: ignore[method-assign]  # documented hook
    return _safe(reader.render(escaping.visible_code(text)))


def hyphenable(text: str) -> Markup:
    """Text in which long words may be parted between their syllables, for heads of narrow columns."""
    return _safe(_SYLLABLES.sub("\\1&shy;", str(escape(escaping.visible(text)))))


_SYLLABLES = re.compile(r"\b(Authen|Authori|Docu)(?=[a-z])")


def middle(text: str, width: int) -> str:
    """Text cut in its middle to a number of characters."""
    return escaping.shortened(escaping.visible(text), width)


def folder_id(path: str) -> str:
    """What identifies a folder on the page."""
    return "folder-" + re.sub(r"[^A-Za-z0-9_./-]", lambda found: f"~{ord(found[0]):x}", path)


def verdict_cells(verdicts: Iterable[marks.Mark]) -> Markup:
    """Cells of the endpoint matrix: thousands of them, so each is as short as can be."""
    return _safe("".join(_CELLS[mark] for mark in verdicts))


def verdict_code(mark: marks.Mark) -> str:
    """The letter that stands for a verdict in the style and the script of the matrix."""
    return _CODES[mark]


_CODES = {
    marks.HOLDS: "h",
    marks.IN_PART: "w",
    marks.BROKEN: "b",
    marks.UNKNOWN: "u",
    marks.DOES_NOT_APPLY: "n",
}
_CELLS = {mark: f'<td class="{code}">{mark.word}</td>' for mark, code in _CODES.items()}


def folder(file: str) -> str:
    """A path up to its last slash, which it keeps."""
    return file[: file.rfind("/") + 1]


def base(file: str) -> str:
    """A path after its last slash."""
    return file[file.rfind("/") + 1 :]


def _safe(escaped: str) -> Markup:
    return Markup(escaped)  # noqa: S704 - every caller has escaped it


def first_upper(text: str) -> str:
    """A sentence that begins with a capital."""
    return text[:1].upper() + text[1:]


_FILTERS: tuple[Callable[..., str], ...] = (
    base,
    breakable,
    code,
    code_line,
    first_upper,
    folder,
    hyphenable,
    lead,
    link,
    middle,
    mono,
    prose,
)
_FUNCTIONS: tuple[Callable[..., object], ...] = (
    bulletin.change_in_words,
    bulletin.forecast_in_words,
    changes.changed_in_words,
    changes.changes_by_backend,
    changes.metric_trend,
    claims.claim_mark,
    claims.claimed_in_words,
    claims.claims_in_words,
    claims.measured_in_words,
    connections.connection_remarks,
    connections.setting_text,
    connections.sorted_connections,
    connections.sorted_settings,
    endpoint_words.caveat,
    endpoint_words.endpoints_by_file,
    endpoint_words.endpoints_in_words,
    endpoint_words.guards,
    endpoint_words.shown_parts,
    folder_id,
    marks.metric_mark,
    marks.validation_legend,
    marks.validation_mark,
    marks.verdict_mark,
    matrix.matrix,
    matrix.tally_in_words,
    plan.plan,
    scorecard.aggregate,
    history.contribution_in_words,
    summary.at,
    summary.completeness_rows,
    summary.count,
    summary.counted,
    summary.day_in_words,
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
    trend_svg.chart,
    verdict_cells,
    verdict_code,
)

FILTERS: dict[str, Callable[..., str]] = {function.__name__: function for function in _FILTERS}
GLOBALS: dict[str, object] = {
    **{function.__name__: function for function in _FUNCTIONS},
    "connection_fields": connections.FIELDS,
    "matrix_legend": marks.LEGEND,
    "severity_marks": marks.SEVERITY_MARKS,
}
