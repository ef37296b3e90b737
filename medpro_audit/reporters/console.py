"""The report on a terminal."""

from collections.abc import Iterator, Sequence

from medpro_audit.core.finding import Finding
from medpro_audit.reporters import changes, summary
from medpro_audit.reporters.marks import SEVERITY_MARKS, metric_mark, verdict_mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import Cell, Style, Terminal, columns, joined
from medpro_audit.result import AuditResult, BackendReport, Metric, RuleReport

FINDINGS_A_RULE = 20
REMARKS_A_KIND = 5
_SHORTEST_BAR, _LONGEST_BAR = 6, 20
_WIDEST_TITLE = 26


def render(result: AuditResult, options: RenderOptions) -> str:
    """Verdict, six metrics, next steps, findings by rule, what could not be analysed, verdict again."""
    terminal = Terminal.of(options)
    sections = [
        _head(terminal, result),
        _changes(terminal, result),
        _metrics(terminal, result.metrics),
        _next_steps(terminal, result),
        _backends(terminal, result.backends),
        _findings(terminal, result, None if options.show_all else FINDINGS_A_RULE),
        _suppressed(terminal, result, are_shown=options.show_suppressed),
        _completeness(terminal, result),
        _end(terminal, result),
    ]
    lines: list[str] = []
    for section in sections:
        body = list(section)
        lines += ["", *body] if lines and body else body
    return joined(lines)


def _head(terminal: Terminal, result: AuditResult) -> Iterator[str]:
    yield from terminal.paragraph(f"{result.tool.name} {result.tool.version} · {result.project}", style="none")
    yield ""
    yield from verdict_lines(terminal, result)


def _changes(terminal: Terminal, result: AuditResult) -> Iterator[str]:
    """What is different since the base and against the baseline."""
    told = changes.changed_in_words(result)
    if told:
        yield from terminal.paragraph(told, rest="  ", style="strong")
    if result.comparison is not None:
        yield from changes.protection_lines(terminal, result.comparison.difference)
        yield from changes.promise_lines(terminal, result.comparison.difference)
        yield from changes.difference_lines(terminal, result.comparison.difference)


def verdict_lines(terminal: Terminal, result: AuditResult) -> Iterator[str]:
    """The gate's answer in one sentence."""
    first = terminal.mark(verdict_mark(result)) + " "
    yield from terminal.paragraph(summary.verdict_sentence(result), first=first, rest="  ", style="strong")


def _metrics(terminal: Terminal, metrics: tuple[Metric, ...]) -> Iterator[str]:
    titles = [terminal.short(metric.title, _WIDEST_TITLE) for metric in metrics]
    numbers = ["" if metric.share is None else terminal.clean(_numbers(metric)) for metric in metrics]
    title_width = max(map(columns, titles), default=0)
    number_width = max(map(columns, numbers), default=0)
    room = terminal.width - title_width - number_width - len("●   100.0 %    ┊")
    for metric, title, text in zip(metrics, titles, numbers, strict=True):
        start = f"{terminal.mark(metric_mark(metric))} {title}{' ' * (title_width - columns(title))} "
        if metric.share is None:
            reason = f"not measured: {metric.reason or 'no rule feeds it yet'}"
            yield from terminal.paragraph(reason, first=start, rest=" " * (title_width + 3), style="none")
            continue
        start += terminal.paint(f"{summary.percent(metric.share):>7}", "strong")
        if room >= _SHORTEST_BAR:
            yield f"{start}  {_bar(terminal, metric, min(room, _LONGEST_BAR))}  {text}"
        else:
            yield start
            yield f"  {text}"


def _numbers(metric: Metric) -> str:
    return f"{summary.fraction(metric)} · target {metric.target}"


def _bar(terminal: Terminal, metric: Metric, cells: int) -> str:
    """What holds, is unknown and is broken on one scale, with a line at the target."""
    filled = _cells(metric.share or 0.0, cells)
    unknown = min(_cells(summary.unknown_share(metric), cells), cells - filled)
    parts: list[tuple[str, Style]] = [("█", "holds")] * filled
    parts += [("▒", "unknown")] * unknown
    parts += [("░", "none")] * (cells - filled - unknown)
    target = round(metric.target * cells / 100)
    parts.insert(target, ("┊", "accent"))
    return _runs(terminal, parts)


def _cells(share: float, cells: int) -> int:
    """Cells for a share in percent: none only for nothing, all only for everything."""
    return max(int(share * cells / 100), 1) if share else 0


def _runs(terminal: Terminal, parts: list[tuple[str, Style]]) -> str:
    """Neighbours of one style painted together."""
    runs: list[tuple[str, Style]] = []
    for sign, style in parts:
        if runs and runs[-1][1] == style:
            runs[-1] = (runs[-1][0] + sign, style)
        else:
            runs.append((sign, style))
    return "".join(terminal.paint(text, style) for text, style in runs)


def _next_steps(terminal: Terminal, result: AuditResult) -> Iterator[str]:
    steps = summary.next_steps(result)
    if steps:
        yield terminal.paint("Next steps", "strong")
    for number, step in enumerate(steps, 1):
        gain = f", {step.metric} up to {summary.points(step.gain)}" if step.gain else ""
        text = f"{step.rule.title} ({step.rule.id}): {summary.count(step.findings, 'place')}, "
        effort = f"about {summary.duration(step.minutes)}{gain}"
        yield from terminal.paragraph(text + effort, first=f"{number} ", rest="  ")
        yield from _fix(terminal, step.rule)


