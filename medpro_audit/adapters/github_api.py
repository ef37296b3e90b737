"""The little of GitHub's REST API that is needed: one comment on a pull request, written once and then replaced.

https://docs.github.com/rest/issues/comments
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from medpro_audit.core.errors import UsageError
from medpro_audit.reporters.sections import MARKER, has_section, section_of, with_section

_ACTIONS_USER = "github-actions[bot]"
_PAGE = 100
_MOST_PAGES = 30
_ATTEMPTS = 5
_TRIES = 4
_LONGEST_WAIT = 30.0
_SETTLE = 1.0
"""Seconds after which others see what was written."""
_TIMEOUT = 30
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_LOCAL = {"127.0.0.1", "localhost", "::1"}


class ForbiddenError(UsageError):
    """The token may not do this; in a run for a fork it never may."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
        """That GitHub has answered with."""


class GitHub:
    """A repository on GitHub, as a token may see it."""

    def __init__(
        self,
        repository: str,
        token: str,
        url: str = "https://api.github.com",
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
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
        self._pause = pause

    def upsert_comment(self, pull_request: int, text: str, section: str = "", commit: str = "") -> str:
        """Write a section of our one comment on a pull request, or replace it; return the comment's address.

        GitHub knows no condition on a write, so what others write at the same moment is found by looking again: a
        comment too many is taken back, a section that was overwritten is written again.

        Args:
            pull_request: Its number.
            text: The report.
            section: The folder that it is about; empty where the repository has one back end.
            commit: That it is about.

        Raises:
            ForbiddenError: The token may not write comments.
            UsageError: GitHub answers otherwise than it should.
        """
        own = section_of(text, section, commit)
        author = self._author()
        for _ in range(_ATTEMPTS):
            ours = self._ours(pull_request, author)
            kept = self._written(pull_request, ours, with_section(ours[0]["body"] if ours else "", section, own))
            # Let others finish what they have begun; of several that wait, none as long as another.
            self._pause(_SETTLE * (1 + secrets.randbelow(100) / 100))
            ours = self._ours(pull_request, author)
            if ours and ours[0]["id"] != kept["id"]:
                self._take_back(kept)
            if ours and has_section(str(ours[0]["body"]), section, own):
                return str(ours[0]["html_url"])
        raise UsageError("other runs write into the comment all the time; let the jobs run one after the other")

    def _written(self, pull_request: int, ours: Sequence[dict[str, Any]], body: str) -> dict[str, Any]:
        issues = f"/repos/{self._repository}/issues"
        if ours:
            answer = self._call("PATCH", f"{issues}/comments/{int(ours[0]['id'])}", {"body": body})
        else:
            answer = self._call("POST", f"{issues}/{pull_request}/comments", {"body": body})
        return dict(answer)

    def _ours(self, pull_request: int, author: str) -> list[dict[str, Any]]:
        """Our comments, the oldest first: it is the one that all runs write into."""
        found = self._comments(f"/repos/{self._repository}/issues/{pull_request}/comments")
        ours = [
            each
            for each in found
            if (each.get("user") or {}).get("login") == author and str(each.get("body", "")).startswith(MARKER)
        ]
        return sorted(ours, key=lambda each: int(each["id"]))

    def _take_back(self, comment: Mapping[str, Any]) -> None:
        """Delete a comment of ours that another run has come before; it may be gone already."""
        with suppress(ForbiddenError):
            self._call("DELETE", f"/repos/{self._repository}/issues/comments/{int(comment['id'])}")

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
        """Ask, and again where GitHub is busy or wants to be asked less often."""
        asked = f"{method} {path.partition('?')[0]}"
        for left in reversed(range(_TRIES)):
            answer = self._answer(method, path, body)
            if answer.status < HTTPStatus.BAD_REQUEST:
                return answer.document
            if answer.wait is None or not left:
                break
            self._pause(min(answer.wait or 2.0 ** (_TRIES - left), _LONGEST_WAIT))
        if answer.wait is not None:
            raise UsageError(f"GitHub answers {asked} with {answer.status}, {_TRIES} times; run the job again later")
        if answer.status in _REFUSALS:
            raise ForbiddenError(f"GitHub refuses {asked} with {answer.status}", answer.status)
        raise UsageError(f"GitHub answers {asked} with {answer.status}")

    def _answer(self, method: str, path: str, body: Mapping[str, object] | None) -> _Answer:
        from http.client import HTTPException  # noqa: PLC0415 - heavy, as below
        from urllib.error import HTTPError  # noqa: PLC0415
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
                content = answer.read()
                return _Answer(answer.status, json.loads(content) if content else None)
        except HTTPError as fault:
            fault.close()
            return _Answer(fault.code, None, _wait(fault.code, dict(fault.headers.items())))
        except (OSError, HTTPException, ValueError) as fault:
            raise UsageError(f"GitHub can't be reached: {fault}; run the job again later") from fault


class _Answer(NamedTuple):
    """What came back."""

    status: int
    document: Any
    wait: float | None = None
    """Seconds to wait before it is worth asking again, 0 where GitHub doesn't say; None where it isn't."""


def _wait(status: int, headers: Mapping[str, str]) -> float | None:
    """How GitHub says that it is asked too often, or that it is out of order.

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    said = {name.lower(): value for name, value in headers.items()}
    given = said.get("retry-after", "")
    is_spent = said.get("x-ratelimit-remaining") == "0"
    is_busy = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    if given or is_spent or is_busy:
        return float(given) if given.isdecimal() else 0.0
    return None
