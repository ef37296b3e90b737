"""Collections of requests that a tool sends to a running server: Postman's JSON, Bruno's files, ``.http`` files.

Sources: Postman Collection Format 2.1 (``item``, ``request.method``, ``request.url.raw``), Bru Lang (a block named
after the method, with ``url:``), request lines as in RFC 9110 in the ``.http`` files of editors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from medpro_audit.model.known import Known
from medpro_audit.model.testing.runners import test_runs
from medpro_audit.model.testing.urls import UNKNOWN

MAX_FILES = 300
"""Further files of one repository are not read."""
MAX_REQUESTS = 2_000
"""Further requests of one file are not read."""

_VERBS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
_POSTMAN = re.compile(r"postman_collection\.json\Z|(?:^|/)postman/.*collection.*\.json\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"\{\{[^{}]*\}\}|:\w+(?=/|\?|\Z)")
_LINE = re.compile(rf"^({_VERBS})[ \t]+(\S+)", re.MULTILINE)
_BLOCK = re.compile(rf"^({_VERBS.lower()})[ \t]*\{{[^}}]*?url:[ \t]*(\S+)", re.MULTILINE)
_RUNNERS = {"postman": "newman", "bruno": "bru"}
"""The program that runs a collection; an ``.http`` file is for the hand."""


class Collected(NamedTuple):
    """A request of a collection."""

    file: str
    line: int
    method: str
    url: str
    """With marks for what its variables stand for."""
    is_run: bool
    """A script or a CI step runs collections of its kind."""


def collected(known: Known) -> Iterator[Collected]:
    """The requests of all collections, by file."""
    running = {run.framework.name for run in known.shared(test_runs).runs}
    for path in [path for path in sorted(known.base.inventory.paths) if _kind(path)][:MAX_FILES]:
        kind = _kind(path)
        content = known.base.read_asset(path) or b""
        found = _postman(content) if kind == "postman" else _written(content, _BLOCK if kind == "bruno" else _LINE)
        for count, (line, method, url) in enumerate(found):
            if count < MAX_REQUESTS:
                yield Collected(path, line, method, _VARIABLE.sub(UNKNOWN, url), _RUNNERS.get(kind) in running)


def _kind(path: str) -> str:
    if path.endswith((".http", ".rest")):
        return "http"
    if path.endswith(".bru"):
        return "bruno"
    return "postman" if _POSTMAN.search(path) else ""


def _written(content: bytes, pattern: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    text = content.decode("utf-8", "replace")
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1].upper(), match[2]


def _postman(content: bytes) -> Iterator[tuple[int, str, str]]:
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    text = content.decode("utf-8", "replace")
    waiting: list[object] = [document]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict):
            continue
        inner = item.get("item")
        waiting += reversed(inner) if isinstance(inner, list) else ()
        request = item.get("request")
        url = request.get("url") if isinstance(request, dict) else None
        raw = url.get("raw") if isinstance(url, dict) else url
        method = request.get("method") if isinstance(request, dict) else None
        if isinstance(raw, str) and isinstance(method, str):
            at = text.find(msgspec.json.encode(raw).decode())
            yield text.count("\n", 0, max(at, 0)) + 1, method.upper(), raw
