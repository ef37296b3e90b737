"""Small back ends in git, for commands that compare."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from packs import only

CONFIG = only("zod", "suppressions")
PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5", "zod": "4"}}'
HEAD = "const express = require('express');\nconst app = express(), kept = [];\napp.use(express.json());\n"
GUARD = "const { expressjwt } = require('express-jwt');\n"
GUARD += "const login = expressjwt({ secret: 's', algorithms: ['HS256'] });\n"
BAD = "app.post('/{0}', (req, res) => res.json(kept.push(req.body.{0})));\n"
GUARDED = "app.get('/open', login, (req, res) => res.json({}));\n"
OPEN = "app.get('/open', (req, res) => res.json({}));\n"


def server(*parts: str) -> str:
    """A program of these parts."""
    return HEAD + "".join(parts) + "app.listen(1);\n"


def bad(*names: str) -> str:
    """Endpoints that validate nothing."""
    return "".join(BAD.format(name) for name in names)


def git(folder: Path, *arguments: str, at: str | None = None) -> str:
    """Run git, at a certain time; what it prints."""
    options = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    clock = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at is not None else {}
    done = subprocess.run(
        ["git", *options, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **clock},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder: Path, files: Mapping[str, str], at: str | None = None) -> str:
    """Write files and commit everything, in a repository that is made where there is none; the commit's id.

    Beside a package.json stands a configuration that asks two packs only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folders = (name.removesuffix("package.json") for name in files if name.endswith("package.json"))
    configs = {f"{place}medpro-audit.toml": CONFIG for place in folders}
    files = {**configs, **files}
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "step", "--allow-empty", at=at)
    return git(folder, "rev-parse", "HEAD")
