"""The baseline for people: what is accepted, why, until when, and what of it is over."""

from collections.abc import Iterator

from medpro_audit.core.errors import UsageError
from medpro_audit.core.finding import Finding
from medpro_audit.core.nearest import suggest
from medpro_audit.gate.baseline import Match
from medpro_audit.reporters.marks import BROKEN, HOLDS, UNKNOWN, Mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count, place_of
from medpro_audit.reporters.terminal import Terminal, joined
from medpro_audit.result.baseline import Entry

_INDENT = "  "


def render_baseline(name: str, match: Match, options: RenderOptions) -> str:
    """Accepted findings, then those whose time is over, then lines whose findings are fixed; how many of each."""
    terminal = Terminal.of(options)
    lines: list[str] = []
    for entry, finding in match.known:
        lines += _entry(terminal, HOLDS, entry, finding)
    for entry, finding in match.expired:
        lines += _entry(terminal, BROKEN, entry, finding)
    for entry in match.stale:
        lines += _entry(terminal, UNKNOWN, entry, None)
    counted = [count(len(match.known), "finding") + " accepted"]
    counted += [f"{len(match.expired)} over"] if match.expired else []
    counted += [f"{len(match.stale)} fixed (baseline prune)"] if match.stale else []
    counted += [f"{len(match.new)} not accepted"] if match.new else []
    return joined([*lines, *terminal.paragraph(f"{name}: {', '.join(counted)}", style="strong")])


def render_line(fingerprint: str, match: Match, options: RenderOptions) -> str:
    """One line of the baseline, or one finding that it does not know.

    Raises:
        UsageError: There is neither.
    """
    terminal = Terminal.of(options)
    for mark, pairs in ((HOLDS, match.known), (BROKEN, match.expired)):
        for entry, finding in pairs:
            if fingerprint in {entry.fingerprint, finding.fingerprint}:
                return joined(_entry(terminal, mark, entry, finding))
    for entry in match.stale:
        if entry.fingerprint == fingerprint:
            return joined(_entry(terminal, UNKNOWN, entry, None))
    for finding in match.new:
        if finding.fingerprint == fingerprint:
            head = terminal.paint(place_of(finding), "accent")
            text = terminal.paragraph(f"{finding.rule}: {finding.message}", first=_INDENT, rest=_INDENT)
            return joined([head, *text, *terminal.paragraph("not accepted", first=_INDENT, style="none")])
    known = [entry.fingerprint for entry, _ in (*match.known, *match.expired)]
    meant = suggest(fingerprint, known) or "; medpro-audit baseline show lists all lines"
    raise UsageError(f'there is no line and no finding "{fingerprint}"{meant}')


def _entry(terminal: Terminal, mark: Mark, entry: Entry, finding: Finding | None) -> Iterator[str]:
    place = place_of(finding) if finding is not None else entry.file
    yield f"{terminal.mark(mark)} {terminal.paint(place, 'accent')}"
    yield from terminal.paragraph(f"{entry.rule}: {entry.subject}", first=_INDENT, rest=_INDENT)
    yield from terminal.paragraph(_about(entry, finding), first=_INDENT, rest=_INDENT, style="none")


def _about(entry: Entry, finding: Finding | None) -> str:
    parts = [entry.fingerprint, entry.reason or "no reason given"]
    parts += [f"owner {entry.owner}"] if entry.owner else []
    parts += [f"until {entry.expires}"] if entry.expires is not None else []
    if finding is None:
        parts.append("its finding is not there any more")
    elif finding.file != entry.file:
        parts.append(f"moved from {entry.file}")
    return "; ".join(parts)
