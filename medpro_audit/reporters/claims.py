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
    parts = [f"{len(report.of(status))} {mark.word}" for status, mark in _WORDS.items()]
    return f"{report.document}: {count(len(report.verdicts), 'claim')}, {', '.join(parts)}; {_contradicted(report)}."


_WORDS: dict[Status, Mark] = {
    "overstated": Mark(BROKEN.glyph, "overstated", BROKEN.tone),
    "understated": Mark("▲", "understated", "warning"),
    "unknown": UNKNOWN,
    "holds": Mark(HOLDS.glyph, "as measured", HOLDS.tone),
    "unmapped": Mark(DOES_NOT_APPLY.glyph, "not measured", DOES_NOT_APPLY.tone),
}


def claim_mark(verdict: Verdict) -> Mark:
    """How a claim stands."""
    return _WORDS[verdict.status]


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
    claimed = claimed_in_words(verdict) if claim.kind == "words" else f"claimed {claimed_in_words(verdict)}"
    if measured is None:
        return f"{claimed}: {verdict.reason}"
    return f"{claimed}, {_measured(measured)}: {verdict.reason}"


def claimed_in_words(verdict: Verdict) -> str:
    """What the document says of it: ``100 %``, ``open, 40 %``, ``done``."""
    claim = verdict.claim
    if claim.kind == "words":
        return f'says "{claim.text}"'
    if claim.share is None:
        return claim.kind
    return f"open, {percent(claim.share)}" if claim.kind == "open" else percent(claim.share)


def measured_in_words(measured: Measured) -> str:
    """A measurement with its numbers: ``23.1 % · 6 of 26``."""
    if measured.share is None:
        return "not measured"
    unknown = f", {measured.unknown:,} unknown" if measured.unknown else ""
    return f"{percent(measured.share)} · {measured.numerator:,} of {measured.denominator:,}{unknown}"


def _measured(measured: Measured) -> str:
    if measured.share is None:
        return f"not measured ({measured.yardstick.name})"
    share, _, numbers = measured_in_words(measured).partition(" · ")
    return f"measured {share} ({numbers}; {measured.yardstick.name})"
