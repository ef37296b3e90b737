"""`--base` and `diff` on real git histories."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from medpro_audit.adapters.cache import Cache
from medpro_audit.adapters.git import Git
from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.core.config import GateConfig, RulesConfig
from medpro_audit.core.errors import UsageError
from medpro_audit.core.finding import Finding
from medpro_audit.pipeline import Means, Reference, audit, compared, open_project
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import Difference
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.selection import select_rules
from packs import PACKS

RULES = select_rules(
    load_packs(read_packs()), RulesConfig(disable=tuple(pack for pack in PACKS if pack not in {"zod", "logging"}))
)
GATE = GateConfig(fail_on="error")
PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5", "zod": "4"}}'
HEAD = "const express = require('express');\nconst app = express(), kept = [];\napp.use(express.json());\n"
BAD = "app.post('/{0}', (req, res) => res.json(kept.push(req.body.{0})));\n"
GOOD = "app.get('/health', (req, res) => res.json({ ok: true }));\n"


class History:
    """A repository with commits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git; what it prints."""
        options = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"]
        done = subprocess.run(["git", *options, *arguments], cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files, or delete those that are None."""
        for path, text in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                target.unlink()
            else:
                target.write_text(text)

    def commit(self, files: Mapping[str, str | None]) -> str:
        """Write files and commit everything."""
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "step")
        return self.git("rev-parse", "HEAD")

    def audit(self, base: str, folder: str = "", means: Means | None = None) -> AuditResult:
        """Audit what is on disk against a base."""
        return audit(open_project(self.root / folder), RULES, GATE, means or Means(), Reference(base))

    def difference(self, base: str, folder: str = "") -> Difference:
        """What is different."""
        comparison = self.audit(base, folder).comparison
        assert comparison is not None
        return comparison.difference


def _server(*parts: str) -> str:
    return HEAD + "".join(parts) + "app.listen(1);\n"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """One commit with an endpoint that is not validated."""
    made = History(tmp_path / "repository")
    made.commit({"package.json": PACKAGE, "server.js": _server(BAD.format("old"), GOOD)})
    return made


def _paths(difference: Difference) -> tuple[list[str | None], list[str | None]]:
    return [finding.path for finding in difference.new], [finding.path for finding in difference.fixed]


def test_only_what_is_new_fails(history: History) -> None:
    """An old finding is no reason to fail, a new one is, committed or not."""
    assert history.audit("main").verdict.status == "passed"
    history.write({"server.js": _server(BAD.format("old"), GOOD, BAD.format("new"))})
    result = history.audit("main")
    assert result.verdict.status == "failed"
    assert result.verdict.reasons[0] == "1 new error, and the gate fails on error"
    assert _paths(history.difference("main")) == (["/new"], [])


def test_what_main_has_done_since_is_not_ours(history: History) -> None:
    """A branch is held against where it has parted, not against what main is now."""
    history.git("checkout", "-qb", "topic")
    history.commit({"topic.txt": "x"})
    history.git("checkout", "-q", "main")
    history.commit({"server.js": _server(GOOD)})
    history.git("checkout", "-q", "topic")
    assert _paths(history.difference("main")) == ([], [])


def test_a_pure_move_is_not_new(history: History) -> None:
    """A renamed file, another folder, another order: nothing is new and nothing is fixed."""
    log = "console.log('starting');\nmodule.exports = 1;\n"
    history.commit({"lib/start.js": log, "server.js": f"require('./lib/start');\n{_server(BAD.format('old'), GOOD)}"})
    history.git("mv", "lib", "source")
    history.git("mv", "source/start.js", "source/boot.js")
    history.write({"server.js": f"require('./source/boot');\n\n\n{_server(GOOD, BAD.format('old'))}"})
    assert _paths(history.difference("main")) == ([], [])


