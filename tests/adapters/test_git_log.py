"""What the history of a repository says."""

from pathlib import Path

import pytest

from cli.histories import commit, git
from medpro_audit.adapters.git_log import GitLog
from medpro_audit.history.news import Commit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit."""
    commit(tmp_path, {"a.js": "1", "api/b c.js": "1", "api/ü\n.js": "1"})
    return tmp_path


def _said(root: Path, subject: str, files: dict[str, str]) -> Commit:
    for name, text in files.items():
        (root / name).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", subject, "--allow-empty")
    return Commit(git(root, "log", "-1", "--format=%h"), subject)


def test_the_commits_that_changed_files_are_named_the_latest_first(root: Path) -> None:
    """For the files that are asked for, between the two states, whatever their names and messages are."""
    since = git(root, "rev-parse", "HEAD")
    first = _said(root, "evil\x01deadbee\x02Fake", {"a.js": "2"})
    _said(root, "nothing", {})
    until = git(root, "rev-parse", "HEAD")
    second = _said(root, "::error::x | <b>", {"a.js": "3", "api/b c.js": "2", "api/ü\n.js": "2"})
    log = GitLog(root)
    assert log.changing(["a.js", "api/ü\n.js", "none.js"], since, None) == {
        "a.js": (second, first),
        "api/ü\n.js": (second,),
    }
    assert log.changing(["a.js"], since, until) == {"a.js": (first,)}
    assert log.changing([], since, None) == {}


def test_files_are_named_as_seen_from_the_folder(root: Path) -> None:
    """What others of the repository have changed is nothing of it."""
    since = git(root, "rev-parse", "HEAD")
    said = _said(root, "change", {"a.js": "2", "api/b c.js": "2"})
    assert GitLog(root / "api").changing(["b c.js", "a.js"], since, None) == {"b c.js": (said,)}


def test_merges_have_changed_nothing_themselves(root: Path) -> None:
    """The commits that they bring have."""
    since = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "-qb", "feature")
    said = _said(root, "feature", {"a.js": "2"})
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "feature")
    assert GitLog(root).changing(["a.js"], since, None) == {"a.js": (said,)}


def test_states_are_those_of_the_branch_the_earliest_first(root: Path) -> None:
    """Of what was merged only the merge."""
    first = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "-qb", "feature")
    _said(root, "feature", {"a.js": "2"})
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "feature")
    states = GitLog(root).states()
    assert [state.commit for state in states] == [first, git(root, "rev-parse", "HEAD")]
    assert {state.branch for state in states} == {"main"}
    assert not any(state.is_dirty for state in states)


def test_a_folder_may_not_have_been_there(root: Path) -> None:
    """At an earlier commit; the top always was."""
    before = git(root, "rev-parse", "HEAD")
    (root / "web").mkdir()
    _said(root, "web", {"web/x.js": "1"})
    log = GitLog(root / "web")
    assert [log.holds_folder(each) for each in (before, "HEAD")] == [False, True]
    assert GitLog(root).holds_folder(before)


@pytest.mark.parametrize(
    ("change", "is_dirty"),
    [("", False), ("a.js", True), ("new.js", True), ("notes.txt", False), ("web/new.js", False)],
)
def test_a_state_is_dirty_when_what_is_read_has_changed(root: Path, change: str, *, is_dirty: bool) -> None:
    """New files that are not read change nothing."""
    (root / "web").mkdir()
    if change:
        (root / change).write_text("9")
    revision = GitLog(root).revision({"a.js", "new.js"})
    assert revision is not None
    assert revision.is_dirty is is_dirty


def test_what_changes_elsewhere_does_not_make_a_folder_dirty(root: Path) -> None:
    """Its own files do, new ones by their name in it."""
    (root / "a.js").write_text("9")
    for present in (False, True):
        revision = GitLog(root / "api").revision({"new.js"})
        assert revision is not None
        assert revision.is_dirty is present
        (root / "api" / "new.js").write_text("1")
