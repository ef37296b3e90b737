"""Carries a history in a branch of the repository: one file of JSON Lines for each scan, and nothing else.

A file a scan, so that two runs at once never write the same one: whoever comes second takes what is there and adds
its own.
"""

from __future__ import annotations

import random
import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from medpro_audit.adapters.git import Git
from medpro_audit.adapters.history.lines import decode_lines, encoded
from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import Record, Scan

BRANCH = "medpro-audit-history"
REMOTE = "origin"
_HERE = "refs/medpro-audit/history"
"""What the branch is called here: no branch, so that nobody checks it out by accident."""
_ALLOWED = ("-c", "protocol.https.allow=always", "-c", "protocol.ssh.allow=always", "-c", "protocol.file.allow=always")
_AUTHOR = ("-c", "user.name=medpro-audit", "-c", "user.email=medpro-audit@localhost")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
_FILE = re.compile(r"[\w-]{1,80}\.jsonl", re.ASCII)
_MAX_FILE_BYTES = 100_000_000
_TRIES = 8
_OVERTAKEN = (b"[rejected]", b"cannot lock ref", b"failed to update ref")
"""What git says when somebody else has written meanwhile."""
_ADVICE = "in a workflow the job needs the permission contents: write, and the step GITHUB_TOKEN"
_README = b"Scans recorded by medpro-audit, one a file: medpro-audit history pull reads them.\n"


def file_name(scan: Scan) -> str:
    """The file that carries a scan: its day, and its key."""
    return f"{scan.revision.at:%Y-%m-%d}-{scan.key}.jsonl"


class HistoryBranch(Git):
    """The branch, seen from a clone."""

    def __init__(self, folder: Path, branch: str = BRANCH, pause: Callable[[float], object] = time.sleep) -> None:
        """Find the repository of a folder.

        Raises:
            UsageError: It stands in none, or the branch has no name for one.
        """
        super().__init__(folder)
        if not _NAME.fullmatch(branch) or ".." in branch or branch.endswith(("/", ".lock", ".")):
            raise UsageError(f'"{branch}" is no name for a branch; {BRANCH} is the usual one')
        self._branch, self._pause = f"refs/heads/{branch}", pause
        self.name = f"{REMOTE}/{branch}"

    def sign_in(self, token: str, server: str) -> None:
        """Show a token to a server, and to no other; it stands in no argument and no file.

        Raises:
            UsageError: The server's address is not encrypted.
        """
        address = urlsplit(server)
        if address.scheme != "https" or not address.hostname:
            raise UsageError(f"{server}: a token is only sent over https")
        header = b64encode(f"x-access-token:{token}".encode()).decode()
        self._environment = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.https://{address.netloc}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {header}",
        }

    def records(self) -> Iterator[Record]:
        """All that the branch carries; nothing where there is no such branch.

        Raises:
            UsageError: The remote can't be reached, or a file of the branch is none of ours.
        """
        tip = self._fetched()
        if tip is not None:
            yield from self._records(tip)

    def add(self, records: Iterable[Record], outdated: Iterable[Scan] = ()) -> int:
        """Add scans to the branch, which is begun where there is none; how many it did not have.

        Args:
            records: What to add.
            outdated: What is to go.

        Raises:
            UsageError: The remote can't be reached, or refuses.
        """
        blobs = {file_name(each.scan): self._stored(encoded(each)) for each in records}
        gone = {file_name(each) for each in outdated}
        for attempt in range(_TRIES):
            tip = self._fetched()
            present = {blob.path: blob.object for blob in self._blobs(tip)} if tip is not None else {}
            kept = {name: blob for name, blob in (present | blobs).items() if name not in gone}
            wanted = {"README.md": self._stored(_README), **kept}
            if wanted == present:
                return 0
            new = len(kept.keys() - present.keys())
            if self._push(self._commit(wanted, tip, new)):
                return new
            if not any(word in self._complaint for word in _OVERTAKEN):
                break
            self._pause(random.uniform(0, min(2.0**attempt, 10)))  # noqa: S311 - only keeps two from meeting again
        raise UsageError(f"{self.name}: can't be written{self._why()}; {_ADVICE}")

    def _fetched(self) -> str | None:
        """The tip of the branch; None where there is none yet."""
        listed = self._run(*_ALLOWED, "ls-remote", REMOTE, self._branch)
        if listed is None:
            raise UsageError(f"{self.name}: the remote can't be read{self._why()}; {_ADVICE}")
        if not listed.strip():
            return None
        fetched = self._run(
            *_ALLOWED,
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-auto-gc",
            "--recurse-submodules=no",
            REMOTE,
            f"+{self._branch}:{_HERE}",
        )
        if fetched is None:
            raise UsageError(f"{self.name}: can't be fetched{self._why()}; {_ADVICE}")
        return self._text("rev-parse", "--verify", "--quiet", f"{_HERE}^{{commit}}") or None

    def _records(self, tip: str) -> Iterator[Record]:
        blobs = [blob for blob in self._blobs(tip) if _FILE.fullmatch(blob.path)]
        for blob in blobs:
            if blob.size > _MAX_FILE_BYTES:
                raise UsageError(
                    f"{self.name}:{blob.path}: larger than {_MAX_FILE_BYTES:,} bytes; this is none of ours"
                )
        for blob, content in self._contents(blobs):
            yield from decode_lines(f"{self.name}:{blob.path}", content.splitlines())

    def _stored(self, content: bytes) -> str:
        return self._made("hash-object", "-w", "--stdin", standard_input=content)

    def _commit(self, files: Mapping[str, str], parent: str | None, new: int) -> str:
        listed = "".join(f"100644 blob {name}\t{path}\0" for path, name in sorted(files.items()))
        tree = self._made("mktree", "-z", standard_input=listed.encode())
        parents = ("-p", parent) if parent is not None else ()
        message = f"{new} scan{'s' * (new != 1)} recorded by medpro-audit"
        return self._made(*_AUTHOR, "commit-tree", *parents, "-m", message, tree)

    def _made(self, *arguments: str, standard_input: bytes | None = None) -> str:
        made = self._run(*arguments, standard_input=standard_input)
        if made is None:
            raise UsageError(f"{self.name}: git can't write here{self._why()}; check that the repository is writable")
        return made.decode().strip()

    def _push(self, commit: str) -> bool:
        """Never by force: what another run has written meanwhile would be lost."""
        return self._run(*_ALLOWED, "push", "--quiet", "--no-verify", REMOTE, f"{commit}:{self._branch}") is not None

    def _why(self) -> str:
        """What git said last that is no hint, without what could hold an address with a password."""
        lines = [line for line in self._complaint.decode(errors="replace").splitlines() if line.strip()]
        told = [line for line in lines if not line.startswith(("hint:", "To "))]
        return f" ({re.sub(r'//[^/@ ]*@', '//', told[-1])[:200]})" if told else ""
