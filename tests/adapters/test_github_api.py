"""The comment on a pull request, written to a stand-in that takes only what GitHub's published description allows."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from adapters.github_stand import BOT, DESCRIPTION, MOST_CHARACTERS, Answer, Stand, faults, listening, operation
from medpro_audit.adapters.github_api import ForbiddenError, GitHub
from medpro_audit.core.errors import UsageError
from medpro_audit.reporters.sections import MARKER, sections_of, with_section

OTHER = "somebody"
COMMIT = "a" * 40
LIST = "GET /repos/o/r/issues/7/comments"
WRITE = "POST /repos/o/r/issues/7/comments"


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A stand-in that listens."""
    with listening() as held:
        yield held


def _github(stand: Stand, waited: list[float] | None = None) -> GitHub:
    pause: Callable[[float], None] = waited.append if waited is not None else lambda _seconds: None
    return GitHub("o/r", "secret", stand.url, pause=pause)


def _written(*sections: tuple[str, str]) -> str:
    body = ""
    for name, text in sections:
        body = with_section(body, name, text)
    return body


def test_the_first_time_a_comment_is_written(stand: Stand) -> None:
    """With the marker by which it is found again."""
    assert _github(stand).upsert_comment(7, "hello") == "https://github.com/o/r/pull/7#1"
    assert stand.bodies() == [_written(("", "hello"))]
    assert stand.bodies()[0].startswith(f"{MARKER}\n")
    assert {header["Authorization"] for header in stand.headers} == {"Bearer secret"}


def test_afterwards_it_is_replaced(stand: Stand) -> None:
    """However many comments others have written meanwhile."""
    for number in range(150):
        stand.add(OTHER, f"comment {number}")
    _github(stand).upsert_comment(7, f"{MARKER}\none")
    stand.add(OTHER, "thanks")
    _github(stand).upsert_comment(7, f"{MARKER}\ntwo")
    assert stand.bodies() == [_written(("", "two"))]


def test_a_comment_of_somebody_else_is_left_alone(stand: Stand) -> None:
    """Though it begins with our marker."""
    stand.add(OTHER, f"{MARKER}\nmine")
    _github(stand).upsert_comment(7, "ours")
    assert stand.bodies(OTHER) == [f"{MARKER}\nmine"]
    assert stand.bodies() == [_written(("", "ours"))]


def test_a_token_of_a_user_finds_its_own(stand: Stand) -> None:
    """It may ask whose it is."""
    stand.answers, stand.user = {}, "ann"
    stand.add(BOT, f"{MARKER}\nthe bot's")
    _github(stand).upsert_comment(7, "one")
    _github(stand).upsert_comment(7, "two")
    assert (stand.bodies("ann"), stand.bodies()) == ([_written(("", "two"))], [f"{MARKER}\nthe bot's"])


def test_each_back_end_has_its_section(stand: Stand) -> None:
    """In one comment, by name; a run replaces its own only, and a comment of an earlier version as a whole."""
    stand.add(BOT, f"{MARKER}\nof an earlier version")
    for name, text in (("apps/web", "web"), ("apps/api", "one"), ("apps/api", "two")):
        _github(stand).upsert_comment(7, text, name, COMMIT)
    (body,) = stand.bodies()
    assert list(sections_of(body)) == ["apps/api", "apps/web"]
    assert "<sub><code>apps/api</code> at <code>aaaaaaaaa</code></sub>\n\ntwo" in body
    assert "web" in body
    assert "one" not in body
    assert "earlier" not in body


def test_two_first_comments_become_one(stand: Stand) -> None:
    """Both runs found none: the younger comment is taken back, and its section goes into the older one."""
    theirs = iter([_written(("web", "theirs"))])

    def meanwhile(call: str) -> None:
        for body in theirs if call == WRITE else ():
            stand.add(BOT, body)

    stand.before = meanwhile
    _github(stand).upsert_comment(7, "ours", "api")
    (body,) = stand.bodies()
    assert {name: text.split("\n")[-1] for name, text in sections_of(body).items()} == {"api": "ours", "web": "theirs"}
    assert any(call.startswith("DELETE") for call in stand.calls)


def test_what_another_run_overwrote_is_written_again(stand: Stand) -> None:
    """It had read the comment before our section was in it."""
    first = stand.add(BOT, _written(("web", "old")))
    late = iter([_written(("web", "new"))])

    def meanwhile(call: str) -> None:
        if call == LIST and any(each.startswith("PATCH") for each in stand.calls):
            for body in late:
                stand.comments[first["id"]] = {**first, "body": body}

    stand.before = meanwhile
    _github(stand).upsert_comment(7, "ours", "api")
    (body,) = stand.bodies()
    assert {name: text.split("\n")[-1] for name, text in sections_of(body).items()} == {"api": "ours", "web": "new"}


def test_who_is_overwritten_all_the_time_gives_up(stand: Stand) -> None:
    """With what to do."""
    first = stand.add(BOT, _written(("web", "x")))

    def meanwhile(call: str) -> None:
        if call == LIST:
            stand.comments[first["id"]] = first

    stand.before = meanwhile
    with pytest.raises(UsageError, match="let the jobs run one after the other"):
        _github(stand).upsert_comment(7, "ours", "api")


