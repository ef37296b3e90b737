"""A status document held against the measurement: for people, and as JSON."""

from collections.abc import Iterator

from medpro_audit.claims.checking import ClaimReport, Measured, Status, Verdict
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.marks import BROKEN, DOES_NOT_APPLY, HOLDS, UNKNOWN, Mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count, percent
from medpro_audit.reporters.terminal import Terminal, joined

_TITLES: dict[Status, tuple[str, Mark]] = {
    "overstated": ("Less is done than it says", BROKEN),
    "understated": ("More is done than it says", Mark("▲", "understated", "warning")),
    "unknown": ("Can't be said", UNKNOWN),
    "holds": ("As measured", HOLDS),
    "unmapped": ("Not measured", DOES_NOT_APPLY),
}
"""In the order in which they are told."""
_INDENT = "  "


def render_claims(report: ClaimReport, options: RenderOptions) -> str:
    """The answer in one sentence, contradictions, then the claims by how they stand, and the answer again."""
    terminal = Terminal.of(options)
    lines = [*_answer(terminal, report), *_contradictions(terminal, report)]
    for status, (title, mark) in _TITLES.items():
        verdicts = report.of(status)
        if verdicts:
            lines += ["", terminal.paint(f"{title} · {len(verdicts)}", "strong")]
            lines += [line for verdict in verdicts for line in _verdict(terminal, report.document, verdict, mark)]
    return joined([*lines, "", *_answer(terminal, report)])


def render_claims_json(report: ClaimReport) -> str:
    """The report as it is, with how many claims stand how."""
    counted = {status: len(report.of(status)) for status in _TITLES}
    return encode({"schema_version": 1, "counts": counted, "report": report})


def claims_in_words(report: ClaimReport) -> str:
    """How the document stands, in one sentence."""
    parts = [
        f"{len(report.of(status))} {mark.word if status != 'overstated' else 'overstated'}" for status, mark in _WORDS
    ]
    return f"{report.document}: {count(len(report.verdicts), 'claim')}, {', '.join(parts)}; {_contradicted(report)}."


_WORDS: tuple[tuple[Status, Mark], ...] = (
    ("overstated", BROKEN),
    ("understated", Mark("▲", "understated", "warning")),
    ("unknown", UNKNOWN),
    ("holds", Mark("●", "as measured", "holds")),
    ("unmapped", Mark("–", "not measured", "none")),  # noqa: RUF001 - the sign for "does not apply"
)


def _contradicted(report: ClaimReport) -> str:
    found = len(report.contradictions)
    return f"it contradicts itself {count(found, 'time')}" if found else "it does not contradict itself"


def _answer(terminal: Terminal, report: ClaimReport) -> Iterator[str]:
    mark = BROKEN if report.of("overstated") or report.contradictions else HOLDS
    yield from terminal.paragraph(
        claims_in_words(report), first=terminal.mark(mark) + " ", rest=_INDENT, style="strong"
    )


def _contradictions(terminal: Terminal, report: ClaimReport) -> Iterator[str]:
    if not report.contradictions:
        return
    yield ""
    yield terminal.paint(f"It contradicts itself · {len(report.contradictions)}", "strong")
    for each in report.contradictions:
        place = terminal.paint(f"{report.document}:{each.lines[0]}", "accent")
        yield from terminal.paragraph(each.text, first=f"{terminal.mark(BROKEN)} {place} ", rest=_INDENT)


def _verdict(terminal: Terminal, document: str, verdict: Verdict, mark: Mark) -> Iterator[str]:
    place = terminal.paint(f"{document}:{verdict.claim.line}", "accent")
    yield from terminal.paragraph(verdict.claim.subject, first=f"{terminal.mark(mark)} {place} ", rest=_INDENT)
    yield from terminal.paragraph(_held_against(verdict), first=_INDENT, rest=_INDENT, style="none")


def _held_against(verdict: Verdict) -> str:
    claim, measured = verdict.claim, verdict.measured
    claimed = f"claimed {percent(claim.share)}" if claim.share is not None else f"claimed {claim.kind}"
    if claim.kind == "words":
        claimed = f'says "{claim.text}"'
    if claim.kind == "open" and claim.share is not None:
        claimed = f"claimed open, {percent(claim.share)}"
    if measured is None:
        return f"{claimed}: {verdict.reason}"
    return f"{claimed}, {_measured(measured)}: {verdict.reason}"


def _measured(measured: Measured) -> str:
    if measured.share is None:
        return f"not measured ({measured.yardstick.name})"
    unknown = f", {measured.unknown:,} unknown" if measured.unknown else ""
    numbers = f"{measured.numerator:,} of {measured.denominator:,}{unknown}"
    return f"measured {percent(measured.share)} ({numbers}; {measured.yardstick.name})"
