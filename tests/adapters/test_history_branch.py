"""A history carried in a branch: real git, a remote on disk."""

import ssl
import subprocess
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import trustme
from msgspec.structs import replace

from adapters.receivers import Reply, receiver
from cli.histories import PACKAGE, commit, git
from medpro_audit.adapters.history_branch import BRANCH, HistoryBranch, file_name
from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import Record
from medpro_audit.result import AuditResult
from reporters.conftest import build_sample
from reporters.weeks import record

Clone = Callable[..., Path]


@pytest.fixture(scope="module")
def result() -> AuditResult:
    """Something that was found."""
    return build_sample()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository that others push to."""
    commit(tmp_path / "first", {"package.json": PACKAGE, "server.js": "x"})
    git(tmp_path, "clone", "-q", "--bare", str(tmp_path / "first"), str(tmp_path / "remote.git"))
    return tmp_path / "remote.git"


@pytest.fixture
def clone(remote: Path, tmp_path: Path) -> Clone:
    """Makes clones of it."""
    made: list[Path] = []

    def make(*options: str) -> Path:
        folder = tmp_path / f"clone{len(made)}"
        git(tmp_path, "clone", "-q", *options, f"file://{remote}", str(folder))
        made.append(folder)
        return folder

    return make


def branch(folder: Path) -> HistoryBranch:
    """The branch, seen from a clone; it does not wait."""
    return HistoryBranch(folder, pause=lambda _: None)


def keys(records: list[Record]) -> list[str]:
    """What is in a branch."""
    return [each.scan.key for each in records]


def test_what_one_adds_another_finds(clone: Clone, result: AuditResult) -> None:
    """Whole; without a branch there is nothing, and adding the same again changes nothing."""
    here, there = branch(clone()), branch(clone())
    assert list(here.records()) == []
    records = [record(result, weeks_ago=week) for week in (2, 1)]
    assert here.add(records) == 2
    assert here.add(records) == 0
    assert list(there.records()) == records


def test_a_second_run_appends(clone: Clone, remote: Path, result: AuditResult) -> None:
    """A commit on top of what is there; the clone's own branch, index and files are left alone."""
    folder = clone()
    before = git(folder, "rev-parse", "HEAD")
    branch(folder).add([record(result, weeks_ago=2)])
    branch(folder).add([record(result, weeks_ago=1)])
    assert git(remote, "rev-list", "--count", BRANCH) == "2"
    names = git(remote, "ls-tree", "--name-only", BRANCH).splitlines()
    assert names == [file_name(record(result, weeks_ago=week).scan) for week in (2, 1)] + ["README.md"]
    assert git(folder, "rev-parse", "HEAD") == before
    assert git(folder, "status", "--porcelain") == ""
    assert BRANCH not in git(folder, "branch", "--list")


def test_who_is_overtaken_loses_nothing(clone: Clone, result: AuditResult) -> None:
    """What another run has pushed meanwhile is fetched, and its scan stays."""
    other = branch(clone())

    class Overtaken(HistoryBranch):
        """While it makes its first commit another run is faster."""

        is_first = True

        def _commit(self, files: Mapping[str, str], parent: str | None, new: int) -> str:
            if self.is_first:
                self.is_first = False
                other.add([record(result, weeks_ago=2)])
            return super()._commit(files, parent, new)

    pauses: list[float] = []
    Overtaken(clone(), pause=pauses.append).add([record(result, weeks_ago=1)])
    assert len(pauses) == 1
    assert len(list(other.records())) == 2


def test_many_at_once_lose_nothing(clone: Clone, result: AuditResult) -> None:
    """Who comes second takes what is there and adds its own."""
    folders = [clone() for _ in range(5)]
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            HistoryBranch(folders[number]).add([record(result, weeks_ago=number)])
        except UsageError as fault:
            faults.append(fault)

    runs = [threading.Thread(target=run, args=(number,)) for number in range(len(folders))]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert faults == []
    assert len(list(branch(clone()).records())) == 5


