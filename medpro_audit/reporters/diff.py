"""What a change does to the endpoints: for people, and as JSON."""

from medpro_audit.gate.protection import lost_protection
from medpro_audit.reporters import breaking
from medpro_audit.reporters.changes import endpoint_lines, promise_lines, protection_lines
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.marks import BROKEN, HOLDS, SEVERITY_MARKS, UNKNOWN
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count
from medpro_audit.reporters.terminal import Terminal, joined
from medpro_audit.result import Comparison


def render_diff(comparison: Comparison, options: RenderOptions) -> str:
    """What endpoints have lost, what breaks clients, then those added, removed and changed, then how many."""
    terminal = Terminal.of(options)
    difference = comparison.difference
    lost = lost_protection(difference)
    counted = (
        f"{count(len(difference.endpoints_added), 'endpoint')} added, {len(difference.endpoints_removed)} removed, "
        f"{len(difference.endpoints_changed)} changed since {comparison.since}"
    )
    parts = [counted, f"{count(len(lost), 'protection')} lost" if lost else "", breaking.counted(difference)]
    told = "; ".join(filter(None, parts))
    doubt = f"These can't really be compared: {difference.doubt}"
    lines = [
        *(terminal.paragraph(doubt, first=f"{terminal.mark(UNKNOWN)} ", rest="  ") if difference.doubt else ()),
        *protection_lines(terminal, difference),
        *promise_lines(terminal, difference),
        *endpoint_lines(terminal, difference),
    ]
    mark = terminal.mark(BROKEN if lost else SEVERITY_MARKS["warning"] if difference.breaks else HOLDS)
    return joined([*lines, *terminal.paragraph(told, first=f"{mark} ", rest="  ", style="strong")])


def render_diff_json(comparison: Comparison) -> str:
    """The endpoints of both sides that differ, what was lost, and what breaks clients or may."""
    difference = comparison.difference
    return encode(
        {
            "schema_version": 1,
            "base": comparison.base,
            "commit": comparison.commit,
            "added": difference.endpoints_added,
            "removed": difference.endpoints_removed,
            "changed": difference.endpoints_changed,
            "lost": [
                {"method": each.after.method, "path": each.after.path, "kind": each.kind, "what": each.what}
                for each in lost_protection(difference)
            ],
            "breaks": difference.breaks,
            "undecided": difference.undecided,
            "doubt": difference.doubt,
        }
    )
