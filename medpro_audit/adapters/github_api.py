"""The little of GitHub's REST API that is needed: one comment on a pull request, written once and then replaced.

https://docs.github.com/rest/issues/comments
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from medpro_audit.core.errors import UsageError

MARKER = "<!-- medpro-audit comment -->"
_ACTIONS_USER = "github-actions[bot]"
_PAGE = 100
_MOST_PAGES = 30
_TIMEOUT = 30
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_LOCAL = {"127.0.0.1", "localhost", "::1"}


class ForbiddenError(UsageError):
    """The token may not do this; in a run for a fork it never may."""


class GitHub:
    """A repository on GitHub, as a token may see it."""

    def __init__(self, repository: str, token: str, url: str = "https://api.github.com") -> None:
        """Prepare for a repository.

        Raises:
            UsageError: The repository's name is none, or the address is not encrypted.
        """
        address = urlsplit(url)
        if not _REPOSITORY.fullmatch(repository):
            raise UsageError(f'"{repository}" is no repository; write OWNER/NAME')
        if address.scheme != "https" and address.hostname not in _LOCAL:
            raise UsageError(f"{url}: a token is only sent over https")
        self._url = url.rstrip("/")
        self._repository = repository
        self._token = token

    def upsert_comment(self, pull_request: int, text: str) -> str:
        """Write our comment on a pull request, or replace the one that is there; return its address.

        Raises:
            ForbiddenError: The token may not write comments.
            UsageError: GitHub answers otherwise than it should.
        """
        body = text if text.startswith(MARKER) else f"{MARKER}\n{text}"
        issues = f"/repos/{self._repository}/issues"
        author = self._author()
        for comment in self._comments(f"{issues}/{pull_request}/comments"):
            is_ours = comment.get("user", {}).get("login") == author
            if is_ours and str(comment.get("body", "")).startswith(MARKER):
                answer = self._call("PATCH", f"{issues}/comments/{int(comment['id'])}", {"body": body})
                return str(answer["html_url"])
        return str(self._call("POST", f"{issues}/{pull_request}/comments", {"body": body})["html_url"])

    def pull_request_of(self, commit: str) -> int | None:
        """The open pull request whose head a commit is; None when there is none."""
        found = self._call("GET", f"/repos/{self._repository}/commits/{commit}/pulls?per_page={_PAGE}")
        for request in found:
            if request.get("state") == "open" and request.get("head", {}).get("sha") == commit:
                return int(request["number"])
        return None

    def _author(self) -> str:
        """Whose comments ours are: a user's token knows, that of a workflow may not ask."""
        try:
            return str(self._call("GET", "/user")["login"])
        except ForbiddenError:
            return _ACTIONS_USER

    def _comments(self, path: str) -> Iterator[dict[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = self._call("GET", f"{path}?per_page={_PAGE}&page={page}")
            yield from found
            if len(found) < _PAGE:
                return

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
        from urllib.error import HTTPError, URLError  # noqa: PLC0415 - heavy, as below
        from urllib.request import HTTPRedirectHandler, Request, build_opener  # noqa: PLC0415

        class NoRedirect(HTTPRedirectHandler):
            """A redirect would carry the token elsewhere."""

            def redirect_request(self, *_: object) -> None:
                return None

        request = Request(  # noqa: S310 - https, or the loopback
            f"{self._url}{path}",
            data=json.dumps(body).encode() if body is not None else None,
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "User-Agent": "medpro-audit",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with build_opener(NoRedirect).open(request, timeout=_TIMEOUT) as answer:
                return json.loads(answer.read())
        except HTTPError as fault:
            fault.close()
            asked = f"{method} {path.partition('?')[0]}"
            if fault.code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}:
                raise ForbiddenError(f"GitHub refuses {asked} with {fault.code}") from fault
            raise UsageError(f"GitHub answers {asked} with {fault.code}; try again") from fault
        except (URLError, TimeoutError, ValueError) as fault:
            raise UsageError(f"GitHub can't be reached: {fault}; try again") from fault
