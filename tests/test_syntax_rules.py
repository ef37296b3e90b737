"""Syntax rules from end to end: queries of a pack, run over real files."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from medpro_audit.adapters.cache import Cache
from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.core.finding import Finding
from medpro_audit.pipeline import ALONE, Means, audit, open_project
from medpro_audit.rules.loading import load_packs

Write = Callable[[Mapping[str, str]], Path]

RULE = """\
id: own/debugger
subject: syntax
title: Debugger statement
severity: warning
metric: none
where: {role: server}
query: QUERY
message: "stops here: {{ snippet }}"
fix: Remove it.
why: It stops the process.
bad: debugger;
good: f();
effort: 20min
"""
APP = {
    "package.json": '{"main": "server.js", "dependencies": {"express": "5"}}',
    "server.js": "require('express')().listen(1);\nfunction f() {\n  debugger;\n  // debugger;\n}\nf('debugger');\n",
    "server.test.js": "debugger;\n",
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a folder of their own."""

    def written(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            target = tmp_path / "project" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return tmp_path / "project"

    return written


def _found(root: Path, query: str, means: Means = ALONE) -> list[Finding]:
    packs = read_packs([]) | {
        "rules/own/pack.yaml": b"id: own\ntitle: Own\ndescription: Own.\n",
        "rules/own/debugger.yaml": RULE.replace("QUERY", query).encode(),
    }
    findings = audit(open_project(root), load_packs(packs), means=means).findings
    return [finding for finding in findings if finding.rule == "own/debugger"]


def test_every_match_in_the_files_asked_about_is_a_finding(write: Write) -> None:
    """Of nodes, not of text; with its place and source."""
    (finding,) = _found(write(APP), "(debugger_statement) @here")
    assert (finding.file, finding.line, finding.column, finding.end_line) == ("server.js", 3, 3, 3)
    assert (finding.message, finding.snippet) == ("stops here: debugger;", "debugger;")


def test_predicates_hold(write: Write) -> None:
    """Names are compared; a regular expression looks at the beginning of a long text only."""
    root = write({**APP, "server.js": "require('express')();\nevaluate(1);\neval(2);\n"})
    lines = {
        '(#eq? @f "eval")': [3],
        '(#not-eq? @f "eval")': [1, 2],
        '(#match? @f "^eval")': [2, 3],
        '(#not-match? @f "^eval")': [1],
    }
    for predicate, expected in lines.items():
        query = f"'((call_expression function: (identifier) @f) @here {predicate})'"
        assert [finding.line for finding in _found(root, query)] == expected


def test_a_query_about_types_says_nothing_of_javascript(write: Write) -> None:
    """Each grammar is asked what it understands."""
    root = write(
        {**APP, "types.ts": "export const a = 1 as number;\n", "server.js": "require('express')();require('./types');"}
    )
    assert [finding.file for finding in _found(root, "(as_expression) @here")] == ["types.ts"]


def test_matches_are_remembered_with_their_queries(write: Write, tmp_path: Path) -> None:
    """A warm scan finds the same; another query is asked anew."""
    root = write(APP)
    with Cache(tmp_path / "cache", pytest.fail) as cache:
        means = Means(cache=cache)
        first = _found(root, "(debugger_statement) @here", means)
        assert _found(root, "(debugger_statement) @here", means) == first
        assert len(_found(root, "(function_declaration) @here", means)) == 1


def test_several_processes_find_the_same(write: Write) -> None:
    """The queries are handed to them."""
    root = write(APP)
    alone = _found(root, "(debugger_statement) @here")
    assert msgspec.json.encode(_found(root, "(debugger_statement) @here", Means(jobs=2))) == msgspec.json.encode(alone)


def test_a_file_that_matches_too_often_is_told(write: Write) -> None:
    """What a stranger's query can keep is bounded, and that something is missing is said."""
    root = write({**APP, "server.js": "require('express')();\n" + "f();\n" * 2_000})
    packs = {
        "rules/own/pack.yaml": b"id: own\ntitle: Own\ndescription: Own.\n",
        "rules/own/debugger.yaml": RULE.replace("QUERY", "(call_expression) @here").encode(),
    }
    result = audit(open_project(root), load_packs(packs))
    assert len(result.findings) == 1_000
    assert [notice.kind for notice in result.notices if "match too often" in notice.message] == ["limit"]