def test_of_equal_findings_the_one_that_was_added_is_new(history: History) -> None:
    """The one in the line that is new, not the last of the file, with a baseline too; annotations stand beside it."""
    log = "console.log('here');\n"
    start = f"{log}one();\n{log}two();\n"
    history.commit({"start.js": start, "server.js": f"require('./start');\n{_server(GOOD)}"})
    history.write({"start.js": f"one();\n{log}{start}three();\n"})
    [new] = history.difference("main").new
    assert (new.rule, new.line) == ("logging/console-call-at-start", 2)
    result = history.audit("main")
    fingerprints = [each.fingerprint for each in result.findings if each.file == "start.js"]
    assert len(set(fingerprints)) == len(fingerprints) == 3
    accepted = audit_of(history.root, before={"start.js": start})
    assert new.fingerprint not in {each.fingerprint for each in accepted}


def test_a_committed_one_of_equal_findings_is_told_apart(history: History) -> None:
    """Between two commits as between a commit and the disk; in a file with blanks and brackets in its name, too."""
    log = "console.log('here');\n"
    name = "lib/start [a] *.js"
    before = history.commit({name: log, "server.js": f"require('./lib/start [a] *');\n{_server(GOOD)}"})
    after = history.commit({name: f"{log}{log}one();\n"})
    history.write({name: None})
    comparison = compared(open_project(history.root), RULES, before, after)
    assert [finding.line for finding in comparison.difference.new] == [2]


def audit_of(root: Path, before: Mapping[str, str]) -> tuple[Finding, ...]:
    """Findings of a state of some files."""
    kept = {path: (root / path).read_text() for path in before}
    for path, text in before.items():
        (root / path).write_text(text)
    found = audit(open_project(root), RULES, GATE).findings
    for path, text in kept.items():
        (root / path).write_text(text)
    return found


def test_an_empty_history_of_the_other_side(history: History) -> None:
    """On the first commit, against itself, nothing is new."""
    result = history.audit(history.git("rev-parse", "HEAD"))
    assert (result.verdict.status, result.comparison is not None) == ("passed", True)


def test_a_detached_head_and_a_merge_commit(history: History) -> None:
    """As a CI checks a pull request out: the merge of both, on no branch."""
    history.git("checkout", "-qb", "topic")
    history.commit({"server.js": _server(BAD.format("old"), GOOD, BAD.format("new"))})
    history.git("checkout", "-q", "main")
    base = history.commit({"other.txt": "x"})
    history.git("checkout", "-q", "--detach")
    history.git("merge", "-q", "--no-edit", "topic")
    for name in ("main", base, "HEAD^1"):
        assert _paths(history.difference(name)) == (["/new"], [])


def test_a_sub_folder_is_compared_with_itself(tmp_path: Path) -> None:
    """Also one that is a workspace and uses a package beside it."""
    history = History(tmp_path / "repository")
    shared = "exports.check = (schema) => (req, res, next) => { req.body = schema.parse(req.body); next(); };\n"
    server = (
        "const express = require('express');\nconst { z } = require('zod');\nconst { check } = require('shared');\n"
        "const app = express();\nconst body = z.object({ a: z.string() });\n"
        "app.post('/a', check(body), (req, res) => res.json(kept.push(req.body.a)));\n"
    )
    history.commit(
        {
            "package.json": '{"workspaces": ["packages/*"]}',
            "packages/shared/package.json": '{"name": "shared", "main": "index.js"}',
            "packages/shared/index.js": shared,
            "packages/api/package.json": PACKAGE.replace('"zod"', '"shared": "*", "zod"'),
            "packages/api/server.js": f"{server}app.listen(1);\n",
        }
    )
    history.write({"packages/api/server.js": f"{server}{BAD.format('new')}app.listen(1);\n"})
    assert _paths(history.difference("main", "packages/api")) == (["/new"], [])


def test_a_guard_lost_elsewhere_fails(history: History) -> None:
    """The validation of an endpoint is lost in a file that the endpoint does not stand in."""
    check = "exports.check = (schema) => (req, res, next) => {{ {0} next(); }};\n"
    route = (
        "const { z } = require('zod');\nconst { check } = require('./check');\n"
        "app.post('/a', check(z.object({ a: z.string() })), (req, res) => res.json(kept.push(req.body.a)));\n"
    )
    history.commit({"check.js": check.format("req.body = schema.parse(req.body);"), "server.js": _server(route)})
    history.write({"check.js": check.format("")})
    result = history.audit("main")
    assert "protection is lost since main: POST /a has lost its validation of body" in result.verdict.reasons