@pytest.mark.parametrize("names", [("api", "web"), ("a", "b", "c")])
def test_runs_at_the_same_time_share_a_comment(stand: Stand, names: tuple[str, ...]) -> None:
    """Whoever comes first: in the end there is one comment with all sections."""
    start = Barrier(len(names))

    def run(name: str) -> str:
        github = GitHub("o/r", "secret", stand.url, pause=lambda seconds: time.sleep(seconds / 20))
        start.wait()
        return github.upsert_comment(7, f"report of {name}", name)

    with ThreadPoolExecutor(len(names)) as pool:
        addresses = set(pool.map(run, names))
    (body,) = stand.bodies()
    assert {name: text.split("\n")[-1] for name, text in sections_of(body).items()} == {
        name: f"report of {name}" for name in names
    }
    assert len(addresses) == 1


def test_a_huge_comment_is_taken(stand: Stand) -> None:
    """Sections share what GitHub takes: the long ones give way, the short ones stay whole."""
    for name in ("a", "b", "c"):
        _github(stand).upsert_comment(7, "\n".join(f"{name} é {number}" for number in range(9000)), name)
    _github(stand).upsert_comment(7, "short\nend", "d")
    (body,) = stand.bodies()
    assert len(body) <= MOST_CHARACTERS
    found = sections_of(body)
    assert found["d"].endswith("short\nend")
    assert all("**Cut here:**" in found[name] for name in "abc")
    assert len(body.encode()) > 55_000


def test_a_hostile_folder_is_no_markup(stand: Stand) -> None:
    """It ends no marker, and makes no second section."""
    name = "x --> <!-- medpro-audit end --> @everyone [c](javascript:alert(1))"
    _github(stand).upsert_comment(7, "ours", name)
    _github(stand).upsert_comment(7, "ours", name)
    (body,) = stand.bodies()
    assert len(sections_of(body)) == 1
    assert "@everyone" not in body
    assert "](javascript:" not in body


def test_a_token_that_only_reads_is_told(stand: Stand) -> None:
    """As that of a fork."""
    stand.answers[WRITE] = [Answer(403)]
    with pytest.raises(ForbiddenError, match="refuses POST /repos/o/r/issues/7/comments with 403"):
        _github(stand).upsert_comment(7, "hello")


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([Answer(503), Answer(502)], [2.0, 4.0]),
        ([Answer(429, {"retry-after": "7"})], [7.0]),
        ([Answer(403, {"retry-after": "600"})], [30.0]),
        ([Answer(403, {"x-ratelimit-remaining": "0"})], [2.0]),
    ],
)
def test_a_busy_github_is_asked_again(stand: Stand, answers: list[Answer], waits: list[float]) -> None:
    """As long as it says, or longer each time, but never long: also under a secondary rate limit."""
    stand.answers[WRITE] = list(answers)
    waited: list[float] = []
    _github(stand, waited).upsert_comment(7, "hello")
    assert stand.bodies() == [_written(("", "hello"))]
    assert waited[:-1] == waits
    assert 1 <= waited[-1] < 2


@pytest.mark.parametrize(
    ("status", "tries", "message"), [(500, 4, "with 500, 4 times; run the job again later"), (422, 1, "with 422")]
)
def test_what_github_does_not_take_is_told(stand: Stand, status: int, tries: int, message: str) -> None:
    """After some tries where it may help, at once where it can't."""
    stand.answers[WRITE] = [Answer(status)] * 9
    with pytest.raises(UsageError, match=message):
        _github(stand).upsert_comment(7, "hello")
    assert stand.calls.count(WRITE) == tries


def test_the_pull_request_of_a_commit(stand: Stand) -> None:
    """The open one whose head it is, no other."""
    assert _github(stand).pull_request_of(COMMIT) is None
    stand.add_pull(1, "closed", COMMIT)
    stand.add_pull(2, "open", "b" * 40)
    stand.add_pull(3, "open", COMMIT)
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


HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "x",
    "Authorization": "Bearer x",
}


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "fault"),
    [
        ("POST", "/repos/o/r/issues/7/comments", {}, {"body": "x"}, ""),
        ("POST", "/repos/o/r/issues/7/comments", {}, {"text": "x"}, "'body' is a required property"),
        ("POST", "/repos/o/r/issues/7/comments", {}, {"body": None}, "None is not of type 'string'"),
        ("POST", "/repos/o/r/issues/seven/comments", {}, {"body": "x"}, "'seven' is not of type 'integer'"),
        ("GET", "/repos/o/r/issues/7/comments", {"page": "1", "size": "2"}, None, "size is no parameter"),
        ("GET", "/repos/o/r/issues/7/comments", {"page": "x"}, None, "'x' is not of type 'integer'"),
        ("DELETE", "/repos/o/r/issues/comments/1", {}, {"body": "x"}, "it takes no body"),
    ],
)
def test_the_stand_in_is_strict(method: str, path: str, query: dict[str, str], body: object, fault: str) -> None:
    """It takes what the description allows, and says what it does not."""
    found = operation(method, path)
    assert found is not None
    told = faults(found, query, body, HEADERS)
    assert (not told) if not fault else any(fault in each for each in told)
    assert len(faults(found, query, body, {})) == len(told) + len(HEADERS)


def test_the_description_says_where_it_is_from() -> None:
    """With its licence; and it has no operation that we don't call."""
    assert DESCRIPTION["source"].startswith("@octokit/openapi ")
    assert DESCRIPTION["license"].startswith("MIT License")
    assert operation("PUT", "/user") is None
