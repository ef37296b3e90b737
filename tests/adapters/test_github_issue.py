"""One issue, kept up to date on a stand-in for GitHub's REST API on the loopback."""

import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.receivers import Call, Receiver, Reply, receiver
from medpro_audit.adapters.github_api import ForbiddenError
from medpro_audit.adapters.github_issue import Issue, Issues
from medpro_audit.core.errors import UsageError

BOT = "github-actions[bot]"
ISSUE = Issue("clinic", "Weekly audit of clinic", "hello @x")


class Tracker:
    """The issues of a repository."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.refused: dict[str, int] = {}
        self.lock = threading.Lock()

    def add(self, author: str, body: str, **more: object) -> dict[str, Any]:
        """Somebody opens an issue."""
        number = len(self.issues) + 1
        made = {"number": number, "user": {"login": author}, "body": body, "state": "open", "html_url": f"x/{number}"}
        self.issues.append({**made, **more})
        return self.issues[-1]

    def answer(self, call: Call) -> Reply:
        """As GitHub does."""
        with self.lock:
            parts = urlsplit(call.path)
            status = self.refused.get(f"{call.method} {parts.path}")
            if status is not None:
                return Reply(status, b'{"message": "no"}')
            return self._answer(call, parts.path, {key: value[0] for key, value in parse_qs(parts.query).items()})

    def _answer(self, call: Call, path: str, query: dict[str, str]) -> Reply:
        if path == "/user":
            return Reply(403, b"{}")
        if (call.method, path) == ("GET", "/repos/o/r/issues"):
            assert query["state"] == "all"
            own = [each for each in self.issues if each["user"]["login"] == query["creator"]]
            page = int(query["page"])
            return Reply(200, json.dumps(own[::-1][(page - 1) * 100 : page * 100]).encode())
        if (call.method, path) == ("POST", "/repos/o/r/issues"):
            return Reply(201, json.dumps(self.add(BOT, **call.document)).encode())
        found = re.fullmatch(r"/repos/o/r/issues/(\d+)", path)
        if call.method == "PATCH" and found:
            issue = self.issues[int(found[1]) - 1]
            issue.update(call.document)
            return Reply(200, json.dumps(issue).encode())
        return Reply(404, b"{}")


@pytest.fixture
def tracker() -> Tracker:
    """Without issues."""
    return Tracker()


@pytest.fixture
def github(tracker: Tracker) -> Iterator[Receiver]:
    """A stand-in that listens."""
    with receiver(tracker.answer) as held:
        yield held


def upsert(github: Receiver, issue: Issue = ISSUE) -> str:
    """Write it."""
    return Issues("o/r", "secret", github.url).upsert_issue(issue)


def test_the_first_time_an_issue_is_opened(tracker: Tracker, github: Receiver) -> None:
    """With the marker by which it is found again, and a label."""
    assert upsert(github) == "x/1"
    (issue,) = tracker.issues
    assert issue["body"] == f"{ISSUE.marker}\nhello @x"
    assert (issue["title"], issue["labels"]) == ("Weekly audit of clinic", ["medpro-audit"])


def test_afterwards_it_is_replaced(tracker: Tracker, github: Receiver) -> None:
    """However many others there are."""
    for number in range(150):
        tracker.add(BOT, f"issue {number}")
    upsert(github)
    tracker.add("somebody", "thanks")
    upsert(github, Issue("clinic", "Weekly audit of clinic", "again"))
    ours = [issue["body"] for issue in tracker.issues if "medpro-audit" in issue["body"]]
    assert ours == [f"{ISSUE.marker}\nagain"]


def test_a_closed_one_is_opened_again(tracker: Tracker, github: Receiver) -> None:
    """One issue for good: its address, its subscribers and what was said in it stay."""
    upsert(github)
    tracker.issues[0]["state"] = "closed"
    upsert(github)
    assert [issue["state"] for issue in tracker.issues] == ["open"]


def test_what_others_wrote_is_left_alone(tracker: Tracker, github: Receiver) -> None:
    """Though it begins with our marker, and though it is a pull request of ours."""
    tracker.add("somebody", f"{ISSUE.marker}\nmine")
    tracker.add(BOT, f"{ISSUE.marker}\npull", pull_request={})
    tracker.add(BOT, f"somebody has said:\n{ISSUE.marker}")
    before = [issue["body"] for issue in tracker.issues]
    upsert(github)
    assert [issue["body"] for issue in tracker.issues] == [*before, f"{ISSUE.marker}\nhello @x"]


def test_each_project_has_its_own(tracker: Tracker, github: Receiver) -> None:
    """Whatever it is called: its name ends no comment."""
    upsert(github)
    other = Issue("--> <script>", "Weekly audit of x", "x")
    upsert(github, other)
    assert len(tracker.issues) == 2
    assert re.fullmatch(r"<!-- medpro-audit weekly [0-9a-f]{12} -->", other.marker)


def test_of_two_at_once_one_stays_open(tracker: Tracker, github: Receiver) -> None:
    """Whoever sees that there are two closes the younger."""
    barrier = threading.Barrier(2, timeout=10)
    waiting = [True, True]
    answer = tracker.answer

    def together(call: Call) -> Reply:
        """Both have looked before one has written."""
        reply = answer(call)
        if call.method == "GET" and "issues" in call.path and waiting:
            waiting.pop()
            barrier.wait()
        return reply

    github.answer = together
    runs = [threading.Thread(target=upsert, args=(github,)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(tracker.issues) == 2
    assert [issue["state"] for issue in tracker.issues] == ["open", "closed"]
    upsert(github)
    assert [issue["state"] for issue in tracker.issues] == ["open", "closed"]


@pytest.mark.parametrize(("status", "told"), [(403, "refuses POST"), (404, "refuses POST"), (410, "has no issues")])
def test_who_may_not_write_is_told(tracker: Tracker, github: Receiver, status: int, told: str) -> None:
    """A token that only reads, or a repository without issues."""
    tracker.refused["POST /repos/o/r/issues"] = status
    with pytest.raises(ForbiddenError, match=told):
        upsert(github)


def test_a_failing_server_is_no_missing_right(tracker: Tracker, github: Receiver) -> None:
    """It is a fault, and says so."""
    tracker.refused["POST /repos/o/r/issues"] = 502
    with pytest.raises(UsageError, match="answers POST /repos/o/r/issues with 502") as fault:
        upsert(github)
    assert not isinstance(fault.value, ForbiddenError)
