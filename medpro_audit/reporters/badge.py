"""A badge for a README: the gate's answer, or how far the scorecard is, as an SVG image."""

from medpro_audit.metrics.scorecard import aggregate
from medpro_audit.reporters.marks import Tone, verdict_mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

_LABEL = "medpro-audit"
_COLOURS: dict[Tone, str] = {
    "holds": "#0b6e4f",
    "broken": "#b3261e",
    "unknown": "#6b5b00",
    "warning": "#6b5b00",
    "none": "#555",
}
_WIDTH_OF_A_LETTER = 6.5
_PADDING = 10


def render(result: AuditResult, options: RenderOptions) -> str:  # noqa: ARG001 - the same for all formats
    """The badge; its text is also its accessible name."""
    mark = verdict_mark(result)
    share = aggregate(result.metrics)
    measured = f"{share:g} %" if share is not None else "not measured"
    word = measured if result.verdict.status == "not-gated" else f"{mark.word} · {measured}"
    left, right = _width(_LABEL), _width(word)
    title = f"{_LABEL}: {word}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<rect width="{left}" height="20" fill="#333"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[mark.tone]}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2:g}" y="14">{_LABEL}</text><text x="{left + right / 2:g}" y="14">{word}</text>'
        "</g></svg>\n"
    )


def _width(text: str) -> int:
    return round(len(text) * _WIDTH_OF_A_LETTER) + _PADDING