def test_what_is_outdated_goes(clone: Clone, result: AuditResult) -> None:
    """In the same commit; what others have added stays."""
    old, new = record(result, weeks_ago=9), record(result, weeks_ago=0)
    here = branch(clone())
    here.add([old])
    branch(clone()).add([record(result, weeks_ago=5)])
    here.add([new], outdated=[old.scan])
    assert keys(list(here.records())) == keys([record(result, weeks_ago=5), new])


def test_a_shallow_clone_carries_it_too(clone: Clone, result: AuditResult) -> None:
    """And a whole one is not made shallow, of which the base of a comparison depends."""
    shallow, whole = clone("--depth", "1"), clone()
    assert branch(shallow).add([record(result)]) == 1
    assert len(list(branch(whole).records())) == 1
    assert git(whole, "rev-parse", "--is-shallow-repository") == "false"


def test_who_may_not_push_is_told_at_once(clone: Clone, remote: Path, result: AuditResult) -> None:
    """With the permission that is missing."""
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'hint: x'\necho denied >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UsageError, match=r"can't be written .*contents: write"):
        branch(clone()).add([record(result)])


def test_a_remote_that_is_gone_is_told(clone: Clone) -> None:
    """It is no empty history, and no password of its address is told."""
    folder = clone()
    git(folder, "remote", "set-url", "origin", "https://me:hunter2@127.0.0.1:1/x.git")
    with pytest.raises(UsageError, match="origin/medpro-audit-history: the remote can't be read") as fault:
        list(branch(folder).records())
    assert "hunter2" not in str(fault.value)


@pytest.mark.parametrize("content", [b"{", b'{"version": 99}\n', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_record_is_refused(clone: Clone, content: bytes) -> None:
    """Whoever may push to the branch may put anything into it."""
    folder = clone()
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=folder, input=content, capture_output=True, check=True
    ).stdout.decode()
    tree = subprocess.run(
        ["git", "mktree"],
        cwd=folder,
        input=f"100644 blob {blob.strip()}\tx.jsonl\n".encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    made = git(folder, "commit-tree", "-m", "x", tree.strip())
    git(folder, "push", "-q", "origin", f"{made}:refs/heads/{BRANCH}")
    with pytest.raises(UsageError, match=r"medpro-audit-history:x\.jsonl:1"):
        list(branch(folder).records())


@pytest.mark.parametrize("name", ["", "-x", "a b", "a..b", "a\nb", "--upload-pack=x", "a.lock", "x/"])
def test_what_is_no_branch_is_refused(clone: Clone, name: str) -> None:
    """Before git sees it."""
    with pytest.raises(UsageError, match="no name for a branch"):
        HistoryBranch(clone(), name)


def test_a_token_is_shown_to_its_server_only(clone: Clone, tmp_path: Path) -> None:
    """In no argument and no file; what a server refuses is no empty history."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    folder = clone()
    git(folder, "config", "http.sslCAInfo", str(tmp_path / "ca.pem"))
    carrier = branch(folder)
    with receiver(lambda _: Reply(403), context) as own, receiver(lambda _: Reply(403), context) as other:
        carrier.sign_in("hunter2", own.url)
        for server in (own, other):
            git(folder, "remote", "set-url", "origin", f"{server.url}/o/r")
            with pytest.raises(UsageError, match="can't be read"):
                list(carrier.records())
        header = f"basic {b64encode(b'x-access-token:hunter2').decode()}"
        assert [call.headers.get("Authorization") for call in own.calls] == [header]
        assert {call.headers.get("Authorization") for call in other.calls} == {None}
    assert not any(b"hunter2" in file.read_bytes() for file in (folder / ".git").rglob("*") if file.is_file())
    with pytest.raises(UsageError, match="only sent over https"):
        carrier.sign_in("hunter2", "http://github.com")


def test_the_state_of_a_branch_does_not_hang_on_time(result: AuditResult) -> None:
    """The same scan is the same file."""
    once = record(result).scan
    assert file_name(once) == file_name(replace(once, verdict="failed"))
