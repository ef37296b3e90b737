"""One issue that is kept up to date: written once, then replaced, and opened again when it was closed.

https://docs.github.com/rest/issues/issues
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from medpro_audit.adapters.github_api import ForbiddenError, GitHub

LABEL = "medpro-audit"
_PAGE = 100
_MOST_PAGES = 20


class Issue(Struct, frozen=True):
    """What the issue is to say."""

    project: str
    """The issue of another project of the repository is another one."""
    title: str
    body: str

    @property
    def marker(self) -> str:
        """By this, at the beginning of its text, it is found again; the project's name is not to be trusted there."""
        digest = hashlib.sha256(self.project.encode(errors="replace")).hexdigest()[:12]
        return f"<!-- medpro-audit weekly {digest} -->"


class Issues(GitHub):
    """The issues of a repository on GitHub, as a token may see them."""

    def upsert_issue(self, issue: Issue) -> str:
        """Write the issue, or replace the one that is there; return its address.

        When two runs have written one at the same time, the older stays and the other is closed by whoever sees both.

        Raises:
            ForbiddenError: The token may not write issues, or the repository has none.
            UsageError: GitHub answers otherwise than it should.
        """
        author = self._author()
        try:
            found = self._own_issues(issue.marker, author)
            if not found:
                written = self._write("POST", "", {**_document(issue), "labels": [LABEL]})
                found = self._own_issues(issue.marker, author) or [written]
            oldest, *others = sorted(found, key=lambda each: int(each["number"]))
            for other in others:
                if other["state"] == "open":
                    self._write("PATCH", f"/{int(other['number'])}", {"state": "closed", "state_reason": "not_planned"})
            answer = self._write("PATCH", f"/{int(oldest['number'])}", {**_document(issue), "state": "open"})
        except ForbiddenError as fault:
            if fault.status != HTTPStatus.GONE:
                raise
            raise ForbiddenError("the repository has no issues; its settings switch them on", fault.status) from fault
        return str(answer["html_url"])

    def _own_issues(self, marker: str, author: str) -> list[dict[str, Any]]:
        return [
            each
            for each in self._issues(author)
            if "pull_request" not in each
            and each.get("user", {}).get("login") == author
            and str(each.get("body") or "").startswith(marker)
        ]

    def _issues(self, author: str) -> Iterator[dict[str, Any]]:
        path = f"/repos/{self._repository}/issues?state=all&creator={quote(author, safe='')}&sort=updated"
        for page in range(1, _MOST_PAGES + 1):
            found = self._call("GET", f"{path}&per_page={_PAGE}&page={page}")
            yield from found
            if len(found) < _PAGE:
                return

    def _write(self, method: str, path: str, document: dict[str, object]) -> dict[str, Any]:
        answer: dict[str, Any] = self._call(method, f"/repos/{self._repository}/issues{path}", document)
        return answer


def _document(issue: Issue) -> dict[str, object]:
    return {"title": issue.title, "body": f"{issue.marker}\n{issue.body}"}
