"""What ``medpro-audit watch`` prints: a short summary once, then only what is different."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.subjects import PARTS, Endpoint, MiddlewareUse, UnresolvedImport, UnresolvedRoute
from medpro_audit.reporters import summary
from medpro_audit.reporters.console import place_of, share_in_words, verdict_lines
from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.marks import BROKEN, SEVERITY_MARKS, UNKNOWN, Mark, Tone, validation_mark, verdict_mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import Style, Terminal, joined
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import Difference, EndpointChange, MetricChange

Item = TypeVar("Item")

MOST = 20
"""Findings, endpoints and the like that are shown of each kind."""
FILES_NAMED = 3
ENDPOINTS_NAMED = 3
"""Where more have changed in the same way, one is named and the others are counted."""
_LONGEST_PLACE = 240
_CHANGED = Mark("·", "changed", "none")
_WORST: tuple[Tone, ...] = ("broken", "unknown", "holds", "none")


def render_start(result: AuditResult, options: RenderOptions) -> str:
    """The verdict, the scorecard in a line, and that it goes on."""
    terminal = Terminal.of(options)
    measured = [f"{each.title} {share_in_words(each)}" for each in result.metrics if each.share is not None]
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
    lines = [
        *_some(terminal, difference.new, lambda each: _finding(terminal, "+", each)),
        *_some(terminal, difference.fixed, lambda each: _finding(terminal, "-", each)),
        *_some(terminal, _by_rule(difference.newly_sought), lambda each: _rule(terminal, "+", *each)),
        *_some(terminal, _by_rule(difference.no_longer_sought), lambda each: _rule(terminal, "-", *each)),
        *_some(terminal, difference.endpoints_added, lambda each: _endpoint(terminal, "+", each)),
        *_some(terminal, difference.endpoints_removed, lambda each: _endpoint(terminal, "-", each)),
        *_some(terminal, _alike(difference.endpoints_changed), lambda each: _endpoints_changed(terminal, each)),
        *_some(terminal, _remarks(difference, "new"), lambda each: _remark(terminal, "+", each)),
        *_some(terminal, _remarks(difference, "closed"), lambda each: _remark(terminal, "-", each)),
        *(line for change in difference.metrics for line in _metric(terminal, change)),
        *_verdict(terminal, difference, after),
    ]
    return _block(terminal, _names(files), lines, "strong")


def render_held(files: Sequence[str], faults: Sequence[Notice], options: RenderOptions) -> str:
    """That these files can't be read as they are now, so that nothing is compared yet."""
    terminal = Terminal.of(options)
    faulty = [_Remark(fault.place, fault.message) for fault in faults]
    lines = _some(terminal, faulty, lambda each: _remark(terminal, " ", each))
    return _block(terminal, f"{_names(files)}: nothing is compared until it can be read", lines, "unknown")


def render_fault(files: Sequence[str], problems: Iterable[str], options: RenderOptions) -> str:
    """That there is no result, since the configuration or a rule pack is wrong."""
    terminal = Terminal.of(options)
    first = f"  {terminal.mark(UNKNOWN)} "
    lines = (line for problem in problems for line in terminal.paragraph(problem, first=first, rest="    "))
    return _block(terminal, f"{_names(files)}: nothing is scanned until it is mended", lines, "unknown")


class _Remark(summary.Remark, frozen=True):
    """Something that was not understood, under the words for its kind."""

    kind: str = ""


def _block(terminal: Terminal, title: str, lines: Iterable[str], style: Style) -> str:
    return joined(["", *terminal.paragraph(title, rest="  ", style=style), *lines])


def _names(files: Sequence[str]) -> str:
    shown = [shortened(visible(file), _LONGEST_PLACE) for file in sorted(files)[:FILES_NAMED]]
    more = len(files) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _some(terminal: Terminal, items: Sequence[Item], lines: Callable[[Item], Iterable[str]]) -> Iterator[str]:
    """Lines of the first items, and how many are left."""
    for item in items[:MOST]:
        yield from lines(item)
    if len(items) > MOST:
        yield terminal.paint(f"  and {len(items) - MOST:,} more (medpro-audit scan)", "none")


def _finding(terminal: Terminal, sign: str, finding: Finding) -> list[str]:
    mark = terminal.mark(SEVERITY_MARKS[finding.severity])
    first = f"{_sign(terminal, sign)} {mark} {terminal.paint(place_of(finding), 'accent')}  "
    return terminal.paragraph(finding.message, first=first, rest="    ")


