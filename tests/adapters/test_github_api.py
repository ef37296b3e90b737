"""The comment on a pull request, written to a stand-in for GitHub's REST API on the loopback."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from medpro_audit.adapters.github_api import MARKER, ForbiddenError, GitHub
from medpro_audit.core.errors import UsageError

OTHER = "somebody"
BOT = "github-actions[bot]"
COMMIT = "a" * 40


class Stand:
    """What the stand-in holds, and what it was asked."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.refused: set[str] = {"GET /user"}
        self.user = BOT
        self.url = ""

    def add(self, author: str, body: str) -> None:
        """Somebody writes a comment."""
        number = len(self.comments) + 1
        self.comments.append({"id": number, "user": {"login": author}, "body": body, "html_url": f"x#{number}"})

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, object]:
        """The status and document for a call."""
        self.calls.append((method, path))
        bare, _, query = path.partition("?")
        if f"{method} {bare}" in self.refused:
            return 403, {"message": "Resource not accessible by integration"}
        if bare == "/user":
            return 200, {"login": self.user}
        if bare == f"/repos/o/r/commits/{COMMIT}/pulls":
            return 200, self.pulls
        page = int(re.search(r"[?&]page=(\d+)", f"?{query}").group(1)) if "page=" in query else 1  # type: ignore[union-attr]
        if (method, bare) == ("GET", "/repos/o/r/issues/7/comments"):
            return 200, self.comments[(page - 1) * 100 : page * 100]
        if (method, bare) == ("POST", "/repos/o/r/issues/7/comments"):
            self.add(self.user, body["body"])
            return 201, self.comments[-1]
        found = re.fullmatch(r"/repos/o/r/issues/comments/(\d+)", bare)
        if method == "PATCH" and found:
            comment = self.comments[int(found[1]) - 1]
            comment["body"] = body["body"]
            return 200, comment
        return 404, {"message": "Not Found"}


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A stand-in that listens."""
    held = Stand()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            held.headers.append(dict(self.headers))
            status, document = held.answer(self.command, self.path, body)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _any  # noqa: N815 - the names that the server calls

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


def _github(stand: Stand) -> GitHub:
    return GitHub("o/r", "secret", stand.url)


def test_the_first_time_a_comment_is_written(stand: Stand) -> None:
    """With the marker by which it is found again."""
    assert _github(stand).upsert_comment(7, "hello") == "x#1"
    assert stand.comments[0]["body"] == f"{MARKER}\nhello"
    assert {header["Authorization"] for header in stand.headers} == {"Bearer secret"}


def test_afterwards_it_is_replaced(stand: Stand) -> None:
    """However many comments others have written meanwhile."""
    for number in range(150):
        stand.add(OTHER, f"comment {number}")
    _github(stand).upsert_comment(7, "one")
    stand.add(OTHER, "thanks")
    _github(stand).upsert_comment(7, "two")
    ours = [comment["body"] for comment in stand.comments if comment["user"]["login"] == BOT]
    assert ours == [f"{MARKER}\ntwo"]


def test_a_comment_of_somebody_else_is_left_alone(stand: Stand) -> None:
    """Though it begins with our marker."""
    stand.add(OTHER, f"{MARKER}\nmine")
    _github(stand).upsert_comment(7, "ours")
    assert [comment["body"] for comment in stand.comments] == [f"{MARKER}\nmine", f"{MARKER}\nours"]


def test_a_token_of_a_user_finds_its_own(stand: Stand) -> None:
    """It may ask whose it is."""
    stand.refused, stand.user = set(), "ann"
    stand.add(BOT, f"{MARKER}\nthe bot's")
    _github(stand).upsert_comment(7, "one")
    _github(stand).upsert_comment(7, "two")
    assert [comment["user"]["login"] for comment in stand.comments] == [BOT, "ann"]


def test_a_token_that_only_reads_is_told(stand: Stand) -> None:
    """As that of a fork."""
    stand.refused.add("POST /repos/o/r/issues/7/comments")
    with pytest.raises(ForbiddenError, match="refuses POST /repos/o/r/issues/7/comments with 403"):
        _github(stand).upsert_comment(7, "hello")


def test_the_pull_request_of_a_commit(stand: Stand) -> None:
    """The open one whose head it is, no other."""
    assert _github(stand).pull_request_of(COMMIT) is None
    stand.pulls = [
        {"number": 1, "state": "closed", "head": {"sha": COMMIT}},
        {"number": 2, "state": "open", "head": {"sha": "b" * 40}},
        {"number": 3, "state": "open", "head": {"sha": COMMIT}},
    ]
    assert _github(stand).pull_request_of(COMMIT) == 3


@pytest.mark.parametrize(
    ("repository", "url", "message"),
    [
        ("o/r/../x", "https://api.github.com", "no repository"),
        ("o", "https://api.github.com", "no repository"),
        ("o/r", "http://example.org", "only sent over https"),
        ("o/r", "file:///etc/passwd", "only sent over https"),
    ],
)
def test_a_token_goes_nowhere_else(repository: str, url: str, message: str) -> None:
    """Names and addresses come from the environment of a run."""
    with pytest.raises(UsageError, match=message):
        GitHub(repository, "secret", url)


def test_what_is_not_there_is_told() -> None:
    """With what to do."""
    with pytest.raises(UsageError, match="can't be reached"):
        GitHub("o/r", "secret", "http://127.0.0.1:1").upsert_comment(7, "x")
