"""``medpro-audit github run`` in a made-up run of GitHub Actions."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.github_stand import Answer, Stand, listening
from cli.conftest import Cli, Done
from cli.histories import PACKAGE, bad, commit, git, server
from medpro_audit.reporters.sections import sections_of

ZEROS = "0" * 40
HEAD = "a" * 40
OUTPUT = re.compile(r"([\w-]+)<<(\S+)\n(.*?)\n\2\n", re.DOTALL)


class Ran(NamedTuple):
    """What a run has left."""

    done: Done
    outputs: dict[str, str]
    delimiters: set[str]
    summary: str
    reports: Path


Run = Callable[..., Ran]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with an old finding, and one that a second commit adds, in a folder of it."""
    folder = tmp_path / "repository"
    commit(folder, {"api/package.json": PACKAGE, "api/server.js": server(bad("old"))})
    commit(folder, {"api/server.js": server(bad("old", "new"))})
    return folder


@pytest.fixture
def run(cli: Cli, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs for an event."""

    def started(name: str, event: dict[str, Any] | str, *arguments: str, folder: str = "api") -> Ran:
        files = {
            variable: tmp_path / variable for variable in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH")
        }
        for variable, file in files.items():
            file.write_text("")
            monkeypatch.setenv(variable, str(file))
        files["GITHUB_EVENT_PATH"].write_text(event if isinstance(event, str) else json.dumps(event))
        monkeypatch.setenv("GITHUB_EVENT_NAME", name)
        reports = tmp_path / "reports"
        done = cli("github", "run", "--output", reports, "--fail-on", "error", *arguments, root / folder)
        written = files["GITHUB_OUTPUT"].read_text()
        found = OUTPUT.findall(written)
        assert "".join(f"{key}<<{mark}\n{value}\n{mark}\n" for key, mark, value in found) == written
        outputs = {key: value for key, _, value in found}
        delimiters = {mark for _, mark, _ in found}
        return Ran(done, outputs, delimiters, files["GITHUB_STEP_SUMMARY"].read_text(), reports)

    return started


def pull_request(root: Path, *, fork: bool = False) -> dict[str, Any]:
    """The event of a pull request on the first commit."""
    head = {"sha": git(root, "rev-parse", "HEAD"), "repo": {"full_name": "stranger/clinic" if fork else "team/clinic"}}
    request = {"number": 7, "base": {"sha": git(root, "rev-parse", "HEAD~1")}, "head": head}
    return {"pull_request": request, "repository": {"full_name": "team/clinic"}}


def annotations(done: Done) -> list[str]:
    """Those with a place."""
    return [line for line in done.out.splitlines() if " file=" in line]


def test_a_pull_request_is_judged_by_what_it_changes(run: Run, root: Path) -> None:
    """Only what is new is annotated, with its path in the repository; all files and outputs are there."""
    ran = run("pull_request", pull_request(root))
    assert ran.done.code == 1
    (line,) = annotations(ran.done)
    assert line.startswith("::error file=api/server.js,line=")
    assert "POST /new" in line
    assert {key: ran.outputs[key] for key in ("verdict", "exit-code", "findings", "new", "fixed")} == {
        "verdict": "failed",
        "exit-code": "1",
        "findings": "2",
        "new": "1",
        "fixed": "0",
    }
    for key in ("html", "json", "sarif", "comment"):
        assert Path(ran.outputs[key]).is_file()
    assert "1 new, 0 fixed, 1 unchanged" in ran.summary
    assert "fork" not in ran.done.out


def test_delimiters_can_not_be_guessed(run: Run, root: Path) -> None:
    """Another one each time."""
    delimiters = [mark for _ in range(2) for mark in run("pull_request", pull_request(root)).delimiters]
    assert len(set(delimiters)) == 2
    assert all(re.fullmatch(r"medpro-audit-[0-9a-f]{32}", mark) for mark in delimiters)


def test_a_fork_is_told_why_there_is_no_comment(run: Run, root: Path) -> None:
    """In one line; a fork that was deleted is one too."""
    event = pull_request(root, fork=True)
    assert run("pull_request", event).done.out.count("pull request of a fork") == 1
    event["pull_request"]["head"]["repo"] = None
    assert run("pull_request", event).done.out.count("pull request of a fork") == 1


def test_a_push_is_compared_with_what_it_came_after(run: Run, root: Path) -> None:
    """And a merge group with its base."""
    before = git(root, "rev-parse", "HEAD~1")
    for name, event in (("push", {"before": before}), ("merge_group", {"merge_group": {"base_sha": before}})):
        ran = run(name, event)
        assert (ran.outputs["new"], ran.outputs["findings"]) == ("1", "2")


@pytest.mark.parametrize(
    ("name", "event"), [("push", {"before": ZEROS}), ("schedule", {}), ("workflow_dispatch", {"inputs": None})]
)
def test_without_a_base_everything_counts(run: Run, name: str, event: dict[str, Any]) -> None:
    """On a branch's first push, and where nothing was pushed: that nothing was compared is visible in the outputs."""
    ran = run(name, event)
    assert ran.done.code == 1
    assert (ran.outputs["new"], ran.outputs["fixed"]) == ("2", "")
    assert "Since" not in ran.summary


def test_a_base_may_be_named_or_left_out(run: Run, root: Path) -> None:
    """Whatever the event says."""
    assert run("push", {"before": ZEROS}, "--base", "HEAD").done.code == 0
    assert run("pull_request", pull_request(root), "--base", "none").outputs["fixed"] == ""


def test_what_can_not_be_analysed_is_incomplete(run: Run, root: Path) -> None:
    """A folder without a back end is no green build; the outputs are written all the same."""
    commit(root, {"web/index.txt": "x"})
    ran = run("schedule", {}, folder="web")
    assert ran.done.code == 3
    assert (ran.outputs["verdict"], ran.outputs["exit-code"]) == ("incomplete", "3")
    assert "::error title=medpro-audit::The analysis is incomplete" in ran.done.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(("--base", "nothing"), 'there is no commit "nothing" here'), (("-c", "none.toml"), "none.toml")],
)
def test_what_ends_the_run_is_an_annotation(run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    """With an exit code among the outputs, and no verdict."""
    ran = run("schedule", {}, *arguments)
    assert ran.done.code == 2
    assert ran.outputs == {"exit-code": "2"}
    assert ran.done.out.startswith("::error title=medpro-audit::")
    assert complaint in ran.done.out
    assert complaint in ran.done.err


@pytest.mark.parametrize("event", ["", "[]", "{", '{"before": 7}'])
def test_an_event_that_can_not_be_read_is_refused(run: Run, event: str) -> None:
    """Not taken for one without a base."""
    ran = run("push", event)
    assert ran.done.code == 2
    assert "GITHUB_EVENT_PATH: the event can't be read" in ran.done.err


def test_outside_of_github_it_says_so(cli: Cli, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of looking for an event."""
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    done = cli("github", "run", "--output", tmp_path / "reports", root)
    assert done.code == 2
    assert "this is no run of GitHub Actions" in done.err


def test_no_complaint_can_be_a_command(cli: Cli, tmp_path: Path) -> None:
    """The runner obeys lines that begin with two colons, and two hashes and a bracket anywhere."""
    done = cli("scan", tmp_path / "\n::error::x ##[add-mask]y")
    assert done.code == 2
    assert "##[" not in done.err
    assert all(line.startswith("medpro-audit: ") for line in done.err.splitlines())


def test_a_bug_of_ours_commands_nothing(cli: Cli, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its trace neither."""

    def broken(*_: object) -> None:
        raise RuntimeError("x\n::error::y\n  ::error::z ##[error]a")

    monkeypatch.setenv("MEDPRO_AUDIT_DEBUG", "1")
    monkeypatch.setattr("medpro_audit.pipeline.open_project", broken)
    done = cli("scan", root)
    assert done.code == 70
    assert "##[" not in done.err
    assert "RuntimeError" in done.err
    assert all(line.startswith("medpro-audit: ") for line in done.err.splitlines())


HOSTILE = "zz ::error::pwned ##[error]pwned ##[add-mask]e"


@pytest.mark.parametrize(
    "form", ["console", "json", "csv", "junit", "checkstyle", "html", "markdown", "gitlab", "sarif"]
)
def test_no_report_can_be_a_command(cli: Cli, tmp_path: Path, form: str) -> None:
    """Neither where a line is wrapped before two colons; JSON says the same all the same."""
    root = tmp_path / "clinic"
    route = f"app.post('/{HOSTILE}', (req, res) => res.json(kept.push(req.body.a)));\n"
    commit(root, {"package.json": PACKAGE, "server.js": server(*[f"{' ' * pad}{route}" for pad in range(3)])})
    for width in range(4):
        (root / "server.js").write_text(server(route.replace("zz", "z" * (60 + 3 * width))))
        out = cli("scan", root, "-f", form).out
        assert "##[" not in out
        assert not [line for line in out.splitlines() if line.strip().startswith("::")]
        assert "error" in out
    if form == "json":
        assert HOSTILE in json.loads(out)["endpoints"][0]["path"].replace("z" * 67, "")  # the value is what it was


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stand]:
    """GitHub's stand-in, as the environment of a run names it; the run is for the end of another one."""
    with listening() as held:
        event = tmp_path / "event.json"
        event.write_text(json.dumps({"workflow_run": {"head_sha": HEAD}}))
        for name, value in {
            "GITHUB_TOKEN": "secret",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_API_URL": held.url,
            "GITHUB_EVENT_NAME": "workflow_run",
            "GITHUB_EVENT_PATH": str(event),
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("time.sleep", lambda _seconds: None)
        yield held


def test_a_report_goes_into_the_comment(cli: Cli, stand: Stand, tmp_path: Path) -> None:
    """Under the folder that it is about, however that is written."""
    report = tmp_path / "comment.md"
    for number, section in enumerate(("apps/api", "./apps/api/", ".")):
        report.write_text(f"report {number}")
        assert cli("github", "comment", "--pull-request", 7, "--section", section, report).code == 0
    (body,) = stand.bodies()
    found = sections_of(body)
    assert {name: text.split("\n")[-1] for name, text in found.items()} == {"apps/api": "report 1", "": "report 2"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(403), "The workflow needs the permission pull-requests: write."),
        (Answer(422), "::warning title=medpro-audit::No comment: GitHub answers POST"),
        (Answer(502), "::warning title=medpro-audit::No comment: GitHub answers POST"),
        (Answer(403, {"retry-after": "1"}), "4 times; run the job again later"),
    ],
)
def test_a_comment_that_is_not_taken_fails_nothing(
    cli: Cli, stand: Stand, tmp_path: Path, answer: Answer, words: str
) -> None:
    """The gate has answered, and the log says why there is none."""
    (tmp_path / "comment.md").write_text("report")
    stand.answers["POST /repos/o/r/issues/7/comments"] = [answer] * 9
    done = cli("github", "comment", "--pull-request", 7, tmp_path / "comment.md")
    assert (done.code, stand.bodies()) == (0, [])
    assert words in done.out