def _backends(terminal: Terminal, backends: tuple[BackendReport, ...]) -> Iterator[str]:
    if len(backends) < 2:  # noqa: PLR2004 - one back end is the whole
        return
    yield terminal.paint(f"{len(backends)} back ends", "strong")
    for backend in backends:
        counted = f"{summary.count(backend.endpoints, 'endpoint')}, {summary.count(backend.findings, 'finding')}"
        name = backend.name if backend.name == backend.root else f"{backend.name} ({backend.root})"
        yield from terminal.paragraph(f"{name}: {counted}", rest="  ")
        shares = [f"{metric.title} {summary.share_in_words(metric)}" for metric in backend.metrics]
        yield from terminal.paragraph(" · ".join(shares), first="  ", rest="  ", style="none")


def _findings(terminal: Terminal, result: AuditResult, most: int | None) -> Iterator[str]:
    for index, group in enumerate(summary.grouped(result)):
        if index:
            yield ""
        mark = SEVERITY_MARKS[group.severity]
        title = f"{group.rule.title} · {group.rule.id} · {len(group.findings):,}"
        yield from terminal.paragraph(title, first=terminal.mark(mark) + " ", rest="  ", style="strong")
        yield from _fix(terminal, group.rule)
        shown = group.findings if most is None else group.first(most)
        yield from _places(terminal, shown)
        more = len(group.findings) - len(shown)
        if more:
            everywhere = ": it holds nowhere" if group.holds_nowhere else ""
            yield terminal.paint(f"and {more:,} more (--all){everywhere}", "none")


def _fix(terminal: Terminal, rule: RuleReport) -> list[str]:
    return terminal.paragraph(f"→ {rule.fix}", first="  ", rest="    ", style="none") if rule.fix else []


def _places(terminal: Terminal, findings: Sequence[Finding]) -> Iterator[str]:
    """One finding after the other; what several say in the same words is said once, above their places."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_said_of_each(finding) or finding.message, []).append(finding)
    alone = [finding for members in groups.values() if len(members) == 1 for finding in members]
    for said, members in groups.items():
        if len(members) > 1:
            yield from terminal.paragraph(said, first="  ", rest="  ")
            yield from _rows(terminal, [(each, _endpoint_of(each)) for each in members])
    yield from _rows(terminal, [(each, each.message) for each in alone])


def _said_of_each(finding: Finding) -> str | None:
    """What the message says of its endpoint, as it is said of several; None where it does not begin with one."""
    endpoint = _endpoint_of(finding)
    said = finding.message.removeprefix(f"{endpoint} ")
    return f"each {said}:" if endpoint and said != finding.message else None


def _endpoint_of(finding: Finding) -> str:
    return f"{finding.method} {finding.path}" if finding.method and finding.path else ""


def _rows(terminal: Terminal, rows: Sequence[tuple[Finding, str]]) -> Iterator[str]:
    """Each place, with its text beside it, or below it where the place is long."""
    half = terminal.width // 2
    places = [summary.place_of(finding) for finding, _ in rows]
    width = max((columns(terminal.clean(place)) for place in places if columns(place) <= half), default=4)
    blank = " " * (width + 2)
    for place, (_, text) in zip(places, rows, strict=True):
        room = width - columns(terminal.clean(place))
        if room < 0 or not text:
            yield terminal.paint(place, "accent")
        if text:
            first = blank if room < 0 else terminal.paint(place, "accent") + " " * (room + 2)
            yield from terminal.paragraph(text, first=first, rest=blank)


def _suppressed(terminal: Terminal, result: AuditResult, *, are_shown: bool) -> Iterator[str]:
    """What comments accept: how much, and on demand each with its reason."""
    if not result.suppressed:
        return
    hint = "" if are_shown else " (--suppressed)"
    yield terminal.paint(f"{summary.count(len(result.suppressed), 'finding')} accepted by comments{hint}", "strong")
    for each in result.suppressed if are_shown else ():
        yield terminal.paint(summary.place_of(each.finding), "accent")
        yield from terminal.paragraph(f"{each.finding.rule}: {each.finding.message}", first="  ", rest="  ")
        yield from terminal.paragraph(
            f"accepted in line {each.line}: {each.reason}", first="  ", rest="  ", style="none"
        )


def _completeness(terminal: Terminal, result: AuditResult) -> Iterator[str]:
    yield terminal.paint("What was understood", "strong")
    rows = [(words, share, summary.share_of(share)) for words, share in summary.completeness_rows(result.completeness)]
    width = max(columns(text) for _, _, text in rows)
    for words, share, text in rows:
        style: Style | None = "unknown" if share.unknown else None
        yield from terminal.row([Cell(text, style), Cell(words)], [width, terminal.width - width - 2])
    for words, remarks in summary.not_understood(result):
        yield from terminal.paragraph(f"{len(remarks):,} × {words}", first="", rest="  ", style="unknown")  # noqa: RUF001 - the sign for "times"
        for remark in remarks[:REMARKS_A_KIND]:
            yield from terminal.paragraph(_remark(remark), first="  ", rest="    ")
        if len(remarks) > REMARKS_A_KIND:
            yield terminal.paint(f"  and {len(remarks) - REMARKS_A_KIND:,} more (--format json)", "none")


def _remark(remark: summary.Remark) -> str:
    place = f"{summary.shown_place(remark.place)}: " if remark.place else ""
    return place + remark.text


def _end(terminal: Terminal, result: AuditResult) -> Iterator[str]:
    yield from verdict_lines(terminal, result)
    yield from terminal.paragraph(f"Next: {summary.next_command(result)}", first="  ", rest="  ")
