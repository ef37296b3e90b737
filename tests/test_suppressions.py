"""Comments that accept findings, from source to report."""

from pathlib import Path

import pytest

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.core.config import RulesConfig
from medpro_audit.core.finding import Finding
from medpro_audit.pipeline import audit, open_project
from medpro_audit.result import AuditResult
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.selection import select_rules

BODY = "zod/unvalidated-body"
HEAD = "const app = require('express')(), kept = [];\n"
ROUTE = "app.post('/a', (req, res) => res.json(kept.push(req.body.a)));"
LOGGED = "app.post('/a', (req, res) => console.error(1) || res.json(kept.push(req.body.a)));"
PACKAGE = '{"main": "server.js", "dependencies": {"express": "5"}}'


def _audit(folder: Path, source: str, disable: tuple[str, ...] = ()) -> AuditResult:
    (folder / "package.json").write_text(PACKAGE)
    (folder / "server.js").write_text(f"{HEAD}{source}\napp.listen(1);\n")
    rules = select_rules(load_packs(read_packs()), RulesConfig(disable=disable))
    return audit(open_project(folder), rules)


def _of(findings: tuple[Finding, ...], pack: str) -> list[str]:
    return [finding.rule for finding in findings if finding.rule.startswith(f"{pack}/")]


@pytest.mark.parametrize(
    "source",
    [
        f"// medpro-audit-ignore {BODY}: signed\n{ROUTE}",
        f"{ROUTE} // medpro-audit-ignore {BODY}: signed",
        f"/* medpro-audit-ignore {BODY}: signed */\n\n// another comment\n{ROUTE}",
        f"/*\n * medpro-audit-ignore {BODY}: signed\n */\n{ROUTE}",
        f"// medpro-audit-ignore-start {BODY}: old\nf();\n{ROUTE}\n// medpro-audit-ignore-end\nfunction f() {{}}",
        f"// medpro-audit-ignore-start {BODY}: old\nf();\n{ROUTE}\nfunction f() {{}}",
        f"{ROUTE}\n// medpro-audit-ignore-file {BODY}: generated",
        f"// medpro-audit-ignore logging/console-call, {BODY}: both\n{LOGGED}",
    ],
)
def test_a_comment_accepts_a_finding(tmp_path: Path, source: str) -> None:
    """On its line, on the next line of code, in a block, in the file; several rules at once."""
    result = _audit(tmp_path, source)
    assert _of(result.findings, "zod") == []
    assert _of(result.findings, "suppressions") == []
    assert BODY in [each.finding.rule for each in result.suppressed]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (f"// medpro-audit-ignore {BODY}\n{ROUTE}", "suppressions/missing-reason"),
        (f"// medpro-audit-ignore {BODY}:  \n{ROUTE}", "suppressions/missing-reason"),
        (f"// medpro-audit-ignore zod/unvalidated: x\n{ROUTE}", "suppressions/unknown-rule"),
        (f"// medpro-audit-ignore zod/*: x\n{ROUTE}", "suppressions/unknown-rule"),
        (f"// medpro-audit-ignore: x\n{ROUTE}", "suppressions/unknown-rule"),
        (f"// medpro-audit-ignore {BODY}: x\nf();\n{ROUTE}\nfunction f() {{}}", "suppressions/unused-suppression"),
        (f"{ROUTE}\n// medpro-audit-ignore-start {BODY}: x", "suppressions/unused-suppression"),
    ],
)
def test_a_comment_that_accepts_nothing_is_told(tmp_path: Path, source: str, told: str) -> None:
    """Without a reason, with an unknown rule, in the wrong place: the finding stays."""
    result = _audit(tmp_path, source)
    assert _of(result.findings, "zod") == [BODY]
    assert _of(result.findings, "suppressions") == [told]
    assert result.suppressed == ()


def test_an_unknown_rule_is_shown_with_the_nearest(tmp_path: Path) -> None:
    """So that it can be corrected."""
    result = _audit(tmp_path, f"// medpro-audit-ignore zod/unvalidatd-body: x\n{ROUTE}")
    (finding,) = [each for each in result.findings if each.rule == "suppressions/unknown-rule"]
    assert (finding.line, "zod/unvalidatd-body" in finding.message) == (2, True)


def test_a_rule_that_is_switched_off_leaves_its_comments_alone(tmp_path: Path) -> None:
    """They may be needed again."""
    result = _audit(tmp_path, f"// medpro-audit-ignore {BODY}: signed\n{ROUTE}", disable=("zod",))
    assert _of(result.findings, "suppressions") == []


def test_what_is_accepted_is_measured(tmp_path: Path) -> None:
    """A comment makes nothing better than it is."""
    plain = _audit(tmp_path, ROUTE)
    accepted = _audit(tmp_path, f"// medpro-audit-ignore {BODY}: signed\n{ROUTE}")
    assert accepted.metrics == plain.metrics


@pytest.mark.parametrize("text", ["'medpro-audit-ignore zod/unvalidated-body: x'", "`medpro-audit-ignore`"])
def test_a_string_is_no_comment(tmp_path: Path, text: str) -> None:
    """Nothing is accepted by what the program says."""
    result = _audit(tmp_path, f"{text};\n{ROUTE}")
    assert _of(result.findings, "zod") == [BODY]
    assert _of(result.findings, "suppressions") == []