def test_the_result_of_a_fork_is_rendered_here(cli: Cli, stand: Stand, root: Path, tmp_path: Path) -> None:
    """Onto the pull request of the commit that was audited, whatever the result says; no markup of it survives."""
    result = json.loads(cli("scan", root, "-f", "json").out)
    result["project"] = "x --> <!-- medpro-audit end --> @everyone [c](javascript:alert(1)) <script>"
    (tmp_path / "result.json").write_text(json.dumps(result))
    assert "is the head of no open pull request" in cli("github", "comment-for-fork", tmp_path / "result.json").out
    stand.add_pull(7, "open", HEAD)
    assert cli("github", "comment-for-fork", "--section", "api", tmp_path / "result.json").code == 0
    (body,) = stand.bodies()
    assert list(sections_of(body)) == ["api"]
    assert not [word for word in ("@everyone", "](javascript", "<script>") if word in body]


@pytest.mark.parametrize("content", ["{}", "[", '{"schema_version": "1"}', "[" * 100_000])
def test_a_result_that_is_none_is_refused(cli: Cli, stand: Stand, tmp_path: Path, content: str) -> None:
    """Nothing of it reaches a comment."""
    stand.add_pull(7, "open", HEAD)
    (tmp_path / "result.json").write_text(content)
    done = cli("github", "comment-for-fork", tmp_path / "result.json")
    assert (done.code, stand.bodies()) == (2, [])
    assert "is no result of this version" in done.err
