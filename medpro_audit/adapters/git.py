"""Reads a git repository by the git program: commits, trees, renames. It changes nothing in it.

The repository is a stranger's: no hook, pager, file system monitor or filter of it runs, and nothing is fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from medpro_audit.core.errors import UsageError
from medpro_audit.facts.inventory import LANGUAGES
from medpro_audit.result.pairing import renames_of

MAX_BLOB_BYTES = 1_000_000
"""What is larger is not read by any analysis: of such a file only name and size are kept."""
_MOST_COMMITS = 1_000
"""Commits in which renames are looked for."""
_SAFE = (
    "--no-pager",
    "--no-replace-objects",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "diff.external=",
    "-c",
    "core.quotePath=false",
    "-c",
    "protocol.allow=never",
)
_ADDED = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
"""Where the lines of a hunk stand now, and how many they are."""
_FILE, _PROGRAM, _LINK, _SUBMODULE = "100644", "100755", "120000", "160000"


class _Blob(NamedTuple):
    mode: str
    object: str
    size: int
    path: str


class Git:
    """A git repository, seen from a folder in it."""

    def __init__(self, folder: Path) -> None:
        """Find the repository of a folder.

        Raises:
            UsageError: It stands in none, or git is not installed.
        """
        self._folder = folder.resolve()
        self._environment: Mapping[str, str] = {}
        """What git is told beside its arguments."""
        self._complaint = b""
        """What git said when it failed last."""
        found = self._run("rev-parse", "--show-toplevel", "--show-prefix")
        if found is None and b"dubious ownership" in self._complaint:
            advice = f"run: git config --global --add safe.directory {self._folder}"
            raise UsageError(f"{folder}: this repository belongs to another user, so git does not read it; {advice}")
        if found is None:
            raise UsageError(f"{folder}: this is no git repository, so no earlier state is known")
        top, prefix = (*found.decode(errors="surrogateescape").split("\n"), "")[:2]
        self.top = Path(top)
        self.prefix = prefix.strip("/")
        """The folder relative to the top; empty for the top itself."""

    @property
    def is_shallow(self) -> bool:
        """Some of its history is missing, so that it does not know where two branches part."""
        return self._text("rev-parse", "--is-shallow-repository") == "true"

    @property
    def main_branch(self) -> str:
        """The branch that others are merged into: the remote's own, else the usual one."""
        remote = self._text("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        return remote.removeprefix("origin/") or "main"

    def commit(self, name: str) -> str:
        """The commit that a branch, tag or abbreviated id stands for.

        Raises:
            UsageError: There is none.
        """
        if not name or name.startswith("-"):
            raise UsageError(f'"{name}" is no name of a commit; give a branch, a tag or an id')
        found = self._text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if not found:
            advice = "fetch it first, for instance with: git fetch origin " + name.removeprefix("origin/")
            if self.is_shallow:
                advice = "the clone is shallow: check out with fetch-depth: 0, or run: git fetch --unshallow"
            raise UsageError(f'there is no commit "{name}" here; {advice}')
        return found

    def base_of(self, name: str, of: str = "HEAD") -> str:
        """The commit at which one, by default the present one, and another have parted.

        Raises:
            UsageError: It can't be known, since history is missing or there is none in common.
        """
        other, head = self.commit(name), self.commit(of)
        if self._run("merge-base", "--is-ancestor", other, head) is not None:
            return other
        if self.is_shallow:
            raise UsageError(
                f'the clone is shallow, so it can\'t be known where "{name}" and the present commit part; '
                "check out with fetch-depth: 0, or run: git fetch --unshallow"
            )
        found = self._text("merge-base", other, head)
        if not found:
            raise UsageError(f'"{name}" and the present commit have no history in common; name another base')
        return found.split("\n")[0]

    def write_tree(self, commit: str, folder: Path) -> None:
        """Write the files of a commit below a folder, straight from git's objects.

        Raises:
            UsageError: Its files, or a submodule's commit, are not there.
        """
        (folder / ".git").mkdir(parents=True, exist_ok=True)  # so that nothing above it is taken for its workspace
        self._write_tree(commit, folder)

    def _write_tree(self, commit: str, folder: Path) -> None:
        blobs = [blob for blob in self._blobs(commit) if _is_harmless(blob.path)]
        for blob in blobs:
            if blob.mode == _SUBMODULE:
                self._write_submodule(blob, folder)
        files = [blob for blob in blobs if blob.mode in {_FILE, _PROGRAM}]
        for blob, content in self._contents([blob for blob in files if blob.size <= MAX_BLOB_BYTES]):
            _write(folder / blob.path, content)
        for blob in files:
            if blob.size > MAX_BLOB_BYTES:
                _write_hollow(folder / blob.path, blob.size)
        # Last, so that no file is written through one.
        for blob, content in self._contents(
            [blob for blob in blobs if blob.mode == _LINK and blob.size <= MAX_BLOB_BYTES]
        ):
            with suppress(OSError):
                (folder / blob.path).parent.mkdir(parents=True, exist_ok=True)
                (folder / blob.path).symlink_to(os.fsdecode(content))

    def _write_submodule(self, blob: _Blob, folder: Path) -> None:
        """A submodule that is checked out is analysed, so its earlier state is needed too."""
        inside = self.top / blob.path
        if not (inside / ".git").exists():
            return
        module = Git(inside)
        if module._run("cat-file", "-e", f"{blob.object}^{{commit}}") is None:
            raise UsageError(
                f"{blob.path}: the commit {blob.object[:12]} of this submodule is not there; "
                f"run: git -C {blob.path} fetch origin {blob.object}"
            )
        (folder / blob.path).mkdir(parents=True, exist_ok=True)
        module._write_tree(blob.object, folder / blob.path)

    def _blobs(self, commit: str) -> list[_Blob]:
        """The files of a commit, with their sizes.

        Raises:
            UsageError: The content of a source file is missing.
        """
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", commit)
        if listed is None:
            raise UsageError(f"git can't list the files of {commit[:12]}; run: git fsck")
        found = []
        for line in listed.split(b"\0")[:-1]:
            head, _, path = line.partition(b"\t")
            mode, _, name = head.decode().split()
            found.append(_Blob(mode, name, 0, os.fsdecode(path)))
        sizes = self._sizes([blob.object for blob in found if blob.mode != _SUBMODULE], commit)
        return [
            blob if blob.mode == _SUBMODULE else blob._replace(size=_size(blob, sizes.get(blob.object)))
            for blob in found
        ]

    def _sizes(self, objects: Sequence[str], commit: str) -> dict[str, int]:
        """Sizes of the objects that are there: a partial clone has left others on the server."""
        answer = self._run("cat-file", "--batch-check", standard_input=_lines(objects))
        if answer is None:
            told = self._run("rev-list", "--objects", "--missing=print", "--no-walk", f"{commit}^{{tree}}") or b""
            missing = {line[1:].decode() for line in told.splitlines() if line.startswith(b"?")}
            there = [each for each in objects if each not in missing]
            answer = self._run("cat-file", "--batch-check", standard_input=_lines(there)) or b""
        told_sizes = (line.split() for line in answer.decode().splitlines())
        return {words[0]: int(words[2]) for words in told_sizes if len(words) > 2}  # noqa: PLR2004 - id, type, size

    def _contents(self, blobs: Sequence[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
        if not blobs:
            return
        answer = self._run("cat-file", "--batch", standard_input=_lines(blob.object for blob in blobs)) or b""
        at = 0
        for blob in blobs:
            end = answer.index(b"\n", at)
            size = int(answer[at:end].split()[2])
            yield blob, answer[end + 1 : end + 1 + size]
            at = end + size + 2

    def renamed(self, files: Sequence[str], since: str | None = None, until: str | None = None) -> Mapping[str, str]:
        """What files, relative to the folder, are called now.

        Args:
            files: What they were called.
            since: The commit at which they were called so; without it, whenever that was among the latest commits.
            until: The commit that is meant by now; without it, what is on disk.
        """
        options = ("-M", "--diff-filter=R", "--name-status", "--no-ext-diff", "-z")
        commits = [since or "HEAD", *([until] if until is not None else [])]
        listed = [self._run("diff", *options, *commits) or b""]
        if since is None:
            listed.insert(0, self._run("log", f"-{_MOST_COMMITS}", "--reverse", "--format=", *options) or b"")
        names = renames_of(each for output in listed for each in _renames(output))
        lead = f"{self.prefix}/" if self.prefix else ""
        found = ((file, names.get(lead + file)) for file in files)
        return {file: name.removeprefix(lead) for file, name in found if name is not None}

    def ignored_but_tracked(self) -> frozenset[str]:
        """Files below the folder that are tracked though an ignore file names them, which git then does not heed."""
        listed = self._run("ls-files", "-z", "--cached", "--ignored", "--exclude-standard") or b""
        return frozenset(name.decode(errors="surrogateescape") for name in listed.split(b"\0") if name)

    def added_lines(self, file: str, since: str, until: str | None = None) -> frozenset[int]:
        """Lines of a file, relative to the folder, that are new or other ones since a commit."""
        options = ("--unified=0", "--relative", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames")
        commits = [since, *([until] if until is not None else [])]
        listed = self._run("--literal-pathspecs", "diff", *options, *commits, "--", file) or b""
        ranges = (_ADDED.match(line) for line in listed.split(b"\n"))
        return frozenset(line for each in ranges if each is not None for line in _range(each))

    def _text(self, *arguments: str) -> str:
        return (self._run(*arguments) or b"").decode(errors="surrogateescape").strip()

    def _run(self, *arguments: str, standard_input: bytes | None = None) -> bytes | None:
        """What git prints; None when it fails.

        Raises:
            UsageError: git is not installed.
        """
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        environment |= self._environment
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and no argument that git could take for an option
                ["git", *_SAFE, *arguments],  # noqa: S607 - the one on the user's path
                cwd=self._folder,
                env=environment,
                input=standard_input,
                stdin=subprocess.DEVNULL if standard_input is None else None,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise UsageError(
                "git is not installed; whatever compares with earlier commits, or records them, needs it"
            ) from None
        self._complaint = done.stderr
        return done.stdout if done.returncode == 0 else None


def _renames(listed: bytes) -> Iterator[tuple[str, str]]:
    """Old and new names of ``--name-status -z``."""
    parts = [part for part in listed.split(b"\0") if part.strip(b"\n")]
    for index in range(0, len(parts) - 2, 3):
        yield os.fsdecode(parts[index + 1]), os.fsdecode(parts[index + 2])


def _range(hunk: re.Match[bytes]) -> range:
    start, count = int(hunk[1]), int(hunk[2]) if hunk[2] is not None else 1
    return range(start, start + count)


def _lines(objects: Iterable[str]) -> bytes:
    return "".join(f"{each}\n" for each in objects).encode()


def _size(blob: _Blob, size: int | None) -> int:
    """The size of a blob; of one that is missing, that of what is not read anyway.

    Raises:
        UsageError: It is missing, and a source file, which is read.
    """
    if size is None and PurePosixPath(blob.path).suffix in LANGUAGES:
        raise UsageError(
            f"{blob.path}: this is a partial clone, which lacks the content of earlier files; "
            "check out without a filter, or run: git fetch --refetch --no-filter"
        )
    return MAX_BLOB_BYTES + 1 if size is None else size


def _is_harmless(path: str) -> bool:
    """Whether a path of a tree leads nowhere but below the folder; git itself refuses others on checkout only."""
    return not any(part in {"", ".", ".."} or part.lower() == ".git" for part in path.split("/"))


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _write_hollow(target: Path, size: int) -> None:
    """A file of that size that takes no room."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.truncate(size)
