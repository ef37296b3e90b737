"""What ``medpro-audit watch`` prints: a short summary once, then only what is different."""

from collections.abc import Iterable, Iterator, Sequence

from medpro_audit.core.notice import Notice
from medpro_audit.reporters import summary
from medpro_audit.reporters.changes import KindRemark, difference_lines, remark_lines, some
from medpro_audit.reporters.console import verdict_lines
from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.marks import UNKNOWN, verdict_mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import Style, Terminal, joined
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import Difference

FILES_NAMED = 3
_LONGEST_PLACE = 240


def render_start(result: AuditResult, options: RenderOptions) -> str:
    """The verdict, the scorecard in a line, and that it goes on."""
    terminal = Terminal.of(options)
    measured = [f"{each.title} {summary.share_in_words(each)}" for each in result.metrics if each.share is not None]
    missing = len(result.metrics) - len(measured)
    scorecard = [*measured, *([f"{missing} not measured"] if missing else [])]
    watching = f"Watching {summary.count(result.completeness.files, 'file')} for changes; Ctrl-C ends it."
    lines = [
        *terminal.paragraph(f"{result.tool.name} {result.tool.version} · {result.project}", style="none"),
        *verdict_lines(terminal, result),
        *terminal.paragraph(" · ".join(scorecard), first="  ", rest="  "),
        *terminal.paragraph(watching, first="  ", rest="  ", style="none"),
    ]
    return joined(lines)


def render_difference(files: Sequence[str], difference: Difference, after: AuditResult, options: RenderOptions) -> str:
    """What is different in ``after``, since these files have changed."""
    terminal = Terminal.of(options)
    if difference.is_empty:
        return _block(terminal, f"{_names(files)}: no difference", [], "none")
    lines = [*difference_lines(terminal, difference), *_verdict(terminal, difference, after)]
    return _block(terminal, _names(files), lines, "strong")


def render_held(files: Sequence[str], faults: Sequence[Notice], options: RenderOptions) -> str:
    """That these files can't be read as they are now, so that nothing is compared yet."""
    terminal = Terminal.of(options)
    faulty = [KindRemark(fault.place, fault.message) for fault in faults]
    lines = some(terminal, faulty, lambda each: remark_lines(terminal, " ", each))
    return _block(terminal, f"{_names(files)}: nothing is compared until it can be read", lines, "unknown")


def render_fault(files: Sequence[str], problems: Iterable[str], options: RenderOptions) -> str:
    """That there is no result, since the configuration or a rule pack is wrong."""
    terminal = Terminal.of(options)
    first = f"  {terminal.mark(UNKNOWN)} "
    lines = (line for problem in problems for line in terminal.paragraph(problem, first=first, rest="    "))
    return _block(terminal, f"{_names(files)}: nothing is scanned until it is mended", lines, "unknown")


def _block(terminal: Terminal, title: str, lines: Iterable[str], style: Style) -> str:
    return joined(["", *terminal.paragraph(title, rest="  ", style=style), *lines])


def _names(files: Sequence[str]) -> str:
    shown = [shortened(visible(file), _LONGEST_PLACE) for file in sorted(files)[:FILES_NAMED]]
    more = len(files) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _verdict(terminal: Terminal, difference: Difference, after: AuditResult) -> Iterator[str]:
    if difference.gate_changed:
        yield from verdict_lines(terminal, after)
        yield terminal.paint(f"  It was: {difference.verdict_before.status.replace('-', ' ')}.", "none")
    else:
        mark = verdict_mark(after)
        text = f"{mark.word} · {summary.counted(after)}"
        yield from terminal.paragraph(text, first=f"{terminal.mark(mark)} ", rest="  ", style="none")
