"""Requests that collections hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.testing.clinic import clinic, endpoint, package

_REQUEST = {"method": "GET", "url": {"raw": "{{base}}/api/patients/:id?full=1"}}
POSTMAN = json.dumps({"item": [{"name": "folder", "item": [{"name": "x", "request": _REQUEST}]}]}, indent=1)
BRUNO = "meta {\n  name: x\n}\n\nget {\n  url: {{base}}/api/patients/7\n  body: none\n}\n"
HTTP = "@base = http://localhost:3000\n\n### one\nGET {{base}}/api/patients/7 HTTP/1.1\n"


@pytest.mark.parametrize(
    ("script", "path", "content", "place"),
    [
        ("newman run clinic.postman_collection.json", "clinic.postman_collection.json", POSTMAN, 11),
        ("bru run", "requests/patient.bru", BRUNO, 5),
    ],
)
def test_a_collection_that_is_run_tests_end_to_end(script: str, path: str, content: str, place: int) -> None:
    """Variables stand for the host."""
    files = {"package.json": package(scripts={"e2e": script}), path: content}
    found = endpoint(clinic(files), "GET /api/patients/:id").testing
    assert (found.status, found.kinds, found.trail[0].line) == ("tested", ("end-to-end",), place)


@pytest.mark.parametrize(
    ("path", "content"), [("a.postman_collection.json", POSTMAN), ("a.http", HTTP), ("a.bru", BRUNO)]
)
def test_a_collection_that_nothing_runs_tests_nothing(path: str, content: str) -> None:
    """It is for the hand."""
    found = endpoint(clinic({path: content}), "GET /api/patients/:id").testing
    assert (found.status, found.reason) == ("untested", "nothing runs this collection of requests")


@given(st.binary(max_size=60))
def test_any_collection_can_be_read(content: bytes) -> None:
    """What is none holds no request."""
    from medpro_audit.model.testing import collections

    list(collections._postman(b'{"item": [' + content))  # noqa: SLF001 - only this part meets other people's JSON
