"""Writes the workflow that records on the default branch, and tells each week what has changed."""

from __future__ import annotations

import json

from medpro_audit.adapters.github_workflow import ACTION, CHECKOUT, NAME, PYTHON, UPLOAD, named_folder

WEEKLY_FILE = ".github/workflows/medpro-audit-weekly.yml"
_PAGES = "actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0"
_DEPLOY = "actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5"

_TEXT = """\
# Written by medpro-audit init --weekly. Records each state of the default branch, and tells every week what has
# changed: a report to look at, one issue, and Slack, Teams or mail when their secrets are set (docs/weekly-report.md).
name: {name} weekly
on:
  push: {{ branches: [{branch}] }}
  schedule: [{{ cron: '17 5 * * 1' }}]
  workflow_dispatch:

permissions: {{}}

env:
  DIRECTORY: {directory}

jobs:
  record:
    if: github.event_name == 'push' && !github.event.repository.fork
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: write # the branch medpro-audit-history
    steps:
      - uses: {checkout}
        with: {{ persist-credentials: false }}
      - uses: {python}
        with: {{ python-version: '3.13' }}
      - run: {install}
      - env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
          MEDPRO_AUDIT_HISTORY: ${{{{ secrets.MEDPRO_AUDIT_HISTORY }}}}
        run: medpro-audit github record "$DIRECTORY"

  report:
    if: github.event_name != 'push' && !github.event.repository.fork
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
    steps:
      - uses: {checkout}
        with: {{ fetch-depth: 0, persist-credentials: false }} # the whole history, for the commits behind a change
      - uses: {python}
        with: {{ python-version: '3.13' }}
      - run: {install}
      - env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
          MEDPRO_AUDIT_HISTORY: ${{{{ secrets.MEDPRO_AUDIT_HISTORY }}}}
        run: |
          if [ -z "$MEDPRO_AUDIT_HISTORY" ]; then medpro-audit history pull "$DIRECTORY"; fi
          mkdir -p "$RUNNER_TEMP/weekly/page"
          medpro-audit report weekly "$DIRECTORY" -o "$RUNNER_TEMP/weekly/page/index.html"
          medpro-audit deliver "$DIRECTORY" --preview "$RUNNER_TEMP/weekly/messages"
          cp "$RUNNER_TEMP"/weekly/messages/trend.* "$RUNNER_TEMP/weekly/page/"
          cat "$RUNNER_TEMP/weekly/messages/issue.md" >> "$GITHUB_STEP_SUMMARY"
      - uses: {upload}
        with:
          name: weekly-report
          path: ${{{{ runner.temp }}}}/weekly
      # Pages of a repository are public, unless its plan says otherwise: so only where somebody has asked for it.
      - if: vars.MEDPRO_AUDIT_PAGES != 'true'
        run: echo 'Not published to Pages; the variable MEDPRO_AUDIT_PAGES with the value true does that.'
      - if: vars.MEDPRO_AUDIT_PAGES == 'true'
        uses: {pages}
        with:
          path: ${{{{ runner.temp }}}}/weekly/page

  publish:
    needs: report
    if: vars.MEDPRO_AUDIT_PAGES == 'true'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      pages: write
      id-token: write # proves to Pages where the report comes from
    environment:
      name: github-pages
      url: ${{{{ steps.deploy.outputs.page_url }}}}
    outputs:
      page: ${{{{ steps.deploy.outputs.page_url }}}}
    steps:
      - id: deploy
        uses: {deploy}

  deliver:
    needs: [report, publish]
    if: ${{{{ !cancelled() && needs.report.result == 'success' }}}}
    runs-on: ubuntu-latest
    timeout-minutes: 20
    concurrency: medpro-audit-deliver
    permissions:
      contents: read
      issues: write # the one issue
    steps:
      - uses: {checkout}
        with: {{ fetch-depth: 0, persist-credentials: false }}
      - uses: {python}
        with: {{ python-version: '3.13' }}
      - run: {install}
      - env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
          MEDPRO_AUDIT_HISTORY: ${{{{ secrets.MEDPRO_AUDIT_HISTORY }}}}
          MEDPRO_AUDIT_SLACK_WEBHOOK: ${{{{ secrets.MEDPRO_AUDIT_SLACK_WEBHOOK }}}}
          MEDPRO_AUDIT_TEAMS_WEBHOOK: ${{{{ secrets.MEDPRO_AUDIT_TEAMS_WEBHOOK }}}}
          MEDPRO_AUDIT_SMTP_URL: ${{{{ secrets.MEDPRO_AUDIT_SMTP_URL }}}}
          MEDPRO_AUDIT_MAIL_TO: ${{{{ vars.MEDPRO_AUDIT_MAIL_TO }}}}
          MEDPRO_AUDIT_MAIL_FROM: ${{{{ vars.MEDPRO_AUDIT_MAIL_FROM }}}}
          PAGE: ${{{{ needs.publish.result == 'success' && needs.publish.outputs.page || '' }}}}
        run: |
          if [ -z "$MEDPRO_AUDIT_HISTORY" ]; then medpro-audit history pull "$DIRECTORY"; fi
          medpro-audit deliver "$DIRECTORY" --issue --page-url "$PAGE" --picture-url "${{PAGE:+${{PAGE}}trend.png}}"
"""


def weekly_workflow(folder: str, branch: str, action: str = ACTION) -> dict[str, str]:
    """The workflow that records and tells each week what has changed, by its path in a repository.

    Args:
        folder: The back end's within the repository; empty when that is the back end.
        branch: The default one.
        action: Repository and commit of the action.

    Raises:
        UsageError: The folder's name can't stand in a workflow.
    """
    source = f"medpro-audit[postgresql] @ git+https://github.com/{action}"
    install = f"python -m pip install --quiet --disable-pip-version-check '{source}'"
    return {WEEKLY_FILE: weekly_text(json.dumps(named_folder(folder) or "."), json.dumps(branch), install)}


def weekly_text(directory: str, branch: str, install: str) -> str:
    """The same with its parts as they stand in YAML."""
    parts = {"checkout": CHECKOUT, "python": PYTHON, "upload": UPLOAD, "pages": _PAGES, "deploy": _DEPLOY}
    return _TEXT.format(name=NAME, directory=directory, branch=branch, install=install, **parts)
