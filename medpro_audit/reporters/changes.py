"""What is different between two results, for people: on the terminal, and in rows for documents."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.gate.protection import LostProtection, lost_protection
from medpro_audit.model.subjects import PARTS, Endpoint, MiddlewareUse, UnresolvedImport, UnresolvedRoute
from medpro_audit.reporters import summary
from medpro_audit.reporters.breaking import Broken, broken
from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.marks import BROKEN, HOLDS, SEVERITY_MARKS, UNKNOWN, Mark, Tone, validation_mark
from medpro_audit.reporters.terminal import Terminal
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import GUARDS, Difference, EndpointChange, MetricChange

Item = TypeVar("Item")

MOST = 20
"""Findings, endpoints and the like that are shown of each kind."""
ENDPOINTS_NAMED = 3
"""Where more have changed in the same way, one is named and the others are counted."""
_LONGEST_PLACE = 240
_CHANGED = Mark("·", "changed", "none")
_GUARD_MARKS = {"yes": HOLDS, "no": BROKEN, "unknown": UNKNOWN}
_WORST: tuple[Tone, ...] = ("broken", "unknown", "holds", "none")


def difference_lines(terminal: Terminal, difference: Difference) -> Iterator[str]:
    """Findings, endpoints, what was not understood, and the scorecard, as far as they are different."""
    yield from some(terminal, difference.new, lambda each: _finding(terminal, "+", each))
    yield from some(terminal, difference.fixed, lambda each: _finding(terminal, "-", each))
    yield from some(terminal, _by_rule(difference.newly_sought), lambda each: _rule(terminal, "+", *each))
    yield from some(terminal, _by_rule(difference.no_longer_sought), lambda each: _rule(terminal, "-", *each))
    yield from endpoint_lines(terminal, difference)
    yield from some(terminal, _remarks(difference, "new"), lambda each: remark_lines(terminal, "+", each))
    yield from some(terminal, _remarks(difference, "closed"), lambda each: remark_lines(terminal, "-", each))
    for change in difference.metrics:
        yield from _metric(terminal, change)


def endpoint_lines(terminal: Terminal, difference: Difference) -> Iterator[str]:
    """Endpoints that were added, removed and changed."""
    yield from some(terminal, difference.endpoints_added, lambda each: _endpoint(terminal, "+", each))
    yield from some(terminal, difference.endpoints_removed, lambda each: _endpoint(terminal, "-", each))
    yield from some(terminal, _alike(difference.endpoints_changed), lambda each: _endpoints_changed(terminal, each))


def protection_lines(terminal: Terminal, difference: Difference) -> Iterator[str]:
    """What endpoints have lost that protected them."""
    for lost in lost_protection(difference):
        place = f"{lost.after.file}:{lost.after.line}"
        text = f"{lost.after.identity} has lost its {lost.what}  {place}"
        yield from terminal.paragraph(text, first=f"{terminal.mark(SEVERITY_MARKS['error'])} ", rest="    ")


def promise_lines(terminal: Terminal, difference: Difference) -> Iterator[str]:
    """What clients could rely on and can no longer, or perhaps not."""
    yield from some(terminal, broken(difference), lambda each: _broken(terminal, each))


def _broken(terminal: Terminal, each: Broken) -> list[str]:
    return terminal.paragraph(f"{each.text}  {each.place}", first=f"{terminal.mark(each.mark)} ", rest="    ")


class Change(Struct, frozen=True):
    """Something that is different, as a row of a document."""

    mark: Mark
    sign: str
    """``+`` came, ``-`` went, empty: changed."""
    place: str
    text: str
    backend: str = "."


def changes_by_backend(result: AuditResult) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """All that is different, under the folders of the back ends where there are several."""
    if result.comparison is None:
        return ()
    rows = changes(result.comparison.difference)
    if len(result.backends) <= 1:
        return (("", rows),) if rows else ()
    folders = sorted({row.backend for row in rows})
    return tuple((folder, tuple(row for row in rows if row.backend == folder)) for folder in folders)


def changes(difference: Difference) -> tuple[Change, ...]:
    """Lost protection, broken promises, findings and endpoints that are different: the worst first."""
    return (
        *(_lost_row(lost) for lost in lost_protection(difference)),
        *(Change(each.mark, "", each.place, each.text, each.backend) for each in broken(difference)),
        *(_finding_row("+", finding) for finding in difference.new),
        *(_finding_row("-", finding) for finding in difference.fixed),
        *(_endpoint_row("+", endpoint) for endpoint in difference.endpoints_added),
        *(_endpoint_row("-", endpoint) for endpoint in difference.endpoints_removed),
        *(
            Change(
                _change_mark(change),
                "",
                summary.at(change.after.file, change.after.line),
                f"{change.after.identity}: {change_in_words(change)}",
                change.after.backend,
            )
            for change in difference.endpoints_changed
        ),
    )


def changed_in_words(result: AuditResult) -> str:
    """How much is different since the base and against the baseline, in one sentence; empty without either."""
    parts = []
    if result.comparison is not None:
        difference = result.comparison.difference
        counts = (
            f"{len(difference.new):,} new, {len(difference.fixed):,} fixed, {len(difference.unchanged):,} unchanged"
        )
        endpoints = (
            ("added", difference.endpoints_added),
            ("removed", difference.endpoints_removed),
            ("changed", difference.endpoints_changed),
        )
        told = [f"{len(each):,} {word}" for word, each in endpoints if each]
        told_endpoints = f"; endpoints: {', '.join(told)}" if told else ""
        parts.append(f"Since {result.comparison.since}: {counts}{told_endpoints}")
    if result.baseline is not None:
        moved = f" ({result.baseline.moved} moved)" if result.baseline.moved else ""
        over = f", {len(result.baseline.expired)} over" if result.baseline.expired else ""
        parts.append(
            f"{result.baseline.file}: {len(result.baseline.known):,} accepted{moved}, {result.baseline.new:,} new, "
            f"{len(result.baseline.stale):,} fixed{over}"
        )
    return ". ".join(parts) + "." if parts else ""


def metric_trend(result: AuditResult, metric: str) -> float | None:
    """Points by which a metric has changed since the base; None when that is not known."""
    if result.comparison is None or all(each.share is None for each in result.metrics if each.id == metric):
        return None
    for change in result.comparison.difference.metrics:
        if change.after.id == metric and change.before.share is not None and change.after.share is not None:
            return round(change.after.share - change.before.share, 1)
    return 0.0


def _lost_row(lost: LostProtection) -> Change:
    text = f"{lost.after.identity} has lost its {lost.what}"
    return Change(SEVERITY_MARKS["error"], "", summary.at(lost.after.file, lost.after.line), text, lost.after.backend)


def _finding_row(sign: str, finding: Finding) -> Change:
    mark = SEVERITY_MARKS[finding.severity] if sign == "+" else HOLDS
    text = f"{finding.message} ({finding.rule})"
    return Change(mark, sign, summary.at(finding.file, finding.line), text, finding.backend)


def _endpoint_row(sign: str, endpoint: Endpoint) -> Change:
    place = summary.at(endpoint.file, endpoint.line)
    return Change(_CHANGED, sign, place, endpoint.identity, endpoint.backend)


class KindRemark(summary.Remark, frozen=True):
    """Something that was not understood, under the words for its kind."""

    kind: str = ""


def some(terminal: Terminal, items: Sequence[Item], lines: Callable[[Item], Iterable[str]]) -> Iterator[str]:
    """Lines of the first items, and how many are left."""
    for item in items[:MOST]:
        yield from lines(item)
    if len(items) > MOST:
        yield terminal.paint(f"  and {len(items) - MOST:,} more (medpro-audit scan)", "none")


def _finding(terminal: Terminal, sign: str, finding: Finding) -> list[str]:
    mark = terminal.mark(SEVERITY_MARKS[finding.severity])
    first = f"{_sign(terminal, sign)} {mark} {terminal.paint(summary.place_of(finding), 'accent')}  "
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
    unreached = "" if endpoint.reached else f"; {endpoint.hindrance}"
    return terminal.paragraph(
        f"{endpoint.identity}  {place}{unreached}", first=f"{_sign(terminal, sign)} ", rest="    "
    )


def _alike(changes: Iterable[EndpointChange]) -> list[list[EndpointChange]]:
    """Changes in groups of the same words."""
    groups: dict[str, list[EndpointChange]] = {}
    for change in changes:
        groups.setdefault(change_in_words(change), []).append(change)
    return [
        part
        for group in groups.values()
        for part in ([group] if len(group) > ENDPOINTS_NAMED else [[change] for change in group])
    ]


def _endpoints_changed(terminal: Terminal, group: Sequence[EndpointChange]) -> list[str]:
    more = f" and {summary.count(len(group) - 1, 'more endpoint')}" if len(group) > 1 else ""
    text = f"{group[0].after.identity}{more}: {change_in_words(group[0])}"
    return terminal.paragraph(text, first=f"{terminal.mark(_change_mark(group[0]))} ", rest="    ")


def change_in_words(change: EndpointChange) -> str:
    """What is said of an endpoint now, and was not."""
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
    marks += [_GUARD_MARKS[each.after] for each in change.changes if each.property in GUARDS]
    marks += [BROKEN for use in change.middleware_lost if use.roles]
    return min(marks, key=lambda mark: _WORST.index(mark.tone), default=_CHANGED)


def _remarks(difference: Difference, which: str) -> list[KindRemark]:
    notices: Sequence[Notice] = getattr(difference.notices, which)
    imports: Sequence[UnresolvedImport] = getattr(difference.unresolved_imports, which)
    routes: Sequence[UnresolvedRoute] = getattr(difference.unresolved_routes, which)
    words = summary.NOTICE_WORDS
    return [
        *(KindRemark(each.place, each.message, words[each.kind]) for each in notices),
        *(
            KindRemark(Place(each.file, each.line), f"{each.specifier}: {each.reason}", words["unresolved-import"])
            for each in imports
        ),
        *(KindRemark(each.place, f"{each.method}: {each.reason}", words["unresolved-route"]) for each in routes),
    ]


def remark_lines(terminal: Terminal, sign: str, remark: KindRemark) -> list[str]:
    """Something that is not understood any more, or that is now."""
    place = f"{summary.shown_place(remark.place)}  " if remark.place else ""
    kind = f"{remark.kind}: " if remark.kind else ""
    first = f"{_sign(terminal, sign)} {terminal.mark(UNKNOWN)} {terminal.paint(place, 'accent')}"
    return terminal.paragraph(f"{kind}{remark.text}", first=first, rest="    ")


def _metric(terminal: Terminal, change: MetricChange) -> list[str]:
    before, after = change.before.share, change.after.share
    if after is None:
        return terminal.paragraph(f"{change.after.title} is not measured any more", first="  ", rest="    ")
    gain = round(after - before, 1) if before is not None else 0.0
    first = f"{_trend(terminal, gain)} " if before is not None else "  "
    text = f"{change.after.title} {summary.share_in_words(change.after)} · target {change.after.target}"
    return terminal.paragraph(text, first=first, rest="    ")


def _trend(terminal: Terminal, gain: float) -> str:
    """The change of a share in points."""
    if not gain:
        return terminal.paint("=", "none")
    signs = "▼▲" if terminal.unicode else "v^"
    return terminal.paint(f"{signs[gain > 0]} {gain:+.1f}", "holds" if gain > 0 else "broken")