CHECKED = """\
const jwt = require('jsonwebtoken');
app.post('/a', (req, res) => {
  try {
    req.user = jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] });
  } catch {
    return res.status(401).json({});
  }
  res.json({ id: req.user.id });
});
"""


def test_a_check_in_the_handler_may_be_lost_too(history: History) -> None:
    """No middleware has gone; the handler itself no longer turns anybody away."""
    history.commit({"server.js": _server(CHECKED)})
    history.write({"server.js": _server(CHECKED.replace("return res.status(401).json({});", "req.user = {};"))})
    assert "protection is lost since main: POST /a has lost its authentication" in history.audit("main").verdict.reasons


def test_a_guard_that_is_replaced_is_not_lost(history: History) -> None:
    """Another middleware, or the handler, turns strangers away instead."""
    guard = (
        "const { expressjwt } = require('express-jwt');\n"
        "const login = expressjwt({ secret: process.env.KEY, algorithms: ['HS256'] });\n"
        "app.post('/a', login, (req, res) => res.json({ id: req.auth.id }));\n"
    )
    history.commit({"server.js": _server(guard)})
    history.write({"server.js": _server(CHECKED)})
    assert not [reason for reason in history.audit("main").verdict.reasons if "protection is lost" in reason]


def test_a_shallow_clone_is_refused_where_it_could_lie(history: History, tmp_path: Path) -> None:
    """It answers only where the base is certainly an ancestor; else it names the fix."""
    first = history.git("rev-parse", "HEAD")
    history.commit({"a.txt": "x"})
    history.commit({"a.txt": "y"})
    history.git("checkout", "-qb", "topic")
    history.commit({"server.js": _server(BAD.format("old"), GOOD, BAD.format("new"))})
    shallow = History.__new__(History)
    shallow.root = tmp_path / "shallow"
    url = f"file://{history.root}"
    history.git("clone", "-q", "--depth", "2", "--no-single-branch", "--branch", "topic", url, str(shallow.root))
    assert _paths(shallow.difference("origin/main")) == (["/new"], [])
    with pytest.raises(UsageError, match="fetch-depth: 0"):
        shallow.audit(first)
    history.git("checkout", "-q", "main")
    history.commit({"b.txt": "y"})
    shallow.git("fetch", "-q", "--depth", "1", "origin", "main")
    with pytest.raises(UsageError, match="shallow, so it can't be known"):
        shallow.audit("FETCH_HEAD")


def test_a_partial_clone_is_refused_where_source_is_missing(history: History, tmp_path: Path) -> None:
    """What git left on the server is not taken for an empty file; it names the fix, which works."""
    history.git("config", "uploadpack.allowFilter", "true")
    history.git("config", "uploadpack.allowAnySHA1InWant", "true")
    history.commit({"server.js": _server(BAD.format("old"), BAD.format("new"))})
    partial = History.__new__(History)
    partial.root = tmp_path / "partial"
    history.git("clone", "-q", "--filter=blob:none", f"file://{history.root}", str(partial.root))
    with pytest.raises(UsageError, match=r"server\.js: this is a partial clone.*git fetch --refetch --no-filter"):
        partial.audit("HEAD~1")
    partial.git("fetch", "-q", "--refetch", "--no-filter")
    assert _paths(partial.difference("HEAD~1")) == (["/new"], [])


def test_a_partial_clone_may_lack_what_is_not_read(history: History, tmp_path: Path) -> None:
    """A large file that is no source is as good as one that is there."""
    history.git("config", "uploadpack.allowFilter", "true")
    history.git("config", "uploadpack.allowAnySHA1InWant", "true")
    history.commit({"film.mp4": "x" * 5000})
    history.commit({"film.mp4": "y", "server.js": _server(BAD.format("old"), BAD.format("new"))})
    partial = History.__new__(History)
    partial.root = tmp_path / "partial"
    history.git("clone", "-q", "--filter=blob:limit=4k", f"file://{history.root}", str(partial.root))
    assert _paths(partial.difference("HEAD~1")) == (["/new"], [])


