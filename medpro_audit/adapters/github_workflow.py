"""Writes the workflows by which GitHub gates a repository: an audit, and the comment that one of a fork can't make.

What they use is pinned by commit, as in our own; `ACTION` is where the action is found, unless the user says otherwise.
"""

from __future__ import annotations

import json
from string import ascii_letters, digits

from medpro_audit.core.errors import UsageError

ACTION = "OWNER/medpro-audit@VERSION"
"""Repository and commit of the action; it has no public home yet, so whoever uses it fills this in."""
AUDIT_FILE = ".github/workflows/medpro-audit.yml"
COMMENT_FILE = ".github/workflows/medpro-audit-comment.yml"
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
PYTHON = "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0"
UPLOAD = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2"
_DOWNLOAD = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0"
NAME = "medpro-audit"
_KEPT = frozenset(f"{ascii_letters}{digits}_-")

_AUDIT = """\
# Written by medpro-audit init --github. Fails on what a pull request makes worse; says so beside the lines, in the
# summary of the run, and in a comment.
name: {name}
on:
  pull_request:
  push: {{ branches: [{branch}] }}

permissions: {{}}

jobs:
  audit:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      pull-requests: write # the comment
    steps:
      - uses: {checkout}
        with: {{ fetch-depth: 0, persist-credentials: false }} # the whole history, to find where branches have parted
      - uses: {action}
{inputs}      # The report to look at; medpro-audit-comment.yml takes the comment on a fork's pull request from it.
      - uses: {upload}
        if: always()
        with:
          name: {name}
          path: ${{{{ runner.temp }}}}/medpro-audit-reports
"""
_COMMENT = """\
# Written by medpro-audit init --github. A pull request of a fork has a token that may not comment, so this does it
# afterwards, on the default branch: nothing of the fork is checked out or run. Without forks, delete this file.
name: {name} comment
on:
  workflow_run: # zizmor: ignore[dangerous-triggers] nothing of the fork is checked out or run
    workflows: [{name}]
    types: [completed]

permissions: {{}}

jobs:
  comment:
    if: >-
      github.event.workflow_run.event == 'pull_request'
      && github.event.workflow_run.head_repository.full_name != github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      actions: read # the artifact
      pull-requests: write # the comment
    steps:
      - uses: {python}
        with: {{ python-version: '3.13' }}
      - run: python -m pip install --quiet --disable-pip-version-check 'git+https://github.com/{action}'
      - uses: {download}
        with:
          name: {name}
          path: ${{{{ runner.temp }}}}/medpro-audit-reports
          run-id: ${{{{ github.event.workflow_run.id }}}}
          github-token: ${{{{ github.token }}}}
      - env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
          RESULT: ${{{{ runner.temp }}}}/medpro-audit-reports/{reports}result.json
          SECTION: {section}
        run: medpro-audit github comment-for-fork --section "$SECTION" "$RESULT"
"""


def named_folder(folder: str) -> str:
    """A folder's name, when it can stand in a workflow."""
    if "${{" in folder:
        raise UsageError(f"{folder}: a workflow would take this name for an expression; rename the folder")
    return folder


def workflows(folder: str, branch: str, *, is_gated: bool, action: str = ACTION) -> dict[str, str]:
    """The workflows by their path in a repository.

    Args:
        folder: The back end's within the repository; empty when that is the back end.
        branch: The one that pull requests are merged into.
        is_gated: The configuration says what fails; else every new error does.
        action: Repository and commit of the action.

    Raises:
        UsageError: The folder's name can't stand in a workflow.
    """
    inputs = {**({"directory": named_folder(folder)} if folder else {}), **({} if is_gated else {"fail-on": "error"})}
    lines = [f"          {name}: {json.dumps(value)}\n" for name, value in inputs.items()]
    parts = {
        "name": NAME,
        "branch": json.dumps(branch),
        "checkout": CHECKOUT,
        "action": action,
        "inputs": "".join(["        with:\n", *lines]) if lines else "",
        "upload": UPLOAD,
        "python": PYTHON,
        "download": _DOWNLOAD,
        "reports": f"{_reports_of(folder)}/" if folder else "",
        "section": json.dumps(folder or "."),
    }
    return {AUDIT_FILE: _AUDIT.format(**parts), COMMENT_FILE: _COMMENT.format(**parts)}


def _reports_of(folder: str) -> str:
    """The folder in which the action puts the reports of a back end, as it makes its name."""
    return "".join(chr(byte) if chr(byte) in _KEPT else "-" for byte in folder.encode())