def _by_rule(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    return sorted(Counter(finding.rule for finding in findings).items())


def _rule(terminal: Terminal, sign: str, rule: str, findings: int) -> list[str]:
    counted = summary.count(findings, "finding")
    text = f"{rule} is now looked for: {counted}" if sign == "+" else f"{rule} is no longer looked for: {counted} less"
    return terminal.paragraph(text, first=f"{_sign(terminal, sign)} ", rest="    ")


def _sign(terminal: Terminal, sign: str) -> str:
    return terminal.paint(sign, "strong")


def _endpoint(terminal: Terminal, sign: str, endpoint: Endpoint) -> list[str]:
    place = shortened(visible(f"{endpoint.file}:{endpoint.line}"), _LONGEST_PLACE)
    unreached = "" if endpoint.mounted else ", which no application reaches"
    return terminal.paragraph(
        f"{endpoint.identity}  {place}{unreached}", first=f"{_sign(terminal, sign)} ", rest="    "
    )


def _alike(changes: Iterable[EndpointChange]) -> list[list[EndpointChange]]:
    """Changes in groups of the same words."""
    groups: dict[str, list[EndpointChange]] = {}
    for change in changes:
        groups.setdefault(_change_in_words(change), []).append(change)
    return [
        part
        for group in groups.values()
        for part in ([group] if len(group) > ENDPOINTS_NAMED else [[change] for change in group])
    ]


def _endpoints_changed(terminal: Terminal, group: Sequence[EndpointChange]) -> list[str]:
    more = f" and {summary.count(len(group) - 1, 'more endpoint')}" if len(group) > 1 else ""
    text = f"{group[0].after.identity}{more}: {_change_in_words(group[0])}"
    return terminal.paragraph(text, first=f"{terminal.mark(_change_mark(group[0]))} ", rest="    ")


def _change_in_words(change: EndpointChange) -> str:
    words = [f"{each.property} {_said(each.before)} → {_said(each.after)}" for each in change.changes]
    words += [f"{_middleware(use)} lost" for use in change.middleware_lost]
    words += [f"{_middleware(use)} added" for use in change.middleware_added]
    return "; ".join(words)


def _said(value: str) -> str:
    return "not read" if value == "not-read" else value


def _middleware(use: MiddlewareUse) -> str:
    roles = f" ({', '.join(use.roles)})" if use.roles else ""
    condition = f" if {use.condition or 'something holds'}" if use.conditional else ""
    return f"{use.name}{roles}{condition}"


def _change_mark(change: EndpointChange) -> Mark:
    """The worst of what is said now; a middleware lost that had a role is bad."""
    parts = [each.property for each in change.changes if each.property in PARTS]
    marks = [validation_mark(getattr(change.after.validation, part)) for part in parts]
    marks += [BROKEN for use in change.middleware_lost if use.roles]
    return min(marks, key=lambda mark: _WORST.index(mark.tone), default=_CHANGED)


def _remarks(difference: Difference, which: str) -> list[_Remark]:
    notices: Sequence[Notice] = getattr(difference.notices, which)
    imports: Sequence[UnresolvedImport] = getattr(difference.unresolved_imports, which)
    routes: Sequence[UnresolvedRoute] = getattr(difference.unresolved_routes, which)
    words = summary.NOTICE_WORDS
    return [
        *(_Remark(each.place, each.message, words[each.kind]) for each in notices),
        *(
            _Remark(Place(each.file, each.line), f"{each.specifier}: {each.reason}", words["unresolved-import"])
            for each in imports
        ),
        *(_Remark(each.place, f"{each.method}: {each.reason}", words["unresolved-route"]) for each in routes),
    ]


def _remark(terminal: Terminal, sign: str, remark: _Remark) -> list[str]:
    place = f"{shortened(visible(str(remark.place)), _LONGEST_PLACE)}  " if remark.place else ""
    kind = f"{remark.kind}: " if remark.kind else ""
    first = f"{_sign(terminal, sign)} {terminal.mark(UNKNOWN)} {terminal.paint(place, 'accent')}"
    return terminal.paragraph(f"{kind}{remark.text}", first=first, rest="    ")


def _metric(terminal: Terminal, change: MetricChange) -> list[str]:
    before, after = change.before.share, change.after.share
    if after is None:
        return terminal.paragraph(f"{change.after.title} is not measured any more", first="  ", rest="    ")
    gain = round(after - before, 1) if before is not None else 0.0
    first = f"{_trend(terminal, gain)} " if before is not None else "  "
    text = f"{change.after.title} {share_in_words(change.after)} · target {change.after.target}"
    return terminal.paragraph(text, first=first, rest="    ")


def _trend(terminal: Terminal, gain: float) -> str:
    """The change of a share in points."""
    if not gain:
        return terminal.paint("=", "none")
    signs = "▼▲" if terminal.unicode else "v^"
    return terminal.paint(f"{signs[gain > 0]} {gain:+.1f}", "holds" if gain > 0 else "broken")


def _verdict(terminal: Terminal, difference: Difference, after: AuditResult) -> Iterator[str]:
    if difference.gate_changed:
        yield from verdict_lines(terminal, after)
        yield terminal.paint(f"  It was: {difference.verdict_before.status.replace('-', ' ')}.", "none")
    else:
        mark = verdict_mark(after)
        text = f"{mark.word} · {summary.counted(after)}"
        yield from terminal.paragraph(text, first=f"{terminal.mark(mark)} ", rest="  ", style="none")