def test_a_base_that_is_not_there_is_refused(history: History, tmp_path: Path) -> None:
    """Never all new, never nothing new."""
    for name, message in (("nowhere", "there is no commit"), ("--output=x", "is no name of a commit"), ("", "no name")):
        with pytest.raises(UsageError, match=message):
            history.audit(name)
    history.git("checkout", "-q", "--orphan", "other")
    history.commit({"x.txt": "x"})
    with pytest.raises(UsageError, match="no history in common"):
        history.audit("main")
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError, match="no git repository"):
        Git(tmp_path / "plain")


def test_a_submodule_is_compared_too(history: History, tmp_path: Path) -> None:
    """With the commit that the base had of it; one that is not there is asked for."""
    library = History(tmp_path / "library")
    library.commit({"index.js": "console.log('one');\n"})
    history.git("submodule", "--quiet", "add", f"file://{library.root}", "library")
    history.commit({"server.js": f"require('./library');\n{_server(GOOD)}"})
    inside = History.__new__(History)
    inside.root = history.root / "library"
    inside.commit({"index.js": "console.log('one');\nconsole.log('two');\n"})
    difference = history.difference("main")
    assert [finding.snippet for finding in difference.new] == ["console.log('two')"]


def test_links_and_hostile_names_stay_inside(history: History) -> None:
    """A link is a link in the earlier state too, and nothing is written outside."""
    (history.root / "away").symlink_to("/etc")
    (history.root / "near").symlink_to("server.js")
    history.commit({"dir/\u202e name\n.js": "f();\n", "%0A::error::.js": "f();\n"})
    assert _paths(history.difference("HEAD")) == ([], [])


def test_a_large_file_is_left_out_on_both_sides(history: History) -> None:
    """With the same notice, so that neither side has more."""
    history.commit({"large.js": "f();\n" * 300_000})
    difference = history.difference("HEAD")
    assert difference.notices.new == difference.notices.closed == ()


def test_nothing_of_the_repository_runs(history: History, tmp_path: Path) -> None:
    """No hook, no filter, no monitor, no external diff."""
    proof = tmp_path / "proof"
    script = history.root / ".git" / "run"
    script.write_text(f"#!/bin/sh\ntouch {proof}\n")
    script.chmod(0o755)
    history.commit({".gitattributes": "* filter=evil diff=evil\n"})
    history.git("config", "filter.evil.smudge", str(script))
    history.git("config", "diff.evil.textconv", str(script))
    history.git("config", "core.fsmonitor", str(script))
    history.git("config", "diff.external", str(script))
    proof.unlink(missing_ok=True)
    history.write({"server.js": None, "moved.js": _server(BAD.format("old"))})
    history.audit("HEAD")
    assert not proof.exists()


def test_the_repository_stays_as_it_is(history: History) -> None:
    """Neither index nor work tree nor objects change."""
    before = sorted(path for path in history.root.rglob("*") if path.is_file())
    status = history.git("status", "--porcelain")
    history.audit("HEAD")
    assert sorted(path for path in history.root.rglob("*") if path.is_file()) == before
    assert history.git("status", "--porcelain") == status


def test_the_cache_changes_nothing(history: History, tmp_path: Path) -> None:
    """The base is taken from it the second time."""
    history.write({"server.js": _server(BAD.format("old"), GOOD, BAD.format("new"))})
    with Cache(tmp_path / "cache", pytest.fail) as cache:
        results = [history.audit("main", means=Means(cache=cache)) for _ in range(2)]
    assert results[0] == results[1] == history.audit("main")


def test_two_commits_are_compared_without_a_checkout(history: History) -> None:
    """`diff BASE HEAD` reads both from git's objects."""
    history.git("checkout", "-qb", "topic")
    history.commit({"server.js": _server(GOOD, BAD.format("new"))})
    history.git("checkout", "-q", "main")
    difference = compared(open_project(history.root), RULES, "main", "topic").difference
    assert [endpoint.path for endpoint in difference.endpoints_added] == ["/new"]
    assert [endpoint.path for endpoint in difference.endpoints_removed] == ["/old"]
