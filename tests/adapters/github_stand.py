"""A stand-in for GitHub's REST API on the loopback, which takes and gives only what GitHub's own description allows.

``github_api.json`` is the part of that description which we call; `github_extract` has cut it out.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("github_api.json").read_bytes())
BOT = "github-actions[bot]"
MOST_CHARACTERS = 65_536
_SAMPLES = {"date-time": "2026-01-01T00:00:00Z", "uri": "https://github.com/o/r", "email": "a@example.org"}


def fits(schema: Mapping[str, Any], value: object) -> list[str]:
    """What is wrong with a value, by a schema of the description."""
    whole = {**schema, "components": DESCRIPTION["components"]}
    return [f"{each.json_path}: {each.message[:200]}" for each in Draft202012Validator(whole).iter_errors(value)]


def sample(schema: Mapping[str, Any], depth: int = 0) -> Any:
    """The least that a schema accepts."""
    if "$ref" in schema:
        *_, kind, name = schema["$ref"].split("/")
        return sample(DESCRIPTION["components"][kind][name], depth + 1)
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return sample(schema[keyword][0], depth + 1)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            needed = schema.get("required", ())
            return {name: sample(schema["properties"][name], depth + 1) for name in needed}
        case "array":
            return []
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
    return _SAMPLES.get(schema.get("format", ""), "x")


class Operation(NamedTuple):
    """An operation of the description that answers a request."""

    path: str
    values: dict[str, str]
    """Of the parameters in its path."""
    details: dict[str, Any]

    def schema(self, status: int) -> dict[str, Any] | None:
        """Of the document that it answers with; None where it has none."""
        response = _followed(self.details["responses"][str(status)])
        content = response.get("content", {}).get("application/json")
        return content["schema"] if content is not None else None


def operation(method: str, path: str) -> Operation | None:
    """The operation for a request; None where GitHub has none, or we never call it."""
    for template, methods in DESCRIPTION["paths"].items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern, path)
        if found and method.lower() in methods:
            return Operation(template, found.groupdict(), methods[method.lower()])
    return None


def faults(found: Operation, query: Mapping[str, str], body: object, headers: Mapping[str, str]) -> list[str]:
    """What GitHub would not take of a request."""
    given = {"path": dict(found.values), "query": dict(query)}
    wrong: list[str] = []
    for parameter in map(_followed, found.details.get("parameters", ())):
        place, name = parameter["in"], parameter["name"]
        value = given[place].pop(name, None)
        if value is None:
            wrong += [f"{name} is missing"] if parameter.get("required") else []
            continue
        typed = int(value) if parameter["schema"].get("type") == "integer" and value.isdecimal() else value
        wrong += [f"{name}: {each}" for each in fits(parameter["schema"], typed)]
    wrong += [f"{name} is no parameter" for place in given.values() for name in place]
    asked = found.details.get("requestBody")
    if asked is not None:
        wrong += fits(asked["content"]["application/json"]["schema"], body)
    elif body is not None:
        wrong.append("it takes no body")
    names = {name.lower(): value for name, value in headers.items()}
    for name, value in (("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")):
        wrong += [f"{name} is {names.get(name)}"] if names.get(name) != value else []
    return wrong + [f"{name} is missing" for name in ("user-agent", "authorization") if not names.get(name)]


def _followed(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    *_, kind, name = node["$ref"].split("/")
    found: dict[str, Any] = DESCRIPTION["components"][kind][name]
    return found


class Answer(NamedTuple):
    """What the stand-in answers with in place of what it would."""

    status: int
    headers: Mapping[str, str] = {}


class Stand:
    """What the stand-in holds, and what it was asked."""

    def __init__(self) -> None:
        self.comments: dict[int, dict[str, Any]] = {}
        self.pulls: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.wrong: list[str] = []
        """Requests and answers that the description does not allow; every test ends with none."""
        self.headers: list[dict[str, str]] = []
        self.answers: dict[str, list[Answer]] = {"GET /user": [Answer(403)] * 100}
        """By method and path: what is answered in place of what would be, one after the other."""
        self.before: Callable[[str], None] = lambda _call: None
        """Called before a request is answered: what others do meanwhile."""
        self.user = BOT
        self.url = ""

    def add(self, author: str, body: str) -> dict[str, Any]:
        """Somebody writes a comment."""
        number = max(self.comments, default=0) + 1
        self.comments[number] = self._comment(number, author, body)
        return self.comments[number]

    def bodies(self, author: str = BOT) -> list[str]:
        """What an author's comments say."""
        return [each["body"] for each in self.comments.values() if each["user"]["login"] == author]

    def add_pull(self, number: int, state: str, sha: str) -> None:
        """There is a pull request."""
        pull = sample({"$ref": "#/components/schemas/pull-request-simple"})
        self.pulls.append({**pull, "number": number, "state": state, "head": {**pull["head"], "sha": sha}})

    def _comment(self, number: int, author: str, body: str) -> dict[str, Any]:
        made = sample({"$ref": "#/components/schemas/issue-comment"})
        user = {**sample({"$ref": "#/components/schemas/simple-user"}), "login": author}
        return {**made, "id": number, "user": user, "body": body, "html_url": f"https://github.com/o/r/pull/7#{number}"}

    def answer(
        self, method: str, target: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[int, object, Mapping[str, str]]:
        """Status, document and headers for a request, each checked."""
        address = urlsplit(target)
        call = f"{method} {address.path}"
        self.calls.append(call)
        self.before(call)
        found = operation(method, address.path)
        if found is None:
            self.wrong.append(f"{call}: there is no such operation")
            return 404, sample({"$ref": "#/components/schemas/basic-error"}), {}
        query = dict(parse_qsl(address.query))
        self.wrong += [f"{call}: {each}" for each in faults(found, query, body, headers)]
        if self.answers.get(call):
            given = self.answers[call].pop(0)
            return given.status, sample({"$ref": "#/components/schemas/basic-error"}), given.headers
        status, document = self._done(method, found, query, body)
        schema = found.schema(status) if str(status) in found.details["responses"] else {"type": "object"}
        self.wrong += [f"{call} answers: {each}" for each in (fits(schema, document) if schema is not None else ())]
        return status, document, {}

    def _done(self, method: str, found: Operation, query: Mapping[str, str], body: Any) -> tuple[int, Any]:
        fault = sample({"$ref": "#/components/schemas/basic-error"})
        if body is not None and len(body.get("body", "")) > MOST_CHARACTERS:
            return 422, sample({"$ref": "#/components/schemas/validation-error"})
        match method, found.path.rsplit("/", 1)[-1]:
            case "GET", "user":
                return 200, {**sample({"$ref": "#/components/schemas/public-user"}), "login": self.user}
            case "GET", "pulls":
                return 200, self.pulls
            case "GET", "comments":
                page, size = int(query.get("page", 1)), int(query.get("per_page", 30))
                return 200, list(self.comments.values())[(page - 1) * size : page * size]
            case "POST", "comments":
                return 201, self.add(self.user, body["body"])
        number = int(found.values["comment_id"])
        if number not in self.comments:
            return 404, fault
        if method == "DELETE":
            del self.comments[number]
            return 204, None
        self.comments[number] = {**self.comments[number], "body": body["body"]}
        return 200, self.comments[number]


@contextmanager
def listening() -> Iterator[Stand]:
    """A stand-in that listens; what it must not have been asked fails the test."""
    held = Stand()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            held.headers.append(dict(self.headers))
            with lock:
                body = json.loads(content) if content else None
                status, document, headers = held.answer(self.command, self.path, body, dict(self.headers))
            answer = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PATCH = do_DELETE = _any  # noqa: N815 - the names that the server calls

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert held.wrong == []
