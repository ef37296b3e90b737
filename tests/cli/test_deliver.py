"""``medpro-audit deliver``: what the week has brought, to where it is read."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.receivers import Call, Receiver, Reply, receiver
from cli.conftest import Cli
from cli.histories import PACKAGE, bad, commit, server

SECRETS = ("MEDPRO_AUDIT_SLACK_WEBHOOK", "MEDPRO_AUDIT_TEAMS_WEBHOOK", "MEDPRO_AUDIT_SMTP_URL")
OTHERS = ("MEDPRO_AUDIT_MAIL_TO", "MEDPRO_AUDIT_MAIL_FROM", "GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_API_URL")
MESSAGES = {"issue.md", "mail.html", "mail.txt", "slack.json", "teams.json", "trend.svg"}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is configured."""
    for name in (*SECRETS, *OTHERS, "MEDPRO_AUDIT_HISTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A back end with something to find."""
    folder = tmp_path / "repository"
    commit(folder, {"package.json": PACKAGE, "server.js": server(bad("one"))})
    return folder


@pytest.fixture
def taker() -> Iterator[Receiver]:
    """Takes everything."""
    with receiver(lambda _: Reply(200)) as held:
        yield held


def test_a_preview_sends_nothing(cli: Cli, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes every message, whatever is configured."""
    monkeypatch.setenv("MEDPRO_AUDIT_SLACK_WEBHOOK", "http://127.0.0.1:1/hunter2")
    done = cli("deliver", root, "--preview", tmp_path / "out")
    assert done.code == 0, done.err
    assert {file.name for file in (tmp_path / "out").iterdir()} >= MESSAGES
    assert "first scan on record" in (tmp_path / "out" / "issue.md").read_text()


def test_what_has_changed_is_told(cli: Cli, root: Path, tmp_path: Path) -> None:
    """Since what was recorded, with the commit that brought it."""
    assert cli("scan", root, "--record").code == 0
    commit(root, {"server.js": server(bad("one", "two"))})
    assert cli("deliver", root, "--preview", tmp_path / "out").code == 0
    text = (tmp_path / "out" / "issue.md").read_text()
    assert "1 new finding (1 error), 0 fixed" in text
    assert "POST /two reads req&#46;body" in text or "POST /two reads req.body" in text
    assert "step" in text


def test_each_is_told_where_it_is_configured(
    cli: Cli, root: Path, taker: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack and Teams by their variables; what is said holds no address."""
    monkeypatch.setenv("MEDPRO_AUDIT_SLACK_WEBHOOK", f"{taker.url}/slack-hunter2")
    monkeypatch.setenv("MEDPRO_AUDIT_TEAMS_WEBHOOK", f"{taker.url}/teams-hunter2")
    done = cli("deliver", root, "--page-url", "https://team.github.io/x/")
    assert (done.code, done.out, done.err) == (0, "Slack: posted.\nTeams: posted.\n", "")
    slack, teams = taker.calls
    assert (slack.path, teams.path) == ("/slack-hunter2", "/teams-hunter2")
    assert "blocks" in slack.document
    assert teams.document["attachments"][0]["content"]["type"] == "AdaptiveCard"


def test_what_fails_keeps_it_from_nowhere_else(
    cli: Cli, root: Path, taker: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All faults are told at the end, and no secret with them."""
    taker.answer = lambda call: Reply(404 if "slack" in call.path else 200)
    monkeypatch.setenv("MEDPRO_AUDIT_SLACK_WEBHOOK", f"{taker.url}/slack-hunter2")
    monkeypatch.setenv("MEDPRO_AUDIT_TEAMS_WEBHOOK", f"{taker.url}/teams-hunter2")
    monkeypatch.setenv("MEDPRO_AUDIT_SMTP_URL", "smtps://me:hunter2@127.0.0.1:1")
    monkeypatch.setenv("MEDPRO_AUDIT_MAIL_TO", "ann@example.org bob@example.org")
    monkeypatch.setenv("MEDPRO_AUDIT_MAIL_FROM", "audit@example.org")
    monkeypatch.setenv("MEDPRO_AUDIT_DEBUG", "1")
    done = cli("deliver", root)
    assert (done.code, done.out) == (2, "Teams: posted.\n")
    assert "MEDPRO_AUDIT_SLACK_WEBHOOK: answered with 404" in done.err
    assert "MEDPRO_AUDIT_SMTP_URL: the server can't be reached" in done.err
    assert "hunter2" not in done.out + done.err
    assert "127.0.0.1" not in done.out + done.err


def test_without_a_token_there_is_no_issue_and_no_fault(cli: Cli, root: Path) -> None:
    """One line says how to give one."""
    done = cli("deliver", root, "--issue")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n") == 1
    assert "GITHUB_TOKEN" in done.out


@pytest.mark.parametrize("status", [403, 410])
def test_without_the_right_there_is_no_issue_and_no_fault(
    cli: Cli, root: Path, taker: Receiver, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """One line says which permission is missing."""
    taker.answer = lambda call: (
        Reply(200, b"[]") if "issues?" in call.path else Reply(status if call.method == "POST" else 403)
    )
    monkeypatch.setenv("GITHUB_TOKEN", "hunter2")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    monkeypatch.setenv("GITHUB_API_URL", taker.url)
    done = cli("deliver", root, "--issue")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("No issue: ")
    assert "issues: write" in done.out
    assert "hunter2" not in done.out


def test_an_issue_is_written(cli: Cli, root: Path, taker: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its address told."""

    def answer(call: Call) -> Reply:
        if call.method == "GET":
            return Reply(200, b'{"login": "ann"}' if call.path == "/user" else b"[]")
        return Reply(200, json.dumps({"number": 1, "state": "open", "html_url": "https://x/1"}).encode())

    taker.answer = answer
    monkeypatch.setenv("GITHUB_TOKEN", "hunter2")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    monkeypatch.setenv("GITHUB_API_URL", taker.url)
    done = cli("deliver", root, "--issue")
    assert (done.code, done.out) == (0, "Issue: https://x/1\n")


def test_nothing_configured_is_told(cli: Cli, root: Path) -> None:
    """It is no fault: a workflow may have no secrets yet."""
    done = cli("deliver", root)
    assert done.code == 0
    assert "Nothing is configured" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--page-url", "http://x"), "--page-url: write an address that begins with https://"),
        (("--page-url", "https://x/<script>"), "--page-url"),
        (("--picture-url", "https://x/) ![y](https://evil"), "--picture-url"),
        (("--picture-url", "https://me:pw@x/y"), "--picture-url"),
        (("--mail-to", "a@b"), "MEDPRO_AUDIT_SMTP_URL is not set"),
    ],
)
def test_what_can_not_be_meant_is_refused(cli: Cli, root: Path, arguments: tuple[str, ...], told: str) -> None:
    """Before anything is sent."""
    done = cli("deliver", root, *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_it_is_told_under_the_name_that_is_recorded(cli: Cli, root: Path, tmp_path: Path) -> None:
    """So two back ends whose packages are called the same have an issue each."""
    assert cli("deliver", root, "--project", "wards", "--preview", tmp_path / "out").code == 0
    assert "wards: " in (tmp_path / "out" / "issue.md").read_text().splitlines()[0]


def test_a_result_is_taken_as_it_is(cli: Cli, root: Path, tmp_path: Path) -> None:
    """Without a scan: what the report was written from."""
    assert cli("scan", root, "-o", f"json:{tmp_path / 'result.json'}").code == 0
    (root / "server.js").write_text("")
    assert cli("deliver", root, "--result", tmp_path / "result.json", "--preview", tmp_path / "out").code == 0
    assert "1 error" in (tmp_path / "out" / "issue.md").read_text()


def test_without_a_browser_there_is_no_picture_and_no_fault(
    cli: Cli, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything else is there."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git") or pytest.fail("git is not installed"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert cli("deliver", root, "--preview", tmp_path / "out").code == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == MESSAGES
    assert "<img" not in (tmp_path / "out" / "mail.html").read_text()


def test_a_browser_that_fails_keeps_nothing_back(
    cli: Cli, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one without a sandbox to run in."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git") or pytest.fail("git is not installed"))
    (tmp_path / "bin" / "chromium").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bin" / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert cli("deliver", root, "--preview", tmp_path / "out").code == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == MESSAGES
