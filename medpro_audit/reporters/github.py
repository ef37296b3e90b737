"""Annotations of GitHub Actions: workflow commands, which the runner shows beside the lines of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step and silently drops the rest, so at most nine of each are
told, of what is new and with the rules in turn, and the tenth says how many more there are; it is the gate's answer at
the level that this has.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.core.finding import SEVERITIES, Severity
from medpro_audit.gate.protection import lost_protection
from medpro_audit.reporters.breaking import broken
from medpro_audit.reporters.escaping import harmless_in_a_log, visible, workflow_data, workflow_property
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import verdict_sentence
from medpro_audit.result import AuditResult

MOST = 9
"""Annotations of a level beside the one that sums it up."""
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
_OUR_NAME = "medpro-audit"


class _Annotation(Struct, frozen=True):
    severity: Severity
    title: str
    text: str
    file: str
    line: int
    end_line: int


def render(result: AuditResult, options: RenderOptions) -> str:
    """What is new, or everything where nothing is known of earlier, and the gate's answer."""
    annotations = [*_lost(result), *_broken(result), *_found(result)]
    is_bad = result.verdict.status in {"failed", "incomplete"}
    level_of_answer = SEVERITIES[0] if is_bad else SEVERITIES[-1]
    answer = verdict_sentence(result)
    lines: list[str] = []
    for severity in SEVERITIES:  # of a job with several steps GitHub drops the last ones
        mine = [each for each in annotations if each.severity == severity]
        lines += [_line(each, options.prefix) for each in mine[:MOST]]
        more = f"{len(mine) - MOST:,} more of these are in the summary of the run." if len(mine) > MOST else ""
        if severity == level_of_answer:
            answer = f"{answer} {more}".strip()
        elif more:
            lines.append(command(_LEVELS[severity], more))
    lines.append(command(_LEVELS[level_of_answer], answer))  # last, where a log is read first
    return "".join(f"{line}\n" for line in lines)


def command(level: str, text: str, title: str = _OUR_NAME, **place: str) -> str:
    """A workflow command that annotates: one line, whatever stands in its values."""
    properties = ",".join(
        f"{name}={workflow_property(visible(value))}" for name, value in {**place, "title": title}.items()
    )
    return f"::{level} {properties}::{harmless_in_a_log(workflow_data(visible(text)))}"


def _line(each: _Annotation, prefix: str) -> str:
    line = max(each.line, 1)  # what concerns a file as a whole has none
    place = {"file": f"{prefix}{each.file}", "line": str(line), "endLine": str(max(each.end_line, line))}
    return command(_LEVELS[each.severity], each.text, each.title, **place)


def _lost(result: AuditResult) -> Iterator[_Annotation]:
    """What endpoints have lost: shown where they are registered, for the line that took it away is nobody's finding."""
    if result.comparison is None:
        return
    for lost in lost_protection(result.comparison.difference):
        text = f"{lost.after.identity} has lost its {lost.what}"
        yield _Annotation("error", "lost protection", text, lost.after.file, lost.after.line, lost.after.line)


def _broken(result: AuditResult) -> Iterator[_Annotation]:
    """What breaks clients; what may break them is in the summary."""
    for each in broken(result.comparison.difference) if result.comparison is not None else ():
        if each.is_certain:
            yield _Annotation("warning", "breaks clients", each.text, each.file, each.line, each.line)


def _found(result: AuditResult) -> Sequence[_Annotation]:
    """The first finding of each rule, then the second of each: many of one rule hide no other."""
    seen: Counter[str] = Counter()
    rounds: list[tuple[int, _Annotation]] = []
    for each in fresh_findings(result):
        annotation = _Annotation(each.severity, each.rule, each.message, each.file, each.line, each.end_line)
        rounds.append((seen[each.rule], annotation))
        seen[each.rule] += 1
    return [annotation for _, annotation in sorted(rounds, key=lambda pair: pair[0])]
