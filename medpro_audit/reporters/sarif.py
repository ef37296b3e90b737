"""SARIF 2.1.0 as GitHub code scanning reads it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args
from urllib.parse import quote

from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice, NoticeKind
from medpro_audit.core.place import Step
from medpro_audit.reporters import sarif_log as log
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.escaping import visible, visible_code
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import NOTICE_WORDS, grouped
from medpro_audit.result import AuditResult, RuleReport

MOST_RESULTS = 25_000
MOST_STEPS = 1_000
MOST_TAGS = 10
LONGEST_TEXT = 1_024
_ROOT = "%SRCROOT%"
_KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_SECURITY = {"error": "8.0", "warning": "5.5", "note": "3.0"}


def render(result: AuditResult, options: RenderOptions) -> str:
    """The result as one run with rules, findings, trails and notices."""
    rules = _rules(result)
    findings = sorted(result.findings, key=lambda finding: finding.order)
    notices = sorted(result.notices, key=lambda notice: notice.order)
    run = log.Run(
        tool=log.Tool(log.Driver(result.tool.name, result.tool.version, [_rule(rule) for rule in rules], _kinds())),
        invocations=[
            log.Invocation(
                execution_successful=all(notice.kind != "internal" for notice in notices),
                tool_execution_notifications=[
                    *_cut(len(findings)),
                    *(_notification(notice, options.prefix) for notice in notices),
                ],
            )
        ],
        # Columns of findings count bytes, which SARIF can't say; the two agree unless the line holds more than ASCII.
        column_kind="unicodeCodePoints",
        original_uri_base_ids={_ROOT: log.ArtifactLocation(description=log.Message("The root of the repository."))},
        results=_results(findings[:MOST_RESULTS], rules, options.prefix),
    )
    return encode(log.Log("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", [run]))


def _rules(result: AuditResult) -> list[RuleReport]:
    described = {group.rule.id: group.rule for group in grouped(result)}
    described.update({rule.id: rule for rule in result.rules})
    return [described[name] for name in sorted(described)]


def _rule(rule: RuleReport) -> log.ReportingDescriptor:
    security = _SECURITY[rule.severity] if "security" in rule.tags else None
    tags = [_tag(tag) for tag in rule.tags] + ([f"metric/{rule.metric}"] if rule.metric else [])
    return log.ReportingDescriptor(
        id=rule.id,
        name=_pascal(rule.id.rpartition("/")[2]),
        short_description=log.Message(_text(rule.title)),
        full_description=log.Message(_text(rule.why or rule.title)),
        help=log.MultiformatMessage(visible_code("\n\n".join(_advice(rule))), _help(rule)),
        default_configuration=log.Configuration(rule.severity),
        properties=log.RuleProperties(
            precision="high",  # what is not known is never a finding
            severity=_PROBLEM[rule.severity],
            tags=list(dict.fromkeys(tags))[:MOST_TAGS],
            security_severity=security,
        ),
    )


def _tag(tag: str) -> str:
    """A tag; weaknesses are written as GitHub knows them."""
    name, _, number = tag.partition("-")
    return f"external/cwe/cwe-{number:0>3}" if name == "cwe" and number.isdigit() else _text(tag)


def _advice(rule: RuleReport) -> list[str]:
    return [rule.why.strip() or rule.title, *([rule.fix] if rule.fix else [])]


def _help(rule: RuleReport) -> str:
    parts = [visible_code(part) for part in _advice(rule)]
    parts += [f"**Instead of**\n\n{_fenced(rule.bad)}"] if rule.bad else []
    parts += [f"**write**\n\n{_fenced(rule.good)}"] if rule.good else []
    return "\n\n".join(parts) + "\n"


def _fenced(code: str) -> str:
    """Code between fences longer than any that it holds."""
    text, fence = visible_code(code), "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text.strip()}\n{fence}"


def _results(findings: Sequence[Finding], rules: Sequence[RuleReport], prefix: str) -> list[log.Result]:
    # GitHub takes results with equal hashes for one alert, so equal findings are told apart by their order.
    seen: Counter[tuple[str, str]] = Counter()
    index = {rule.id: position for position, rule in enumerate(rules)}
    results = []
    for finding in findings:
        seen[finding.rule, finding.fingerprint] += 1
        occurrence = seen[finding.rule, finding.fingerprint]
        results.append(
            log.Result(
                rule_id=finding.rule,
                rule_index=index[finding.rule],
                level=finding.severity,
                message=log.Message(_text(_sentences(finding.message, rules[index[finding.rule]].fix))),
                locations=[log.Location(log.PhysicalLocation(_artifact(finding.file, prefix), _region(finding)))],
                partial_fingerprints=log.Fingerprints(f"{finding.fingerprint}:{occurrence}"),
                code_flows=_flows(finding.trail, prefix),
            )
        )
    return results


def _sentences(message: str, fix: str) -> str:
    """What is wrong and what to do."""
    return f"{message.rstrip('.')}. {fix}" if fix else message


def _region(finding: Finding) -> log.Region:
    """A full region, since GitHub asks for one; of a last line only its first character is sure."""
    line, column = max(finding.line, 1), max(finding.column, 1)
    if finding.end_line > line:
        return log.Region(line, column, finding.end_line, 2)
    return log.Region(line, column, line, column + max(len(finding.snippet), 1))


def _flows(trail: Sequence[Step], prefix: str) -> list[log.CodeFlow]:
    steps = [
        log.ThreadFlowLocation(_location(step.file, step.line, prefix, log.Message(_text(step.text))))
        for step in trail[-MOST_STEPS:]
    ]
    return [log.CodeFlow([log.ThreadFlow(steps)])] if steps else []


def _location(file: str, line: int, prefix: str, message: log.Message | None = None) -> log.Location:
    region = log.Region(line, 1, line, 2) if line else None
    return log.Location(log.PhysicalLocation(_artifact(file, prefix), region), message)


def _artifact(file: str, prefix: str) -> log.ArtifactLocation:
    path = f"{prefix.strip('/')}/{file}".lstrip("/")
    return log.ArtifactLocation(quote(path.encode(errors="replace"), safe="/"), _ROOT)


def _kinds() -> list[log.ReportingDescriptor]:
    return [_kind(kind, log.Message(NOTICE_WORDS[kind].capitalize() + ".")) for kind in _KINDS]


def _kind(kind: NoticeKind, words: log.Message) -> log.ReportingDescriptor:
    return log.ReportingDescriptor(
        id=kind,
        name=f"{_pascal(kind)}Notice",
        short_description=words,
        full_description=words,
        help=log.MultiformatMessage(words.text),
    )


def _pascal(name: str) -> str:
    return name.title().replace("-", "")


def _cut(findings: int) -> Iterable[log.Notification]:
    if findings > MOST_RESULTS:
        text = f"Only the worst {MOST_RESULTS:,} of {findings:,} findings are in this file; GitHub takes no more."
        yield log.Notification(_reference("limit"), "warning", log.Message(text))


def _notification(notice: Notice, prefix: str) -> log.Notification:
    level: log.Level = "error" if notice.kind == "internal" else "warning"
    locations = [_location(notice.place.file, notice.place.line, prefix)] if notice.place else []
    return log.Notification(_reference(notice.kind), level, log.Message(_text(notice.message)), locations)


def _reference(kind: NoticeKind) -> log.DescriptorReference:
    return log.DescriptorReference(kind, _KINDS.index(kind))


def _text(text: str) -> str:
    """One line within GitHub's limit, in which nothing is an embedded link (section 3.11.6)."""
    line = visible(text)
    if "](" in line:
        line = line.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
