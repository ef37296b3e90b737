"""What a function is seen to answer with."""

import pytest

from medpro_audit.model.answers import Answer
from model.memory import builder

_BEFORE = """
const express = require('express');
const httpStatus = require('http-status');
const app = express();
const fail = (res, status, error) => res.status(status).json({ success: false, error });
class ApiResponse { constructor(data) { this.ok = true; this.data = data; } }
"""


def _answers(body: str, *, before: str = "") -> list[Answer]:
    made = builder({"app.js": f"{_BEFORE}{before}\napp.post('/a', async (req, res, next) => {{\n{body}\n}});"})
    made.build()
    passage = made.endpoint_builder.passage(made.rows[-1])
    return list(passage.ledger.links[-1].summary.answers)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("res.json({})", [("json", 200)]),
        ("res.status(404).json({})", [("json", 404)]),
        ("res.status(201); res.send()", [("send", 201)]),
        ("res.status().json({})", [("json", None)]),
        ("res.statusCode = 418; res.end()", [("end", 418)]),
        ("res.sendStatus(204)", [("sendStatus", 204)]),
        ("res.status(httpStatus.CREATED).json({})", [("json", 201)]),
        ("res.status(httpStatus.NO_SUCH_THING).json({})", [("json", None)]),
        ("if (req.body.a) { res.status(400); } res.json({})", [("json", None)]),
        ("if (req.body.a) { return res.status(400).json({}); } res.json({})", [("json", 400), ("json", 200)]),
        ("fail(res, 422, 'x')", [("json", 422)]),
        ("res.status(req.body.status).json({})", [("json", None)]),
        ("next()", []),
    ],
)
def test_the_status_of_an_answer(body: str, expected: list[tuple[str, int | None]]) -> None:
    """It is the one set on the same path, the default where nobody sets one, and unknown where paths differ."""
    assert [(answer.method, answer.status) for answer in _answers(body)] == expected


@pytest.mark.parametrize(
    ("sent", "kind", "keys"),
    [
        ("{ a: 1, b: req.body }", "object", ("a", "b")),
        ("{ ...req.body, a: 1 }", "object", ("a",)),
        ("new ApiResponse(req.body)", "object", ("ok", "data")),
        ("new ApiResponse([])", "unknown", ()),
        ("[1, 2]", "list", ()),
        ("'text'", "text", ()),
        ("null", "nothing", ()),
        ("req.body", "value", ()),
        ("somewhere()", "value", ()),
        ("req.body.a ? [] : { b: 1 }", "unknown", ()),
    ],
)
def test_the_form_of_what_is_sent(sent: str, kind: str, keys: tuple[str, ...]) -> None:
    """Objects are known by their keys, also those of a class; what may be several things is unknown."""
    answer = _answers(f"res.json({sent})")[0]
    assert (answer.sent.kind, answer.sent.keys) == (kind, keys)


def test_the_calls_that_lead_to_an_answer() -> None:
    """A helper that answers is told from the handler that calls it."""
    answer = _answers("fail(res, 422, 'x')")[0]
    assert answer.function is not None
    assert answer.function.node.is_arrow
    assert [site.place.line for _, site in answer.calls[1:]] == [9]
